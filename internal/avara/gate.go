// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"
)

const (
	// firstHold is how long all requests wait after a 429 that does not say how
	// long to; it doubles while the answer stays the same, up to longestHold.
	firstHold   = 250 * time.Millisecond
	longestHold = 8 * time.Second
	// believed is how many times in a row a shorter wait is believed to be enough.
	believed = 3
	// probeTime is how long the others wait for the answer to the first request
	// after a hold.
	probeTime = 2 * time.Second
	// sameTime is how far apart requests leave that count as sent together.
	sameTime = 20 * time.Millisecond
	// longWait is how long a request waits before that is told.
	longWait = 10 * time.Second
)

// ErrRateLimited says that a request was not sent, for the API has asked for a
// longer wait than the operation has time for.
var ErrRateLimited = errors.New("the API limits the rate of requests")

// Wait is told of a request that has been waiting to be sent for long.
type Wait struct {
	// Method and Route are those of an [Attempt].
	Method, Route string
	// Waited is how long it has, by now.
	Waited time.Duration
	// Left is how long the API asks to send nothing at all; 0 if it is only the
	// turn of others.
	Left time.Duration
}

// gate is where all requests of a client pass. When the API says wait, all of
// them wait; then one goes first, to see whether the wait was enough, and the
// others follow at the pace that the API lets through.
type gate struct {
	observe func(context.Context, Wait)
	// turn goes to the request that leaves next, in the order of arrival.
	turn chan struct{}

	mu   sync.Mutex
	pace pace
	// next is when the next request may leave, at paceOfNext.
	next       time.Time
	paceOfNext float64
	// until is when the API may be asked again.
	until time.Time
	// sent counts the requests that have left. Those up to held had done so when
	// the API last said wait, to one that had left at refused.
	sent, held int
	refused    time.Time
	// refusals counts the answers that said wait, since the last that did not.
	refusals int
	// probing says that the next to leave goes first, probe that it is on its way.
	probing bool
	probe   *probe
}

type probe struct {
	answered chan struct{}
	deadline time.Time
}

// passage is one request's way through the gate and back.
type passage struct {
	number int
	left   time.Time
	// pace is what it left at, in requests per second.
	pace  float64
	probe *probe
}

func newGate(requestsPerSecond float64, observe func(context.Context, Wait)) *gate {
	return &gate{observe: observe, turn: make(chan struct{}, 1), pace: newPace(requestsPerSecond)}
}

// enter waits until a request may leave, but for no longer than its context has
// time.
func (g *gate) enter(ctx context.Context, op operation) (passage, error) {
	arrived := time.Now()
	if err := g.tooLong(ctx); err != nil {
		return passage{}, err
	}
	long := time.NewTicker(longWait)
	defer long.Stop()
	soon := time.NewTimer(longWait)
	defer soon.Stop()
	turn, answered := g.turn, (<-chan struct{})(nil)
	for {
		select {
		case turn <- struct{}{}:
			turn = nil
			defer func() { <-g.turn }()
		case <-soon.C:
		case <-answered:
		case <-long.C:
			g.tell(ctx, op, arrived)
		case <-ctx.Done():
			return passage{}, ctx.Err()
		}
		if turn != nil {
			continue
		}
		if err := g.tooLong(ctx); err != nil {
			return passage{}, err
		}
		p, wait, probed, err := g.leaveOrWait(ctx)
		if err != nil || wait <= 0 {
			return p, err
		}
		answered = probed
		soon.Reset(wait)
	}
}

// tooLong is an error if the API asks for a longer wait than an operation has
// time for.
func (g *gate) tooLong(ctx context.Context) error {
	deadline, bounded := ctx.Deadline()
	g.mu.Lock()
	defer g.mu.Unlock()
	if !bounded || !g.until.After(deadline) {
		return nil
	}
	return fmt.Errorf("%w: it has asked to wait for another %s, and the operation has only %s left", ErrRateLimited,
		time.Until(g.until).Round(time.Millisecond), time.Until(deadline).Round(time.Millisecond))
}

// leaveOrWait lets the request leave whose turn it is, or says how long it must
// wait: or less, if the probe is answered before.
func (g *gate) leaveOrWait(ctx context.Context) (p passage, wait time.Duration, answered <-chan struct{}, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if ctx.Err() != nil {
		return p, 0, nil, ctx.Err()
	}
	now := time.Now()
	if wait = max(g.until.Sub(now), g.next.Sub(now)); wait > 0 {
		return p, wait, nil, nil
	}
	if g.probe != nil && now.Before(g.probe.deadline) {
		return p, g.probe.deadline.Sub(now), g.probe.answered, nil
	}
	g.sent++
	p.number, p.left = g.sent, now
	if g.probing {
		g.probing = false
		g.probe = &probe{answered: make(chan struct{}), deadline: now.Add(probeTime)}
		p.probe = g.probe
	}
	p.pace, g.paceOfNext = g.paceOfNext, g.pace.perSecond
	g.next = now.Add(g.pace.interval(now))
	return p, 0, nil, nil
}

// back takes note of how a request was answered, which is nil if it was not.
func (g *gate) back(p passage, resp *http.Response) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if p.probe != nil {
		close(p.probe.answered)
		g.probe = nil
	}
	if resp == nil {
		return
	}
	now := time.Now()
	wait, told := retryAfter(resp, now)
	limited := resp.StatusCode == http.StatusTooManyRequests
	if !limited && !(wait > 0 && passing(resp, nil)) {
		g.refusals = 0
		switch {
		case p.number > g.held:
			g.pace.admitted(now)
		case p.left.Before(g.refused.Add(sameTime)):
			g.pace.admittedBefore()
		}
		return
	}
	if p.number > g.held {
		g.refusals++
		if p.probe == nil {
			g.pace.refused(p.left, p.pace)
		}
		g.held, g.refused = g.sent, p.left
	}
	if !told || g.refusals > believed {
		wait = max(wait, min(firstHold<<min(max(g.refusals-2, 0), 10), longestHold))
	}
	if resume := now.Add(wait); resume.After(g.until) {
		g.until = resume
	}
	g.probing = true
	g.pace.hold(g.until)
	if told {
		g.pace.hint(wait)
	}
}

func (g *gate) tell(ctx context.Context, op operation, arrived time.Time) {
	if g.observe == nil {
		return
	}
	g.mu.Lock()
	until := g.until
	g.mu.Unlock()
	g.observe(ctx, Wait{Method: op.method, Route: op.route, Waited: time.Since(arrived), Left: max(0, time.Until(until))})
}
