// SPDX-License-Identifier: MPL-2.0

package page_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
	"github.com/avara-software/terraform-provider-avara/internal/emulator/page"
)

// desk is an emulator with its page, used without a browser.
type desk struct {
	*emulator.Emulator
	t       *testing.T
	handler http.Handler
}

var noon = time.Date(2026, 9, 2, 12, 0, 0, 0, time.UTC)

func newDesk(t *testing.T, options ...emulator.Option) *desk {
	t.Helper()
	options = append([]emulator.Option{emulator.WithClock(func() time.Time { return noon })}, options...)
	api := emulator.New(options...)
	return &desk{Emulator: api, t: t, handler: page.New(api)}
}

// ask makes a request as the browser does for the page.
func ask(method, target string, form url.Values) *http.Request {
	r := httptest.NewRequestWithContext(context.Background(), method, target, strings.NewReader(form.Encode()))
	r.Host = "127.0.0.1:8787"
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if method == http.MethodPost {
		r.Header.Set("Origin", "http://127.0.0.1:8787")
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return r
}

func (d *desk) do(r *http.Request) *httptest.ResponseRecorder {
	d.t.Helper()
	w := httptest.NewRecorder()
	d.handler.ServeHTTP(w, r)
	return w
}

// see returns what the page shows at an address.
func (d *desk) see(target string) string {
	d.t.Helper()
	w := d.do(ask(http.MethodGet, target, nil))
	if w.Code != http.StatusOK {
		d.t.Errorf("GET %s: status %d: %s", target, w.Code, w.Body)
	}
	return w.Body.String()
}

// press sends a form and expects the redirect of a successful action.
func (d *desk) press(path string, pairs ...string) {
	d.t.Helper()
	if w := d.send(path, pairs...); w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), "/?done=") {
		d.t.Errorf("%s %q: status %d to %q: %s", path, pairs, w.Code, w.Header().Get("Location"), w.Body)
	}
}

// refused sends a form that must be rejected, and returns the page of the answer.
func (d *desk) refused(path string, pairs ...string) string {
	d.t.Helper()
	w := d.send(path, pairs...)
	if w.Code != http.StatusUnprocessableEntity || w.Header().Get("Location") != "" {
		d.t.Errorf("%s %q: status %d", path, pairs, w.Code)
	}
	return w.Body.String()
}

func (d *desk) send(path string, pairs ...string) *httptest.ResponseRecorder {
	d.t.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	if !form.Has("back") {
		form.Set("back", "/")
	}
	return d.do(ask(http.MethodPost, "/_page/"+path, form))
}

// call sends a request to the API.
func (d *desk) call(method, path, body string) *httptest.ResponseRecorder {
	d.t.Helper()
	r := httptest.NewRequestWithContext(d.t.Context(), method, path, strings.NewReader(body))
	r.Host = "127.0.0.1:8787"
	r.Header.Set("Authorization", "Bearer "+emulator.DefaultAPIKey)
	r.Header.Set("Content-Type", "application/json")
	return d.do(r)
}

func (d *desk) customer(id string) emulator.Customer {
	d.t.Helper()
	customer, ok := d.Customer(id)
	if !ok {
		d.t.Fatalf("there is no customer %s", id)
	}
	return customer
}

// wants fails unless a text contains all parts in the given order.
func wants(t *testing.T, text string, parts ...string) {
	t.Helper()
	rest := text
	for _, part := range parts {
		_, after, found := strings.Cut(rest, part)
		if !found {
			t.Errorf("%q is not in, or not in that order: %q, in\n%s", part, parts, text)
			return
		}
		rest = after
	}
}

func lacks(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if strings.Contains(text, part) {
			t.Errorf("%q is in\n%s", part, text)
		}
	}
}

func TestOtherRequestsAreTheAPIs(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	if w := d.call("POST", "/v1/express", `{"expressCustomerName":"Lakeside"}`); w.Code != 200 {
		t.Errorf("status %d: %s", w.Code, w.Body)
	}
	// http.ServeMux would redirect this path.
	if w := d.call("GET", "/v1//express", ""); w.Code != 404 || w.Header().Get("X-Request-Id") == "" {
		t.Errorf("status %d: %s", w.Code, w.Body)
	}
	for _, path := range []string{"/", "/favicon.ico", "/_page/page.css", "/_page/nothing", "/_page/", "/_emulator/health"} {
		d.do(ask("GET", path, nil))
	}
	if got := len(d.Requests()); got != 2 {
		t.Errorf("%d requests in the log: %v", got, d.Counts())
	}
}

func TestFiles(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for path, want := range map[string]string{
		"page.css": "text/css; charset=utf-8", "page.js": "text/javascript; charset=utf-8", "icon.svg": "image/svg+xml",
	} {
		w := d.do(ask("GET", "/_page/"+path, nil))
		if got := w.Header().Get("Content-Type"); w.Code != 200 || got != want || w.Body.Len() == 0 {
			t.Errorf("%s: status %d, type %q", path, w.Code, got)
		}
	}
	for _, path := range []string{"html", "page.go", "..%2fpage.go", "html%2flayout.html"} {
		if w := d.do(ask("GET", "/_page/"+path, nil)); w.Code != 404 {
			t.Errorf("%s: status %d", path, w.Code)
		}
	}
}

// TestTag tests the ETag: while nothing changes, fetching the page again costs almost
// nothing.
func TestTag(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	tag := d.do(ask("GET", "/", nil)).Header().Get("Etag")
	again := func() int {
		r := ask("GET", "/", nil)
		r.Header.Set("If-None-Match", tag)
		w := d.do(r)
		tag = w.Header().Get("Etag")
		return w.Code
	}
	if got := again(); got != http.StatusNotModified {
		t.Errorf("status %d when nothing changed", got)
	}
	// Another emulator with the same revision has another ETag.
	if other := newDesk(t).do(ask("GET", "/", nil)).Header().Get("Etag"); other == tag {
		t.Errorf("two emulators have the tag %s", tag)
	}
	id := d.AddCustomer(emulator.Customer{Name: "Lakeside"})
	for name, change := range map[string]func(){
		"a customer": func() { d.EditCustomer(id, func(c *emulator.Customer) { c.IsActive = true }) },
		"a request":  func() { d.call("GET", "/v1/express", "") },
		"the log":    func() { d.ResetRequests() },
		"a dialect":  func() { d.SetDialects(emulator.ReadLag) },
		"a fault":    func() { d.AddFault(emulator.Fault{Status: 503}) },
		"no fault":   func() { d.ClearFaults() },
	} {
		again()
		change()
		if got := again(); got != http.StatusOK {
			t.Errorf("%s changed, and the status is %d", name, got)
		}
	}
}

func TestMissing(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for _, target := range []string{
		"/?view=nothing", "/?view=problem", "/?view=customer&id=cus_0", "/?view=customer", "/?view=user&id=usr_0",
		"/?view=user&id=klingon+usr_0", "/?view=invitation&id=viewer+", "/?view=reference", "/?view=run&id=req_0", "/?view=request",
	} {
		if w := d.do(ask("GET", target, nil)); w.Code != 404 || !strings.Contains(w.Body.String(), "There is nothing here") {
			t.Errorf("%s: status %d: %s", target, w.Code, w.Body)
		}
	}
}

// cut returns the text before from, and the text between from and the next until.
func cut(text, from, until string) (before, between string, found bool) {
	before, rest, found := strings.Cut(text, from)
	between, _, _ = strings.Cut(rest, until)
	return before, between, found
}

func contains(text, part string) bool { return strings.Contains(text, part) }
