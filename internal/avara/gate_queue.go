// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"slices"
	"time"
)

// visit is one operation at the gate, with all of its requests.
type visit struct {
	method, route string
	// place is the operation's number in the order of arrival, from 1. It is 0 if the
	// operation was never queued.
	place int
	// notBefore is when the next request of this operation may leave.
	notBefore time.Time
	// wake ends a wait early.
	wake chan struct{}

	// The following are those of the latest request: its number, and when it left.
	number int
	left   time.Time
}

func newVisit(op operation) *visit {
	return &visit{method: op.method, route: op.route, wake: make(chan struct{}, 1)}
}

// enqueue puts a visit into the queue, at the operation's place in it.
func (g *gate) enqueue(v *visit) {
	if v.place == 0 {
		g.arrivals++
		v.place = g.arrivals
	}
	place, queued := slices.BinarySearchFunc(g.queue, v.place, func(other *visit, place int) int { return other.place - place })
	if !queued {
		g.queue = slices.Insert(g.queue, place, v)
	}
}

func (g *gate) dequeue(v *visit) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if i := slices.Index(g.queue, v); i >= 0 {
		g.queue = slices.Delete(g.queue, i, i+1)
		g.wakeFirst()
	}
}

// first returns the visit that leaves next, nil if all wait for a time of their own.
// Closed routes come after the others, as the API is likely to reject those.
func (g *gate) first(now time.Time) (first *visit) {
	for _, v := range g.queue {
		switch _, closed := g.closed[v.route]; {
		case v.notBefore.After(now):
		case !closed:
			return v
		case first == nil:
			first = v
		}
	}
	return first
}

func (g *gate) wakeFirst() {
	if first := g.first(time.Now()); first != nil {
		select {
		case first.wake <- struct{}{}:
		default: // it has been woken already
		}
	}
}
