// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// Answers that no API should send are clear errors.
func TestHostileAnswers(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat("[", 100_000)
	for name, tc := range map[string]struct{ body, err string }{
		"a list":               {`[]`, "not what the Avara API is known to send"},
		"a text":               {`"x"`, "not what the Avara API is known to send"},
		"a number as id":       {`{"expressCustomerId":7}`, "expressCustomerId"},
		"a text as flag":       {`{"expressCustomerId":"` + testID + `","isActive":"yes"}`, "isActive"},
		"truncated":            {`{"expressCustomerId":"` + testID + `","isAct`, "unexpected end of JSON input"},
		"nested deeply":        {`{"expressCustomerId":"` + testID + `","future":` + deep, "not what the Avara API is known to send"},
		"nested and closed":    {`{"metadata":` + deep + strings.Repeat("]", 100_000) + `}`, "exceeded max depth"},
		"metadata of numbers":  {`{"expressCustomerId":"` + testID + `","metadata":{"a":1}}`, "metadata"},
		"nothing":              {`null`, "not with an Express customer"},
		"blanks":               {" \r\n\t ", "not with an Express customer"},
		"a byte-order mark":    {"\ufeff" + `{"expressCustomerId":"` + testID + `"}`, "it begins with a byte-order mark"},
		"another object":       {`{"expressCustomerId":"cus_2","isActive":true}`, `about "cus_2"`},
		"an id that is a path": {`{"expressCustomerId":"../../etc\u001b[31m","isActive":true}`, `about "../../etc[31m"`},
	} {
		t.Run(name, func(t *testing.T) {
			scripted(t, map[string][]answer{get: {{status: 200, body: tc.body}}}, func(t *testing.T, c *Client, s *script) {
				_, err := c.GetExpressCustomer(t.Context(), testID)
				var unexpected *UnexpectedAnswerError
				if !errors.As(err, &unexpected) || !strings.Contains(err.Error(), tc.err) || len(err.Error()) > 600 {
					t.Fatalf("%v, want %q", err, tc.err)
				}
				if !strings.HasPrefix(err.Error(), "GET /v1/express/"+testID+": ") {
					t.Errorf("%v does not name the request", err)
				}
				s.expectSent(sentGet)
			})
		})
	}
}

// An id that an API answer contains is escaped in the next request, or not sent at all.
func TestAnIDOfTheAPICannotLeaveItsPlace(t *testing.T) {
	const evil = "cus_1/../../admin?x=1#"
	body := fmt.Sprintf(`{"expressCustomerId":%q,"isActive":true}`, evil)
	scripted(t, map[string][]answer{"POST /express": {{status: 200, body: body}}, "POST /deactivate": {{status: 200, body: body}}, "GET /admin?x=1#": {{status: 200, body: strings.Replace(body, "true", "false", 1)}}},
		func(t *testing.T, c *Client, s *script) {
			customer, err := c.CreateExpressCustomer(t.Context(), lakesideWish)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := c.DeactivateExpressCustomer(t.Context(), customer.ID); err != nil {
				t.Error(err)
			}
			const escaped = "/express/cus_1%2F..%2F..%2Fadmin%3Fx=1%23"
			s.expectSent("POST /express", "POST "+escaped+"/deactivate", "GET "+escaped)
		})
}

func TestAChangeIsNotTakenFromAnotherObject(t *testing.T) {
	other := customer(true, "a")
	other.body = strings.Replace(other.body, testID, "cus_2", 1)
	scripted(t, map[string][]answer{reactivate: {other}, get: {customer(true, "a")}}, func(t *testing.T, c *Client, s *script) {
		if got, err := c.ReactivateExpressCustomer(t.Context(), testID); err != nil || got.ID != testID {
			t.Errorf("%+v, %v", got, err)
		}
		s.expectSent(sentReactivate, sentGet)
	})
}

