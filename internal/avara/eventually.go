// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"context"
	"time"
)

// Eventually calls look until it sees what it looks for, four times at the most
// and within two seconds: whether the API shows a write at once is not
// documented. Not to have seen it is no error.
func Eventually(ctx context.Context, look func() (seen bool, err error)) error {
	for _, wait := range []time.Duration{250 * time.Millisecond, 500 * time.Millisecond, time.Second, 0} {
		seen, err := look()
		if seen || err != nil || wait == 0 {
			return err
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		}
	}
	return nil
}
