// SPDX-License-Identifier: MPL-2.0

package emulator_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// last returns the latest request in the log.
func (b *bench) last() emulator.Request {
	b.t.Helper()
	log := b.Requests()
	if len(log) == 0 {
		b.t.Fatal("the log is empty")
	}
	return log[len(log)-1]
}

func TestLogHoldsTheWholeExchange(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	r := request("POST", "/v1/express", `{"expressCustomerName":"Lakeside"}`)
	r.Header.Set("User-Agent", "terraform-provider-avara/1.0.0 terraform/1.11.4")
	r.Header.Set("X-Correlation-Id", "7e57")
	answer := b.do(r)
	id := b.Customers()[0].ID
	got := b.last()
	if got.UserAgent != r.UserAgent() || got.CorrelationID != "7e57" || got.RequestID != answer.Header.Get("X-Request-Id") {
		t.Errorf("logged %+v", got)
	}
	if string(got.Body) != `{"expressCustomerName":"Lakeside"}` || got.BodySize != len(got.Body) {
		t.Errorf("body %q of %d bytes", got.Body, got.BodySize)
	}
	if string(got.Answer) != answer.Body || got.AnswerSize != len(answer.Body) || got.Message != "" {
		t.Errorf("answer %q of %d bytes, message %q", got.Answer, got.AnswerSize, got.Message)
	}
	if want := (emulator.Object{Kind: emulator.CustomerKind, ID: id}); got.Object != want {
		t.Errorf("about %+v, want %+v", got.Object, want)
	}
}

// TestLogHoldsTheMessage checks the message of errors, for each shape of the body.
func TestLogHoldsTheMessage(t *testing.T) {
	t.Parallel()
	for _, dialect := range []emulator.Dialect{emulator.Create201, emulator.ErrorText, emulator.ErrorObject, emulator.ErrorList} {
		b := newBench(t, dialect)
		b.send("POST", "/v1/express", `{"expressCustomerName":"","x":1}`)
		want := "expressCustomerName: must have 1 to 255 characters, not 0; x: is not a field of this request"
		if got := b.last(); got.Message != want || got.Faulted {
			t.Errorf("%s: message %q", dialect, got.Message)
		}
		b.AddFault(emulator.Fault{Status: 503, Times: 1})
		b.send("GET", "/v1/express", "")
		if got := b.last(); got.Message != "Service Unavailable" || !got.Faulted {
			t.Errorf("%s: message %q, faulted %t", dialect, got.Message, got.Faulted)
		}
	}
}

// TestLogHoldsTheChange checks the change of each write, and that other requests have
// none.
func TestLogHoldsTheChange(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	customer := b.createCustomer("Lakeside")
	if c := b.last().Change; c == nil || c.Before != nil || c.After.(*emulator.Customer).Name != "Lakeside" {
		t.Errorf("a create: %+v", c)
	}
	path := "/v1/express/" + customer
	b.ok("PATCH", path, `{"expressCustomerName":"Harbor"}`)
	if c := b.last().Change; c == nil || c.Before.(*emulator.Customer).Name != "Lakeside" || c.After.(*emulator.Customer).Name != "Harbor" {
		t.Errorf("a rename: %+v", c)
	}
	for _, idle := range []struct{ method, path, body string }{
		{"GET", path, ""},
		{"GET", "/v1/express", ""},
		{"POST", path + "/reactivate", ""}, // it is active already
		{"PATCH", path, `{"expressCustomerName":""}`},
		{"PATCH", "/v1/express/cus_00000000000000000000000000000000", `{"expressCustomerName":"x"}`},
	} {
		b.send(idle.method, idle.path, idle.body)
		if c := b.last().Change; c != nil {
			t.Errorf("%s %s %s changed %+v", idle.method, idle.path, idle.body, c)
		}
	}
	user := b.invite(emulator.Viewer, nil)
	object := emulator.Object{Kind: emulator.UserKind, Product: emulator.Viewer, ID: user}
	if c := b.last().Change; c == nil || c.Object != object || !c.After.(*emulator.User).Pending {
		t.Errorf("an invite: %+v", c)
	}
	b.ok("POST", "/v1/viewer/users/invitations/revoke", `{"userId":"`+user+`"}`)
	if c := b.last().Change; c == nil || c.Object != object || c.After != nil {
		t.Errorf("a revocation: %+v", c)
	}
	reference := b.createReference(`{"name":"North","type":"facility","expressCustomerId":"` + customer + `"}`)
	if got := b.last(); got.Object != (emulator.Object{Kind: emulator.ReferenceKind, ID: reference}) || got.Change == nil {
		t.Errorf("a reference: %+v", got)
	}
}

