// SPDX-License-Identifier: MPL-2.0

package leanserver

import (
	"context"
	"sync/atomic"
	"time"
)

// lease is a context that can be released: it then no longer holds the context
// that it was made from, and is canceled. Whoever keeps it keeps next to nothing.
type lease struct{ lent atomic.Pointer[lent] }

type lent struct {
	context.Context
	cancel context.CancelFunc
}

var ended = func() *lent {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return &lent{Context: ctx, cancel: cancel}
}()

func lend(ctx context.Context) *lease {
	ctx, cancel := context.WithCancel(ctx)
	l := &lease{}
	l.lent.Store(&lent{Context: ctx, cancel: cancel})
	return l
}

// release cancels the context, so that contexts made from it are canceled and
// no longer known to it, and lets go of it.
func (l *lease) release() { l.lent.Swap(ended).cancel() }

func (l *lease) Deadline() (time.Time, bool) { return l.lent.Load().Deadline() }
func (l *lease) Done() <-chan struct{}       { return l.lent.Load().Done() }
func (l *lease) Err() error                  { return l.lent.Load().Err() }
func (l *lease) Value(key any) any           { return l.lent.Load().Value(key) }
