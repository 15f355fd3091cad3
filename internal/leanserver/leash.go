// SPDX-License-Identifier: MPL-2.0

package leanserver

import (
	"context"
	"sync/atomic"
	"time"
)

// leash is the context of one call. It behaves like the caller's context during the call,
// and like a cancelled context afterwards. A server that keeps the leash therefore keeps
// neither the call's loggers nor its request.
type leash struct {
	parent atomic.Pointer[context.Context]
}

// withLeash returns a leash for a call's context, and a function to call at the end of the
// call.
func withLeash(parent context.Context) (ctx context.Context, end func()) {
	l := &leash{}
	l.parent.Store(&parent)
	return l, func() { l.parent.Store(&ended) }
}

// ended is the context of leashes whose calls have ended. It is cancelled.
var ended, cancelEnded = context.WithCancel(context.Background())

func init() { cancelEnded() }

func (l *leash) context() context.Context { return *l.parent.Load() }

// Deadline is the deadline of the caller's context during the call.
func (l *leash) Deadline() (time.Time, bool) { return l.context().Deadline() }

// Done is the caller's channel during the call, and a closed one afterwards.
func (l *leash) Done() <-chan struct{} { return l.context().Done() }

// Err is the caller's error during the call, and [context.Canceled] afterwards.
func (l *leash) Err() error { return l.context().Err() }

// Value is the caller's value during the call, and nil afterwards.
func (l *leash) Value(key any) any { return l.context().Value(key) }