// TestLogOfCutConnections checks the log of a write that was applied but not answered.
func TestLogOfCutConnections(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, test := range []struct {
		cut     emulator.Cut
		status  int
		applied bool
	}{{emulator.CutBefore, 0, false}, {emulator.CutAfter, 200, true}} {
		remove := b.AddFault(emulator.Fault{Cut: test.cut})
		func() {
			defer func() { _ = recover() }()
			b.send("POST", "/v1/express", `{"expressCustomerName":"x"}`)
		}()
		remove()
		got := b.last()
		if !got.Cut || !got.Faulted || got.Status != test.status || (got.Change != nil) != test.applied {
			t.Errorf("cut %s: %+v", test.cut, got)
		}
	}
}

// TestLogKeepsItsBounds sends more and larger bodies than the log keeps.
func TestLogKeepsItsBounds(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	large := strings.Repeat("x", 100<<10)
	for range 300 {
		b.send("POST", "/nowhere", large)
	}
	kept, gone := 0, 0
	for i, r := range b.Requests() {
		kept += len(r.Body) + len(r.Answer)
		if r.BodiesGone {
			gone = i + 1
		}
		if r.BodySize != len(large) || r.BodiesGone != (r.Body == nil) {
			t.Fatalf("request %d: %d of %d bytes, dropped %t", i, len(r.Body), r.BodySize, r.BodiesGone)
		}
	}
	if kept > 16<<20 || kept < 15<<20 || gone == 0 {
		t.Errorf("the log keeps %d bytes, and no bodies of the first %d requests", kept, gone)
	}
}

// TestResetWhileARequestIsHandled checks that the log does not count the bytes of a
// request that was removed while it was handled.
func TestResetWhileARequestIsHandled(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	remove := b.OnRequest("POST /v1/express", func(*http.Request) { b.ResetRequests() })
	body := `{"expressCustomerName":"` + strings.Repeat("x", 200) + `","metadata":{"a":"` + strings.Repeat("y", 60<<10) + `"}}`
	for range 300 { // more than the log has room for
		b.send("POST", "/v1/express", body)
	}
	remove()
	b.send("POST", "/v1/express", body)
	if got := b.Requests(); len(got) != 1 || got[0].BodiesGone {
		t.Errorf("the log holds %d requests, bodies gone %t", len(got), got[0].BodiesGone)
	}
}

func TestControlRequestsShowAnswers(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	r := request("POST", "/v1/express", `{"expressCustomerName":""}`)
	r.Header.Set("X-Correlation-Id", "7e57")
	b.do(r)
	answer := b.send("GET", "/_emulator/requests", "").Body
	for _, want := range []string{`"correlationId":"7e57"`, `"message":"expressCustomerName: must have`, `"answer":"{\"message\":`} {
		if !strings.Contains(answer, want) {
			t.Errorf("%s\nis not in %s", want, answer)
		}
	}
}

// nowhere is a response writer that drops the answer.
type nowhere struct{ header http.Header }

func (n nowhere) Header() http.Header         { return n.header }
func (n nowhere) Write(b []byte) (int, error) { return len(b), nil }
func (n nowhere) WriteHeader(int)             {}

// BenchmarkRequests measures one request, including the log, without an open page:
//
//	go test ./internal/emulator -run='^$' -bench=Requests -benchmem
func BenchmarkRequests(b *testing.B) {
	for name, test := range map[string]struct{ method, path, body string }{
		"read":   {"GET", "/v1/express/%s", ""},
		"list":   {"GET", "/v1/express?limit=100%.0s", ""},
		"create": {"POST", "/v1/express%.0s", `{"expressCustomerName":"Lakeside","metadata":{"tier":"gold","region":"north"}}`},
		"update": {"PATCH", "/v1/express/%s", `{"metadata":{"tier":"silver"}}`},
	} {
		b.Run(name, func(b *testing.B) {
			e := emulator.New()
			e.Seed(emulator.Seed{Customers: 1000})
			path := fmt.Sprintf(test.path, e.Customers()[500].ID)
			b.ReportAllocs()
			for b.Loop() {
				e.ServeHTTP(nowhere{http.Header{}}, request(test.method, path, test.body))
			}
		})
	}
}
