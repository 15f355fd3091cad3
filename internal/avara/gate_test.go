// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// limitedAPI answers every request with a customer, within a rate limit.
type limitedAPI struct {
	limiter limiter
	// header sets a header that tells the client how long to wait.
	header  func(http.Header, time.Duration)
	latency time.Duration

	mu               sync.Mutex
	answered, wasted int
	arrivals         []time.Time
}

func (api *limitedAPI) RoundTrip(req *http.Request) (*http.Response, error) {
	connected(req)
	time.Sleep(api.latency / 2)
	resp := api.answer(req)
	time.Sleep(api.latency / 2)
	return resp, nil
}

func (api *limitedAPI) answer(req *http.Request) *http.Response {
	api.mu.Lock()
	defer api.mu.Unlock()
	api.answered++
	api.arrivals = append(api.arrivals, time.Now())
	body := lakeside()
	if req.Method == http.MethodGet {
		body = lakeside(lakesideID, req.URL.Path[strings.LastIndex(req.URL.Path, "/")+1:])
	}
	resp := &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}
	if wait := api.limiter.take(time.Now()); wait > 0 {
		api.wasted++
		resp.StatusCode = http.StatusTooManyRequests
		api.header(resp.Header, wait)
	}
	return resp
}

func sayNothing(http.Header, time.Duration) {}

func saySeconds(header http.Header, wait time.Duration) {
	header.Set("Retry-After", fmt.Sprint(int(wholeSeconds(wait).Seconds())))
}

func sayMilliseconds(header http.Header, wait time.Duration) {
	header.Set("retry-after-ms", fmt.Sprint(float64(wait)/float64(time.Millisecond)))
}

func numberedID(i int) string { return fmt.Sprintf("cus_%032x", i) }

// inBubble runs a test on a fake clock.
func inBubble(t *testing.T, f func(t *testing.T)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, f)
}

// refuseFirst rejects the first n requests and accepts all others.
type refuseFirst struct {
	n    int
	wait time.Duration
}

func (r *refuseFirst) take(time.Time) time.Duration {
	if r.n--; r.n >= 0 {
		return r.wait
	}
	return 0
}

func TestWhenTheAPISaysWaitAllWaitAndOneGoesFirst(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		api := &limitedAPI{limiter: &refuseFirst{n: 10, wait: 30 * time.Second}, header: saySeconds, latency: 100 * time.Millisecond}
		c := newTestClient(t, Options{Transport: api})
		began := time.Now()
		walk(20, func(i int) {
			if _, err := c.GetExpressCustomer(t.Context(), numberedID(i)); err != nil {
				t.Error(err)
			}
		})
		resumed := api.arrivals[10:]
		if wait := resumed[0].Sub(began); wait < 30*time.Second || wait > 31*time.Second {
			t.Errorf("resumed after %s", wait)
		}
		if alone := resumed[1].Sub(resumed[0]); alone < 100*time.Millisecond {
			t.Errorf("the second followed the first after %s, before its answer", alone)
		}
		for i := range resumed[2:] {
			if gap := resumed[i+2].Sub(resumed[i+1]); gap < 10*time.Millisecond {
				t.Errorf("two resumed within %s", gap)
			}
		}
	})
}

func TestAnyAnswerThatIsRepeatedAfterAWaitHoldsAll(t *testing.T) {
	scripted(t, map[string][]answer{get: {{status: 503, header: map[string]string{"Retry-After": "20"}}, customer(true, "a")}}, func(t *testing.T, c *Client, s *script) {
		began := time.Now()
		if _, err := c.GetExpressCustomer(t.Context(), testID); err != nil || time.Since(began) != 20*time.Second {
			t.Errorf("after %s: %v", time.Since(began), err)
		}
		var other sync.WaitGroup
		s.answers[get] = []answer{{status: 503, header: map[string]string{"Retry-After": "20"}}, customer(true, "a")}
		other.Go(func() { _, _ = c.GetExpressCustomer(t.Context(), testID) })
		synctest.Wait()
		began = time.Now()
		if _, err := c.GetExpressCustomer(t.Context(), testID); err != nil || time.Since(began) < 20*time.Second {
			t.Errorf("after %s: %v", time.Since(began), err)
		}
		other.Wait()
	})
}

func TestRefusalsOfTheRateAreNoRetries(t *testing.T) {
	refusals := slices.Repeat([]answer{status(429)}, 12)
	scripted(t, map[string][]answer{"POST /express": append(refusals, answer{status: 200, body: lakeside()})}, func(t *testing.T, _ *Client, s *script) {
		c := newTestClient(t, Options{Transport: s})
		if _, err := c.CreateExpressCustomer(t.Context(), lakesideWish); err != nil {
			t.Error(err)
		}
		for _, body := range s.bodies {
			if body != s.bodies[0] || body == "" {
				t.Errorf("sent the body %q", body)
			}
		}
	})
}

