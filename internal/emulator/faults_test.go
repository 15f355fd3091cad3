// SPDX-License-Identifier: MPL-2.0

package emulator_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// statuses sends the same request several times.
func (b *bench) statuses(n int, method, path, body string) []int {
	b.t.Helper()
	var got []int
	for range n {
		got = append(got, b.send(method, path, body).Status)
	}
	return got
}

func TestFaultSelection(t *testing.T) {
	t.Parallel()
	const create, list = "POST /v1/express", "GET /v1/express"
	for name, test := range map[string]struct {
		fault         emulator.Fault
		posts, getted []int
	}{
		"every request":  {emulator.Fault{Status: 503}, []int{503, 503, 503, 503}, []int{503, 503}},
		"one route":      {emulator.Fault{Route: list, Status: 500}, []int{200, 200, 200, 200}, []int{500, 500}},
		"writes":         {emulator.Fault{WritesOnly: true, Status: 502}, []int{502, 502, 502, 502}, []int{200, 200}},
		"every second":   {emulator.Fault{Every: 2, Status: 503}, []int{200, 503, 200, 503}, []int{200, 503}},
		"every third":    {emulator.Fault{Every: 3, Status: 503}, []int{200, 200, 503, 200}, []int{200, 503}},
		"twice":          {emulator.Fault{Times: 2, Status: 503}, []int{503, 503, 200, 200}, []int{200, 200}},
		"second, twice":  {emulator.Fault{Every: 2, Times: 1, Status: 503}, []int{200, 503, 200, 200}, []int{200, 200}},
		"writes, second": {emulator.Fault{Route: create, WritesOnly: true, Every: 2, Status: 503}, []int{200, 503, 200, 503}, []int{200, 200}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			remove := b.AddFault(test.fault)
			if got := b.statuses(4, "POST", "/v1/express", `{"expressCustomerName":"x"}`); !slices.Equal(got, test.posts) {
				t.Errorf("POST: %v, want %v", got, test.posts)
			}
			if got := b.statuses(2, "GET", "/v1/express", ""); !slices.Equal(got, test.getted) {
				t.Errorf("GET: %v, want %v", got, test.getted)
			}
			applied := 0
			for _, status := range test.posts {
				if status == 200 {
					applied++
				}
			}
			if got := len(b.Customers()); got != applied {
				t.Errorf("%d customers, want %d", got, applied)
			}
			remove()
			if got := b.statuses(4, "GET", "/v1/express", ""); !slices.Equal(got, []int{200, 200, 200, 200}) {
				t.Errorf("after its removal: %v", got)
			}
		})
	}
}

func TestFaultAnswer(t *testing.T) {
	t.Parallel()
	b := newBench(t, emulator.ErrorString)
	remove := b.AddFault(emulator.Fault{Status: 503, Header: map[string]string{"retry-after": "7"}})
	answer := b.send("GET", "/v1/express", "")
	if strings.TrimSpace(answer.Body) != `{"error":"Service Unavailable"}` || answer.Header.Get("Retry-After") != "7" ||
		answer.Header.Get("X-Request-Id") == "" {
		t.Errorf("answer %+v", answer)
	}
	remove()
	b.AddFault(emulator.Fault{Status: 502, Body: "<html>", Header: map[string]string{"Content-Type": "text/html"}})
	if answer := b.send("GET", "/v1/express", ""); answer.Body != "<html>" || answer.Header.Get("Content-Type") != "text/html" {
		t.Errorf("answer %+v", answer)
	}
	b.AddFault(emulator.Fault{Status: 500})
	if answer := b.send("GET", "/v1/express", ""); answer.Status != 502 {
		t.Errorf("the second fault answered: %d", answer.Status)
	}
	b.ClearFaults()
	b.AddFault(emulator.Fault{Status: 204, Body: "x"})
	if answer := b.send("GET", "/v1/express", ""); answer.Status != 204 || answer.Body != "" {
		t.Errorf("answer %+v", answer)
	}
}

func TestHalfBody(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.AddFault(emulator.Fault{HalfBody: true})
	answer := b.send("POST", "/v1/express", `{"expressCustomerName":"x"}`)
	if answer.Status != 200 || json.Valid([]byte(answer.Body)) || !strings.HasPrefix(answer.Body, `{"expressCustomerId":"cus_`) {
		t.Errorf("status %d, body %s", answer.Status, answer.Body)
	}
	if len(b.Customers()) != 1 {
		t.Error("the customer was not created")
	}
}

