// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

const (
	testKey = "sk_live_0123456789abcdef0123456789abcdef"
	testID  = "cus_9f2c4b7a10de4e63b85f0c21a7d3e964"
)

// answer is one scripted answer of the API.
type answer struct {
	status int
	header map[string]string
	body   string
	// date is the API's clock at the start of the test. It advances with the fake clock.
	date time.Time
	// err is returned instead of an answer, after the request was sent. With refused, the
	// connection is refused.
	err     error
	refused bool
	// hang waits until the request's context is done.
	hang bool
	// cut breaks off the body in the middle.
	cut bool
}

// script is a transport that returns scripted answers, by method and last segment of the
// path, and records the requests.
type script struct {
	t       *testing.T
	began   time.Time
	mu      sync.Mutex
	answers map[string][]answer
	sent    []string
	bodies  []string
	headers []http.Header
}

func (s *script) RoundTrip(req *http.Request) (*http.Response, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	call := req.Method + " " + strings.TrimPrefix(req.URL.EscapedPath(), "/v1")
	s.sent = append(s.sent, call)
	s.headers = append(s.headers, req.Header)
	body := ""
	if req.Body != nil {
		b, _ := io.ReadAll(req.Body)
		body = string(b)
	}
	s.bodies = append(s.bodies, body)
	key := req.Method + " " + req.URL.Path[strings.LastIndex(req.URL.Path, "/"):]
	if len(s.answers[key]) == 0 {
		s.t.Errorf("unexpected request: %s", call)
		return nil, errors.New("unexpected")
	}
	a := s.answers[key][0]
	if len(s.answers[key]) > 1 {
		s.answers[key] = s.answers[key][1:]
	}
	if a.refused {
		return nil, errors.New("connection refused")
	}
	connected(req)
	if a.hang {
		<-req.Context().Done()
		return nil, req.Context().Err()
	}
	if a.err != nil {
		return nil, a.err
	}
	resp := &http.Response{StatusCode: a.status, Header: http.Header{}, Request: req}
	for name, value := range a.header {
		resp.Header.Set(name, value)
	}
	if !a.date.IsZero() {
		resp.Header.Set("Date", a.date.Add(time.Since(s.began)).Format(http.TimeFormat))
	}
	resp.Body = io.NopCloser(strings.NewReader(a.body))
	if a.cut {
		resp.Body = io.NopCloser(io.MultiReader(strings.NewReader(a.body[:len(a.body)/2]), failingReader{}))
	}
	return resp, nil
}

// connected reports a connection to the request's trace, as net/http does before it writes
// a request.
func connected(req *http.Request) {
	if trace := httptrace.ContextClientTrace(req.Context()); trace != nil {
		trace.GotConn(httptrace.GotConnInfo{})
	}
}

type failingReader struct{}

func (failingReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func (s *script) expectSent(want ...string) {
	s.t.Helper()
	if !slices.Equal(s.sent, want) {
		s.t.Errorf("sent:\n  %s\nwant:\n  %s", strings.Join(s.sent, "\n  "), strings.Join(want, "\n  "))
	}
}

func customer(active bool, name string) answer {
	return answer{status: 200, body: fmt.Sprintf(`{"expressCustomerId":%q,"expressCustomerName":%q,"isActive":%t,"userCount":3,"updatedAt":null,"future":{}}`, testID, name, active)}
}

func status(code int) answer { return answer{status: code, body: `{"message":"no"}`} }

// scripted runs a test with a client on scripted answers and a fake clock. The key of the
// answers is the method with the last segment of the path. The last answer of each key
// repeats.
func scripted(t *testing.T, answers map[string][]answer, f func(*testing.T, *Client, *script)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{t: t, began: time.Now(), answers: answers}
		f(t, newTestClient(t, Options{MaxRetries: 2, Transport: s}), s)
	})
}