func TestHostileListings(t *testing.T) {
	t.Parallel()
	fresh := func(ids ...string) []answer {
		var pages []answer
		for i := range 50 {
			pages = append(pages, page(fmt.Sprintf(`,"hasMore":true,"cursor":"%d"`, i), ids...))
		}
		return pages
	}
	for name, tc := range map[string]struct {
		answers  []answer
		err      string
		requests int
	}{
		"ever new cursors, nothing new":  {fresh("a", "b"), "never end", 4},
		"ever new cursors, no ids":       {fresh("", ""), "never end", 3},
		"two cursors in turn":            {[]answer{page(`,"cursor":"1"`, "a"), page(`,"cursor":"2"`, "b"), page(`,"cursor":"1"`, "c")}, "never end", 3},
		"far more than a page":           {[]answer{page(``, slices.Repeat([]string{"a"}, maxPageItems+1)...)}, "more than 1000 items", 1},
		"cursor of the wrong type":       {[]answer{page(`,"cursor":["x"]`, "a")}, `reading "cursor"`, 1},
		"hasMore of the wrong type":      {[]answer{page(`,"hasMore":"yes"`, "a")}, `reading "hasMore"`, 1},
		"an object in place of the list": {[]answer{{status: 200, body: `{"expressCustomers":{"a":1}}`}}, "not a list", 1},
	} {
		t.Run(name, func(t *testing.T) {
			scripted(t, map[string][]answer{list: tc.answers}, func(t *testing.T, c *Client, s *script) {
				var err error
				for _, err = range c.ExpressCustomers(t.Context()) {
					if err != nil {
						break
					}
				}
				if err == nil || !strings.Contains(err.Error(), tc.err) || len(s.sent) != tc.requests {
					t.Errorf("after %d requests: %v, want %q after %d", len(s.sent), err, tc.err, tc.requests)
				}
			})
		})
	}
}

// If a server switches protocols without being asked, the error is returned at once,
// without waiting for data.
func TestA101IsAnErrorAtOnce(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		conn, buffered, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		_, _ = buffered.WriteString("HTTP/1.1 101 Switching Protocols\r\nUpgrade: other\r\nConnection: Upgrade\r\n\r\n")
		_ = buffered.Flush()
		_, _ = conn.Read(make([]byte, 1)) // until the client closes the connection
		_ = conn.Close()
	}))
	defer server.Close()
	c, err := New(Options{APIKey: testKey, BaseURL: server.URL, RequestTimeout: time.Minute, MaxRetries: DefaultMaxRetries})
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if _, err := c.GetExpressCustomer(t.Context(), testID); err == nil || !strings.Contains(err.Error(), "101 Switching Protocols") {
		t.Error(err)
	}
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("took %s", took)
	}
}

// endless sends a body until the connection is closed.
func endless(status int, begin, repeat string) http.HandlerFunc {
	chunk := strings.Repeat(repeat, 1+(64<<10)/len(repeat))
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, err := io.WriteString(w, begin)
		for err == nil {
			_, err = io.WriteString(w, chunk)
		}
	}
}

// Not parallel, as it measures memory.
func TestEndlessAnswersTakeLittleMemory(t *testing.T) {
	closed := `{"expressCustomers":[` + strings.Repeat("{},", 3<<20) + `{}]}`
	for name, handler := range map[string]http.HandlerFunc{
		"a text":    endless(200, `{"expressCustomerName":"`, "x"),
		"a list":    endless(200, `{"expressCustomers":[`, "{},"),
		"an error":  endless(400, `{"message":"`, "x"),
		"an outage": endless(503, ``, "x"),
		"nested":    endless(200, `{"expressCustomers":[`, "["),
		"a list, closed": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, closed)
		},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(handler)
			defer server.Close()
			c, err := New(Options{APIKey: testKey, BaseURL: server.URL})
			if err != nil {
				t.Fatal(err)
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			for _, err = range c.ExpressCustomers(t.Context()) {
			}
			runtime.ReadMemStats(&after)
			if err == nil {
				t.Error("an endless body was accepted")
			}
			if used := (after.TotalAlloc - before.TotalAlloc) >> 20; used > 100 {
				t.Errorf("allocated %d MiB in all", used)
			}
		})
	}
}

// The key is sent only to the host of the base URL. Neither a redirect nor the user's
// headers can change that.
func TestTheKeyGoesNowhereElse(t *testing.T) {
	t.Parallel()
	var elsewhere atomic.Int32
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere.Add(1) }))
	defer other.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		server := httptest.NewServer(http.RedirectHandler(other.URL+"/v1/express", status))
		header, _ := ParseHeaders("Host: " + other.Listener.Addr().String() + "\nX-Forwarded-Host: x\nReferer: " + other.URL)
		c, err := New(Options{APIKey: testKey, BaseURL: server.URL, Header: header})
		if err != nil {
			t.Fatal(err)
		}
		for _, call := range []func() error{
			func() error { _, err := c.GetExpressCustomer(t.Context(), testID); return err },
			func() error { _, err := c.CreateExpressCustomer(t.Context(), lakesideWish); return err },
			func() error { return c.RemoveExpressCustomerUser(t.Context(), testID, testUserID) },
		} {
			if err := call(); !errors.Is(err, errRedirect) {
				t.Errorf("%d: %v", status, err)
			}
		}
		server.Close()
	}
	if elsewhere.Load() > 0 {
		t.Errorf("%d requests went to another host", elsewhere.Load())
	}
}
