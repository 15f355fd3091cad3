// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// Sixty memberships are confirmed, of one customer that has lost all its members.
func TestConfirmationsOfOneObjectAreShared(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		exists, bulk bool
		most         int
	}{
		"it exists":                   {true, true, 2},
		"it exists, read one by one":  {true, false, 120},
		"it is gone":                  {false, true, 12},
		"it is gone, read one by one": {false, false, 121},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				a := newBigAccount(100)
				a.latency, a.pageLatency = 50*ms, 50*ms
				id := customerName(7)
				if !tc.exists {
					id = customerName(100)
				}
				c := a.client(t, func(o *Options) { o.BulkRefresh = tc.bulk })
				ids := make([]string, 60)
				walkInOrder(ids, 10, func(string) {
					for _, read := range []func(context.Context, string) (*ExpressCustomer, error){c.ReadExpressCustomer, c.ConfirmExpressCustomer} {
						if _, err := read(t.Context(), id); IsNotFound(err) == tc.exists {
							t.Error(err)
						}
					}
				})
				if a.requests() > tc.most {
					t.Errorf("%d requests, want at most %d", a.requests(), tc.most)
				}
			})
		})
	}
}

// A confirmation is sent at least two seconds after every write.
func TestAConfirmationIsSentAfterWritesHaveHadTimeToShow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := newBigAccount(100)
		c := a.client(t)
		began := time.Now()
		for range 2 {
			before := a.gets
			if _, err := c.ConfirmExpressCustomer(t.Context(), customerName(7)); err != nil || a.gets != before+1 || time.Since(began) != settling {
				t.Errorf("%v, %d GETs, after %s", err, a.gets-before, time.Since(began))
			}
			newName := "written"
			if _, err := c.UpdateExpressCustomer(t.Context(), customerName(8), ExpressCustomerChange{Name: &newName}); err != nil {
				t.Fatal(err)
			}
			began = time.Now()
		}
	})
}

// The time counts from the write, and not from the first read after it.
func TestAConfirmationLongAfterAWriteIsSentAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := newBigAccount(100)
		c := a.client(t)
		newName := "written"
		if _, err := c.UpdateExpressCustomer(t.Context(), customerName(8), ExpressCustomerChange{Name: &newName}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * settling)
		began, before := time.Now(), a.gets
		if _, err := c.ConfirmExpressCustomer(t.Context(), customerName(8)); err != nil || a.gets != before+1 || time.Since(began) != 0 {
			t.Errorf("%v, %d GETs, after %s", err, a.gets-before, time.Since(began))
		}
	})
}

// A wrong base URL, or a proxy, answers 404 to everything.
func TestA404IsBelievedOnlyOfTheAPI(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		list       string
		status     int
		believed   bool
		first, all int // number of requests
	}{
		"no list either":          {`{"message":"not found"}`, 404, false, 2, 11},
		"a page of something":     {`<html>Welcome</html>`, 200, false, 2, 11},
		"an empty list":           {`{"expressCustomers":[],"clinicalReferences":[],"hasMore":false}`, 200, true, 2, 11},
		"no permission to list":   {`{"message":"forbidden"}`, 403, true, 2, 11},
		"another server refuses":  {`<html>Access denied</html>`, 403, false, 2, 20},
		"the key is not accepted": {`{"message":"who?"}`, 401, false, 2, 20},
	} {
		for _, bulk := range []bool{true, false} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					var requests atomic.Int64
					c := newTestClient(t, Options{BulkRefresh: bulk, Transport: roundTrip(func(req *http.Request) (*http.Response, error) {
						requests.Add(1)
						if req.URL.Query().Has("limit") {
							return answered(tc.status, tc.list), nil
						}
						return answered(404, `{"message":"not found"}`), nil
					})})
					for kind, read := range map[string]func(string) error{
						"customers":  func(id string) error { _, err := c.ReadExpressCustomer(t.Context(), id); return err },
						"references": func(id string) error { _, err := c.ReadClinicalReference(t.Context(), id); return err },
					} {
						requests.Store(0)
						for i := range 10 {
							err := read(customerName(i))
							if err == nil || IsNotFound(err) != tc.believed {
								t.Errorf("%s: %v", kind, err)
							}
							if i == 0 && requests.Load() != int64(tc.first) {
								t.Errorf("%s: %d requests for the first, want %d", kind, requests.Load(), tc.first)
							}
						}
						if requests.Load() != int64(tc.all) {
							t.Errorf("%s: %d requests, want %d", kind, requests.Load(), tc.all)
						}
					}
				})
			})
		}
	}
}

// If an operation has too little time left for the page that it requested, other
// operations do not fail, and the list stays in use.
func TestAPageWithLittleTimeDoesNotEndTheList(t *testing.T) {
	t.Parallel()
	for name, status := range map[string]int{"429": 429, "503": 503, "408": 408} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				a := newBigAccount(300)
				a.latency, a.pageLatency = 50*ms, 50*ms
				var refused atomic.Bool
				c := a.client(t, func(o *Options) {
					o.Transport = roundTrip(func(req *http.Request) (*http.Response, error) {
						if req.URL.Path == "/v1/express" && refused.CompareAndSwap(false, true) {
							return wait(status, "30"), nil
						}
						return a.RoundTrip(req)
					})
				})
				for i := range plainReads {
					_, _ = c.ReadExpressCustomer(t.Context(), customerName(i))
				}
				short, cancel := context.WithTimeout(t.Context(), 10*time.Second)
				defer cancel()
				var readers sync.WaitGroup
				readers.Go(func() {
					if _, err := c.ReadExpressCustomer(short, customerName(10)); err != nil && !isShortOfTime(err) && !errors.Is(err, context.DeadlineExceeded) {
						t.Error(err)
					}
				})
				readers.Wait()
				if !refused.Load() {
					t.Fatal("no page was requested")
				}
				visitAll(a.some(300)[20:], func(id string) {
					if _, err := c.ReadExpressCustomer(t.Context(), id); err != nil {
						t.Error(err)
					}
				})
				synctest.Wait()
				if a.pages != 3 || a.gets > 100 {
					t.Errorf("%d pages and %d GETs, want the list to be used", a.pages, a.gets)
				}
			})
		})
	}
}

func answered(status int, body string) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}
}