func newTestClient(t *testing.T, o Options) *Client {
	t.Helper()
	o.APIKey, o.BaseURL = testKey, "https://api.test"
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

const (
	get        = "GET /" + testID
	patch      = "PATCH /" + testID
	reactivate = "POST /reactivate"

	sentGet        = "GET /express/" + testID
	sentPatch      = "PATCH /express/" + testID
	sentReactivate = "POST /express/" + testID + "/reactivate"
)

func TestReactivateIsOnePost(t *testing.T) {
	scripted(t, map[string][]answer{reactivate: {customer(true, "a")}}, func(t *testing.T, c *Client, s *script) {
		got, err := c.ReactivateExpressCustomer(t.Context(), testID)
		if err != nil || !got.Active() || got.UserCount != 3 {
			t.Errorf("got %+v, %v", got, err)
		}
		s.expectSent(sentReactivate)
		if s.bodies[0] != "" || s.headers[0].Get("Content-Type") != "" {
			t.Errorf("a bodyless POST was sent with body %q and content type %q", s.bodies[0], s.headers[0].Get("Content-Type"))
		}
		if s.headers[0].Get("Authorization") != "Bearer "+testKey {
			t.Error("the key is missing")
		}
	})
}

func TestChangesAreRepeatedOnlyAfterALook(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		answers map[string][]answer
		sent    []string
		failed  bool
	}{
		"lost, and made": {
			map[string][]answer{reactivate: {{err: io.ErrUnexpectedEOF}}, get: {customer(true, "a")}},
			[]string{sentReactivate, sentGet},
			false,
		},
		"503, not made, sent again": {
			map[string][]answer{reactivate: {status(503), customer(true, "a")}, get: {customer(false, "a")}},
			[]string{sentReactivate, sentGet, sentReactivate},
			false,
		},
		"answer cut in the middle, made": {
			map[string][]answer{reactivate: {{status: 200, body: `{"isActive":true}`, cut: true}}, get: {customer(true, "a")}},
			[]string{sentReactivate, sentGet},
			false,
		},
		"made by the last attempt": {
			map[string][]answer{reactivate: {status(503)}, get: {customer(false, "a"), customer(false, "a"), customer(true, "a")}},
			[]string{sentReactivate, sentGet, sentReactivate, sentGet, sentReactivate, sentGet},
			false,
		},
		"429 is repeated without a look": {
			map[string][]answer{reactivate: {status(429), customer(true, "a")}},
			[]string{sentReactivate, sentReactivate},
			false,
		},
		"refused connection is repeated without a look": {
			map[string][]answer{reactivate: {{refused: true}, customer(true, "a")}},
			[]string{sentReactivate, sentReactivate},
			false,
		},
		"already active: one look after any refusal": {
			map[string][]answer{reactivate: {status(409)}, get: {customer(true, "a")}},
			[]string{sentReactivate, sentGet},
			false,
		},
		"refused for good": {
			map[string][]answer{reactivate: {status(400)}, get: {customer(false, "a")}},
			[]string{sentReactivate, sentGet},
			true,
		},
		"success without a body": {
			map[string][]answer{reactivate: {{status: 204}}, get: {customer(true, "a")}},
			[]string{sentReactivate, sentGet},
			false,
		},
		"success that shows the old state, as the vendor's sample does": {
			map[string][]answer{reactivate: {customer(false, "a")}, get: {customer(true, "a")}},
			[]string{sentReactivate, sentGet},
			false,
		},
		"success that changed nothing": {
			map[string][]answer{reactivate: {customer(false, "a")}, get: {customer(false, "a")}},
			[]string{sentReactivate, sentGet},
			true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			scripted(t, tc.answers, func(t *testing.T, c *Client, s *script) {
				got, err := c.ReactivateExpressCustomer(t.Context(), testID)
				if tc.failed != (err != nil) || err == nil && !got.Active() {
					t.Errorf("got %+v, %v", got, err)
				}
				s.expectSent(tc.sent...)
			})
		})
	}
}

// If Terraform is interrupted during a create, the client still waits for the new id. A
// create that has not begun is not sent.
func TestCreateOutlivesInterruption(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		c, err := New(Options{APIKey: testKey, BaseURL: "https://api.test", Transport: roundTrip(func(req *http.Request) (*http.Response, error) {
			cancel()
			select {
			case <-time.After(9 * time.Second):
			case <-req.Context().Done():
				return nil, req.Context().Err()
			}
			return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader(customer(true, "a").body))}, nil
		})})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := c.CreateExpressCustomer(ctx, NewExpressCustomer{Name: "a"}); err != nil || got.ID != testID {
			t.Errorf("interrupted create: %v, %v", got, err)
		}
		if _, err := c.CreateExpressCustomer(ctx, NewExpressCustomer{Name: "b"}); !errors.Is(err, context.Canceled) {
			t.Errorf("create after the interruption: %v", err)
		}
	})
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

