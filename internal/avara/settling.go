// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"context"
	"sync"
	"time"
)

// settling is how long a write may take to show in every read: our assumption,
// for nothing about it is documented.
const settling = 2 * time.Second

// quiet is since when nobody is known to have written: since the client's latest
// write, or else since its first read, as another run of Terraform may have written
// until then.
type quiet struct {
	mu     sync.Mutex
	writes uint64
	since  time.Time
}

// note records how many writes there have been.
func (q *quiet) note(writes uint64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.since.IsZero() || writes != q.writes {
		q.since, q.writes = time.Now(), writes
	}
}

// settled is when all writes have had time to show.
func (q *quiet) settled() time.Time {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.since.Add(settling)
}

// Settled reports whether the writes of this client, and of runs before it, have had
// time to show in reads.
func (c *Client) Settled() bool {
	q := c.readers.quiet
	q.note(c.writes.Load())
	return !time.Now().Before(q.settled())
}

// Settle waits until [Client.Settled].
func (c *Client) Settle(ctx context.Context) error {
	q := c.readers.quiet
	q.note(c.writes.Load())
	timer := time.NewTimer(time.Until(q.settled()))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
