// SPDX-License-Identifier: MPL-2.0

package page_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// contrast is a JavaScript function for the contrast ratio of two colours, by the formula
// of WCAG.
const contrast = `
	const parts = (c) => c.match(/[\d.]+/g).slice(0, 3).map(Number);
	const light = (c) => parts(c).map((v) => v / 255).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
		.reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
	const contrast = (a, b) => { const [x, y] = [light(a), light(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };
	const under = (e) => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor; if (!/, 0\)$/.test(c)) return c; } return "rgb(255,255,255)"; };
`

// testContrast measures the contrast of borders of fields and buttons, and of texts.
func testContrast(t *testing.T, w *window) {
	id := w.AddCustomer(emulator.Customer{Name: "Lakeside", IsActive: true, Metadata: map[string]string{"tier": "gold"}})
	w.AddFault(emulator.Fault{Every: 1000, Status: 503})
	for _, scheme := range []string{"light", "dark"} {
		w.Look(1280, 900, scheme)
		for _, path := range []string{"/", "/?view=customer&id=" + id, "/?view=faults"} {
			w.show(path)
			var borders, texts []string
			w.Run(`(() => {`+contrast+`
				return [...document.querySelectorAll("main :is(input:not([type=hidden], [type=checkbox]), select, textarea), main button:not(.copy, .lesser button, .switch)")]
					.filter((e) => e.checkVisibility() && contrast(getComputedStyle(e).borderTopColor, under(e.parentElement)) < 3).map((e) => e.outerHTML);
			})()`, &borders)
			w.Run(`(() => {`+contrast+`
				return [...document.querySelectorAll("body *")].filter((e) => e.checkVisibility() && [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))
					.filter((e) => !e.closest(".hidden, option, datalist") && contrast(getComputedStyle(e).color, under(e)) < 4.5).map((e) => e.outerHTML);
			})()`, &texts)
			for _, e := range append(borders, texts...) {
				t.Errorf("%s %s: low contrast: %.200s", scheme, path, e)
			}
		}
	}
}

// testForcedColours checks that the page can be used without its own colours.
func testForcedColours(t *testing.T, w *window) {
	w.AddFault(emulator.Fault{LatencyMS: 500})
	w.ForceColours()
	w.show("/?view=faults")
	var same []string
	w.Run(`(() => {
		const look = (e, ...names) => names.map((n) => getComputedStyle(e)[n]).join(" ");
		const on = document.querySelector("[aria-checked=true] i"), off = document.querySelector("[aria-checked=false] i");
		const tabs = [...document.querySelectorAll("#views a")], current = tabs.find((a) => a.ariaCurrent);
		const pairs = {
			switches: [look(on, "backgroundColor"), look(off, "backgroundColor")],
			tabs: [look(current, "borderBottomColor"), look(tabs[0], "borderBottomColor")],
			knobs: [look(off, "borderTopColor"), getComputedStyle(document.body).backgroundColor],
		};
		return Object.keys(pairs).filter((k) => pairs[k][0] === pairs[k][1]);
	})()`, &same)
	for _, what := range same {
		t.Errorf("%s look the same, or are invisible", what)
	}
	w.Look(1280, 900, "light")
}

// testNothingMoves expects the rows of a list not to move when faults are switched on and
// off and events arrive.
func testNothingMoves(t *testing.T, w *window) {
	w.Seed(emulator.Seed{Customers: 20})
	for _, width := range []int{1280, 400} {
		w.Look(width, 900, "light")
		w.show("/")
		w.Away()
		top := func() (at float64) {
			w.Run(`document.querySelector("tbody").getBoundingClientRect().top`, &at)
			return at
		}
		before := top()
		w.AddFault(emulator.Fault{Every: 1000, Status: 503})
		w.SetDialects(emulator.AllDialects()[0].Dialect, emulator.ReadLag, emulator.FractionalSeconds)
		w.sees("#inforce", "1 fault")
		w.Hover("tbody tr:first-child th")
		w.AddCustomer(emulator.Customer{Name: fmt.Sprint("Newcomer ", width)})
		w.sees("#news", "1 new")
		send(t, "GET", w.url+"/v1/express")
		w.answered()
		if after := top(); after != before {
			t.Errorf("the rows moved from %v to %v in a window of %d", before, after, width)
		}
		w.Away()
		w.Click("#inforce button")
		w.sees("#said", "switched off")
		w.Wait(`!document.querySelector("#inforce button")`)
		if len(w.Faults()) != 0 || len(w.Dialects()) != 0 {
			t.Errorf("in force: %v %v", w.Faults(), w.Dialects())
		}
	}
}

// testActivity follows a click from the row to the log and back.
func testActivity(t *testing.T, w *window) {
	id := w.AddCustomer(emulator.Customer{Name: "Lakeside", IsActive: true})
	w.show("/")
	send(t, "POST", w.url+"/v1/express/"+id+"/deactivate")
	w.sees("#beside", "Lakeside deactivated")
	w.settled("tbody td button")
	w.Click("tbody td button")
	w.sees("#beside", "You")
	w.sees("#said", "Lakeside reactivated")
	w.settled("#said button")
	w.Click("#said button")
	w.sees("tbody .state", "Inactive")
	w.sees("#beside", "Undone.")

	w.Click("#beside a[href*='view=run']")
	w.Wait(`document.readyState === "complete" && document.querySelector("h1").textContent === "Go-http-client 1.1"`)
	w.Click("a.ask")
	w.Wait(`document.readyState === "complete" && document.querySelector("h1").textContent.includes("/deactivate")`)
	w.Wait(`document.querySelector(".body").textContent.includes('"isActive": false')`)
	w.Click("main .body a")
	w.Wait(`document.readyState === "complete" && document.querySelector("h1").textContent === "Lakeside"`)
	w.Wait(`["deactivated", "reactivated", "200 OK", "you, on this page"].every((text) => document.getElementById("beside").textContent.includes(text))`)
}

// testRoom checks the layout with long names, small windows and many buttons.
func testRoom(t *testing.T, w *window) {
	metadata := map[string]string{"contract": "C-1024", "tier": "gold"}
	w.AddCustomer(emulator.Customer{Name: strings.Repeat("A clinic with a long name ", 9), IsActive: true, Metadata: metadata})
	w.invite("Ines")
	w.show("/")
	var cut bool
	w.Run(`[...document.querySelectorAll(".pairs li")].some((e) => e.scrollWidth > e.clientWidth)`, &cut)
	if cut {
		t.Error("metadata does not fit in beside a long name")
	}
	w.show("/?view=invitations")
	var looks []string
	w.Run(`[...document.querySelectorAll("tbody td.acts button")].map((e) => getComputedStyle(e).borderTopColor.endsWith(", 0)") ? "lesser" : "main")`, &looks)
	equal(t, "buttons", looks, "main", "lesser", "lesser", "lesser")

	w.Seed(emulator.Seed{Customers: 100})
	send(t, "GET", w.url+"/v1/express")
	w.Look(400, 900, "light")
	w.show("/")
	w.sees("#latest", "Go-http-client 1.1 1 request")
	var bottom float64
	w.Run(`document.querySelector("#latest a").getBoundingClientRect().bottom`, &bottom)
	if bottom <= 0 || bottom > 300 {
		t.Errorf("the latest event is %v pixels down", bottom)
	}
	w.Click("#latest a")
	w.Wait(`document.readyState === "complete" && document.querySelector("h1").textContent === "Activity"`)
}
