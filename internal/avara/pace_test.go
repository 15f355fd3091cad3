// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"
)

// For each common kind of limiter, with and without hints, few requests are rejected and
// little time is lost. With -v this prints the table in pace.go.
func TestThePaceOfTheAPIIsFound(t *testing.T) {
	t.Parallel()
	const row = "%-37s %.2f %.2f   %4.1f%% %4.1f%%"
	var times, rejected average
	for _, load := range []paceLoad{
		{perSecond: 2, requests: 100, latency: 50 * time.Millisecond},
		{perSecond: 5, requests: 200, latency: 50 * time.Millisecond},
		{perSecond: 10, requests: 300, latency: 2 * time.Millisecond},
		{perSecond: 20, requests: 300, create: true},
		{perSecond: 20, requests: 300, create: true, latency: 2 * time.Millisecond, terraform: 5 * time.Millisecond},
		{perSecond: 20, requests: 300, create: true, latency: 2 * time.Millisecond, terraform: 18 * time.Millisecond},
		{perSecond: 20, requests: 300, create: true, latency: 50 * time.Millisecond},
		{perSecond: 20, requests: 300, latency: 200 * time.Millisecond},
		{perSecond: 20, requests: 300, overtaking: true},
		{perSecond: 20, requests: 1000, latency: 50 * time.Millisecond},
		{perSecond: 50, requests: 1000, latency: 50 * time.Millisecond},
		{perSecond: 100, requests: 2000, latency: 20 * time.Millisecond},
	} {
		var loadTimes, loadRejected average
		for _, run := range load.runAll(t, load.usable) {
			loadTimes.add(run.time)
			loadRejected.add(run.rejected)
			times.add(run.time)
			rejected.add(run.rejected)
			if run.time > 1.6 || load.perSecond >= 20 && run.rejected > 0.065 || load.perSecond == 10 && run.rejected > 0.1 {
				t.Errorf("%s, %s: %.1f%% rejected, took %.2f times the minimum", load, run.limiter, 100*run.rejected, run.time)
			}
		}
		t.Logf(row, load, loadTimes.mean(), loadTimes.worst, 100*loadRejected.mean(), 100*loadRejected.worst)
	}
	t.Logf(row, "all", times.mean(), times.worst, 100*rejected.mean(), 100*rejected.worst)
	if times.mean() > 1.1 || rejected.mean() > 0.05 {
		t.Error("the mean is too high")
	}
}

// A low rate is found with few rejections, and no request waits much longer than its
// share. With -v this prints the second table in pace.go.
func TestASlowRateIsFound(t *testing.T) {
	t.Parallel()
	for _, perSecond := range []float64{1, 0.5, 0.2, 0.1} {
		load := paceLoad{perSecond: perSecond, requests: 60, latency: 50 * time.Millisecond}
		var rejections, waits average
		for _, run := range load.runAll(t, limiters) {
			// Ten requests are in flight at the first rejection. Without a hint it takes
			// several attempts to find a long enough wait.
			most := 20
			if strings.HasSuffix(run.limiter, "no hint") {
				most = 40
			}
			late := run.rejectionsAfter(15)
			if len(run.rejections) > most || late > 5 {
				t.Errorf("%s, %s: %d rejections, %d of them late", load, run.limiter, len(run.rejections), late)
			}
			rejections.add(float64(len(run.rejections)))
			// In a queue of ten, each request waits until ten more were admitted.
			waited := 0.0
			for i, at := range run.admissions[10:] {
				waited = max(waited, at.Sub(run.admissions[i]).Seconds()*perSecond/10)
			}
			if waited > 1.5 {
				t.Errorf("%s, %s: a wait of %.2f times the share", load, run.limiter, waited)
			}
			waits.add(waited)
		}
		t.Logf("%-30s %2.0f %2.0f   %.2f %.2f", load, rejections.mean(), rejections.worst, waits.mean(), waits.worst)
	}
}

// Reads at a low rate do not fail if their share of the rate is well within their timeout.
func TestReadsAtASlowRateDoNotTimeOut(t *testing.T) {
	for timeout, perSecond := range map[time.Duration]float64{2 * time.Minute: 0.5, 10 * time.Minute: 0.1} {
		for name, limiter := range limiters(perSecond) {
			t.Run(fmt.Sprintf("%g a second, %s", perSecond, name), func(t *testing.T) {
				inBubble(t, func(t *testing.T) {
					api := &limitedAPI{limiter: limiter, header: saySeconds, latency: 50 * time.Millisecond}
					c := newTestClient(t, Options{Transport: api})
					walk(50, func(i int) {
						ctx, cancel := context.WithTimeout(t.Context(), timeout)
						defer cancel()
						if _, err := c.GetExpressCustomer(ctx, numberedID(i)); err != nil {
							t.Error(err)
						}
					})
				})
			})
		}
	}
}