func TestRateLimit(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	remove := b.AddFault(emulator.Fault{RateLimit: &emulator.RateLimit{PerSecond: 0.5, Burst: 2}})
	want := func(statuses ...int) {
		t.Helper()
		if got := b.statuses(len(statuses), "GET", "/v1/express", ""); !slices.Equal(got, statuses) {
			t.Errorf("%v, want %v", got, statuses)
		}
	}
	want(200, 200, 429, 429)
	if got := b.send("GET", "/v1/express", "").Header.Get("Retry-After"); got != "2" {
		t.Errorf("Retry-After %q, want 2", got)
	}
	b.clock.Advance(1500 * time.Millisecond)
	answer := b.send("GET", "/v1/express", "")
	if got := answer.Header.Get("Retry-After"); answer.Status != 429 || got != "1" {
		t.Errorf("status %d, Retry-After %q, want 429, 1", answer.Status, got)
	}
	b.clock.Advance(500 * time.Millisecond)
	want(200, 429)
	b.clock.Advance(time.Hour)
	want(200, 200, 429)
	remove()
	want(200, 200, 200)

	for header, wanted := range map[string]string{"none": "", "Wed, 02 Sep 2026 13:05:50 GMT": "Wed, 02 Sep 2026 13:05:50 GMT"} {
		remove := b.AddFault(emulator.Fault{RateLimit: &emulator.RateLimit{PerSecond: 1, RetryAfter: header}})
		want(200)
		if answer := b.send("GET", "/v1/express", ""); answer.Status != 429 || answer.Header.Get("Retry-After") != wanted {
			t.Errorf("status %d, header %v", answer.Status, answer.Header)
		}
		remove()
	}
}

// TestCut uses a real connection, since a recorder has none.
func TestCut(t *testing.T) {
	t.Parallel()
	for cut, created := range map[emulator.Cut]int{emulator.CutBefore: 0, emulator.CutAfter: 1} {
		t.Run(string(cut), func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			server := httptest.NewServer(b)
			defer server.Close()
			b.AddFault(emulator.Fault{WritesOnly: true, Times: 1, Cut: cut})
			post := func() error {
				req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/v1/express", strings.NewReader(`{"expressCustomerName":"x"}`))
				if err != nil {
					return err
				}
				req.Header.Set("Authorization", "Bearer "+emulator.DefaultAPIKey)
				req.Header.Set("Content-Type", "application/json")
				resp, err := server.Client().Do(req)
				if err != nil {
					return err
				}
				_, err = io.ReadAll(resp.Body)
				return errors.Join(err, resp.Body.Close())
			}
			if err := post(); err == nil {
				t.Error("the connection was not cut")
			}
			if got := len(b.Customers()); got != created {
				t.Errorf("%d customers after the cut, want %d", got, created)
			}
			if log := b.Requests(); len(log) != 1 || !log[0].Cut {
				t.Errorf("the log is %+v", log)
			}
			if err := post(); err != nil {
				t.Errorf("after the cut: %v", err)
			}
		})
	}
}

func TestLatency(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.AddFault(emulator.Fault{LatencyMS: 3_600_000, Route: "GET /v1/express"})
	ctx, cancel := context.WithCancel(t.Context())
	waiting := make(chan struct{})
	ended := make(chan error)
	go func() {
		defer func() {
			reason, _ := recover().(error)
			ended <- reason
		}()
		close(waiting)
		b.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, http.MethodGet, "/v1/express", nil))
	}()
	<-waiting
	b.createCustomer("x") // no lock is held meanwhile
	cancel()
	if reason := <-ended; !errors.Is(reason, http.ErrAbortHandler) {
		t.Errorf("the request of a client that closed the connection ended with %v", reason)
	}
}

func TestLatencyIsOver(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.AddFault(emulator.Fault{LatencyMS: 1})
	b.AddFault(emulator.Fault{LatencyMS: 2})
	b.ok("GET", "/v1/express", "")
	if log := b.Requests(); log[0].Duration < 3*time.Millisecond {
		t.Errorf("the request took %v", log[0].Duration)
	}
}

func TestFaultsThatMakeNoSense(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for want, fault := range map[string]emulator.Fault{
		"there is no operation": {Route: "GET /v1/expres", Status: 500},
		"does nothing":          {Every: 2},
		"must not be negative":  {Status: 500, Every: -1},
		"from 200 to 599":       {Status: 100},
		`"before" or "after"`:   {Cut: "sometimes"},
		"cannot go with":        {Status: 500, Cut: emulator.CutBefore},
		"need a status":         {LatencyMS: 1, Body: "x"},
		"rateLimit.perSecond: must be from 0.001 to 1000000": {RateLimit: &emulator.RateLimit{}},
		"perSecond: must be from":                            {RateLimit: &emulator.RateLimit{PerSecond: 1e-300}},
		"rateLimit.burst: must be":                           {RateLimit: &emulator.RateLimit{PerSecond: 1, Burst: -1}},
		"value of Retry-After has control":                   {RateLimit: &emulator.RateLimit{PerSecond: 1, RetryAfter: "1\r\nX: y"}},
		"latencyMs: must be from 0 to 3600000":               {LatencyMS: 9_223_372_036_855},
		"latencyMs: must be":                                 {LatencyMS: -1},
		`header: "X Y" is not the name`:                      {Status: 500, Header: map[string]string{"X Y": "z"}},
		"header: the value of X-Y has control":               {Status: 500, Header: map[string]string{"X-Y": "\x1b[31m"}},
	} {
		if err := b.CheckFault(fault); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: error %v, want %q", fault, err, want)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("a fault that does nothing was added")
		}
	}()
	b.AddFault(emulator.Fault{})
}