func TestAWaitThatIsNeverEnoughGrows(t *testing.T) {
	scripted(t, map[string][]answer{get: {{status: 429, header: map[string]string{"Retry-After": "0"}}}}, func(t *testing.T, c *Client, s *script) {
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
		defer cancel()
		if _, err := c.GetExpressCustomer(ctx, testID); err == nil || len(s.sent) > 30 {
			t.Errorf("%d requests in two minutes, then %v", len(s.sent), err)
		}
	})
}

func TestAnAPIThatAsksNotToRetryIsHeeded(t *testing.T) {
	scripted(t, map[string][]answer{get: {{status: 429, header: map[string]string{"x-should-retry": "false"}}}}, func(t *testing.T, c *Client, s *script) {
		if _, err := c.GetExpressCustomer(t.Context(), testID); StatusOf(err) != 429 {
			t.Error(err)
		}
		s.expectSent(sentGet)
	})
}

func TestAnAPIThatAsksToRetryIsHeeded(t *testing.T) {
	again := answer{status: 400, header: map[string]string{"x-should-retry": "true"}}
	scripted(t, map[string][]answer{get: {again, customer(true, "a")}}, func(t *testing.T, c *Client, s *script) {
		if _, err := c.GetExpressCustomer(t.Context(), testID); err != nil {
			t.Error(err)
		}
		s.expectSent(sentGet, sentGet)
	})
}

func TestAWaitEndsAtOnceWithItsContext(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		api := &limitedAPI{limiter: &refuseFirst{n: 10, wait: time.Minute}, header: saySeconds}
		c := newTestClient(t, Options{Transport: api})
		ctx, interrupt := context.WithCancel(t.Context())
		began := time.Now()
		time.AfterFunc(5*time.Second, interrupt)
		walk(10, func(i int) {
			_, err := c.CreateExpressCustomer(ctx, NewExpressCustomer{Name: numberedName(i)})
			var unknown *OutcomeUnknownError
			if !errors.Is(err, context.Canceled) || errors.As(err, &unknown) {
				t.Errorf("%v", err)
			}
		})
		if took := time.Since(began); took != 5*time.Second {
			t.Errorf("interrupted after 5s, ended after %s", took)
		}
		if api.answered > 10 {
			t.Errorf("%d requests", api.answered)
		}
	})
}

func TestARequestThatCannotWaitFailsAtOnce(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		api := &limitedAPI{limiter: &refuseFirst{n: 1, wait: time.Minute}, header: saySeconds}
		c := newTestClient(t, Options{MaxRetries: 2, Transport: api})
		var patient sync.WaitGroup
		patient.Go(func() {
			if _, err := c.GetExpressCustomer(t.Context(), testID); err != nil {
				t.Error(err)
			}
		})
		synctest.Wait()
		hurried, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		began := time.Now()
		if _, err := c.GetExpressCustomer(hurried, testID); !errors.Is(err, ErrRateLimited) || time.Since(began) > 0 {
			t.Errorf("after %s: %v", time.Since(began), err)
		}
		patient.Wait()
	})
}

func TestLongWaitsAreTold(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		api := &limitedAPI{limiter: &refuseFirst{n: 1, wait: 35 * time.Second}, header: saySeconds}
		var told []string
		c := newTestClient(t, Options{Transport: api, ObserveWait: func(_ context.Context, w Wait) {
			told = append(told, fmt.Sprint(w.Method, " ", w.Route, " ", w.Waited, " ", w.Left))
		}})
		if _, err := c.GetExpressCustomer(t.Context(), testID); err != nil {
			t.Error(err)
		}
		const what = "GET /v1/express/{expressCustomerId} "
		if want := []string{what + "10s 25s", what + "20s 15s", what + "30s 5s"}; !slices.Equal(told, want) {
			t.Errorf("told %q, want %q", told, want)
		}
	})
}

func TestALostProbeDoesNotHoldTheOthers(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		var requests atomic.Int32
		c := newTestClient(t, Options{Transport: roundTrip(func(req *http.Request) (*http.Response, error) {
			switch requests.Add(1) {
			case 1:
				return &http.Response{StatusCode: 429, Header: http.Header{"Retry-After": {"1"}}, Body: http.NoBody}, nil
			case 2:
				<-req.Context().Done()
				return nil, req.Context().Err()
			}
			return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader(customer(true, "a").body))}, nil
		})})
		var both sync.WaitGroup
		both.Go(func() { _, _ = c.GetExpressCustomer(t.Context(), testID) })
		synctest.Wait()
		began := time.Now()
		if _, err := c.GetExpressCustomer(t.Context(), testID); err != nil || time.Since(began) > 4*time.Second {
			t.Errorf("after %s: %v", time.Since(began), err)
		}
		both.Wait()
	})
}
