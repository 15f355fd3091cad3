// SPDX-License-Identifier: MPL-2.0

package emulator_test

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

func TestAPIKey(t *testing.T) {
	t.Parallel()
	for authorization, want := range map[string]int{
		"Bearer " + emulator.DefaultAPIKey: 200,
		"bearer " + emulator.DefaultAPIKey: 200,
		"":                                 401,
		"Bearer":                           401,
		"Bearer ":                          401,
		"Bearer sk_live_ffffffffffffffffffffffff": 401,
		"Bearer " + emulator.DefaultAPIKey + "0":  401,
		"Basic " + emulator.DefaultAPIKey:         401,
		emulator.DefaultAPIKey:                    401,
	} {
		b := newBench(t)
		r := request("GET", "/v1/express", "")
		r.Header.Set("Authorization", authorization)
		answer := b.do(r)
		if answer.Status != want {
			t.Errorf("Authorization %q: status %d, want %d", authorization, answer.Status, want)
		}
		if want == 401 && (answer.Header.Get("WWW-Authenticate") != "Bearer" || strings.Contains(answer.Body, "sk_live")) {
			t.Errorf("Authorization %q: %v %s", authorization, answer.Header, answer.Body)
		}
	}
	e := emulator.New(emulator.WithAPIKey("sk_live_other"))
	b := &bench{Emulator: e, t: t}
	if answer := b.send("GET", "/v1/express", ""); answer.Status != 401 {
		t.Errorf("the default key opened an emulator with another one: %d", answer.Status)
	}
}

func TestKeyComesFirst(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, path := range []string{"/v1/express/cus_1", "/v1/nothing", "/"} {
		r := request("POST", path, `{"x":`)
		r.Header.Del("Authorization")
		if answer := b.do(r); answer.Status != 401 {
			t.Errorf("%s without a key: %d", path, answer.Status)
		}
	}
}

func TestRoutes(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, test := range []struct {
		method, path string
		status       int
		allow        string
	}{
		{"GET", "/", 404, ""},
		{"GET", "/v1", 404, ""},
		{"GET", "/v1/express/", 404, ""},
		{"GET", "//v1/express", 404, ""},
		{"GET", "/v1/./express", 404, ""},
		{"POST", "/v1/express//deactivate", 404, ""},
		{"GET", "/v1/Express", 404, ""},
		{"GET", "/v1/viewer/clinicalReferences", 404, ""},
		{"GET", "/v1/radiology/users", 404, ""},
		{"PUT", "/v1/express", 405, "GET, POST"},
		{"HEAD", "/v1/express", 405, "GET, POST"},
		{"DELETE", "/v1/express/cus_1", 405, "GET, PATCH"},
		{"GET", "/v1/express/cus_1/users", 405, "POST, DELETE"},
		{"GET", "/v1/express/cus_1/deactivate", 405, "POST"},
		{"DELETE", "/v1/viewer/users/usr_1", 405, "GET, PATCH"},
		{"GET", "/v1/viewer/ephemeral-sessions", 405, "POST"},
		{"POST", "/v1/autoScribe/clinicalReferences/ref_1", 405, "GET, PATCH"},
	} {
		answer := b.send(test.method, test.path, "")
		if answer.Status != test.status || answer.Header.Get("Allow") != test.allow {
			t.Errorf("%s %s: status %d, Allow %q, want %d, %q",
				test.method, test.path, answer.Status, answer.Header.Get("Allow"), test.status, test.allow)
		}
		if !strings.Contains(answer.Body, `"message"`) {
			t.Errorf("%s %s: body %s", test.method, test.path, answer.Body)
		}
	}
	if got := b.Counts(); len(got) != 1 || got[emulator.NoRoute] != 17 {
		t.Errorf("counts %v", got)
	}
}

