// SPDX-License-Identifier: MPL-2.0

package leanserver

import (
	"context"
	"sync/atomic"
	"time"
)

// leash is the context of one call. It leads to the caller's context until the call has ended, and to a cancelled one from
// then on. So a server that keeps the leash keeps nothing of the call: neither its loggers nor its request.
type leash struct {
	parent atomic.Pointer[context.Context]
}

// withLeash returns a leash that leads to a call's context, and what the end of the call has to call.
func withLeash(parent context.Context) (ctx context.Context, end func()) {
	l := &leash{}
	l.parent.Store(&parent)
	return l, func() { l.parent.Store(&ended) }
}

// ended is what leashes of calls that have ended lead to: a cancelled context.
var ended, cancelEnded = context.WithCancel(context.Background())

func init() { cancelEnded() }

func (l *leash) context() context.Context { return *l.parent.Load() }

// Deadline is that of the context that the leash leads to, as are Done, Err and Value.
func (l *leash) Deadline() (time.Time, bool) { return l.context().Deadline() }

// Done is the caller's, and closed once the call has ended.
func (l *leash) Done() <-chan struct{} { return l.context().Done() }

// Err is the caller's, and [context.Canceled] once the call has ended.
func (l *leash) Err() error { return l.context().Err() }

// Value is the caller's, and nil once the call has ended.
func (l *leash) Value(key any) any { return l.context().Value(key) }
