// SPDX-License-Identifier: MPL-2.0

package page_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
	"github.com/avara-software/terraform-provider-avara/internal/emulator/page"
	"github.com/avara-software/terraform-provider-avara/internal/emulator/page/chromium"
)

// soon is the longest time until a change must be visible, on a machine that is busy with
// other tests. The page polls every 400 ms.
const soon = 10 * time.Second

// window is a browser that shows the page of an emulator.
type window struct {
	*emulator.Emulator
	*chromium.Browser
	t   *testing.T
	url string
}

// serve starts a server for the emulator's page.
func serve(t *testing.T, api *emulator.Emulator) (url string) {
	t.Helper()
	server := httptest.NewServer(page.New(api))
	t.Cleanup(server.Close)
	return server.URL
}

// show opens an address of the page and waits until it updates itself.
func (w *window) show(path string) {
	w.t.Helper()
	w.Open(w.url + path)
	w.Wait(`document.getElementById("pulse").textContent === "Live"`)
	w.Run(`window.sameDocument = true`, nil)
}

// sees waits until an element has a text, without a reload of the document.
func (w *window) sees(selector, text string) {
	w.t.Helper()
	took := w.Wait(fmt.Sprintf(`(document.querySelector(%q) || {textContent: ""}).textContent.includes(%q)`, selector, text))
	if took > soon {
		w.t.Errorf("%q took %v", text, took)
	}
	var same bool
	w.Run(`window.sameDocument === true`, &same)
	if !same {
		w.t.Errorf("the page was loaded again before it showed %q", text)
	}
}

// TestAccBrowser tests the page in a real browser, one for all subtests.
func TestAccBrowser(t *testing.T) {
	t.Parallel()
	browser := chromium.Start(t)
	for name, test := range map[string]func(*testing.T, *window){
		"Live":             testLive,
		"Search":           testSearch,
		"Hostile texts":    testHostileTexts,
		"Other sites":      testOtherSites,
		"Without script":   testWithoutScript,
		"Narrow":           testNarrow,
		"Many":             testMany,
		"Gone":             testGone,
		"Restart":          testRestart,
		"Rows hold still":  testRowsHoldStill,
		"Keyboard":         testKeyboard,
		"Ask once":         testAskOnce,
		"Changed button":   testChangedButton,
		"Flashing":         testFlashing,
		"Focus is kept":    testFocusIsKept,
		"Typing":           testTyping,
		"Refused forms":    testRefusedForms,
		"Two tabs":         testTwoTabs,
		"Names":            testNames,
		"Copy":             testCopy,
		"Save is in reach": testSaveIsInReach,
		"Contrast":         testContrast,
		"Forced colours":   testForcedColours,
		"Nothing moves":    testNothingMoves,
		"Room":             testRoom,
		"Activity":         testActivity,
		"Reloaded form":    testReloadedForm,
	} {
		t.Run(name, func(t *testing.T) {
			api := emulator.New()
			w := &window{Emulator: api, Browser: browser.For(t), t: t, url: serve(t, api)}
			w.Look(1280, 900, "light")
			test(t, w)
			for _, complaint := range w.Complaints() {
				// The browser may request the icon of testOtherSites' site late, which
				// fails.
				if !strings.Contains(complaint, "evil.example") {
					t.Errorf("the browser reports: %s", complaint)
				}
			}
			w.Open("about:blank") // stops the requests to a server that is about to close
		})
	}
}

func testLive(t *testing.T, w *window) {
	w.show("/")
	w.sees("main", "An empty account")
	id := w.AddCustomer(emulator.Customer{Name: "Lakeside", IsActive: true})
	row := "#row-" + id
	w.sees(row, "Active")
	w.Click(row + " td button")
	w.sees(row, "Inactive")
	w.sees("#said", "Lakeside deactivated")
	if customer, _ := w.Customer(id); customer.IsActive {
		t.Error("the customer is active")
	}
	send(t, "POST", w.url+"/v1/express/"+id+"/reactivate")
	w.sees(row+" .state", "Active")
	w.sees("#beside", "Lakeside reactivated")
	w.sees("nav#views", "Requests 1")

	invitation := w.AddInvitation(emulator.Viewer, emulator.Invitation{Person: emulator.Person{FirstName: "Ines", LastName: "Okafor"}})
	w.show("/?view=invitations")
	w.Click("#row-viewer-" + invitation + " td button")
	w.confirm()
	w.sees("#row-viewer-"+invitation, "accepted")
	w.show("/?view=dialects")
	w.Click("#row-read-lag button")
	w.sees("#row-read-lag", "On")
	w.show("/?view=faults")
	w.Click("#row-down button")
	w.sees("#row-down", "Happened to 0 of 0 requests.")
	if len(w.Faults()) != 1 || len(w.Dialects()) != 1 {
		t.Errorf("faults %v, dialects %v", w.Faults(), w.Dialects())
	}
}