// A request that is rejected just before it would have been admitted gets a hint of almost
// zero. The pace must not be derived from that.
func TestATinyWaitTellsNoPace(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		// The eleventh request, after 20 ms, is a microsecond too early.
		api := &limitedAPI{limiter: &bucket{rate: 20, burst: 10.59999}, header: sayMilliseconds, latency: 2 * time.Millisecond}
		c := newTestClient(t, Options{MaxRetries: 0, Transport: api})
		for i := range 300 {
			_, _ = c.GetExpressCustomer(t.Context(), numberedID(i))
		}
		if api.wasted*20 > api.answered {
			t.Errorf("%d of %d requests were rejected", api.wasted, api.answered)
		}
	})
}

func TestThePaceOfTheUserIsKeptFromTheStart(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		api := &limitedAPI{limiter: &refuseFirst{}, header: sayNothing}
		c := newTestClient(t, Options{RequestsPerSecond: 2.5, Transport: api})
		began := time.Now()
		walk(26, func(i int) { _, _ = c.GetExpressCustomer(t.Context(), numberedID(i)) })
		if took := time.Since(began); took != 10*time.Second {
			t.Errorf("26 requests at 2.5 a second took %s", took)
		}
	})
}

func TestThePaceOfTheUserIsKeptAfterRejections(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		api := &limitedAPI{limiter: &bucket{rate: 10, burst: 40}, header: sayNothing, latency: 50 * time.Millisecond}
		c := newTestClient(t, Options{RequestsPerSecond: 12.5, Transport: api})
		walk(500, func(i int) { _, _ = c.GetExpressCustomer(t.Context(), numberedID(i)) })
		for i := range api.arrivals[1:] {
			if gap := api.arrivals[i+1].Sub(api.arrivals[i]); gap < 80*time.Millisecond {
				t.Errorf("requests within %s at 12.5 a second", gap)
			}
		}
		if api.wasted == 0 {
			t.Error("no request was rejected")
		}
	})
}

func TestWithoutALimitNothingWaits(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		api := &limitedAPI{limiter: &refuseFirst{}, latency: 50 * time.Millisecond}
		c := newTestClient(t, Options{Transport: api})
		began := time.Now()
		walk(1000, func(i int) { _, _ = c.GetExpressCustomer(t.Context(), numberedID(i)) })
		if took := time.Since(began); took != 5*time.Second {
			t.Errorf("a thousand requests of 50 ms, ten at a time, took %s", took)
		}
	})
}

// changingLimiter switches to another limiter after some requests.
type changingLimiter struct {
	first, then limiter
	requests    int
}

func (c *changingLimiter) take(now time.Time) time.Duration {
	c.requests--
	if c.requests >= 0 {
		return c.first.take(now)
	}
	return c.then.take(now)
}

// The pace follows a limit that is removed, raised or lowered, and rises after random
// rejections end.
func TestThePaceFollowsTheLimit(t *testing.T) {
	const never = 1 << 30
	for name, test := range map[string]struct {
		limiter  limiter
		requests int
		// most is the maximum time, rejected the maximum number of rejections.
		most     time.Duration
		rejected int
	}{
		"lifted":  {&changingLimiter{first: &bucket{rate: 20, burst: 5}, requests: 300, then: &bucket{rate: never, burst: never}}, 3000, 80 * time.Second, 15},
		"raised":  {&changingLimiter{first: &bucket{rate: 5, burst: 5}, requests: 150, then: &bucket{rate: 50, burst: 5}}, 1150, 130 * time.Second, 20},
		"random":  {&changingLimiter{first: &everyTenth{}, requests: 200, then: &bucket{rate: never, burst: never}}, 2000, 4 * time.Minute, 25},
		"lowered": {&changingLimiter{first: &bucket{rate: 50, burst: 5}, requests: 500, then: &bucket{rate: 5, burst: 5}}, 600, 45 * time.Second, 25},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				api := &limitedAPI{limiter: test.limiter, header: saySeconds, latency: 50 * time.Millisecond}
				c := newTestClient(t, Options{Transport: api})
				began := time.Now()
				walk(test.requests, func(i int) { _, _ = c.GetExpressCustomer(t.Context(), numberedID(i)) })
				if took := time.Since(began); took > test.most || api.wasted > test.rejected {
					t.Errorf("took %s, %d rejections", took, api.wasted)
				}
			})
		})
	}
}

