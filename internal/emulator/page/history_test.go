// SPDX-License-Identifier: MPL-2.0

package page_test

import (
	"fmt"
	"html"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// provider is the User-Agent of the provider.
const provider = "terraform-provider-avara/1.0.0 terraform/1.11.4"

// timed is a desk with a clock that the test advances.
type timed struct {
	*desk
	now time.Time
}

func newTimed(t *testing.T) *timed {
	t.Helper()
	d := &timed{now: noon}
	d.desk = newDesk(t, emulator.WithClock(func() time.Time { return d.now }))
	return d
}

// as sends an API request with the given User-Agent and correlation id.
func (d *timed) as(userAgent, correlationID, method, path, body string) *httptest.ResponseRecorder {
	d.t.Helper()
	r := httptest.NewRequestWithContext(d.t.Context(), method, path, strings.NewReader(body))
	r.Host = "127.0.0.1:8787"
	r.Header.Set("Authorization", "Bearer "+emulator.DefaultAPIKey)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", userAgent)
	if correlationID != "" {
		r.Header.Set("X-Correlation-Id", correlationID)
	}
	return d.do(r)
}

var (
	eventHead = regexp.MustCompile(`(?s)<li id="event-[^"]*" class="event">\s*<p class="head">.*?<b>([^<]*)</b>.*?</p>\s*<p class="quiet">([^<·]*?) ·`)
	logRow    = regexp.MustCompile(`id="row-(req_[0-9a-f]+)"`)
)

// runs lists the runs of the activity, the latest first.
func (d *timed) runs() (list []string) {
	d.t.Helper()
	for _, match := range eventHead.FindAllStringSubmatch(d.see("/?view=activity&result=runs"), -1) {
		list = append(list, match[1]+": "+match[2])
	}
	return list
}

func TestRunsOfOneCommand(t *testing.T) {
	t.Parallel()
	d := newTimed(t)
	id := d.AddCustomer(emulator.Customer{Name: "Lakeside", IsActive: true})
	path := "/v1/express/" + id
	// A plan, and right after it the apply of the saved plan, by another process.
	d.as(provider, "p1", "GET", path, "")
	d.as(provider, "p2", "GET", path, "")
	d.as(provider, "p2", "PATCH", path, `{"expressCustomerName":"Harbor"}`)
	equal(t, "plan and apply", d.runs(), "Apply: 2 requests", "Plan: 1 request")

	// One command that plans, waits for the confirmation, and applies.
	d.now = d.now.Add(time.Hour)
	d.as(provider, "p3", "GET", path, "")
	d.now = d.now.Add(90 * time.Second)
	d.as(provider, "p3", "POST", path+"/deactivate", "")
	equal(t, "an apply that waited", d.runs()[:1], "Apply: 2 requests")

	// Two commands at the same time, and a user's curl.
	d.now = d.now.Add(time.Hour)
	for range 3 {
		for _, run := range []string{"p4", "p5"} {
			d.as(provider, run, "GET", path, "")
		}
		d.as("curl/8.5.0", "", "GET", path, "")
		d.now = d.now.Add(time.Second)
	}
	d.as(provider, "p5", "DELETE", path+"/users", `{}`)
	got := d.runs()[:3]
	slices.Sort(got)
	equal(t, "at the same time", got, "Apply: 4 requests", "Plan: 3 requests", "curl 8.5.0: 3 requests")

	// A reused process id, and a client that pauses.
	d.now = d.now.Add(3 * time.Minute)
	d.as(provider, "p5", "GET", path, "")
	d.as("curl/8.5.0", "", "GET", path, "")
	d.now = d.now.Add(6 * time.Second)
	d.as("curl/8.5.0", "", "GET", path, "")
	d.as("", "", "GET", path, "")
	got = d.runs()[:4]
	slices.Sort(got)
	equal(t, "after pauses", got, "Plan: 1 request", "curl 8.5.0: 1 request", "curl 8.5.0: 1 request", "unknown client: 1 request")
}

func TestRunShowsWhatItChanged(t *testing.T) {
	t.Parallel()
	d := newTimed(t)
	d.AddFault(emulator.Fault{WritesOnly: true, Times: 1, Status: 503})
	create := `{"expressCustomerName":"Lakeside","metadata":{"tier":"gold"}}`
	d.as(provider, "p1", "POST", "/v1/express", create)
	d.now = d.now.Add(800 * time.Millisecond)
	d.as(provider, "p1", "POST", "/v1/express", create)
	id := d.Customers()[0].ID
	path := "/v1/express/" + id
	d.as(provider, "p1", "POST", path+"/deactivate", "")
	d.as(provider, "p1", "POST", path+"/deactivate", "") // changes nothing more
	invited := d.as(provider, "p1", "POST", "/v1/viewer/users", `{"email":"ines@x.example","firstName":"Ines","lastName":"Okafor",`+
		`"clinicRole":"Radiologist","level":"member","canManageStudies":false,"hasDashboardAccess":false}`)
	run := d.see(link(t, d.see("/"), "<b>Apply</b>"))
	wants(t, run, "<h1>Apply</h1>", "Done", "5 requests, 1 retried, 8", " ms: 1 created, 1 invited", "Terraform 1.11.4", "p1",
		"<svg", `class="bad"`, "4 × 200 OK", "1 × 503 Service Unavailable", "attempt 2", "<svg",
		"Changed by this run", "Lakeside", "created", "Ines Okafor", "invited", "Changed since then", "Nothing.")
	if got := len(logRow.FindAllString(run, -1)); got != 5 || invited.Code != 200 {
		t.Errorf("%d requests, status %d", got, invited.Code)
	}

	d.now = d.now.Add(time.Minute)
	d.press("customers/reactivate", "id", id)
	d.press("dialects/on", "id", "fractional-seconds") // does not change the account
	d.as(provider, "p2", "PATCH", path, `{"expressCustomerName":"Harbor","metadata":{"tier":"silver"}}`)
	_, since, _ := cut(d.see(link(t, d.see("/"), "<b>Apply</b>")), "Changed by this run", "</aside>")
	wants(t, html.UnescapeString(since), "Harbor", "renamed", "Lakeside", "Harbor", "tier", `"gold"`, `"silver"`, "Changed since then", "Nothing.")
	first := d.see("/?view=run&id=" + d.Requests()[0].RequestID)
	_, since, _ = cut(first, "Changed since", "</aside>")
	wants(t, since, "Harbor", "reactivated", "renamed")
	lacks(t, since, "dialect")
	wants(t, d.see("/"), ">just now</time>", ">1 minute ago</time>")
}

func TestRequestLog(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.AddFault(emulator.Fault{Route: "POST /v1/express", Times: 1, Status: 503})
	create := func(name string) { d.call("POST", "/v1/express", `{"expressCustomerName":"`+name+`"}`) }
	create("Lakeside")
	create("Harbor") // another body: not a retry
	create("Lakeside")
	create("Lakeside") // the failed request was retried already: not a retry
	d.call("POST", "/v1/express/"+d.Customers()[0].ID+"/deactivate", "")
	d.call("GET", "/v1/express/cus_nobody?x=%3Cb%3E", "")

	page := d.see("/?view=requests")
	wants(t, page, "GET", "/v1/express/{expressCustomerId}", "/v1/express/cus_nobody?x=%3Cb%3E", "404 Not Found", "was not found", "POST",
		"/deactivate", "Lakeside", "POST", "200 OK", "503 Service Unavailable", "By route", "POST /v1/express<", ">4<", "GET /v1/express/{", ">1<")
	if got := strings.Count(page, `class="tag">attempt 2`); got != 1 {
		t.Errorf("%d retries", got)
	}
	for query, want := range map[string]int{
		"": 6, "&method=writes": 5, "&method=reads": 1, "&result=failures": 2, "&result=retries": 1, "&q=503+service": 1, "&q=cus_nobody": 1,
		"&method=writes&result=failures": 1, "&result=changes": 4, "&q=not+found": 1,
	} {
		if got := len(logRow.FindAllString(d.see("/?view=requests"+query), -1)); got != want {
			t.Errorf("%q: %d requests, want %d", query, got, want)
		}
	}
	if got := len(logRow.FindAllString(d.see(link(t, page, "POST /v1/express<")), -1)); got != 4 {
		t.Errorf("%d requests of the route", got)
	}
	asked := d.send("requests/clear")
	wants(t, asked.Body.String(), "Clear the log of requests?", `name="sure"`)
	if len(d.Requests()) != 6 {
		t.Error("the log was cleared without a confirmation")
	}
	d.press("requests/clear", "sure", "yes")
	wants(t, d.see("/?view=requests"), "The API has had no requests yet.")
}

func TestRetriesEnd(t *testing.T) {
	t.Parallel()
	d := newTimed(t)
	d.AddFault(emulator.Fault{Times: 1, Status: 429})
	d.call("GET", "/v1/express", "")
	d.now = d.now.Add(time.Minute + time.Second)
	d.call("GET", "/v1/express", "")
	lacks(t, d.see("/?view=requests"), `class="tag">attempt`)
}

// TestOpenARequest expects the page of a request to show the request and its answer.
func TestOpenARequest(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.AddCustomer(emulator.Customer{Name: "Lakeside", IsActive: true, Metadata: map[string]string{"tier": "gold"}})
	open := func() string {
		log := d.Requests()
		return html.UnescapeString(d.see("/?view=request&id=" + log[len(log)-1].RequestID))
	}
	d.call("PATCH", "/v1/express/"+id, `{"metadata":{"tier":"silver"}}`)
	wants(t, open(), "<b>PATCH</b> /v1/express/{expressCustomerId}", "200 OK", `href="/?id=`+id+`&view=customer"><bdi>Lakeside</bdi>`, "Changed",
		"tier", `"gold"`, `"silver"`, "Request", "30 bytes", "PATCH /v1/express/"+id,
		`<span class="key">"metadata":</span>`, `<span class="string">"silver"</span>`,
		"Answer", `<span class="key">"expressCustomerId":</span> <a href="/?id=`+id+`&view=customer">"`+id+`"</a>`, `<span class="literal">true</span>`)

	d.call("PATCH", "/v1/express/"+id, `{"expressCustomerName":"`+strings.Repeat("x", 256)+`","klingon":1}`)
	wants(t, open(), "400 Bad Request", "expressCustomerName: must have 1 to 255 characters, not 256; klingon: is not a field of this request",
		"Changed", "Nothing.", strings.Repeat("x", 256))
	d.call("POST", "/v1/express/"+id+"/deactivate", "")
	wants(t, open(), "deactivated", "Request", "No body.", "← PATCH 400 Bad Request")
	d.call("POST", "/v1/express", `not JSON <b> `+"\u202e")
	wants(t, d.see("/?view=request&id="+d.Requests()[3].RequestID), "the body is not valid JSON", `not JSON &lt;b&gt; \u202e`)
	d.call("POST", "/v1/express", `{"expressCustomerName":"`+strings.Repeat("y", 100<<10)+`"}`)
	wants(t, open(), "The first 64.0 KiB of 100.0 KiB.")

	d.AddFault(emulator.Fault{Status: 503, Times: 1})
	d.call("GET", "/v1/express/"+id, "")
	failed := open()
	wants(t, failed, "503 Service Unavailable", "A <a href=\"/?view=faults\">fault</a> did this")
	d.call("GET", "/v1/express/"+id, "")
	again := open()
	wants(t, again, "Attempt", "2", "before: 503 Service Unavailable")
	wants(t, d.see(link(t, again, "before")), "after: 200 OK")
	for range 300 {
		d.call("POST", "/nowhere", strings.Repeat("z", 64<<10))
	}
	wants(t, d.see("/?view=request&id="+d.Requests()[0].RequestID), "The log had no more room for this body.")
}

// TestLostAnswersAreShown sends a write that is applied without an answer.
func TestLostAnswersAreShown(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.AddFault(emulator.Fault{Cut: emulator.CutAfter, Times: 1})
	func() {
		defer func() { _ = recover() }()
		d.call("POST", "/v1/express", `{"expressCustomerName":"Lakeside"}`)
	}()
	wants(t, d.see("/?view=request&id="+d.Requests()[0].RequestID), "connection cut", "after the request was handled, instead of the answer", "Lakeside", "created")
	wants(t, d.see("/"), `<span class="dot bad">`, "Lakeside", "created")
}

// TestTimeline counts the bars of the picture.
func TestTimeline(t *testing.T) {
	t.Parallel()
	d := newTimed(t)
	d.AddFault(emulator.Fault{Every: 2, Status: 503})
	for i := range 120 {
		d.as(provider, "p1", "GET", "/v1/express/cus_"+fmt.Sprint(i), "")
		d.now = d.now.Add(50 * time.Millisecond)
	}
	_, picture, found := cut(d.see("/"), "<svg", "</svg>")
	odd, bad := strings.Count(picture, `class="odd"`), strings.Count(picture, `class="bad"`)
	if !found || odd < 55 || odd > 60 || bad < 55 || bad > 60 {
		t.Errorf("%d and %d bars in %s", odd, bad, picture)
	}
	lacks(t, picture, "style=", "NaN", `="-`)
}
