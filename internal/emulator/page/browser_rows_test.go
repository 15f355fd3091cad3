// SPDX-License-Identifier: MPL-2.0

package page_test

import (
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
	"github.com/avara-software/terraform-provider-avara/internal/emulator/page"
)

// text returns the text of an element, or of the focused element for "".
func (w *window) text(selector string) (text string) {
	w.t.Helper()
	element := "document.activeElement"
	if selector != "" {
		element = fmt.Sprintf("document.querySelector(%q)", selector)
	}
	w.Run(element+`.textContent.trim().replace(/\s+/g, " ")`, &text)
	return text
}

// answered waits until the page shows the emulator's current revision.
func (w *window) answered() {
	w.t.Helper()
	w.Run(`(async () => { for (let n = 0; n < 2; n++) { await update(); } })()`, nil)
}

// invite adds an invitation that is recognized by its name.
func (w *window) invite(name string) string {
	return w.AddInvitation(emulator.Viewer, emulator.Invitation{Person: emulator.Person{FirstName: name, Email: name + "@x.example"}})
}

// confirm answers yes to the question that the page asks.
func (w *window) confirm() {
	w.t.Helper()
	w.Wait(`document.querySelector("dialog").open`)
	w.settled("dialog button.main")
	w.Click("dialog button.main")
}

// settled waits until a button that has changed accepts clicks.
func (w *window) settled(button string) {
	w.t.Helper()
	w.Wait(fmt.Sprintf(`performance.now() - (changedAt.get(document.querySelector(%q)) || -1000) > 500`, button))
}

// statuses lists the names of invitations with their statuses.
func (w *window) statuses() (list []string) {
	for _, i := range w.Invitations(emulator.Viewer) {
		list = append(list, i.FirstName+" "+i.Status)
	}
	return list
}

// testRowsHoldStill points at a row while others are added and removed.
func testRowsHoldStill(t *testing.T, w *window) {
	target := w.AddCustomer(emulator.Customer{Name: "Lakeside", IsActive: true})
	w.AddCustomer(emulator.Customer{Name: "Harbor", IsActive: true})
	w.show("/?state=active")
	w.Hover("#row-" + target + " td button")
	other := w.AddCustomer(emulator.Customer{Name: "Newcomer", IsActive: true}) // would be shown first
	w.AddCustomer(emulator.Customer{Name: "Another", IsActive: true})
	w.sees("#news", "2 new")
	w.ClickAgain()
	w.sees("#said", "Lakeside deactivated")
	w.sees("#row-"+target+".gone", "Lakeside") // removed, but its place is kept
	if customer, _ := w.Customer(target); customer.IsActive {
		t.Error("the click missed the row under the pointer")
	}
	if customer, _ := w.Customer(other); !customer.IsActive {
		t.Error("the click hit a row that was added meanwhile")
	}
	w.Away()
	w.sees("tbody tr:first-child", "Another")
	w.Wait(fmt.Sprintf(`!document.getElementById("row-%s") && document.getElementById("news").hidden`, target))

	// Two clicks at the same position.
	w.invite("One")
	w.invite("Two")
	w.invite("Three")
	w.show("/?view=invitations&state=open")
	w.Click("tbody tr:first-child .lesser button")
	w.sees("dialog", "Reject the invitation")
	w.confirm()
	w.sees("#said", "rejected")
	w.answered()
	w.Hover("tbody tr:first-child")
	w.ClickAgain()
	w.answered()
	equal(t, "invitations", w.statuses(), "One sent", "Two sent", "Three rejected")
}

// testKeyboard uses the page with the keyboard alone.
func testKeyboard(t *testing.T, w *window) {
	id := w.AddCustomer(emulator.Customer{Name: "Lakeside", IsActive: true})
	w.show("/")
	w.Away()
	w.Press("Tab")
	if first := w.text(""); first != "Skip to the content" {
		t.Errorf("the first stop is %q", first)
	}
	w.Press("Enter")
	for range 12 {
		w.Press("Tab")
		var reached bool
		w.Run(`document.activeElement.matches("td button")`, &reached)
		if reached {
			break
		}
	}
	var outline string
	w.Run(`getComputedStyle(document.activeElement).outlineStyle`, &outline)
	if outline != "solid" {
		t.Errorf("the focus is shown by an outline that is %q", outline)
	}
	w.Press("Enter")
	w.sees("#row-"+id, "Inactive")
	w.AddCustomer(emulator.Customer{Name: "Harbor"}) // would be shown first
	w.sees("#news", "1 new")
	if focused, first := w.text(""), w.text("tbody tr:first-child th"); focused != "Reactivate Lakeside" || !strings.HasPrefix(first, "Lakeside") {
		t.Errorf("the focus is on %q, the first row is %q", focused, first)
	}
	w.settled("tbody td button")
	w.Press(" ")
	w.sees("#row-"+id+" .state", "Active")
	w.sees("tbody tr:first-child", "Harbor") // the user's own action shows all rows
	w.AddCustomer(emulator.Customer{Name: "Cedar"})
	w.sees("#news", "1 new")
	w.Click("#news")
	w.sees("tbody tr:first-child", "Cedar")
}