// Two provider configurations are two processes, which share the limit.
func TestTwoClientsShareALimit(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		api := &limitedAPI{limiter: &bucket{rate: 20, burst: 10}, header: saySeconds, latency: 50 * time.Millisecond}
		var both sync.WaitGroup
		began := time.Now()
		for range 2 {
			c := newTestClient(t, Options{Transport: api})
			both.Go(func() {
				walk(300, func(i int) { _, _ = c.GetExpressCustomer(t.Context(), numberedID(i)) })
			})
		}
		both.Wait()
		if took := time.Since(began); took > 50*time.Second || api.wasted > 40 {
			t.Errorf("600 requests at 20 a second took %s, %d rejections", took, api.wasted)
		}
	})
}

// The number of requests admitted in the first second shows where to search for a high
// rate.
func TestAFastRateIsFoundFromTheFirstSecond(t *testing.T) {
	for _, ahead := range []time.Duration{0, 500 * time.Millisecond, 900 * time.Millisecond} {
		t.Run(ahead.String(), func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				load := paceLoad{perSecond: 100, requests: 1000, latency: 50 * time.Millisecond}
				if run := load.run(t, &clockWindow{requests: 100, length: time.Second, ahead: ahead}, sayNothing); run.time > 1.3 {
					t.Errorf("took %.2f times the minimum", run.time)
				}
			})
		})
	}
}

// The pace does not rise in times without requests.
func TestThePaceDoesNotRiseWhileNothingIsSent(t *testing.T) {
	t.Parallel()
	now := time.Now()
	p := newPace(0)
	for range 3 {
		for range 10 {
			left := now
			now = now.Add(p.interval(now))
			p.admitted(left)
		}
		p.rejected(now)
	}
	before := p.interval(now)
	if after := p.interval(now.Add(time.Hour)); after < before*9/10 {
		t.Errorf("requests every %s, and every %s after an hour without any", before, after)
	}
}

// If a second rejection follows before any request was admitted, the wait was too short.
// That says nothing about the rate.
func TestAWaitThatWasTooShortTellsNoPace(t *testing.T) {
	t.Parallel()
	now := time.Now()
	p := newPace(0)
	p.rejected(now)
	before := p.perSecond
	if p.rejected(now.Add(time.Minute)); p.perSecond != before {
		t.Errorf("the rate changed from %g to %g requests a second", before, p.perSecond)
	}
}

// For all answers of the API, the pace stays between its minimum and the user's limit.
func TestThePaceStaysInBounds(t *testing.T) {
	t.Parallel()
	for seed := range uint64(300) {
		random := rand.New(rand.NewPCG(seed, 0))
		limit := float64(random.IntN(2) * random.IntN(50))
		p := newPace(limit)
		now := time.Now()
		first := now
		var underWay []time.Time
		rejects := 0.0
		for step := range 3000 {
			if step%500 == 10 {
				rejects = math.Pow(random.Float64(), 8)
			}
			now = now.Add(time.Duration(random.ExpFloat64() * float64(100*time.Millisecond)))
			wait := p.interval(now)
			underWay = append(underWay, now)
			if wait < 0 || wait > 20*time.Second || wait.Seconds()*limit < 0.999 && limit > 0 {
				t.Fatalf("seed %d, step %d: %s to the next request at a limit of %g", seed, step, wait, limit)
			}
			for random.IntN(10) < len(underWay) {
				i := random.IntN(len(underWay))
				left := underWay[i]
				underWay = append(underWay[:i], underWay[i+1:]...)
				switch {
				case random.Float64() > rejects:
					p.admitted(left)
				case left.After(first):
					p.rejected(left)
					first = now
				}
			}
		}
	}
}

// An API that rejects requests at random slows the client down, but only to a limited
// degree.
func TestRefusalsAtRandomDoNotStopEverything(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		api := &limitedAPI{limiter: &everyTenth{}, header: sayNothing, latency: 20 * time.Millisecond}
		c := newTestClient(t, Options{Transport: api})
		began := time.Now()
		walk(400, func(i int) {
			if _, err := c.GetExpressCustomer(t.Context(), numberedID(i)); err != nil {
				t.Error(err)
			}
		})
		if took := time.Since(began); took > 2*time.Minute {
			t.Errorf("took %s", took)
		} else {
			t.Logf("took %s", took)
		}
	})
}

type everyTenth struct{ n int }

func (e *everyTenth) take(time.Time) time.Duration {
	e.n++
	if e.n%10 == 0 {
		return 100 * time.Millisecond
	}
	return 0
}