func TestWaits(t *testing.T) {
	t.Parallel()
	later := time.Date(2000, 1, 1, 0, 0, 7, 0, time.UTC) // synctest starts at 2000-01-01
	for name, tc := range map[string]struct {
		header   map[string]string
		min, max time.Duration
	}{
		"not told":               {nil, 250 * time.Millisecond, 250 * time.Millisecond},
		"seconds":                {map[string]string{"Retry-After": "30"}, 30 * time.Second, 30 * time.Second},
		"fraction":               {map[string]string{"Retry-After": "1.5"}, 1500 * time.Millisecond, 1500 * time.Millisecond},
		"milliseconds win":       {map[string]string{"Retry-After": "30", "retry-after-ms": "20"}, 20 * time.Millisecond, 20 * time.Millisecond},
		"date":                   {map[string]string{"Retry-After": later.Format(http.TimeFormat)}, 7 * time.Second, 7 * time.Second},
		"nonsense is not heeded": {map[string]string{"Retry-After": "-3"}, 250 * time.Millisecond, 250 * time.Millisecond},
		"not a number":           {map[string]string{"Retry-After": "NaN"}, 250 * time.Millisecond, 250 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			scripted(t, map[string][]answer{get: {{status: 429, header: tc.header}, customer(true, "a")}}, func(t *testing.T, c *Client, _ *script) {
				start := time.Now()
				if _, err := c.GetExpressCustomer(t.Context(), testID); err != nil {
					t.Error(err)
				}
				if waited := time.Since(start); waited < tc.min || waited > tc.max {
					t.Errorf("waited %s, want %s to %s", waited, tc.min, tc.max)
				}
			})
		})
	}
}

func TestAWaitBeyondTheDeadlineFailsAtOnce(t *testing.T) {
	scripted(t, map[string][]answer{get: {{status: 429, header: map[string]string{"Retry-After": "60"}, body: `{"message":"slow down"}`}}}, func(t *testing.T, c *Client, s *script) {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		start := time.Now()
		_, err := c.GetExpressCustomer(ctx, testID)
		if StatusOf(err) != 429 || time.Since(start) > 0 {
			t.Errorf("after %s: %v", time.Since(start), err)
		}
		s.expectSent(sentGet)
	})
}

func TestPersistentlyGoesOnUntilTheDeadline(t *testing.T) {
	scripted(t, map[string][]answer{reactivate: {status(503)}, get: {customer(false, "a")}}, func(t *testing.T, c *Client, s *script) {
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
		defer cancel()
		_, err := c.ReactivateExpressCustomer(ctx, testID, Persistently())
		if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "503 Service Unavailable") {
			t.Error(err)
		}
		if posts := len(s.sent) / 2; posts < 15 || posts > 30 {
			t.Errorf("%d attempts in two minutes", posts)
		}
	})
}

func TestUpdateSendsOnlyTheChange(t *testing.T) {
	t.Parallel()
	name := "b"
	pairs, none := map[string]string{"k": "v"}, map[string]string{}
	for title, tc := range map[string]struct {
		change ExpressCustomerChange
		after  []answer
		bodies []string
	}{
		"rename": {ExpressCustomerChange{Name: &name}, []answer{customer(true, "b")}, []string{`{"expressCustomerName":"b"}`}},
		"clear":  {ExpressCustomerChange{Metadata: none}, []answer{customer(true, "a")}, []string{`{"metadata":null}`}},
		"merging API": {
			ExpressCustomerChange{Metadata: pairs},
			[]answer{withMetadata(`{"k":"v","stale":"x"}`), withMetadata(`null`), withMetadata(`{"k":"v"}`)},
			[]string{`{"metadata":{"k":"v"}}`, `{"metadata":null}`, `{"metadata":{"k":"v"}}`},
		},
	} {
		t.Run(title, func(t *testing.T) {
			scripted(t, map[string][]answer{patch: tc.after}, func(t *testing.T, c *Client, s *script) {
				if _, err := c.UpdateExpressCustomer(t.Context(), testID, tc.change); err != nil {
					t.Error(err)
				}
				if !slices.Equal(s.bodies, tc.bodies) {
					t.Errorf("bodies %q, want %q", s.bodies, tc.bodies)
				}
			})
		})
	}
}

// An answer without metadata does not show that the change of it was not made.
func TestAnAnswerWithoutMetadataIsChecked(t *testing.T) {
	answers := map[string][]answer{patch: {customer(true, "a")}, get: {withMetadata(`{"k":"v"}`)}}
	scripted(t, answers, func(t *testing.T, c *Client, s *script) {
		updated, err := c.UpdateExpressCustomer(t.Context(), testID, ExpressCustomerChange{Metadata: map[string]string{"k": "v"}})
		if err != nil || updated.Metadata["k"] != "v" {
			t.Errorf("%+v, %v", updated, err)
		}
		s.expectSent(sentPatch, sentGet)
	})
}

