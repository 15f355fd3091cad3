// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// emulated runs a test with a client on an emulator and a fake clock.
func emulated(t *testing.T, options []emulator.Option, f func(*testing.T, *Client, *emulator.Emulator)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		e := emulator.New(append([]emulator.Option{emulator.WithAPIKey(testKey)}, options...)...)
		f(t, newTestClient(t, Options{MaxRetries: 2, Transport: overNoNetwork(e)}), e)
	})
}

// overNoNetwork passes requests to a handler without a network, including cut connections.
// With a network, a fake clock would not advance while a request waits.
func overNoNetwork(handler http.Handler) roundTrip {
	return func(req *http.Request) (resp *http.Response, err error) {
		connected(req)
		defer func() {
			if cut := recover(); cut != nil {
				resp, err = nil, io.ErrUnexpectedEOF
			}
		}()
		served := req.Clone(req.Context())
		served.RequestURI = req.URL.RequestURI()
		if served.Body == nil {
			served.Body = http.NoBody
		}
		recorder := httptest.NewRecorder()
		handler.ServeHTTP(recorder, served)
		if err := req.Context().Err(); err != nil {
			return nil, err
		}
		resp = recorder.Result()
		resp.Header.Set("Date", time.Now().UTC().Format(http.TimeFormat))
		return resp, nil
	}
}