// The emulator does not implement the API's operations on studies and reports. Its answer
// says so, and the SDKs do not retry it.
func TestNotEmulated(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	if got := len(emulator.NotEmulated()); got != 27 {
		t.Errorf("%d operations", got)
	}
	for _, name := range emulator.NotEmulated() {
		method, path, _ := strings.Cut(name, " ")
		path = regexp.MustCompile(`\{\w+\}`).ReplaceAllString(path, "stu_1")
		b.wantError(501, name+" is an operation of the API that is not emulated", method, path, "")
		if answer := b.send(method, path, `{"a":`); answer.Status != 501 || answer.Header.Get("X-Should-Retry") != "false" {
			t.Errorf("%s: status %d, %v", name, answer.Status, answer.Header)
		}
		if slices.Contains(b.Routes(), name) || b.Counts()[name] != 2 {
			t.Errorf("%s: counted %d times, listed with the others %t", name, b.Counts()[name], slices.Contains(b.Routes(), name))
		}
	}
	if answer := b.send("DELETE", "/v1/autoScribe/studies/stu_1", ""); answer.Status != 405 || answer.Header.Get("Allow") != "GET, PATCH" {
		t.Errorf("status %d, Allow %q", answer.Status, answer.Header.Get("Allow"))
	}
	b.wantError(404, "there is no operation at", "GET", "/v1/autoScribe/scans", "")
	b.AddFault(emulator.Fault{Route: "GET /v1/viewer/studies", Status: 200, Body: `{"studies":[],"hasMore":false}`})
	equalJSON(t, b.ok("GET", "/v1/viewer/studies", ""), `{"studies":[],"hasMore":false}`)
}

func TestContentType(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for contentType, want := range map[string]int{
		"application/json":                  200,
		"application/json; charset=utf-8":   200,
		"Application/JSON":                  200,
		"":                                  400,
		"text/plain":                        400,
		"application/x-www-form-urlencoded": 400,
		"application/merge-patch+json":      400,
		";":                                 400,
	} {
		r := request("POST", "/v1/express", `{"expressCustomerName":"x"}`)
		r.Header.Set("Content-Type", contentType)
		if answer := b.do(r); answer.Status != want {
			t.Errorf("Content-Type %q: status %d, want %d: %s", contentType, answer.Status, want, answer.Body)
		}
	}
}

func TestLargeBody(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.wantError(http.StatusRequestEntityTooLarge, "the body exceeds", "POST", "/v1/express",
		`{"expressCustomerName":"`+strings.Repeat("x", 1<<20)+`"}`)
	if log := b.Requests(); len(log) != 1 || len(log[0].Body) != 64<<10 {
		t.Errorf("the log keeps %d bytes", len(log[0].Body))
	}
}

func TestAnswerHeaders(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	form := regexp.MustCompile(`^req_[0-9a-f]{32}$`)
	seen := map[string]bool{}
	for _, path := range []string{"/v1/express", "/v1/express/cus_1", "/nowhere"} {
		answer := b.send("GET", path, "")
		id := answer.Header.Get("X-Request-Id")
		if !form.MatchString(id) || seen[id] {
			t.Errorf("%s: X-Request-Id %q", path, id)
		}
		seen[id] = true
		if got := answer.Header.Get("Content-Type"); got != "application/json" {
			t.Errorf("%s: Content-Type %q", path, got)
		}
	}
	for i, logged := range b.Requests() {
		if !seen[logged.RequestID] {
			t.Errorf("request %d has id %q in the log", i, logged.RequestID)
		}
	}
}

