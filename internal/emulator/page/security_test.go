// SPDX-License-Identifier: MPL-2.0

package page_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

const hostile = `"><script>alert(1)</script><img src=x onerror=alert(1)>`

// TestHostileTexts puts markup into all texts of the account.
func TestHostileTexts(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	metadata := map[string]string{hostile + "key": hostile, "'+`${alert(1)}`": "javascript:alert(1)"}
	id := d.AddCustomer(emulator.Customer{ID: "cus_" + hostile, Name: hostile, Metadata: metadata, Members: []string{hostile}})
	person := emulator.Person{FirstName: hostile, LastName: hostile, Email: hostile, ClinicRole: hostile, Level: hostile}
	for _, product := range emulator.Products() {
		d.AddUser(product, emulator.User{ID: "usr_" + hostile, Person: person})
		d.AddInvitation(product, emulator.Invitation{ID: "inv_" + hostile, Person: person})
		d.AddInvitation(product, emulator.Invitation{Person: person, Status: hostile})
	}
	d.AddReference(emulator.Reference{
		ID: "ref_" + hostile, Name: hostile, Type: hostile, ExternalReferenceID: hostile, ExpressCustomerID: id, Metadata: metadata,
	})
	d.call("GET", "/v1/express/"+url.PathEscape(hostile), "")
	d.call("GET", "/v1/express?q="+strings.ReplaceAll(hostile, " ", "+"), "")
	d.AddFault(emulator.Fault{Status: 503, Body: hostile})

	query := "&q=" + url.QueryEscape(hostile) + "&sort=" + url.QueryEscape(hostile) + "&filter=" + url.QueryEscape(hostile)
	for _, view := range []string{"customers", "users", "invitations", "references", "requests", "faults", "dialects"} {
		for _, target := range []string{"/?view=" + view, "/?view=" + view + query} {
			checkHarmless(t, target, d.see(target))
		}
	}
	target := "/?view=customer&id=" + url.QueryEscape(id)
	checkHarmless(t, target, d.see(target))
	wants(t, d.see("/"), "&lt;script&gt;alert(1)&lt;/script&gt;")
	checkHarmless(t, "an error", d.refused("customers/metadata", "id", id, "key", "", "value", hostile))
}

// checkHarmless fails if a text was rendered as markup.
func checkHarmless(t *testing.T, what, html string) {
	t.Helper()
	lacks(t, html, "<script>", "<img src=x", "href=\"javascript:")
	if got := strings.Count(html, "<script"); got != 1 {
		t.Errorf("%s: %d scripts", what, got)
	}
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.AddCustomer(emulator.Customer{ID: "cus_1", Name: "Lakeside"})
	for _, r := range []*http.Request{
		ask("GET", "/", nil), ask("GET", "/?view=nothing", nil), ask("GET", "/_page/page.js", nil), ask("GET", "/_page/nothing", nil),
		ask("POST", "/_page/customers/reactivate", url.Values{"id": {"cus_1"}}), ask("POST", "/_page/customers/reactivate", nil),
	} {
		header := d.do(r).Header()
		policy := header.Get("Content-Security-Policy")
		wants(t, policy, "default-src 'none'", "script-src 'self';", "style-src 'self';", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'")
		lacks(t, policy, "unsafe", "http", "*", "data:")
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "X-Frame-Options": "DENY",
			"Referrer-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
		} {
			if got := header.Get(name); got != want {
				t.Errorf("%s %s: %s is %q", r.Method, r.URL, name, got)
			}
		}
	}
}

// TestNothingInline looks for inline code that the policy would block, and for files from
// other hosts.
func TestNothingInline(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.Seed(emulator.Seed{Customers: 3, Users: 5, References: 3})
	for _, view := range []string{"customers", "users", "invitations", "references", "requests", "faults", "dialects"} {
		html := d.see("/?view=" + view)
		lacks(t, html, " style=", "<style", " onclick=", " onload=", "src=\"http", "href=\"http", "src=\"//", "href=\"//")
	}
}

