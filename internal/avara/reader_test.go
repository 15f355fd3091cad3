// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

const ms = time.Millisecond

// The size of the account, the number of objects read, and the maximum number of requests,
// if a page takes as long as a GET. If pages take longer, GETs may be faster.
func TestRequestsOfARefresh(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ account, read, most int }{
		"all of 1,000":   {1000, 1000, 40},
		"all of 3,000":   {3000, 3000, 200},
		"all of 100":     {100, 100, 12},
		"3 of 20,000":    {20000, 3, 3},
		"10 of 20,000":   {20000, 10, 10},
		"300 of 100,000": {100000, 300, 385},
		"300 of 2,000":   {2000, 300, 200},
	} {
		for latency, l := range map[string]struct{ get, page time.Duration }{
			"no latency":     {0, 0},
			"50 ms":          {50 * ms, 50 * ms},
			"slow pages":     {50 * ms, 200 * ms},
			"only pages lag": {0, 30 * ms},
		} {
			t.Run(name+", "+latency, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					a := newBigAccount(tc.account)
					a.latency, a.pageLatency = l.get, l.page
					requests, took := a.refresh(t, a.some(tc.read))
					most := tc.most
					if l.page > l.get {
						most = tc.read*5/4 + 10
					}
					if requests > most {
						t.Errorf("%d requests (%d pages) in %s, want at most %d", requests, a.pages, took, most)
					}
					if oneByOne := time.Duration((tc.read+9)/10) * l.get; took > oneByOne*5/4+time.Second {
						t.Errorf("%d requests (%d pages) in %s, one by one it is %s", requests, a.pages, took, oneByOne)
					}
				})
			})
		}
	}
}

// If all objects of an account are declared, they are read from the list after the first
// reads: most refreshes of 1,000 objects take 10 GETs and 10 pages. The first pages of a
// longer list contain few of the first requested objects, so GETs are sent besides the
// pages until the pages have saved enough.
func TestAListThatPaysIsWaitedFor(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ account, refreshes, mean int }{
		"short": {1000, 20, 25},
		"long":  {30000, 2, 3000},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				a := newBigAccount(tc.account)
				a.latency, a.pageLatency = 50*ms, 50*ms
				for range tc.refreshes {
					a.refresh(t, a.some(tc.account))
				}
				if mean := a.requests() / tc.refreshes; mean > tc.mean {
					t.Errorf("a refresh took %d requests, want at most %d", mean, tc.mean)
				}
			})
		})
	}
}

// The same for different orders of the list and of the reads.
func TestRequestsOfARefreshInOrder(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		order func([]string)
		most  int
	}{
		"the list's":          {func([]string) {}, 20},
		"the list's reversed": {slices.Reverse[[]string], 200},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				a := newBigAccount(1000)
				a.latency, a.pageLatency = 5*ms, 10*ms
				var ids []string
				for _, customer := range a.customers {
					ids = append(ids, customer.ID)
				}
				tc.order(ids)
				c := a.client(t)
				walkInOrder(ids, 10, func(id string) { _, _ = c.ReadExpressCustomer(t.Context(), id) })
				if a.requests() > tc.most {
					t.Errorf("%d requests, %d of them pages, want at most %d", a.requests(), a.pages, tc.most)
				}
			})
		})
	}
}

func TestTheListMayFailOrHideObjects(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		prepare func(*bigAccount)
		most    int
	}{
		"no list for this key": {func(a *bigAccount) { a.listFails = true }, 301},
		"all are hidden": {func(a *bigAccount) {
			for _, id := range a.some(300) {
				a.hidden[id] = true
			}
		}, 303},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				a := newBigAccount(300)
				tc.prepare(a)
				if requests, _ := a.refresh(t, a.some(300)); requests > tc.most {
					t.Errorf("%d requests, want at most %d", requests, tc.most)
				}
			})
		})
	}
}

// If the list shows an object that the API hides in a GET, the list is not used any more.
func TestAListThatSaysOtherwiseIsMistrusted(t *testing.T) {
	t.Parallel()
	for name, first := range map[string]bool{"hidden first": true, "listed first": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				a := newBigAccount(300)
				ghost := a.customers[50].ID
				a.ghosts = map[string]bool{ghost: true}
				c := a.client(t)
				r := newReader(c, source[ExpressCustomer]{get: c.GetExpressCustomer, list: pagesOf(c, customerList), key: ExpressCustomer.id, hidesSome: true})
				meetGhost := func() {
					if _, err := r.readAlone(t.Context(), ghost); !IsNotFound(err) {
						t.Errorf("the hidden object: %v", err)
					}
				}
				if first {
					meetGhost()
				}
				for _, customer := range a.customers[200:220] {
					_, _ = r.read(t.Context(), customer.ID)
				}
				if !first {
					meetGhost()
				}
				synctest.Wait()
				pages, gets := a.pages, a.gets
				visitAll(a.some(300), func(id string) { _, _ = r.read(t.Context(), id) })
				synctest.Wait()
				if a.pages != pages || a.gets < gets+280 {
					t.Errorf("%d more pages and %d more GETs, want GETs alone", a.pages-pages, a.gets-gets)
				}
			})
		})
	}
}

