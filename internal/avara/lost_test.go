// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// gatewayTimeout is the answer of a front end whose server did not answer in time.
func gatewayTimeout() *http.Response {
	return &http.Response{StatusCode: 504, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(""))}
}

// A server may still complete a create after the connection was closed. If it does so
// within half a minute, the object is found, and no second create is sent before.
func TestACreateThatIsCommittedLateIsFound(t *testing.T) {
	t.Parallel()
	for name, lost := range map[string]func() (*http.Response, error){
		"504":       func() (*http.Response, error) { return gatewayTimeout(), nil },
		"no answer": func() (*http.Response, error) { return nil, io.ErrUnexpectedEOF },
	} {
		for _, late := range []time.Duration{0, 3 * time.Second, 29 * time.Second} {
			t.Run(name+", "+late.String(), func(t *testing.T) {
				emulated(t, nil, func(t *testing.T, _ *Client, e *emulator.Emulator) {
					api, posts := overNoNetwork(e), 0
					c := newTestClient(t, Options{MaxRetries: DefaultMaxRetries, Transport: roundTrip(func(req *http.Request) (*http.Response, error) {
						if req.Method != http.MethodPost {
							return api(req)
						}
						connected(req)
						posts++
						body, _ := io.ReadAll(req.Body)
						time.AfterFunc(late, func() {
							if resp, err := api(lateRequest(t, req, body)); err == nil {
								_ = resp.Body.Close()
							}
						})
						return lost()
					})})
					began := time.Now()
					customer, err := c.CreateExpressCustomer(t.Context(), lakesideWish)
					if err != nil || customer.ID != e.Customers()[0].ID {
						t.Errorf("%+v, %v", customer, err)
					}
					if posts != 1 || len(e.Customers()) != 1 {
						t.Errorf("%d creates, %d customers", posts, len(e.Customers()))
					}
					if took := time.Since(began); took > 2*late+2*time.Second {
						t.Errorf("found after %s", took)
					}
				})
			})
		}
	}
}

// lateRequest is a request whose client has closed the connection.
func lateRequest(t *testing.T, req *http.Request, body []byte) *http.Request {
	t.Helper()
	late := httptest.NewRequestWithContext(context.WithoutCancel(t.Context()), req.Method, req.URL.String(), strings.NewReader(string(body)))
	late.Header = req.Header
	return late
}

// Searches for creates that were never handled cost two scans of the list and a few pages,
// however many run at the same time.
func TestLostCreatesInALargeAccountShareTwoScans(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		customers, lost int
		latency         time.Duration
	}{
		"one in 20,000":              {20_000, 1, 100 * time.Millisecond},
		"ten in 5,000":               {5000, 10, 300 * time.Millisecond},
		"ten in 5,000, ten a second": {5000, 10, 50 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			emulated(t, nil, func(t *testing.T, _ *Client, e *emulator.Emulator) {
				options := Options{MaxRetries: DefaultMaxRetries, Transport: overNoNetwork(e)}
				if strings.Contains(name, "a second") {
					options.RequestsPerSecond = 10
				}
				c := newTestClient(t, options)
				e.Seed(emulator.Seed{Customers: tc.customers})
				e.AddFault(emulator.Fault{LatencyMS: int(tc.latency / time.Millisecond)})
				e.AddFault(emulator.Fault{Route: createCustomer, Cut: emulator.CutBefore, Times: tc.lost})
				var all sync.WaitGroup
				for i := range tc.lost {
					all.Go(func() {
						ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
						defer cancel()
						if _, err := c.CreateExpressCustomer(ctx, NewExpressCustomer{Name: numberedName(i)}); err != nil {
							t.Error(err)
						}
					})
				}
				all.Wait()
				// Each search but the last reads two pages of the list.
				if pages, most := e.Counts()["GET /v1/express"], 2*tc.customers/100+tc.lost*7*2; pages > most {
					t.Errorf("%d pages, want at most %d", pages, most)
				}
				if made := len(e.Customers()) - tc.customers; made != tc.lost {
					t.Errorf("%d customers were made", made)
				}
			})
		})
	}
}