// TestStrangers sends the requests that a web page of another site can make a browser send
// to this machine. None of them may change or show anything.
func TestStrangers(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.AddCustomer(emulator.Customer{Name: "Lakeside", IsActive: true})
	form := url.Values{"id": {id}, "back": {"/"}}
	for name, change := range map[string]func(*http.Request){
		"another site":          func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") },
		"another port":          func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "same-site") },
		"an old browser":        func(r *http.Request) { r.Header.Del("Sec-Fetch-Site"); r.Header.Set("Origin", "http://evil.example") },
		"an old one, sandboxed": func(r *http.Request) { r.Header.Del("Sec-Fetch-Site"); r.Header.Set("Origin", "null") },
		"another name": func(r *http.Request) {
			r.Host = "evil.example:8787"
			r.Header.Set("Origin", "http://evil.example:8787")
		},
		"another name, no more": func(r *http.Request) {
			r.Host = "evil.example"
			r.Header = http.Header{"Content-Type": r.Header["Content-Type"]}
		},
		"another address": func(r *http.Request) { r.Host = "192.168.1.5:8787"; r.Header.Del("Origin") },
		"no name":         func(r *http.Request) { r.Host = ""; r.Header.Del("Origin") },
	} {
		r := ask("POST", "/_page/customers/deactivate", form)
		change(r)
		if w := d.do(r); w.Code != http.StatusForbidden || strings.Contains(w.Body.String(), "Lakeside") {
			t.Errorf("%s: status %d: %s", name, w.Code, w.Body)
		}
		r = ask("POST", "/_emulator/faults", nil)
		r.Body = http.NoBody
		change(r)
		if w := d.do(r); w.Code != http.StatusForbidden {
			t.Errorf("%s: a fault: status %d: %s", name, w.Code, w.Body)
		}
	}
	for _, path := range []string{"/", "/_page/page.js", "/_emulator/state", "/v1/express"} {
		r := ask("GET", path, nil)
		r.Host = "evil.example:8787"
		r.Header.Set("Authorization", "Bearer "+emulator.DefaultAPIKey)
		if w := d.do(r); w.Code != http.StatusForbidden || strings.Contains(w.Body.String(), "Lakeside") {
			t.Errorf("GET %s by another name: status %d: %s", path, w.Code, w.Body)
		}
	}
	if got := d.customer(id); !got.IsActive || len(d.Faults()) > 0 || len(d.Requests()) > 0 {
		t.Errorf("active %t, faults %v, requests %v", got.IsActive, d.Faults(), d.Requests())
	}
}

// TestGetsChangeNothing requests each action with GET.
func TestGetsChangeNothing(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.AddCustomer(emulator.Customer{Name: "Lakeside", IsActive: true})
	before := d.Revision()
	if w := d.do(ask("GET", "/_page/customers/deactivate?id="+id, nil)); w.Code != http.StatusMethodNotAllowed && w.Code != http.StatusNotFound {
		t.Errorf("status %d", w.Code)
	}
	// A form whose values are in the URL changes nothing either.
	d.do(ask("POST", "/_page/customers/deactivate?id="+id, nil))
	if got := d.Revision(); got != before {
		t.Errorf("revision %d, was %d", got, before)
	}
}

func TestBackStaysHere(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.AddCustomer(emulator.Customer{Name: "Lakeside"})
	for back, want := range map[string]string{
		"/?q=a+b&view=requests":     "/?q=a+b&view=requests",
		"":                          "/",
		"https://evil.example/?q=a": "/",
		"//evil.example/":           "/",
		`/\evil.example`:            "/",
		`\\evil.example`:            "/",
		"/_page/dialects/on?q=a":    "/",
		"javascript:alert(1)":       "/",
		"http:///?x":                "/",
		"/?x\r\nSet-Cookie: a=b":    "/",
		"http://user@127.0.0.1/?x=": "/",
	} {
		w := d.do(ask("POST", "/_page/customers/reactivate", url.Values{"id": {id}, "back": {back}}))
		place, err := url.Parse(w.Header().Get("Location"))
		if err != nil || !place.Query().Has("done") {
			t.Errorf("%q: to %q", back, place)
		}
		query := place.Query()
		query.Del("done")
		place.RawQuery = query.Encode()
		if got := place.String(); w.Code != http.StatusSeeOther || got != want {
			t.Errorf("%q: status %d to %q", back, w.Code, got)
		}
	}
}

// TestKeyIsShownIfPublic expects the page to show the publicly known key, but no other.
func TestKeyIsShownIfPublic(t *testing.T) {
	t.Parallel()
	wants(t, newDesk(t).see("/"), "AVARA_BASE_URL=http://127.0.0.1:8787", "AVARA_API_KEY="+emulator.DefaultAPIKey)
	lacks(t, newDesk(t, emulator.WithAPIKey("sk_live_mine")).see("/"), "sk_live_mine", emulator.DefaultAPIKey)
}
