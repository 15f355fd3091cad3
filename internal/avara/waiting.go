// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"context"
	"time"

	"golang.org/x/sync/semaphore"
)

// newTurn returns a lock whose wait ends with the context.
func newTurn() *semaphore.Weighted { return semaphore.NewWeighted(1) }

// sleep waits, for no longer than a context lasts.
func sleep(ctx context.Context, wait time.Duration) error {
	select {
	case <-time.After(wait):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// settling is how long a write may take to show in every read (our assumption).
const settling = 2 * time.Second

// settled returns when all writes so far have had time to show. Another run of Terraform
// may have written until the first read, so that counts as a write.
func (c *Client) settled() time.Time {
	now := time.Now()
	c.latestWrite.CompareAndSwap(nil, &now)
	return c.latestWrite.Load().Add(settling)
}

// countWrite takes note that a write begins or ends.
func (c *Client) countWrite() {
	now := time.Now()
	c.latestWrite.Store(&now)
	c.writes.Add(1)
}

// Settled reports whether the writes of this client, and of runs before it, have had
// time to show in reads.
func (c *Client) Settled() bool { return !time.Now().Before(c.settled()) }

// Settle waits until [Client.Settled].
func (c *Client) Settle(ctx context.Context) error { return sleep(ctx, time.Until(c.settled())) }

// Eventually calls look until it sees what it looks for, four times at the most and
// within two seconds, because a write may show late. It is no error if look never sees it.
func Eventually(ctx context.Context, look func() (seen bool, err error)) error {
	for _, wait := range []time.Duration{250 * time.Millisecond, 500 * time.Millisecond, time.Second, 0} {
		seen, err := look()
		if seen || err != nil || wait == 0 {
			return err
		}
		if err := sleep(ctx, wait); err != nil {
			return err
		}
	}
	return nil
}