// send sends a request to the API as a program does.
func send(t *testing.T, method, url string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+emulator.DefaultAPIKey)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Errorf("%s %s: %s", method, url, answer.Status)
	}
}

func testSearch(t *testing.T, w *window) {
	w.Seed(emulator.Seed{Customers: 300})
	id := w.AddCustomer(emulator.Customer{Name: "Quartz Clinic", IsActive: true, CreatedAt: time.Unix(0, 0)})
	w.show("/")
	w.Click("input[name=q]")
	w.Type("quartz")
	w.sees("#place", "1–1 of 1 customers found among 301")
	w.EditCustomer(id, func(c *emulator.Customer) { c.Name = "Quartz Imaging" })
	w.sees("tbody", "Quartz Imaging")
	w.Type(" imaging")
	w.Wait(`location.search.includes("imaging")`)
	w.sees("#place", "1–1 of 1 customers found among 301")
	var state string
	w.Run(`document.activeElement.value + " " + location.search`, &state)
	if state != "quartz imaging ?q=quartz+imaging" {
		t.Errorf("the search is %q", state)
	}
	w.Click("tbody td button")
	w.sees("#row-"+id, "Inactive")
	w.sees("#place", "found among 301")
}

func testHostileTexts(t *testing.T, w *window) {
	markup := `<script>window.hacked = true</script><img src=x onerror="window.hacked = true">`
	id := w.AddCustomer(emulator.Customer{Name: markup, Metadata: map[string]string{markup: markup}})
	w.show("/")
	w.sees("#row-"+id+" bdi", markup)
	w.EditCustomer(id, func(c *emulator.Customer) { c.Name += "again" })
	w.sees("#row-"+id+" bdi", markup+"again") // now through the script
	w.Click("#row-" + id + " td button")
	w.sees("#said", "<script>")
	w.show("/?view=customer&id=" + id)
	w.sees("h1", markup+"again")
	var hacked bool
	w.Run(`window.hacked === true || document.querySelectorAll("script").length !== 1 || !!document.querySelector("main img")`, &hacked)
	if hacked {
		t.Error("a name has become markup")
	}
}

// testOtherSites makes the requests that a page of another site can make while the
// emulator runs.
func testOtherSites(t *testing.T, w *window) {
	id := w.AddCustomer(emulator.Customer{Name: "Lakeside", IsActive: true})
	before := w.Revision()
	evil := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(rw, `<form method=post action="%s/_page/customers/deactivate"><input name=id value="%s"></form>
			<form method=post enctype=text/plain action="%[1]s/_emulator/faults"><input name='{"status":503,"body":"' value='"}'></form>
			<iframe src="%[1]s/"></iframe>`, w.url, id)
	}))
	defer evil.Close()
	_, port, _ := strings.Cut(strings.TrimPrefix(evil.URL, "http://"), ":")
	for _, site := range []string{evil.URL, "http://evil.example:" + port} { // the same host on another port, and another site
		for form := range 2 {
			w.Open(site)
			var seen bool
			w.Run(`(() => { try { return !!document.querySelector("iframe").contentDocument.querySelector("main"); } catch { return false; } })()`, &seen)
			if seen {
				t.Error("another page shows this one")
			}
			w.Run(fmt.Sprintf(`document.forms[%d].submit()`, form), nil)
			w.Wait(`document.body.textContent.includes("another origin")`)
		}
		w.Open(site)
		w.Run(fmt.Sprintf(`fetch("%s/_emulator/faults", {method: "POST", mode: "no-cors", body: '{"status":503}'}).catch(() => {})`, w.url), nil)
	}
	_, own, _ := strings.Cut(strings.TrimPrefix(w.url, "http://"), ":")
	w.Open("http://evil.example:" + own + "/") // the attacker's host name with this server's address
	w.Wait(`document.body.textContent.includes("loopback names") && !document.body.textContent.includes("Lakeside")`)
	w.Run(fmt.Sprintf(`fetch("/_page/customers/deactivate", {method: "POST", body: new URLSearchParams({id: %q})})`, id), nil)
	if customer, _ := w.Customer(id); !customer.IsActive || w.Revision() != before {
		t.Errorf("active %t, revision %d after %d, faults %v", customer.IsActive, w.Revision(), before, w.Faults())
	}
	w.Complaints() // about the rejected requests
}

