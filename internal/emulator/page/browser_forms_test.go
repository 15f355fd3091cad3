// SPDX-License-Identifier: MPL-2.0

package page_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// where returns the page's address and its connection status.
func (w *window) where() (state string) {
	w.t.Helper()
	w.Run(`location.pathname + " " + (document.title.includes("Avara") && document.title.length > 20) + " " + document.getElementById("pulse").textContent`, &state)
	return state
}

// testTyping changes the customer while somebody edits it.
func testTyping(t *testing.T, w *window) {
	id := w.AddCustomer(emulator.Customer{Name: "Lakeside", Metadata: map[string]string{"tier": "gold"}})
	w.show("/?view=customer&id=" + id)
	w.Click("input[name=name]")
	w.Type("The ")
	w.EditCustomer(id, func(c *emulator.Customer) { c.Name, c.Metadata = "Harbor", map[string]string{"tier": "silver"} })
	w.sees("h1", "Harbor")
	w.Wait(`document.querySelector("textarea[name=value]").value === "silver"`) // not edited, so it is updated
	var name string
	w.Run(`document.querySelector("input[name=name]").value`, &name)
	if !strings.Contains(name, "The ") {
		t.Errorf("the input is gone: %q", name)
	}
	w.Press("Enter")
	w.sees("#rename .conflict", "Harbor")
	if customer, _ := w.Customer(id); customer.Name != "Harbor" || w.where() != "/ true Live" {
		t.Errorf("the customer is %q, the page is at %s", customer.Name, w.where())
	}
	w.Complaints() // about the status code of the form
	w.Click("#rename button")
	w.sees("h1", name)
	w.sees("#said", "renamed")
	if customer, _ := w.Customer(id); customer.Name != name || customer.Metadata["tier"] != "silver" {
		t.Errorf("the customer is %+v, want the name %q", customer, name)
	}
}

// testRefusedForms sends each form with an invalid value.
func testRefusedForms(t *testing.T, w *window) {
	id := w.AddCustomer(emulator.Customer{Name: "Lakeside", Metadata: map[string]string{"tier": "gold"}})
	w.show("/?view=customer&id=" + id)
	for _, test := range []struct{ field, typed, form, wrong, says string }{
		{`#pairs .pair:last-child textarea[name=value]`, "lost", "#pairs", "#wrong-pair-2", "has no key"},
		{`input[name=user]`, "usr_0", "#add", "#wrong-user", "There is no user"},
		{`input[name=name]`, strings.Repeat("x", 300), "#rename", "#wrong-name", "must have 1 to 255 characters"},
	} {
		w.Click(test.field)
		w.Type(test.typed)
		w.Click(test.form + " button:not([type=button])")
		w.sees(test.wrong, test.says)
		w.sees("#said", "Not saved.")
		var focused string
		w.Run(`document.activeElement.getAttribute("aria-invalid") + " " + document.activeElement.form.getAttribute("id")`, &focused)
		if focused != "true "+strings.TrimPrefix(test.form, "#") || w.where() != "/ true Live" {
			t.Errorf("%s: the focus is on %q, the page is at %s", test.form, focused, w.where())
		}
		var all string
		w.Run(fmt.Sprintf(`[...document.querySelector(%q).elements].map((e) => e.value).join("\n")`, test.form), &all)
		if !strings.Contains(all, test.typed) {
			t.Errorf("%s: the input is gone: %q", test.form, all)
		}
		w.Complaints() // about the status code of the form
	}
	// The page still updates itself.
	w.EditCustomer(id, func(c *emulator.Customer) { c.IsActive = true })
	w.sees(".title .state", "Active")
	// The corrected form is saved.
	w.Click("#pairs .pair:nth-child(5) textarea[name=key], #pairs .pair:has([aria-invalid]) textarea[name=key]")
	w.Type("found")
	w.Click("#pairs button.main")
	w.sees("#said", "found none → \"lost\"")
	if customer, _ := w.Customer(id); !maps.Equal(customer.Metadata, map[string]string{"tier": "gold", "found": "lost"}) {
		t.Errorf("metadata %v", customer.Metadata)
	}
}

// testTwoTabs saves the metadata of one customer from two pages.
func testTwoTabs(t *testing.T, w *window) {
	id := w.AddCustomer(emulator.Customer{Name: "Lakeside", Metadata: map[string]string{"tier": "gold"}})
	w.show("/?view=customer&id=" + id)
	typed := func(key, value string) {
		w.Click("#pairs .pair:last-child textarea[name=key]")
		w.Type(key)
		w.Click("#pairs .pair:last-child textarea[name=value]")
		w.Type(value)
	}
	typed("mine", "1")
	// Another tab and Terraform have changed the customer meanwhile.
	w.EditCustomer(id, func(c *emulator.Customer) { c.Metadata = map[string]string{"tier": "silver", "theirs": "2"} })
	w.sees("aside", "What happened to it")
	w.Click("#pairs button.main")
	w.sees("#pairs .conflict", "theirs")
	if got := w.text("#pairs .conflict tbody"); got != `minenone"1"theirs"2"nonetier"silver""gold"` {
		t.Errorf("the difference is %q", got)
	}
	if customer, _ := w.Customer(id); customer.Metadata["theirs"] != "2" || customer.Metadata["mine"] != "" {
		t.Errorf("metadata %v", customer.Metadata)
	}
	w.Complaints() // about the status code of the form
	w.Click("#pairs [data-more]")
	typed("theirs", "2")
	w.Click("#pairs button.main")
	w.sees("#said", "mine")
	if customer, _ := w.Customer(id); !maps.Equal(customer.Metadata, map[string]string{"tier": "gold", "mine": "1", "theirs": "2"}) {
		t.Errorf("metadata %v", customer.Metadata)
	}
}

