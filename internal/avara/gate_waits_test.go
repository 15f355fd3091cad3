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
	"testing"
	"testing/synctest"
	"time"
)

// ok is an answer with the customer that a path names.
func ok(req *http.Request) *http.Response {
	body := lakeside(lakesideID, req.URL.Path[strings.LastIndex(req.URL.Path, "/")+1:])
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}
}

// wait is an answer that asks the client to wait.
func wait(status int, header string) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{"Retry-After": {header}}, Body: http.NoBody}
}

// A long wait on one route binds the operations that received it. All other requests wait
// for one minute once, and continue.
func TestALongWaitOfOneRouteDoesNotStopTheOthers(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		c := newTestClient(t, Options{MaxRetries: 2, Transport: roundTrip(func(req *http.Request) (*http.Response, error) {
			time.Sleep(50 * time.Millisecond)
			if strings.Contains(req.URL.Path, "/viewer/") {
				return wait(429, "3600"), nil
			}
			return ok(req), nil
		})})
		began := time.Now()
		walk(200, func(i int) {
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
			defer cancel()
			if i%2 == 0 {
				if _, err := c.GetExpressCustomer(ctx, numberedID(i)); err != nil {
					t.Error(err)
				}
				return
			}
			asked := time.Now()
			_, err := c.GetUser(ctx, Viewer, numberedID(i))
			if StatusOf(err) != 429 || !strings.Contains(err.Error(), "1h0m0s") || time.Since(asked) > 90*time.Second {
				t.Errorf("after %s: %v", time.Since(asked), err)
			}
		})
		if took := time.Since(began); took > 2*time.Minute {
			t.Errorf("took %s", took)
		}
	})
}

// If all routes ask for a long wait, at most one request per minute is sent.
func TestALongWaitOfTheWholeAPIIsKept(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		requests := 0
		c := newTestClient(t, Options{MaxRetries: 2, Transport: roundTrip(func(*http.Request) (*http.Response, error) {
			requests++
			return wait(429, "3600"), nil
		})})
		began := time.Now()
		for i := range 30 {
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
			if _, err := c.GetExpressCustomer(ctx, numberedID(i)); StatusOf(err) != 429 && !errors.Is(err, ErrRateLimited) {
				t.Error(err)
			}
			cancel()
		}
		if took := time.Since(began); requests > 1+int(took/time.Minute) {
			t.Errorf("%d requests in %s", requests, took)
		}
	})
}

// An operation that is asked to wait for more than a minute waits that long, but at most
// longestWait. Others wait for one minute.
func TestALongWaitBindsTheOperationThatWasTold(t *testing.T) {
	for name, header := range map[string]string{"90 s": "90", "two days": "172800"} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				told := false
				c := newTestClient(t, Options{MaxRetries: 2, Transport: roundTrip(func(req *http.Request) (*http.Response, error) {
					if !told {
						told = true
						return wait(429, header), nil
					}
					return ok(req), nil
				})})
				began := time.Now()
				var both sync.WaitGroup
				both.Go(func() {
					_, err := c.GetExpressCustomer(t.Context(), testID)
					if took := time.Since(began); err != nil || took < 90*time.Second || header == "172800" && took != longestWait {
						t.Errorf("after %s: %v", took, err)
					}
				})
				synctest.Wait()
				if _, err := c.GetExpressCustomer(t.Context(), testID); err != nil || time.Since(began) != time.Minute {
					t.Errorf("the other, after %s: %v", time.Since(began), err)
				}
				both.Wait()
			})
		})
	}
}

// A 503 says nothing about the request rate, even with a Retry-After header.
func TestAnOutageDoesNotSlowTheOthersDown(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		var mu sync.Mutex
		requests := 0
		c := newTestClient(t, Options{MaxRetries: DefaultMaxRetries, Transport: roundTrip(func(req *http.Request) (*http.Response, error) {
			mu.Lock()
			requests++
			n := requests
			mu.Unlock()
			time.Sleep(50 * time.Millisecond)
			if n%20 == 0 {
				return wait(503, "1"), nil
			}
			return ok(req), nil
		})})
		began := time.Now()
		walk(1000, func(i int) {
			if _, err := c.GetExpressCustomer(t.Context(), numberedID(i)); err != nil {
				t.Error(err)
			}
		})
		// 5 s for the requests; 5 s for the waits, as ten requests are in flight at a
		// time; and up to 50 times 50 ms until the first success after a wait. How many
		// rejections fall into one wait depends on the order of the requests.
		if took := time.Since(began); took > 15*time.Second {
			t.Errorf("took %s", took)
		}
	})
}

// A rejected request is retried before later requests, even if they are waiting already.
func TestARejectedRequestKeepsItsPlace(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		var order []string
		c := newTestClient(t, Options{RequestsPerSecond: 2, Transport: roundTrip(func(req *http.Request) (*http.Response, error) {
			order = append(order, req.URL.Path[len(req.URL.Path)-1:])
			if len(order) == 1 {
				time.Sleep(100 * time.Millisecond)
				return wait(429, "5"), nil
			}
			return ok(req), nil
		})})
		var all sync.WaitGroup
		for i := range 5 {
			all.Go(func() {
				if _, err := c.GetExpressCustomer(t.Context(), numberedID(i)); err != nil {
					t.Error(err)
				}
			})
			synctest.Wait()
		}
		all.Wait()
		if want := []string{"0", "0", "1", "2", "3", "4"}; !slices.Equal(order, want) {
			t.Errorf("sent in the order %v, want %v", order, want)
		}
	})
}

// Reads of one object share its GET. If one of them runs out of time, the others go on.
func TestAReadWithLittleTimeDoesNotFailTheOthers(t *testing.T) {
	t.Parallel()
	for status, header := range map[int]string{429: "30", 503: "30"} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				requests := 0
				c := newTestClient(t, Options{MaxRetries: 2, BulkRefresh: true, Transport: roundTrip(func(req *http.Request) (*http.Response, error) {
					time.Sleep(100 * time.Millisecond)
					if requests++; requests == 1 {
						return wait(status, header), nil
					}
					return ok(req), nil
				})})
				var both sync.WaitGroup
				both.Go(func() {
					ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
					defer cancel()
					if _, err := c.ReadExpressCustomer(ctx, testID); StatusOf(err) != status {
						t.Error(err)
					}
				})
				synctest.Wait()
				ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
				defer cancel()
				if _, err := c.ReadExpressCustomer(ctx, testID); err != nil {
					t.Error(err)
				}
				both.Wait()
			})
		})
	}
}

// A date in Retry-After is compared with the Date header of the same answer.
func TestAWaitUntilADateIsMeasuredByTheAnswersClock(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 10, 21, 7, 0, 0, 0, time.UTC)
	for name, tc := range map[string]struct {
		date string
		want time.Duration
	}{
		"the API's clock is an hour ahead":  {"Wed, 21 Oct 2026 08:00:00 GMT", 7 * time.Second},
		"the API's clock is an hour behind": {"Wed, 21 Oct 2026 06:00:00 GMT", 2*time.Hour + 7*time.Second},
		"the answer has no date":            {"", time.Hour + 7*time.Second},
	} {
		header := http.Header{"Retry-After": {"Wed, 21 Oct 2026 08:00:07 GMT"}, "Date": {tc.date}}
		if got, told := retryAfter(header, now); !told || got != tc.want {
			t.Errorf("%s: %s, want %s", name, got, tc.want)
		}
	}
}