func testWithoutScript(t *testing.T, w *window) {
	id := w.AddCustomer(emulator.Customer{Name: "Lakeside", IsActive: true})
	w.Script(false)
	defer w.Script(true)
	w.Open(w.url + "/?q=lake")
	w.Click("#row-" + id + " td button")
	w.Wait(fmt.Sprintf(`document.readyState === "complete" && document.querySelector("#row-%s .state").textContent === "Inactive"`, id))
	var where string
	w.Run(`location.search + " " + document.getElementById("pulse").textContent`, &where)
	if where != "?done=1&q=lake Reload to see changes" {
		t.Errorf("afterwards at %q", where)
	}
	w.Click("input[name=q]")
	w.Type("side")
	w.Click("form[role=search] button")
	w.Wait(`location.search.includes("lakeside") && document.querySelector("#place").textContent.includes("1–1 of 1")`)

	// An irreversible action is confirmed on a page of its own.
	invitation := w.AddInvitation(emulator.Viewer, emulator.Invitation{Person: emulator.Person{FirstName: "Ines"}})
	w.Open(w.url + "/?view=invitations")
	w.Click("#row-viewer-" + invitation + " td button")
	w.Wait(`document.readyState === "complete" && document.querySelector("h1").textContent.includes("Accept the invitation")`)
	w.Click("main button.main")
	w.Wait(`document.readyState === "complete" && document.querySelector("tbody .state").textContent === "accepted"`)
	w.Wait(`document.getElementById("said").textContent.includes("accepted")`)

	// A rejected form is shown again with the input.
	w.Open(w.url + "/?view=customer&id=" + id)
	w.Click("textarea[name=value]")
	w.Type("lost")
	w.Click("#pairs button.main")
	w.Wait(`document.readyState === "complete" && !!document.getElementById("wrong-pair-0")`)
	w.Run(`document.querySelector("textarea[name=value]").value + " " + document.querySelector("h1").textContent`, &where)
	if where != "lost Lakeside" {
		t.Errorf("after a rejected form: %q", where)
	}
	w.Complaints() // about the status code of the form
}

// testNarrow looks for elements that are wider than a small window.
func testNarrow(t *testing.T, w *window) {
	long := strings.Repeat("Wide", 60)
	metadata := map[string]string{long[:100]: strings.Repeat(long, 4)}
	w.Seed(emulator.Seed{Customers: 3, Users: 5, References: 4})
	id := w.AddCustomer(emulator.Customer{Name: long, Metadata: metadata, IsActive: true, Members: []string{"usr_" + long}})
	invitation := w.AddInvitation(emulator.AutoScribe, emulator.Invitation{Person: emulator.Person{FirstName: long, LastName: long, Email: long, ClinicRole: long}})
	person, _ := w.Invitation(emulator.AutoScribe, invitation)
	reference := w.AddReference(emulator.Reference{Name: long, Type: long, ExternalReferenceID: long, ExpressCustomerID: id, Metadata: metadata})
	send(t, "GET", w.url+"/v1/express?limit=1")
	send(t, "POST", w.url+"/v1/express/"+id+"/deactivate")
	request := w.Requests()[1].RequestID
	w.SetDialects(emulator.ReadLag, emulator.ErrorText, emulator.NullsExplicit, emulator.TimestampsNull)
	w.AddFault(emulator.Fault{Route: "GET /v1/express", Every: 1000, Status: 503})
	for _, width := range []int{400, 1280} {
		w.Look(width, 900, "dark")
		for _, view := range []string{
			"customers", "users", "invitations", "references", "activity", "requests", "faults", "dialects", "customer&id=" + id,
			"user&id=autoScribe+" + person.UserID, "invitation&id=autoScribe+" + invitation, "reference&id=" + reference,
			"run&id=" + request, "request&id=" + request,
		} {
			w.show("/?view=" + view)
			var wide int
			w.Run(`document.scrollingElement.scrollWidth`, &wide)
			if wide > width {
				t.Errorf("%s is %d pixels wide in a window of %d", view, wide, width)
			}
		}
	}
}

// testMany uses a large account. The emulator and the page must stay fast.
func testMany(_ *testing.T, w *window) {
	w.Seed(emulator.Seed{Customers: 10_000})
	newest := w.Customers()[9_999].ID
	w.show("/")
	w.sees("#place", "1–100 of 10,000 customers")
	w.Click("#row-" + newest + " td button")
	w.sees("#said", "activated")
	w.sees("#row-"+newest+" td button", "eactivate")
}

func testGone(_ *testing.T, w *window) {
	id := w.AddCustomer(emulator.Customer{Name: "Lakeside", Members: []string{"usr_1"}})
	w.show("/?view=customer&id=" + id)
	w.RemoveCustomer(id)
	w.sees("main", "There is nothing here")
	w.Complaints() // about the status code of the form
}
