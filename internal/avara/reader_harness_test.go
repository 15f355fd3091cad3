// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// bigAccount is a transport that answers for many customers, with a latency if set.
type bigAccount struct {
	mu        sync.Mutex
	customers []*ExpressCustomer
	byID      map[string]*ExpressCustomer
	// latency is the latency of an answer, pageLatency that of a list page.
	latency, pageLatency time.Duration
	// answering, if set, is called when an answer is complete but not sent yet.
	answering func(*http.Request)
	// hidden customers are not in the list.
	hidden map[string]bool
	// ghosts are in the list, but their GET answers 404.
	ghosts map[string]bool
	// listFails answers every list page with 403.
	listFails bool

	gets, pages, writes int
}

func newBigAccount(n int) *bigAccount {
	a := &bigAccount{byID: map[string]*ExpressCustomer{}, hidden: map[string]bool{}}
	for i := range n {
		customer := &ExpressCustomer{ID: customerName(i), Name: "version 0", IsActive: new(true)}
		a.customers = append(a.customers, customer)
		a.byID[customer.ID] = customer
	}
	rand.Shuffle(n, func(i, j int) { a.customers[i], a.customers[j] = a.customers[j], a.customers[i] })
	return a
}

// customerName is the id of one of the account's customers.
func customerName(i int) string { return fmt.Sprintf("cus_%032x", i) }

// requests is the number of requests.
func (a *bigAccount) requests() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.gets + a.pages + a.writes
}

func (a *bigAccount) edit(id string, change func(*ExpressCustomer)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	change(a.byID[id])
}

func (a *bigAccount) RoundTrip(req *http.Request) (*http.Response, error) {
	status, body, latency := a.answer(req)
	if a.answering != nil {
		a.answering(req)
	}
	if latency > 0 {
		select {
		case <-time.After(latency):
		case <-req.Context().Done():
			return nil, req.Context().Err()
		}
	}
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: req}, nil
}

func (a *bigAccount) answer(req *http.Request) (status int, body string, latency time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	id := strings.Trim(strings.TrimPrefix(req.URL.Path, "/v1/express"), "/")
	switch {
	case id == "":
		a.pages++
		if a.listFails {
			return 403, `{"message":"no lists for you"}`, a.pageLatency
		}
		return 200, a.page(req.URL.Query().Get("cursor")), a.pageLatency
	case req.Method == http.MethodPatch:
		a.writes++
		var change struct {
			Name string `json:"expressCustomerName"`
		}
		_ = json.NewDecoder(req.Body).Decode(&change)
		a.byID[id].Name = change.Name
		return 200, a.json(a.byID[id]), a.latency
	}
	a.gets++
	if a.byID[id] == nil || a.ghosts[id] {
		return 404, `{"message":"no such customer"}`, a.latency
	}
	return 200, a.json(a.byID[id]), a.latency
}

func (a *bigAccount) json(object any) string {
	body, _ := json.Marshal(object)
	return string(body)
}

func (a *bigAccount) page(cursor string) string {
	from, _ := strconv.Atoi(cursor)
	to := min(from+100, len(a.customers))
	items := []*ExpressCustomer{}
	for _, customer := range a.customers[from:to] {
		if !a.hidden[customer.ID] {
			items = append(items, customer)
		}
	}
	answer := map[string]any{"expressCustomers": items, "hasMore": to < len(a.customers)}
	if to < len(a.customers) {
		answer["cursor"] = strconv.Itoa(to)
	}
	return a.json(answer)
}

// client returns a new client, as each plan has. At the end of the test it waits for pages
// in flight.
func (a *bigAccount) client(t *testing.T, change ...func(*Options)) *Client {
	t.Helper()
	t.Cleanup(func() { time.Sleep(time.Minute) })
	options := Options{APIKey: testKey, BaseURL: "https://api.test", Transport: a, BulkRefresh: true}
	for _, c := range change {
		c(&options)
	}
	client, err := New(options)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// visitAll calls visit for each id, ten at a time in random order, as Terraform does in a
// refresh.
func visitAll(ids []string, visit func(id string)) {
	mixed := slices.Clone(ids)
	rand.Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
	walkInOrder(mixed, 10, visit)
}

// walkInOrder calls visit for each id in order, with the given number at a time.
func walkInOrder(ids []string, walkers int, visit func(id string)) {
	queue := make(chan string, len(ids))
	for _, id := range ids {
		queue <- id
	}
	close(queue)
	var group sync.WaitGroup
	for range walkers {
		group.Go(func() {
			for id := range queue {
				visit(id)
			}
		})
	}
	group.Wait()
}

// refresh reads the ids with a new client, and checks the results.
func (a *bigAccount) refresh(t *testing.T, ids []string, change ...func(*Options)) (requests int, took time.Duration) {
	t.Helper()
	c := a.client(t, change...)
	before, began := a.requests(), time.Now()
	visitAll(ids, func(id string) {
		customer, err := c.ReadExpressCustomer(t.Context(), id)
		if err != nil || customer.ID != id {
			t.Errorf("reading %s: %+v, %v", id, customer, err)
		}
	})
	took = time.Since(began)
	return a.requests() - before, took
}

// some returns n ids of the account.
func (a *bigAccount) some(n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = customerName(i)
	}
	return ids
}