// testAskOnce answers the question before an irreversible action with no and with yes.
func testAskOnce(t *testing.T, w *window) {
	w.invite("Ines")
	w.show("/?view=invitations")
	reject := "tbody .lesser button"
	w.Click(reject)
	w.sees("dialog", "Reject the invitation of \u2068Ines\u2069? The person can't accept it any more. This can't be undone."[:20])
	if focused := w.text(""); focused != "Cancel" {
		t.Errorf("the focus is on %q", focused)
	}
	w.Press("Escape")
	w.Wait(`!document.querySelector("dialog").open`)
	if focused := w.text(""); focused != "Reject Ines" {
		t.Errorf("after Escape the focus is on %q", focused)
	}
	w.Click(reject)
	w.Wait(`document.querySelector("dialog").open`)
	w.Press("Enter") // on Cancel
	w.Wait(`!document.querySelector("dialog").open`)
	equal(t, "after no", w.statuses(), "Ines sent")
	w.Click(reject)
	w.confirm()
	w.sees("#said", "Ines rejected")
	w.sees("tbody .state", "rejected")
	equal(t, "after yes", w.statuses(), "Ines rejected")
	if focused := w.text(""); focused != "Ines" {
		t.Errorf("afterwards the focus is on %q", focused)
	}
}

// testChangedButton clicks on a button that has just changed.
func testChangedButton(t *testing.T, w *window) {
	id := w.AddCustomer(emulator.Customer{Name: "Lakeside", IsActive: true})
	w.show("/")
	w.Hover("tbody td button")
	w.EditCustomer(id, func(c *emulator.Customer) { c.IsActive = false })
	w.Run(`update().then(() => document.querySelector("tbody td button").click())`, nil)
	w.sees("#said", "the button changed just before the click")
	if customer, _ := w.Customer(id); customer.IsActive {
		t.Error("the click ran the new button's action")
	}
	w.settled("tbody td button")
	w.ClickAgain()
	w.sees("tbody .state", "Active")
}

// testFlashing counts the highlighted rows.
func testFlashing(t *testing.T, w *window) {
	w.Seed(emulator.Seed{Customers: 50})
	w.show("/")
	w.Away()
	flashing := func() (n int) {
		w.Run(`new Set(document.getAnimations().map((a) => a.effect.target.parentElement)).size`, &n)
		return n
	}
	customers := w.Customers()
	w.EditCustomer(customers[40].ID, func(c *emulator.Customer) { c.Name = "Changed" })
	w.sees("tbody", "Changed")
	if got := flashing(); got != 1 {
		t.Errorf("%d rows light up for one change", got)
	}
	w.Wait(`document.getAnimations().length === 0`)
	for _, c := range customers {
		w.EditCustomer(c.ID, func(c *emulator.Customer) { c.Name = "Busy" })
	}
	w.sees("tbody tr:last-child", "Busy")
	if got := flashing(); got != 0 {
		t.Errorf("%d rows light up under load", got)
	}
}

// testFocusIsKept removes the focused element.
func testFocusIsKept(t *testing.T, w *window) {
	for i := range 3 {
		w.AddFault(emulator.Fault{Every: 100 + i, Status: 503})
	}
	w.show("/?view=faults")
	remove := `.switches li:not([id^="row-"]:has(.switch)) button`
	w.Run(fmt.Sprintf(`document.querySelector(%q).focus()`, remove), nil)
	for _, left := range []int{2, 1, 0} {
		w.Press("Enter")
		w.Wait(fmt.Sprintf(`document.querySelectorAll(%q).length === %d`, remove, left))
		var focused string
		w.Run(`document.activeElement.nodeName + " " + document.activeElement.closest("main")?.id`, &focused)
		if focused != "BUTTON main" {
			t.Errorf("with %d left the focus is on %q", left, focused)
		}
	}

	user := w.AddUser(emulator.Viewer, emulator.User{Person: emulator.Person{FirstName: "Ines"}})
	id := w.AddCustomer(emulator.Customer{Name: "Lakeside", Members: []string{user}})
	w.show("/?view=customer&id=" + id)
	w.Run(`document.querySelector(".members button[name=user]").focus()`, nil)
	w.Press("Enter")
	w.sees("main", "No user is a member")
	var focused string
	w.Run(`document.activeElement.id`, &focused)
	if focused != "main" {
		t.Errorf("after the last member the focus is on %q", focused)
	}
}

// testRestart serves another emulator at the same address.
func testRestart(t *testing.T, w *window) {
	start := func(name, address string) (string, *http.Server) {
		api := emulator.New()
		api.AddCustomer(emulator.Customer{Name: name})
		listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		server := &http.Server{Handler: page.New(api), ReadHeaderTimeout: time.Second}
		go func() { _ = server.Serve(listener) }()
		return listener.Addr().String(), server
	}
	address, first := start("Old", "127.0.0.1:0")
	w.url = "http://" + address
	w.show("/")
	w.sees("tbody", "Old")
	_ = first.Close()
	w.sees("#pulse", "does not answer")
	_, second := start("New", address)
	defer func() { _ = second.Close() }()
	if took := w.Wait(`document.querySelector("tbody").textContent.includes("New") && document.getElementById("pulse").textContent === "Live"`); took > soon {
		t.Errorf("the page showed the old account for %v", took)
	}
	w.Open("about:blank")
	w.Complaints() // from the time between the two servers
}