// testNames opens and edits customers whose names are hard to see or to type.
func testNames(t *testing.T, w *window) {
	for _, name := range []string{"   ", "\u200b\u2060", strings.Repeat("😀", 255), "two\nlines", "abc\u202edef"} {
		id := w.AddCustomer(emulator.Customer{Name: name, IsActive: true})
		w.show("/")
		w.Click("#row-" + id + " a.name")
		w.Wait(`location.search.includes("view=customer") && document.readyState === "complete" && document.getElementById("pulse").textContent === "Live"`)
		w.Wait(`window.sameDocument = true`)
		w.Click("#pairs textarea[name=key]")
		w.Type("tier")
		w.Click("#pairs button.main")
		w.sees("#said", "tier")
		if customer, _ := w.Customer(id); customer.Name != name {
			t.Errorf("%q has become %q", name, customer.Name)
		}
		w.Run(`document.querySelector("#rename [name=name]").focus(); document.querySelector("#rename [name=name]").setSelectionRange(0, 2)`, nil)
		w.Type("N")
		w.Click("#rename button")
		w.sees("#said", "renamed")
		if customer, _ := w.Customer(id); !strings.HasPrefix(customer.Name, "N") || strings.Contains(name, "\n") != strings.Contains(customer.Name, "\n") {
			t.Errorf("%q has become %q", name, customer.Name)
		}
	}
	var turned bool // the effect of a direction mark must end with the name
	w.Run(`[...document.querySelectorAll("#said bdi")].every((e) => getComputedStyle(e).unicodeBidi === "isolate")`, &turned)
	if !turned {
		t.Error("the name can reverse the text of the message")
	}
}

// testCopy copies an id and an import block.
func testCopy(t *testing.T, w *window) {
	id := w.AddCustomer(emulator.Customer{Name: "Lakeside"})
	w.show("/?view=customer&id=" + id)
	w.Run(`navigator.clipboard.writeText = (text) => { window.copied = text; return Promise.resolve(); }`, nil)
	for selector, want := range map[string]string{
		".facts .copy": id, "main .block .copy": "import {\n  to = avara_express_customer.lakeside\n  id = \"" + id + "\"\n}",
	} {
		w.Click(selector)
		w.sees("#said", "Copied.")
		var copied string
		w.Run(`window.copied`, &copied)
		if copied != want {
			t.Errorf("copied %q, want %q", copied, want)
		}
	}
	w.Run(`navigator.clipboard.writeText = () => Promise.reject(new Error("no"))`, nil)
	w.Click(".facts .copy")
	w.sees("#said", "Selected")
	var selected string
	w.Run(`getSelection().toString()`, &selected)
	if selected != id {
		t.Errorf("selected %q", selected)
	}
}

// testSaveIsInReach edits a customer with the maximum of metadata.
func testSaveIsInReach(t *testing.T, w *window) {
	metadata := map[string]string{}
	for i := range 50 {
		metadata[fmt.Sprintf("key-%02d", i)] = strings.Repeat("value ", 30)
	}
	id := w.AddCustomer(emulator.Customer{Name: "Lakeside", Metadata: metadata})
	w.Look(400, 900, "light")
	w.show("/?view=customer&id=" + id)
	w.Click("#pairs .pair:nth-child(10) textarea[name=value]")
	var bottom float64
	w.Run(`document.querySelector("#pairs button.main").getBoundingClientRect().bottom`, &bottom)
	if bottom > 900 || bottom <= 0 {
		t.Errorf("the end of the button is at %v in a window of 900", bottom)
	}
}

// testReloadedForm tests the page that a form returns without JavaScript.
func testReloadedForm(t *testing.T, w *window) {
	id := w.AddCustomer(emulator.Customer{Name: "Lakeside"})
	w.show("/?view=customer&id=" + id)
	w.Run(`HTMLFormElement.prototype.submit.call(document.getElementById("rename"), document.querySelector("#rename input[name=name]").value = " ")`, nil)
	w.Wait(`!window.sameDocument && document.readyState === "complete" && !!document.getElementById("wrong-name") && document.getElementById("pulse").textContent === "Live"`)
	w.Run(`window.sameDocument = true`, nil)
	w.EditCustomer(id, func(c *emulator.Customer) { c.Name = "Harbor" })
	w.sees("h1", "Harbor")
	if got := w.where(); got != "/ true Live" {
		t.Errorf("the page is at %s", got)
	}
	w.Complaints() // about the status code of the form
}