// Where the context sets no bound, as for data sources, the client does.
func TestOperationsWithoutADeadlineEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &script{t: t, began: time.Now(), answers: map[string][]answer{get: {{status: 429, header: map[string]string{"Retry-After": "900"}}}}}
		c := newTestClient(t, Options{OperationTimeout: time.Minute, Transport: s})
		_, err := c.GetExpressCustomer(t.Context(), testID)
		if err == nil || !strings.Contains(err.Error(), "15m0s") || time.Since(s.began) > time.Minute {
			t.Errorf("%v after %s", err, time.Since(s.began))
		}
		s.expectSent(sentGet)
	})
}

func withMetadata(metadata string) answer {
	return answer{status: 200, body: fmt.Sprintf(`{"expressCustomerId":%q,"expressCustomerName":"a","isActive":true,"metadata":%s}`, testID, metadata)}
}

func TestLostPatchThatWasMade(t *testing.T) {
	scripted(t, map[string][]answer{patch: {{err: io.EOF}}, get: {customer(true, "b")}}, func(t *testing.T, c *Client, s *script) {
		name := "b"
		if got, err := c.UpdateExpressCustomer(t.Context(), testID, ExpressCustomerChange{Name: &name}); err != nil || got.Name != "b" {
			t.Error(got, err)
		}
		s.expectSent(sentPatch, sentGet)
	})
}

func TestIDsCannotLeaveTheirPlaceInThePath(t *testing.T) {
	scripted(t, map[string][]answer{"GET /x?y": {status(404)}}, func(t *testing.T, c *Client, s *script) {
		for _, id := range []string{"", ".", ".."} {
			if _, err := c.GetExpressCustomer(t.Context(), id); err == nil {
				t.Errorf("%q was sent", id)
			}
		}
		_, err := c.GetExpressCustomer(t.Context(), "../x?y")
		if !IsNotFound(err) {
			t.Error(err)
		}
		s.expectSent("GET /express/..%2Fx%3Fy")
	})
}

func TestMembershipsSendTheirBodyWithDelete(t *testing.T) {
	scripted(t, map[string][]answer{"DELETE /users": {status(503), {status: 200, body: `{"success":true}`}, {status: 200, body: `{"success":false,"message":"no such member"}`}}},
		func(t *testing.T, c *Client, s *script) {
			if err := c.RemoveExpressCustomerUser(t.Context(), testID, "usr_1"); err != nil {
				t.Error(err)
			}
			if s.bodies[1] != `{"userId":"usr_1"}` || s.headers[1].Get("Content-Type") != "application/json" {
				t.Errorf("sent %q", s.bodies)
			}
			if err := c.RemoveExpressCustomerUser(t.Context(), testID, "usr_1"); err == nil || !strings.Contains(err.Error(), "no such member") {
				t.Error("success: false was accepted:", err)
			}
		})
}

func TestObserveTellsEachAttempt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		s := &script{t: t, answers: map[string][]answer{get: {{err: io.EOF}, customer(true, "a")}}}
		c, err := New(Options{APIKey: testKey, BaseURL: "https://api.test", MaxRetries: 1, Transport: s, Observe: func(_ context.Context, a Attempt) {
			fmt.Fprintln(&log, a.Number, a.Method, a.Route, a.Status, a.Err)
		}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.GetExpressCustomer(t.Context(), testID); err != nil {
			t.Error(err)
		}
		want := "1 GET /v1/express/{expressCustomerId} 0 the connection was closed before there was an answer\n2 GET /v1/express/{expressCustomerId} 200 <nil>\n"
		if log.String() != want {
			t.Errorf("%s, want %s", log.String(), want)
		}
	})
}

// A missing field is not read as false or zero: without isActive a customer is not
// inactive and a reference not deleted, and without userCount there may be members.
func TestAbsentIsNotFalse(t *testing.T) {
	answers := map[string][]answer{
		get:            {{status: 200, body: `{"expressCustomerId":"` + testID + `","isActive":null}`}},
		"GET /ref_1":   {{status: 200, body: `{"clinicalReferenceId":"ref_1"}`}},
		"GET /express": {{status: 200, body: `{"expressCustomers":[{"expressCustomerId":"` + testID + `"}]}`}},
	}
	scripted(t, answers, func(t *testing.T, c *Client, _ *script) {
		customer, err := c.GetExpressCustomer(t.Context(), testID)
		if err != nil || !customer.Active() || customer.UserCount != UnknownCount {
			t.Errorf("%+v %v", customer, err)
		}
		reference, err := c.GetClinicalReference(t.Context(), "ref_1")
		if err != nil || !reference.Active {
			t.Errorf("%+v %v", reference, err)
		}
		for customer, err := range c.ExpressCustomers(t.Context()) {
			if err != nil || !customer.Active() || customer.UserCount != UnknownCount {
				t.Errorf("%+v %v", customer, err)
			}
		}
	})
}