// All clients of an account in this process share the ids of the objects that they
// created. A client in another process can't know them, and decides by the creation time
// alone.
func TestALostCreateDoesNotTakeWhatAnotherClientHasMade(t *testing.T) {
	t.Parallel()
	e := emulator.New(emulator.WithAPIKey(testKey))
	server := httptest.NewServer(e)
	defer server.Close()
	client := func() *Client {
		c, err := New(Options{APIKey: testKey, BaseURL: server.URL, MaxRetries: 1})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	first, err := client().CreateExpressCustomer(t.Context(), lakesideWish)
	if err != nil {
		t.Fatal(err)
	}
	e.AddFault(emulator.Fault{Route: createCustomer, Status: 503, Times: 1})
	second, err := client().CreateExpressCustomer(t.Context(), lakesideWish)
	if err != nil || second.ID == first.ID || len(e.Customers()) != 2 {
		t.Errorf("%+v, %v, and %d customers", second, err, len(e.Customers()))
	}
}

// Once an answer has shown the key's id, a customer that was created with another key is
// not adopted.
func TestALostCreateDoesNotTakeWhatAnotherKeyHasMade(t *testing.T) {
	for key, adopted := range map[string]bool{"k": true, "l": false} {
		t.Run(key, func(t *testing.T) {
			other := customerPage(lakeside(lakesideID, "cus_2", `"createdByApiKeyId":"k"`, `"createdByApiKeyId":"`+key+`"`))
			answers := map[string][]answer{"POST /express": {{status: 200, body: lakeside()}, status(503)}, list: {other}}
			scripted(t, answers, func(t *testing.T, c *Client, _ *script) {
				if _, err := c.CreateExpressCustomer(t.Context(), lakesideWish); err != nil {
					t.Fatal(err)
				}
				got, err := c.CreateExpressCustomer(t.Context(), lakesideWish)
				if adopted && (err != nil || got.ID != "cus_2") || !adopted && (err == nil || !strings.Contains(err.Error(), "found only cus_2")) {
					t.Errorf("%+v, %v", got, err)
				}
			})
		})
	}
}

// A customer that another process creates at the same time can't be told apart from the
// client's own. The guide on failures says so.
func TestALostCreateMayTakeWhatAnotherProcessMakes(t *testing.T) {
	emulated(t, nil, func(t *testing.T, _ *Client, e *emulator.Emulator) {
		process := func() *Client { return newTestClient(t, Options{MaxRetries: 2, Transport: overNoNetwork(e)}) }
		e.AddFault(emulator.Fault{Route: createCustomer, Cut: emulator.CutBefore, Times: 1})
		var both sync.WaitGroup
		both.Go(func() {
			customer, err := process().CreateExpressCustomer(t.Context(), lakesideWish)
			if err != nil || customer.ID != e.Customers()[0].ID {
				t.Errorf("%+v, %v", customer, err)
			}
		})
		time.Sleep(10 * time.Second)
		if _, err := process().CreateExpressCustomer(t.Context(), lakesideWish); err != nil {
			t.Error(err)
		}
		both.Wait()
		if n := len(e.Customers()); n != 1 {
			t.Errorf("%d customers", n)
		}
	})
}

// An interrupted create gets ten seconds in all, for its attempt and for the search.
func TestTheGraceOfAnInterruptedCreateIsTenSeconds(t *testing.T) {
	t.Parallel()
	for name, attempt := range map[string]time.Duration{"a short attempt": time.Second, "a long attempt": 8 * time.Second, "an endless attempt": time.Hour} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, interrupt := context.WithCancel(t.Context())
				var posts atomic.Int32
				c := newTestClient(t, Options{MaxRetries: 2, Transport: roundTrip(func(req *http.Request) (*http.Response, error) {
					connected(req)
					if req.Method == http.MethodPost {
						posts.Add(1)
						interrupt()
						select {
						case <-time.After(attempt):
						case <-req.Context().Done():
						}
						return nil, io.ErrUnexpectedEOF
					}
					return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader(customerPage().body))}, nil
				})})
				began := time.Now()
				_, err := c.CreateExpressCustomer(ctx, lakesideWish)
				if _, unknown := errors.AsType[*OutcomeUnknownError](err); !unknown || posts.Load() != 1 {
					t.Errorf("%d creates, %v", posts.Load(), err)
				}
				if took := time.Since(began); took != graceAfterCancel {
					t.Errorf("ended after %s", took)
				}
			})
		})
	}
}
