// SPDX-License-Identifier: MPL-2.0

package emulator_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// clock is a clock that only Advance moves.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 9, 2, 13, 5, 41, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// bench is an emulator with a clock and a way to send requests to it.
type bench struct {
	*emulator.Emulator
	t     *testing.T
	clock *clock
}

func newBench(t *testing.T, dialects ...emulator.Dialect) *bench {
	t.Helper()
	c := newClock()
	return &bench{
		Emulator: emulator.New(emulator.WithClock(c.Now), emulator.WithDialects(dialects...)),
		t:        t, clock: c,
	}
}

// reply is an answer whose body was read.
type reply struct {
	t      *testing.T
	Status int
	Header http.Header
	Body   string
}

// request makes a request as the vendor SDKs do. The body "" means no body.
func request(method, path, body string) *http.Request {
	var reader io.Reader
	if body != "" {
		reader = strings.NewReader(body)
	}
	r := httptest.NewRequestWithContext(context.Background(), method, path, reader)
	r.Host = "127.0.0.1:8787"
	r.Header.Set("Authorization", "Bearer "+emulator.DefaultAPIKey)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	return r
}

// send sends a request and returns the answer.
func (b *bench) send(method, path, body string) reply {
	b.t.Helper()
	return b.do(request(method, path, body))
}

func (b *bench) do(r *http.Request) reply {
	b.t.Helper()
	w := httptest.NewRecorder()
	b.ServeHTTP(w, r)
	return reply{t: b.t, Status: w.Code, Header: w.Header(), Body: w.Body.String()}
}

// ok sends a request that must succeed, and returns the object in the answer.
func (b *bench) ok(method, path, body string) map[string]any {
	b.t.Helper()
	answer := b.send(method, path, body)
	if answer.Status != http.StatusOK {
		b.t.Fatalf("%s %s %s: status %d, want 200: %s", method, path, body, answer.Status, answer.Body)
	}
	return answer.object()
}

// wantError sends a request that must fail with the status and a message that contains the
// text.
func (b *bench) wantError(status int, text, method, path, body string) {
	b.t.Helper()
	answer := b.send(method, path, body)
	if answer.Status != status {
		b.t.Errorf("%s %s %.200s: status %d, want %d: %s", method, path, body, answer.Status, status, answer.Body)
		return
	}
	var shape struct{ Message string }
	if err := json.Unmarshal([]byte(answer.Body), &shape); err != nil || !strings.Contains(shape.Message, text) {
		b.t.Errorf("%s %s %.200s: answer %s, want a message with %q", method, path, body, answer.Body, text)
	}
}

func (r reply) object() map[string]any {
	r.t.Helper()
	var object map[string]any
	if err := json.Unmarshal([]byte(r.Body), &object); err != nil {
		r.t.Fatalf("answer %q is no JSON object: %v", r.Body, err)
	}
	return object
}

// createCustomer makes a customer through the API and returns its id.
func (b *bench) createCustomer(name string) string {
	b.t.Helper()
	return b.ok("POST", "/v1/express", `{"expressCustomerName":`+quote(name)+`}`)["expressCustomerId"].(string)
}

func quote(text string) string {
	quoted, _ := json.Marshal(text)
	return string(bytes.TrimSpace(quoted))
}

// names returns the values of a key of the objects in a list.
func names(list map[string]any, array, key string) []string {
	var found []string
	for _, item := range list[array].([]any) {
		found = append(found, item.(map[string]any)[key].(string))
	}
	return found
}

func equalJSON(t *testing.T, got any, want string) {
	t.Helper()
	var wanted any
	if err := json.Unmarshal([]byte(want), &wanted); err != nil {
		t.Fatal(err)
	}
	gotText, _ := json.Marshal(got)
	wantText, _ := json.Marshal(wanted)
	if !bytes.Equal(gotText, wantText) {
		t.Errorf("got  %s\nwant %s", gotText, wantText)
	}
}

// without returns the object without some keys, for comparisons.
func without(object map[string]any, keys ...string) map[string]any {
	rest := maps.Clone(object)
	for _, key := range keys {
		delete(rest, key)
	}
	return rest
}

func mustText(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// mustCustomer returns a customer, which must exist.
func (b *bench) mustCustomer(id string) emulator.Customer {
	b.t.Helper()
	c, ok := b.Customer(id)
	if !ok {
		b.t.Fatalf("there is no customer %s", id)
	}
	return c
}
