// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"context"
	"errors"
	"math"
	"net/http"
	"sync"
	"time"
)

const (
	// firstHold is how long all requests wait after a 429 that does not say how long to.
	// From the third 429 in a row it doubles, up to longestHold.
	firstHold   = 250 * time.Millisecond
	longestHold = 8 * time.Second
	// believed is how many 429s in a row are taken at their word: the client waits as long
	// as they ask. After that it waits at least as long as if they had not said how long.
	believed = 3
	// othersWait limits how long all requests wait because the API has asked one
	// operation to wait.
	othersWait = time.Minute
	// probeTime is how long the others wait for the answer to the first request
	// after a hold.
	probeTime = 2 * time.Second
	// longWait is how long a request waits before Options.ObserveWait is called.
	longWait = 10 * time.Second
)

// ErrRateLimited says that a request was not sent, because the API has asked for a
// longer wait than the operation has time for.
var ErrRateLimited = errors.New("the API limits the rate of requests")

// Wait is about a request that has been waiting to be sent for long.
type Wait struct {
	// Method and Route are those of an [Attempt].
	Method, Route string
	// Waited is how long it has, by now.
	Waited time.Duration
	// Left is how long the API asks to wait; 0 if only other requests go first.
	Left time.Duration
}

// gate decides when each request of a client is sent. After a 429 all of them wait. Then
// one request, the probe, goes first, to see whether the wait was enough. The others
// follow at the pace that the API accepts. Requests leave in the order in which their
// operations arrived, so a rejected request goes before newer ones.
type gate struct {
	observe func(context.Context, Wait)

	mu   sync.Mutex
	pace pace
	// queue holds those that wait, in the order of their operations' arrival.
	queue    []*visit
	arrivals int
	// next is when the next request may leave.
	next time.Time
	// until is when the next request may leave after a 429, outage when it may after a
	// 503 or the like with Retry-After. The first answer without it ends an outage.
	until, outage time.Time
	// sent counts the requests that have left, and sentBefore429 is how many had left when
	// the latest 429 came. A 429 for one of those belongs to the same overload.
	sent, sentBefore429 int
	// rejections counts the overloads since the latest answer other than a 429.
	rejections int
	// probing says that the next request to leave is the probe. The others wait for its
	// answer, until probeEnds.
	probing   bool
	probe     *visit
	probeEnds time.Time
	// closed holds the routes for which the API has asked for a longer wait than
	// othersWait, and since when. admitted is when the latest request left that was not
	// rejected.
	closed   map[string]time.Time
	admitted time.Time
}

func newGate(requestsPerSecond float64, observe func(context.Context, Wait)) *gate {
	return &gate{observe: observe, pace: newPace(requestsPerSecond), closed: map[string]time.Time{}}
}

// enter waits until a request may leave, but for no longer than its context has time.
func (g *gate) enter(ctx context.Context, v *visit) error {
	began := time.Now()
	long := time.NewTicker(longWait)
	defer long.Stop()
	defer g.dequeue(v)
	for {
		wait, err := g.leaveOrWait(ctx, v)
		if err != nil || wait <= 0 {
			return err
		}
		soon := time.NewTimer(wait)
		select {
		case <-soon.C:
		case <-v.wake:
		case <-long.C:
			g.report(ctx, v, time.Since(began))
		case <-ctx.Done():
		}
		soon.Stop()
	}
}

// untilWoken is the wait of a request that is not the first.
const untilWoken = time.Duration(math.MaxInt64)

// leaveOrWait lets a request leave, or says how long it must wait: or less, if it is
// woken before.
func (g *gate) leaveOrWait(ctx context.Context, v *visit) (wait time.Duration, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	if deadline, bounded := ctx.Deadline(); ctx.Err() == nil && bounded && g.until.After(deadline) {
		return 0, shortOfTime(ErrRateLimited, g.until.Sub(now), deadline.Sub(now))
	}
	g.enqueue(v)
	if wait := v.notBefore.Sub(now); wait > 0 || ctx.Err() != nil {
		return wait, ctx.Err()
	}
	if g.first(now) != v {
		return untilWoken, nil
	}
	if wait := max(g.until.Sub(now), g.outage.Sub(now), g.next.Sub(now)); wait > 0 {
		return wait, nil
	}
	if g.probe != nil && now.Before(g.probeEnds) {
		return g.probeEnds.Sub(now), nil
	}
	if g.probe = nil; g.probing {
		g.probing, g.probe, g.probeEnds = false, v, now.Add(probeTime)
	}
	g.sent++
	v.number, v.left = g.sent, now
	g.next = now.Add(g.pace.interval(now))
	return 0, nil
}

// record takes note of how a request ended.
func (g *gate) record(v *visit, o *outcome) {
	g.mu.Lock()
	defer g.mu.Unlock()
	defer g.wakeFirst()
	wasProbe := g.probe == v
	if wasProbe {
		g.probe = nil
	}
	now := time.Now()
	if again := o.connections - 1; again > 0 { // net/http has sent it more than once
		g.next = now.Add(max(0, g.next.Sub(now)) + time.Duration(again)*g.pace.interval(now))
	}
	switch o.status {
	case 0:
	case http.StatusTooManyRequests:
		g.reject(v, o, wasProbe, now)
	default:
		g.admit(v)
		g.outage = time.Time{}
		if o.hasRetryAfter && o.transient() {
			g.outage = now.Add(min(o.wait, othersWait))
		}
	}
}

func (g *gate) admit(v *visit) {
	g.rejections = 0
	if v.left.After(g.admitted) {
		g.admitted = v.left
	}
	delete(g.closed, v.route)
	g.pace.admitted(v.left)
}

func (g *gate) reject(v *visit, o *outcome, wasProbe bool, now time.Time) {
	if o.hasRetryAfter && o.wait > othersWait {
		switch since, closed := g.closed[v.route]; {
		case !closed:
			g.closed[v.route] = now
		case g.admitted.After(since):
			return // another request went through since, so the long wait is about this route alone
		}
	}
	if v.number > g.sentBefore429 {
		g.rejections++
		if !wasProbe {
			g.pace.rejected(v.left)
		}
		g.sentBefore429 = g.sent
	}
	wait := min(o.wait, othersWait)
	if !o.hasRetryAfter || g.rejections > believed {
		wait = max(wait, min(firstHold<<min(max(g.rejections-2, 0), 10), longestHold))
	}
	if resume := now.Add(wait); resume.After(g.until) {
		g.until = resume
	}
	g.probing = true
}

func (g *gate) report(ctx context.Context, v *visit, waited time.Duration) {
	if g.observe == nil {
		return
	}
	g.mu.Lock()
	left := max(0, time.Until(g.until), time.Until(g.outage), time.Until(v.notBefore))
	g.mu.Unlock()
	g.observe(ctx, Wait{Method: v.method, Route: v.route, Waited: waited, Left: left})
}