// 50 memberships of one customer read the same object.
func TestReadsOfOneObjectShareARequest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := newBigAccount(1000)
		a.latency = 50 * ms
		var ids []string
		for range 50 {
			ids = append(ids, customerName(7))
		}
		if requests, _ := a.refresh(t, ids); requests != 1 {
			t.Errorf("%d requests for 50 reads of one customer", requests)
		}
	})
}

func TestOnlyAGetTellsThatAnObjectIsGone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := newBigAccount(100)
		c := a.client(t)
		visitAll(a.some(100), func(id string) { _, _ = c.ReadExpressCustomer(t.Context(), id) })
		for range 2 {
			before := a.gets
			if _, err := c.ReadExpressCustomer(t.Context(), customerName(100)); !IsNotFound(err) || a.gets != before+1 {
				t.Errorf("%v after %d GETs, want a 404 of one GET", err, a.gets-before)
			}
		}
	})
}

// A cancelled read does not fail other reads of the same object.
func TestACanceledReadDoesNotFailTheOthers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := newBigAccount(1)
		a.latency = 50 * ms
		c := a.client(t)
		canceled, cancel := context.WithTimeout(t.Context(), 20*ms)
		defer cancel()
		var readers sync.WaitGroup
		readers.Go(func() {
			if _, err := c.ReadExpressCustomer(canceled, customerName(0)); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("the canceled read: %v", err)
			}
		})
		synctest.Wait()
		for range 5 {
			readers.Go(func() {
				if _, err := c.ReadExpressCustomer(t.Context(), customerName(0)); err != nil {
					t.Error(err)
				}
			})
		}
		readers.Wait()
		if a.gets != 2 {
			t.Errorf("%d GETs, want the canceled one and one for all others", a.gets)
		}
	})
}

func TestMemoryFades(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := newBigAccount(100)
		c := a.client(t)
		read := func() { visitAll(a.some(100), func(id string) { _, _ = c.ReadExpressCustomer(t.Context(), id) }) }
		read()
		time.Sleep(memoryLife - time.Second)
		first := a.requests()
		read()
		if a.requests() != first {
			t.Errorf("%d requests within ten minutes", a.requests()-first)
		}
		for _, id := range a.some(100) {
			a.edit(id, func(customer *ExpressCustomer) { customer.Name = "edited" })
		}
		time.Sleep(2 * time.Second)
		visitAll(a.some(100), func(id string) {
			if customer, err := c.ReadExpressCustomer(t.Context(), id); err != nil || customer.Name != "edited" {
				t.Errorf("after ten minutes: %+v, %v", customer, err)
			}
		})
		if again := a.requests() - first; again > 12 {
			t.Errorf("%d requests for the second look", again)
		}
	})
}

// A read waits for the page that it requested, even if the page does not contain its
// object. Otherwise the request for the page would be cancelled and wasted.
func TestNoPageIsFetchedTwice(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const refreshes = 5
		a := newBigAccount(5000)
		a.latency, a.pageLatency = 5*ms, 10*ms
		for range refreshes {
			c := a.client(t)
			visitAll(a.some(5000), func(id string) {
				ctx, end := context.WithCancel(t.Context())
				defer end()
				if _, err := c.ReadExpressCustomer(ctx, id); err != nil {
					t.Error(err)
				}
			})
		}
		synctest.Wait()
		if a.pages > refreshes*50 {
			t.Errorf("%d pages, want %d times 50", a.pages, refreshes)
		}
	})
}

