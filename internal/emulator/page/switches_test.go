// SPDX-License-Identifier: MPL-2.0

package page_test

import (
	"html"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

func TestDialectSwitches(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	page := d.see("/?view=dialects")
	for _, info := range emulator.AllDialects() {
		wants(t, page, html.EscapeString(info.Description), string(info.Dialect), `aria-checked="false"`)
	}
	d.press("dialects/on", "id", "error-text")
	d.press("dialects/on", "id", "read-lag")
	d.press("dialects/on", "id", "error-list") // contradicts the first
	if got := d.Dialects(); !slices.Equal(got, []emulator.Dialect{emulator.ReadLag, emulator.ErrorList}) {
		t.Errorf("in force: %v", got)
	}
	wants(t, d.see("/?view=dialects&state=on"), "read-lag", "error-list")
	lacks(t, d.see("/?view=dialects&state=on"), `id="row-error-text"`)
	wants(t, d.see("/?view=dialects&q=read-lag"), `aria-checked="true"`, ">On<")
	d.press("dialects/off", "id", "read-lag")
	if got := d.Dialects(); !slices.Equal(got, []emulator.Dialect{emulator.ErrorList}) {
		t.Errorf("in force: %v", got)
	}
	for _, wrong := range []string{"klingon", "", "read-lag,error-text"} {
		d.refused("dialects/on", "id", wrong)
	}
	d.press("dialects/clear")
	if got := d.Dialects(); len(got) != 0 {
		t.Errorf("in force: %v", got)
	}
}

func TestFaultSwitches(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for _, name := range []string{"slow", "rate", "unavailable", "down", "cut-before", "cut-after", "half"} {
		d.press("faults/on", "id", name)
		d.press("faults/on", "id", name) // once is enough
		faults := d.Faults()
		if len(faults) != 1 {
			t.Fatalf("%s: in force: %+v", name, faults)
		}
		if err := d.CheckFault(faults[0].Fault); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		wants(t, d.see("/?view=faults"), `aria-checked="true"`, "/_page/faults/off", ">On<")
		d.press("faults/clear")
		lacks(t, d.see("/?view=faults"), `aria-checked="true"`)
	}
	d.press("faults/on", "id", "down")
	if w := d.call("GET", "/v1/express", ""); w.Code != 503 {
		t.Errorf("status %d", w.Code)
	}
	wants(t, d.see("/?view=faults"), "Down.", "Happened to 1 of 1 requests.")
	d.press("faults/off", "id", "8") // the eighth fault of this emulator
	if w := d.call("GET", "/v1/express", ""); w.Code != 200 {
		t.Errorf("status %d", w.Code)
	}
	for _, wrong := range []string{"8", "", "x"} {
		d.refused("faults/off", "id", wrong)
	}
	d.refused("faults/on", "id", "klingon")
}

func TestFaultOfOnesOwn(t *testing.T) {
	t.Parallel()
	const reactivate = "POST /v1/express/{expressCustomerId}/reactivate"
	for _, test := range []struct {
		form []string
		want emulator.Fault
		says string
	}{
		{
			[]string{"route", reactivate, "every", "2", "times", "3", "effect", "status", "amount", "429"},
			emulator.Fault{Route: reactivate, Every: 2, Times: 3, Status: 429},
			"each 2nd request of " + reactivate + ", 3 times at most: answered 429 Too Many Requests",
		},
		{
			[]string{"writes", "1", "every", "1", "times", "", "effect", "latency", "amount", "250"},
			emulator.Fault{WritesOnly: true, Every: 1, LatencyMS: 250},
			"each write: 250 ms late",
		},
		{[]string{"effect", "cut-before"}, emulator.Fault{Cut: emulator.CutBefore}, "each request: the connection cut before it is handled"},
		{[]string{"effect", "cut-after"}, emulator.Fault{Cut: emulator.CutAfter}, "each request: handled, then the connection cut"},
		{[]string{"every", "11", "effect", "half"}, emulator.Fault{Every: 11, HalfBody: true}, "each 11th request: half of the body"},
	} {
		d := newDesk(t)
		d.press("faults/add", test.form...)
		faults := d.Faults()
		if len(faults) != 1 || !reflect.DeepEqual(faults[0].Fault, test.want) {
			t.Errorf("%q: in force: %+v", test.form, faults)
		}
		wants(t, html.UnescapeString(d.see("/?view=faults")), test.says)
	}
	d := newDesk(t)
	for problem, form := range map[string][]string{
		"is not a whole number": {"effect", "status", "amount", "many"},
		"does nothing":          {"effect", "klingon"},
		"from 200 to 599":       {"effect", "status", "amount", "42"},
		"there is no operation": {"route", "GET /nothing", "effect", "half"},
		"of 0 or more":          {"every", "-1", "effect", "half"},
	} {
		wants(t, d.refused("faults/add", append(form, "back", "/?view=faults")...), `aria-invalid="true"`, `class="wrong"`, problem)
	}
	if len(d.Faults()) != 0 || !strings.Contains(d.see("/?view=faults"), reactivate) {
		t.Error("a rejected fault is in force, or the operations can't be selected")
	}
}

// TestWhatIsInForceIsSeen expects a banner that names the faults and dialects in force.
func TestWhatIsInForceIsSeen(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	banner := func() string {
		_, banner, _ := cut(d.see("/?view=users"), `<div id="inforce" data-live>`, "</div>")
		return strings.TrimSpace(html.UnescapeString(banner))
	}
	if got := banner(); got != "" {
		t.Errorf("with nothing in force: %s", got)
	}
	d.AddFault(emulator.Fault{Status: 503, Times: 1})
	d.press("faults/on", "id", "slow")
	d.SetDialects(emulator.ReadLag, emulator.ErrorText)
	wants(t, banner(), "2 faults: each request, 1 times at most: answered 503 Service Unavailable, Slow · 2 dialects: read-lag, error-text", "Switch all off")
	d.press("faults/clear")
	d.AddFault(emulator.Fault{Status: 503, Times: 1})
	d.call("GET", "/v1/express", "")
	lacks(t, banner(), "fault") // it is used up
	wants(t, d.see("/?view=faults"), `Faults <span class="count">0`, "used up", "Happened to 1 of 1 requests.")
	d.press("usual")
	if len(d.Faults()) != 0 || len(d.Dialects()) != 0 || banner() != "" {
		t.Errorf("faults %v, dialects %v, banner %s", d.Faults(), d.Dialects(), banner())
	}
}
