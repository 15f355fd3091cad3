// SPDX-License-Identifier: MPL-2.0

package page

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// faultScreen is the data of the faults view.
type faultScreen struct {
	Presets []presetSwitch
	Others  []faultRow // faults that are not presets
	Any     bool
	Adding  faultForm
}

// faultForm is the form that adds a fault.
type faultForm struct {
	form
	Routes  []choice // the routes of the API
	Effects []choice
}

// faultEffects are the effects that a custom fault can have.
var faultEffects = []choice{
	{Value: "status", Label: "is answered with a status"},
	{Value: "latency", Label: "is late by milliseconds"},
	{Value: "cut-before", Label: "is cut before it is handled"},
	{Value: "cut-after", Label: "is handled, then cut"},
	{Value: "half", Label: "is answered with half a body"},
}

// presetSwitch is a preset, and its fault if it is in force.
type presetSwitch struct {
	preset
	On    bool
	Fault emulator.FaultStatus
}

type faultRow struct {
	emulator.FaultStatus
	Description string
	UsedUp      bool
}

func (p *page) faultForm(s *screen) faultForm {
	f := faultForm{form: s.Form.of("faults/add"), Routes: []choice{{Label: "All operations"}}}
	for _, route := range p.api.Routes() {
		f.Routes = append(f.Routes, choice{Value: route, Label: route})
	}
	f.Effects = slices.Clone(faultEffects)
	for i := range f.Routes {
		f.Routes[i].Chosen = f.Routes[i].Value == f.Values.Get("route")
	}
	for i := range f.Effects {
		f.Effects[i].Chosen = f.Effects[i].Value == f.Values.Get("effect")
	}
	return f
}

// Value is the input of a field, or its default.
func (f faultForm) Value(field, usual string) string {
	if f.Action == "" {
		return usual
	}
	return f.Values.Get(field)
}

func (p *page) showFaults(s *screen) bool {
	inForce := p.api.Faults()
	view := faultScreen{Any: len(inForce) > 0, Adding: p.faultForm(s)}
	for _, known := range presets {
		one := presetSwitch{preset: known}
		at := slices.IndexFunc(inForce, func(f emulator.FaultStatus) bool { return sameFault(f.Fault, known.fault) })
		if at >= 0 {
			one.On, one.Fault = true, inForce[at]
			inForce = slices.Delete(inForce, at, at+1)
		}
		view.Presets = append(view.Presets, one)
	}
	for _, f := range inForce {
		view.Others = append(view.Others, faultRow{f, describeFault(f.Fault), usedUp(f)})
	}
	s.One = view
	return true
}

func (p *page) presetOn(sent url.Values) (emulator.Edit, error) {
	at := slices.IndexFunc(presets, func(known preset) bool { return known.Name == sent.Get("id") })
	if at < 0 {
		return emulator.Edit{}, errGone
	}
	return p.switchOver(emulator.FaultsKind, func() {
		for _, f := range p.api.Faults() {
			if sameFault(f.Fault, presets[at].fault) {
				return
			}
		}
		p.api.AddFault(presets[at].fault)
	})
}

func (p *page) removeFault(sent url.Values) (emulator.Edit, error) {
	id, err := strconv.Atoi(sent.Get("id"))
	removed := false
	edit, _ := p.switchOver(emulator.FaultsKind, func() { removed = err == nil && p.api.RemoveFault(id) })
	if !removed {
		return edit, errGone
	}
	return edit, nil
}

func (p *page) clearFaults(url.Values) (emulator.Edit, error) {
	return p.switchOver(emulator.FaultsKind, p.api.ClearFaults)
}

// clearAll removes all faults and dialects. It returns the edit of the faults, or else the
// edit of the dialects.
func (p *page) clearAll(sent url.Values) (emulator.Edit, error) {
	dialects, _ := p.clearDialects(sent)
	faults, _ := p.clearFaults(sent)
	if faults.ID == 0 {
		return dialects, nil
	}
	return faults, nil
}

// addFault adds a custom fault.
func (p *page) addFault(sent url.Values) (emulator.Edit, error) {
	f := emulator.Fault{Route: sent.Get("route"), WritesOnly: sent.Get("writes") != ""}
	wrong := map[string]string{}
	count := func(name string) int {
		text := sent.Get(name)
		if text == "" {
			return 0
		}
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 {
			wrong[name] = fmt.Sprintf("%q is not a whole number of 0 or more.", short(40, text))
		}
		return n
	}
	f.Every, f.Times = count("every"), count("times")
	switch sent.Get("effect") {
	case "status":
		f.Status = count("amount")
		if wrong["amount"] == "" && (f.Status < 200 || f.Status > 599) {
			wrong["amount"] = "A status is from 200 to 599."
		}
	case "latency":
		f.LatencyMS = count("amount")
	case "cut-before":
		f.Cut = emulator.CutBefore
	case "cut-after":
		f.Cut = emulator.CutAfter
	case "half":
		f.HalfBody = true
	}
	if err := p.api.CheckFault(f); err != nil && len(wrong) == 0 {
		wrong["effect"] = "Not possible: " + err.Error() + "."
	}
	if len(wrong) > 0 {
		return emulator.Edit{}, rejected{fields: wrong}
	}
	return p.switchOver(emulator.FaultsKind, func() { p.api.AddFault(f) })
}