// A write happens while a page or a GET is in flight, which then returns the state before
// the write.
func TestWhatWasInFlightDuringAWriteIsForgotten(t *testing.T) {
	t.Parallel()
	for name, slow := range map[string]func(*http.Request) bool{
		"page": func(req *http.Request) bool { return req.URL.Path == "/v1/express" },
		"GET": func(req *http.Request) bool {
			return req.Method == http.MethodGet && req.URL.Path == "/v1/express/"+customerName(50)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				a := newBigAccount(100)
				c := a.client(t)
				release, once := make(chan struct{}), sync.Once{}
				a.answering = func(req *http.Request) {
					if slow(req) {
						once.Do(func() { <-release })
					}
				}
				for i := range plainReads {
					_, _ = c.ReadExpressCustomer(t.Context(), customerName(i))
				}
				var readers sync.WaitGroup
				readers.Go(func() { _, _ = c.ReadExpressCustomer(t.Context(), customerName(50)) })
				synctest.Wait()
				newName := "written"
				if _, err := c.UpdateExpressCustomer(t.Context(), customerName(50), ExpressCustomerChange{Name: &newName}); err != nil {
					t.Fatal(err)
				}
				// Another read returns the new value before the old one arrives.
				readers.Go(func() { _, _ = c.ReadExpressCustomer(t.Context(), customerName(99)) })
				synctest.Wait()
				close(release)
				readers.Wait()
				synctest.Wait()
				for range 2 {
					if customer, err := c.ReadExpressCustomer(t.Context(), customerName(50)); err != nil || customer.Name != newName {
						t.Errorf("after the write: %+v, %v", customer, err)
					}
				}
			})
		})
	}
}

func TestAReadAmidWritesWaitsForOnePageAtMost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := newBigAccount(2000)
		a.latency, a.pageLatency = 50*ms, 100*ms
		c := a.client(t)
		visitAll(a.some(1000), func(id string) { _, _ = c.ReadExpressCustomer(t.Context(), id) })
		ctx, stop := context.WithCancel(t.Context())
		var writer sync.WaitGroup
		writer.Go(func() {
			newName := "written"
			for ctx.Err() == nil {
				_, _ = c.UpdateExpressCustomer(ctx, customerName(0), ExpressCustomerChange{Name: &newName})
			}
		})
		synctest.Wait()
		for i := range 20 {
			began := time.Now()
			if _, err := c.ReadExpressCustomer(t.Context(), customerName(1000+i)); err != nil {
				t.Error(err)
			}
			// The next page may be requested beside the GET.
			if took := time.Since(began); took > 200*ms {
				t.Errorf("a read took %s", took)
			}
		}
		stop()
		writer.Wait()
	})
}

// Random concurrent reads and writes. A read must never return a value older than the last
// write that had ended when the read began. Without latency the goroutines run in
// parallel, for the race detector.
func TestReadsAreNeverOlderThanTheLatestWrite(t *testing.T) {
	t.Parallel()
	for name, latency := range map[string]time.Duration{"at once": 0, "slow": 50 * ms} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				const objects = 150
				a := newBigAccount(objects)
				a.latency, a.pageLatency = latency, 3*latency
				c := a.client(t)
				var mu sync.Mutex
				written := map[string]int{}
				version := func(id string) int {
					mu.Lock()
					defer mu.Unlock()
					return written[id]
				}
				var ids []string
				for range 10 {
					ids = append(ids, a.some(objects)...)
				}
				var tick sync.Mutex
				count, reads := 0, 0
				visitAll(ids, func(id string) {
					tick.Lock()
					count++
					write := count%20 == 0
					if !write {
						reads++
					}
					n := count
					tick.Unlock()
					if write {
						// Each object has at most one write at a time, as in Terraform.
						mu.Lock()
						busy := written[id] < 0
						was := written[id]
						if !busy {
							written[id] = -1 - was
						}
						mu.Unlock()
						if busy {
							return
						}
						newName := fmt.Sprintf("version %d", n)
						if _, err := c.UpdateExpressCustomer(t.Context(), id, ExpressCustomerChange{Name: &newName}); err != nil {
							t.Error(err)
						}
						mu.Lock()
						written[id] = n
						mu.Unlock()
						return
					}
					oldest := version(id)
					if oldest < 0 {
						oldest = -1 - oldest
					}
					customer, err := c.ReadExpressCustomer(t.Context(), id)
					if err != nil {
						t.Error(err)
						return
					}
					var got int
					if _, err := fmt.Sscanf(customer.Name, "version %d", &got); err != nil || got < oldest {
						t.Errorf("%s: read version %q, %d had been written", id, customer.Name, oldest)
					}
				})
				synctest.Wait()
				if most := reads + plainReads + reads/getsPerPage; a.gets+a.pages > most {
					t.Errorf("%d reads cost %d GETs and %d pages", reads, a.gets, a.pages)
				}
				time.Sleep(time.Second)
			})
		})
	}
}
