// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"time"
)

// paceLoad is a series of requests to an API with a rate limit, ten at a time.
type paceLoad struct {
	perSecond float64
	requests  int
	create    bool
	latency   time.Duration
	// overtaking uses random latencies of 5 to 200 ms instead, so that requests and
	// answers overtake each other.
	overtaking bool
	// terraform is the time that Terraform spends on each request, one request at a time.
	terraform time.Duration
}

func (l paceLoad) String() string {
	latency := l.latency.String()
	if l.overtaking {
		latency = "5-200ms"
	}
	if l.terraform > 0 {
		latency += " after " + l.terraform.String()
	}
	return fmt.Sprintf("%g/s, %d requests, %s", l.perSecond, l.requests, latency)
}

// paceRun is the result of a load with one limiter.
type paceRun struct {
	// limiter is the limiter's name, and the kind of its hints.
	limiter string
	// time is the time taken, in multiples of requests / rate. rejected is the share of
	// rejected requests.
	time, rejected float64
	// admissions and rejections are the times of admitted and of rejected requests.
	admissions, rejections []time.Time
}

// recordingLimiter records admissions and rejections in a run.
type recordingLimiter struct {
	limiter
	run *paceRun
}

func (r recordingLimiter) take(now time.Time) time.Duration {
	wait := r.limiter.take(now)
	if wait > 0 {
		r.run.rejections = append(r.run.rejections, now)
	} else {
		r.run.admissions = append(r.run.admissions, now)
	}
	return wait
}

// overtaking wraps a transport with random latencies from 5 to 200 ms.
func overtaking(transport http.RoundTripper) http.RoundTripper {
	random := rand.New(rand.NewPCG(1, 2))
	var mu sync.Mutex
	return roundTrip(func(req *http.Request) (*http.Response, error) {
		mu.Lock()
		latency := 5*time.Millisecond + time.Duration(random.Int64N(int64(195*time.Millisecond)))
		mu.Unlock()
		time.Sleep(latency / 2)
		resp, err := transport.RoundTrip(req)
		time.Sleep(latency / 2)
		return resp, err
	})
}

// run sends the load through a limiter, on a fake clock.
func (l paceLoad) run(t *testing.T, limiter limiter, hint func(http.Header, time.Duration)) *paceRun {
	t.Helper()
	run := &paceRun{}
	var transport http.RoundTripper = &limitedAPI{limiter: recordingLimiter{limiter, run}, header: hint, latency: l.latency}
	if l.overtaking {
		transport = overtaking(transport)
	}
	c := newTestClient(t, Options{MaxRetries: 0, Transport: transport})
	began := time.Now()
	terraform := make(chan struct{}, 1)
	walk(l.requests, func(i int) {
		terraform <- struct{}{}
		time.Sleep(l.terraform)
		<-terraform
		var err error
		if l.create {
			_, err = c.CreateExpressCustomer(t.Context(), NewExpressCustomer{Name: numberedName(i)})
		} else {
			_, err = c.GetExpressCustomer(t.Context(), numberedID(i))
		}
		if err != nil {
			t.Error(err)
		}
	})
	run.time = time.Since(began).Seconds() * l.perSecond / float64(l.requests)
	run.rejected = float64(len(run.rejections)) / float64(len(run.rejections)+len(run.admissions))
	return run
}

// runAll sends the load through all limiters, each with and without hints, and returns
// when all runs have ended.
func (l paceLoad) runAll(t *testing.T, limiters func(perSecond float64) map[string]limiter) []*paceRun {
	t.Helper()
	var mu sync.Mutex
	var runs []*paceRun
	t.Run(l.String(), func(t *testing.T) {
		for hint, header := range map[string]func(http.Header, time.Duration){"no hint": sayNothing, "seconds": saySeconds, "milliseconds": sayMilliseconds} {
			for name, limiter := range limiters(l.perSecond) {
				t.Run(name+", "+hint, func(t *testing.T) {
					inBubble(t, func(t *testing.T) {
						run := l.run(t, limiter, header)
						run.limiter = name + ", " + hint
						mu.Lock()
						defer mu.Unlock()
						runs = append(runs, run)
					})
				})
			}
		}
	})
	return runs
}

// usable returns the limiters whose full rate the load can use. If requests overtake each
// other, a bucket of one or two is not usable: it is full while requests are late, and
// empty when several arrive together.
func (l paceLoad) usable(perSecond float64) map[string]limiter {
	all := limiters(perSecond)
	if l.overtaking {
		delete(all, "bucket of 1")
		delete(all, "bucket of 2")
	}
	return all
}

// rejectionsAfter counts the rejections after the given number of requests was admitted
// since the first rejection.
func (r *paceRun) rejectionsAfter(requests int) (n int) {
	for _, at := range r.admissions {
		if at.After(r.rejections[0]) {
			requests--
		}
		if requests < 0 {
			for _, rejection := range r.rejections {
				if rejection.After(at) {
					n++
				}
			}
			return n
		}
	}
	return 0
}

// average is the mean and the maximum of some figures.
type average struct{ sum, n, worst float64 }

func (a *average) add(x float64) {
	a.sum += x
	a.n++
	a.worst = max(a.worst, x)
}

func (a *average) mean() float64 { return a.sum / a.n }