// walk calls do for 0 to n-1, ten at a time as Terraform does.
func walk(n int, do func(i int)) {
	next := make(chan int)
	var walkers sync.WaitGroup
	for range min(n, 10) {
		walkers.Go(func() {
			for i := range next {
				do(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	walkers.Wait()
}

// createAll creates n customers concurrently and returns the number of requests per
// customer.
func createAll(t *testing.T, c *Client, e *emulator.Emulator, n int, name func(i int) string) (requests float64) {
	t.Helper()
	before := len(e.Customers())
	e.ResetRequests()
	var mu sync.Mutex
	ids := map[string]bool{}
	walk(n, func(i int) {
		customer, err := c.CreateExpressCustomer(t.Context(), NewExpressCustomer{Name: name(i)})
		if err != nil {
			t.Errorf("%d: %v", i, err)
			return
		}
		if customer.Name != name(i) {
			t.Errorf("asked for %s, got %s", name(i), customer.Name)
		}
		mu.Lock()
		defer mu.Unlock()
		ids[customer.ID] = true
	})
	if made := len(e.Customers()) - before; len(ids) != n || made != n {
		t.Errorf("%d creates returned %d different customers, and made %d", n, len(ids), made)
	}
	for _, count := range e.Counts() {
		requests += float64(count)
	}
	return requests / float64(n)
}

func numberedName(i int) string { return fmt.Sprintf("Customer %d", i) }
func sameName(int) string       { return "Lakeside" }

const createCustomer = "POST /v1/express"

func TestTenIdenticalCreatesThatLoseTheirAnswersMakeTenCustomers(t *testing.T) {
	t.Parallel()
	for _, dialect := range []emulator.Dialect{"", emulator.OldestFirst, emulator.ReadLag, emulator.NullCreators, emulator.FractionalSeconds} {
		t.Run(string(dialect), func(t *testing.T) {
			emulated(t, dialects(dialect), func(t *testing.T, c *Client, e *emulator.Emulator) {
				e.AddFault(emulator.Fault{LatencyMS: 50})
				e.AddFault(emulator.Fault{Route: createCustomer, Cut: emulator.CutAfter})
				createAll(t, c, e, 10, sameName)
			})
		})
	}
}

func dialects(names ...emulator.Dialect) []emulator.Option {
	if names[0] == "" {
		return nil
	}
	return []emulator.Option{emulator.WithDialects(names...)}
}

// A create whose answer is lost must not adopt the customer of a concurrent equal create
// that still waits for its answer.
func TestALostCreateDoesNotTakeWhatItsTwinIsAboutToGet(t *testing.T) {
	emulated(t, nil, func(t *testing.T, _ *Client, e *emulator.Emulator) {
		creates := 0
		api := overNoNetwork(e)
		c := newTestClient(t, Options{MaxRetries: 2, Transport: roundTrip(func(req *http.Request) (*http.Response, error) {
			resp, err := api(req)
			if req.Method == http.MethodPost {
				if creates++; creates == 1 {
					return nil, io.ErrUnexpectedEOF
				}
				time.Sleep(5 * time.Second)
			}
			return resp, err
		})})
		e.AddFault(emulator.Fault{Route: createCustomer, Status: 503, Times: 1})
		createAll(t, c, e, 2, sameName)
	})
}

// Nor may it adopt an equal customer that an earlier run of Terraform created. This client
// can only recognize it by its age.
func TestALostCreateDoesNotTakeWhatAnEarlierApplyMade(t *testing.T) {
	t.Parallel()
	for cut, own := range map[emulator.Cut]bool{emulator.CutBefore: false, emulator.CutAfter: true} {
		t.Run(string(cut), func(t *testing.T) {
			emulated(t, nil, func(t *testing.T, earlier *Client, e *emulator.Emulator) {
				first, err := earlier.CreateExpressCustomer(t.Context(), lakesideWish)
				if err != nil {
					t.Fatal(err)
				}
				time.Sleep(20 * time.Second)
				c := newTestClient(t, Options{MaxRetries: 2, Transport: overNoNetwork(e)})
				e.AddFault(emulator.Fault{Route: createCustomer, Cut: cut, Times: 1})
				second, err := c.CreateExpressCustomer(t.Context(), lakesideWish)
				switch {
				case own && (err != nil || second.ID == first.ID || len(e.Customers()) != 2):
					t.Errorf("%+v, %v", second, err)
				case !own && (err == nil || !strings.Contains(err.Error(), first.ID) || len(e.Customers()) != 1):
					t.Errorf("%+v, %v, want an error that names %s", second, err, first.ID)
				}
			})
		})
	}
}

// For the race detector: concurrent calls of many operations of the client.
func TestAThousandReadsAndWritesAtOnce(t *testing.T) {
	emulated(t, nil, func(t *testing.T, c *Client, e *emulator.Emulator) {
		e.Seed(emulator.Seed{Customers: 300})
		customers := e.Customers()
		var all sync.WaitGroup
		for i := range 1000 {
			id := customers[i%len(customers)].ID
			all.Go(func() {
				name := numberedName(i)
				got, err := &ExpressCustomer{}, error(nil)
				switch i % 5 {
				case 0:
					got, err = c.CreateExpressCustomer(t.Context(), NewExpressCustomer{Name: name})
				case 1:
					got, err = c.UpdateExpressCustomer(t.Context(), id, ExpressCustomerChange{Name: &name})
				default:
					got, err = c.ReadExpressCustomer(t.Context(), id)
				}
				if err != nil || got.ID == "" || i%5 > 0 && got.ID != id || i%5 < 2 && got.Name != name {
					t.Errorf("%d: %+v, %v", i, got, err)
				}
			})
		}
		all.Wait()
		if n := len(e.Customers()); n != 300+200 {
			t.Errorf("%d customers", n)
		}
	})
}

func TestDifferentCreatesDoNotWaitForEachOther(t *testing.T) {
	emulated(t, nil, func(t *testing.T, c *Client, e *emulator.Emulator) {
		e.AddFault(emulator.Fault{LatencyMS: 1000})
		began := time.Now()
		createAll(t, c, e, 10, numberedName)
		if took := time.Since(began); took != time.Second {
			t.Errorf("ten creates of a second each took %s", took)
		}
	})
}

// The limits also hold for an account with thousands of customers, and wherever in the
// list the API shows new ones.
func TestLostCreatesCostFewRequests(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		dialect  emulator.Dialect
		existing int
		requests float64
	}{
		"empty account":                {"", 0, 1.3},
		"empty account, oldest first":  {emulator.OldestFirst, 0, 1.3},
		"empty account, lagging reads": {emulator.ReadLag, 0, 1.6},
		"large account":                {"", 3000, 1.3},
		"large account, oldest first":  {emulator.OldestFirst, 3000, 1.6},
	} {
		t.Run(name, func(t *testing.T) {
			emulated(t, dialects(tc.dialect), func(t *testing.T, c *Client, e *emulator.Emulator) {
				e.Seed(emulator.Seed{Customers: tc.existing})
				e.AddFault(emulator.Fault{LatencyMS: 50})
				e.AddFault(emulator.Fault{WritesOnly: true, Every: 5, Cut: emulator.CutAfter})
				requests := createAll(t, c, e, 200, numberedName)
				t.Logf("%.2f requests for each customer", requests)
				if requests > tc.requests {
					t.Errorf("%.2f requests for each customer, want at most %.2f", requests, tc.requests)
				}
			})
		})
	}
}

// Writes that fail at random in various ways lead to one customer each.
func TestCreatesUnderMixedFaults(t *testing.T) {
	emulated(t, nil, func(t *testing.T, _ *Client, e *emulator.Emulator) {
		c := newTestClient(t, Options{MaxRetries: 20, Transport: overNoNetwork(e)})
		e.AddFault(emulator.Fault{LatencyMS: 20})
		e.AddFault(emulator.Fault{Every: 10, Status: 503})
		e.AddFault(emulator.Fault{WritesOnly: true, Every: 7, Cut: emulator.CutAfter})
		e.AddFault(emulator.Fault{WritesOnly: true, Every: 11, Cut: emulator.CutBefore})
		e.AddFault(emulator.Fault{WritesOnly: true, Every: 13, HalfBody: true})
		requests := createAll(t, c, e, 100, func(i int) string { return numberedName(i / 4) })
		t.Logf("%.2f requests for each customer", requests)
	})
}

// Concurrent searches share one scan of the list. The deadline of one search does not end
// it for the others.
func TestAScanIsSharedAndNobodysDeadlineEndsIt(t *testing.T) {
	emulated(t, nil, func(t *testing.T, c *Client, e *emulator.Emulator) {
		createAll(t, c, e, 500, numberedName)
		e.ResetRequests()
		e.AddFault(emulator.Fault{LatencyMS: 1000})
		listed := e.Customers()
		search := searchOf(c, customerList)
		see := func(ctx context.Context, since time.Time, ids ...string) error {
			wanted := map[string]bool{}
			for _, id := range ids {
				wanted[id] = true
			}
			err := search.look(ctx, c, effort{last: true, since: since}, func(customer ExpressCustomer, _ moment) { delete(wanted, customer.ID) }, func() bool { return len(wanted) == 0 })
			if err == nil && len(wanted) > 0 {
				t.Errorf("%v were not seen", wanted)
			}
			return err
		}
		hurried, cancel := context.WithTimeout(t.Context(), 2500*time.Millisecond)
		defer cancel()
		first, last := listed[0].ID, listed[len(listed)-1].ID
		var hurry error
		var all sync.WaitGroup
		all.Go(func() { hurry = see(hurried, time.Time{}, "cus_none") })
		synctest.Wait()
		all.Go(func() {
			if err := see(t.Context(), time.Now(), first, last); err != nil {
				t.Error(err)
			}
		})
		time.Sleep(1500 * time.Millisecond)
		for range 3 { // began after the running scan: they share the next one
			since := time.Now()
			all.Go(func() {
				if err := see(t.Context(), since, first, last); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if !errors.Is(hurry, context.DeadlineExceeded) {
			t.Errorf("the search with a deadline: %v", hurry)
		}
		// A page of the search whose deadline ended it may still be in flight.
		if pages := e.Counts()["GET /v1/express"]; pages < 5+5 || pages > 1+5+5 {
			t.Errorf("%d pages, want those of two scans", pages)
		}
	})
}