func TestRequestLog(t *testing.T) {
	t.Parallel()
	var observed []emulator.Request
	c := newClock()
	b := &bench{t: t, clock: c, Emulator: emulator.New(emulator.WithClock(c.Now), emulator.WithRequestLog(func(r emulator.Request) {
		observed = append(observed, r)
	}))}
	id := b.createCustomer("Lakeside")
	b.ok("POST", "/v1/express/"+id+"/deactivate", "")
	b.send("GET", "/v1/express?limit=0&x=%20", "")
	b.send("GET", "/_emulator/health", "")

	log := b.Requests()
	if len(log) != 3 || len(observed) != 3 {
		t.Fatalf("%d requests logged, %d observed", len(log), len(observed))
	}
	want := []emulator.Request{
		{Method: "POST", Route: "POST /v1/express", Path: "/v1/express", Body: []byte(`{"expressCustomerName":"Lakeside"}`), Status: 200},
		{Method: "POST", Route: "POST /v1/express/{expressCustomerId}/deactivate", Path: "/v1/express/" + id + "/deactivate", Status: 200},
		{Method: "GET", Route: "GET /v1/express", Path: "/v1/express", Query: "limit=0&x=%20", Status: 400},
	}
	for i, got := range log {
		w := want[i]
		if got.Method != w.Method || got.Route != w.Route || got.Path != w.Path || got.Query != w.Query ||
			string(got.Body) != string(w.Body) || got.Status != w.Status || got.Cut || !got.Time.Equal(c.Now()) {
			t.Errorf("request %d: %+v, want %+v", i, got, w)
		}
		if observed[i].RequestID != got.RequestID || observed[i].Status != got.Status {
			t.Errorf("observed %+v, logged %+v", observed[i], got)
		}
	}
	counts := b.Counts()
	if len(counts) != 3 || counts["POST /v1/express"] != 1 {
		t.Errorf("counts %v", counts)
	}
	b.ResetRequests()
	if len(b.Requests()) != 0 || len(b.Counts()) != 0 {
		t.Error("the log is not empty after a reset")
	}
}

func TestRequestLogIsBounded(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for range 10_010 {
		b.send("GET", "/v1/express/cus_1", "")
	}
	b.send("GET", "/v1/express", "")
	log := b.Requests()
	if len(log) != 10_000 || log[9_999].Route != "GET /v1/express" || log[9_998].Route == "GET /v1/express" {
		t.Errorf("%d requests, the last is %v", len(log), log[len(log)-1].Route)
	}
	if got := b.Counts()["GET /v1/express/{expressCustomerId}"]; got != 10_010 {
		t.Errorf("counted %d", got)
	}
}

func TestHooks(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	id := b.createCustomer("Lakeside")
	const route = "POST /v1/express/{expressCustomerId}/deactivate"
	var calls []string
	first := b.OnRequest(route, func(r *http.Request) {
		calls = append(calls, "first "+r.PathValue("expressCustomerId"))
		// The request is logged, and the lock is released.
		if log := b.Requests(); log[len(log)-1].Route != route || log[len(log)-1].Status != 0 {
			t.Errorf("the log ends with %+v", log[len(log)-1])
		}
		b.RemoveCustomer(id)
	})
	second := b.OnRequest(route, func(*http.Request) { calls = append(calls, "second") })
	b.wantError(404, "was not found", "POST", "/v1/express/"+id+"/deactivate", "")
	if !slices.Equal(calls, []string{"first " + id, "second"}) {
		t.Errorf("calls %v", calls)
	}

	first()
	r := request("POST", "/v1/express/"+id+"/deactivate", "")
	r.Header.Del("Authorization")
	b.do(r)
	if len(calls) != 2 {
		t.Errorf("a request without a key reached the hook: %v", calls)
	}
	b.send("POST", "/v1/express/"+id+"/deactivate", "")
	if len(calls) != 3 {
		t.Errorf("calls after the first was removed: %v", calls)
	}
	second()
	b.send("POST", "/v1/express/"+id+"/deactivate", "")
	if len(calls) != 3 {
		t.Errorf("calls after both were removed: %v", calls)
	}
	defer func() {
		if recover() == nil {
			t.Error("a hook for no route was accepted")
		}
	}()
	b.OnRequest("GET /v1/express/{id}", func(*http.Request) {})
}

func TestHookReadsTheBody(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	var got [2]string
	for i := range got {
		b.OnRequest("POST /v1/express", func(r *http.Request) {
			buffer := make([]byte, 100)
			n, _ := r.Body.Read(buffer)
			got[i] = string(buffer[:n])
		})
	}
	b.createCustomer("x")
	if want := `{"expressCustomerName":"x"}`; got != [2]string{want, want} {
		t.Errorf("the hooks read %q", got)
	}
}
