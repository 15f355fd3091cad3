// SPDX-License-Identifier: MPL-2.0

package page

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// dialectSwitch is a dialect and whether it is in force.
type dialectSwitch struct {
	emulator.DialectInfo
	On bool
}

var dialectKind = kind[dialectSwitch]{
	noun:    "dialects",
	columns: []column[dialectSwitch]{{label: "What the API then does"}},
	filters: []filter[dialectSwitch]{
		{"on", "On", func(d dialectSwitch) bool { return d.On }},
		{"off", "Off", func(d dialectSwitch) bool { return !d.On }},
	},
	text: func(d dialectSwitch) []string { return []string{string(d.Dialect), d.Description} },
}

func (p *page) showDialects(s *screen) bool {
	inForce := p.api.Dialects()
	var all []dialectSwitch
	for _, info := range emulator.AllDialects() {
		all = append(all, dialectSwitch{info, slices.Contains(inForce, info.Dialect)})
	}
	var rows []dialectSwitch
	s.List, rows = dialectKind.of(all, s.Ask)
	s.Rows, s.One = rows, len(inForce)
	return true
}

func (p *page) setDialect(on bool) action {
	return func(form url.Values) error {
		parsed, err := emulator.ParseDialects(form.Get("id"))
		if err != nil || len(parsed) != 1 {
			return errGone
		}
		p.switches.Lock()
		defer p.switches.Unlock()
		dialects := slices.DeleteFunc(p.api.Dialects(), func(d emulator.Dialect) bool { return d == parsed[0] })
		if on {
			dialects = append(dialects, parsed[0])
		}
		p.api.SetDialects(dialects...)
		return nil
	}
}

func (p *page) clearDialects(url.Values) error {
	p.api.SetDialects()
	return nil
}

// faultScreen is what the faults view shows.
type faultScreen struct {
	Presets []presetSwitch
	Others  []faultRow // in force, and none of the presets
	Routes  []string   // that the API knows
	Any     bool       // is in force
}

// presetSwitch is a preset, and the fault that it put in force, if it did.
type presetSwitch struct {
	preset
	On    bool
	Fault emulator.FaultStatus
}

type faultRow struct {
	emulator.FaultStatus
	Description string
}

func (p *page) showFaults(s *screen) bool {
	inForce := p.api.Faults()
	view := faultScreen{Routes: p.api.Routes(), Any: len(inForce) > 0}
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
		view.Others = append(view.Others, faultRow{f, describeFault(f.Fault)})
	}
	s.One = view
	return true
}

func (p *page) presetOn(form url.Values) error {
	at := slices.IndexFunc(presets, func(known preset) bool { return known.Name == form.Get("id") })
	if at < 0 {
		return errGone
	}
	p.switches.Lock()
	defer p.switches.Unlock()
	for _, f := range p.api.Faults() {
		if sameFault(f.Fault, presets[at].fault) {
			return nil
		}
	}
	p.api.AddFault(presets[at].fault)
	return nil
}

func (p *page) removeFault(form url.Values) error {
	id, err := strconv.Atoi(form.Get("id"))
	if err != nil || !p.api.RemoveFault(id) {
		return errGone
	}
	return nil
}

func (p *page) clearFaults(url.Values) error {
	p.api.ClearFaults()
	return nil
}

// addFault puts a fault of one's own making in force.
func (p *page) addFault(form url.Values) error {
	f := emulator.Fault{Route: form.Get("route"), WritesOnly: form.Get("writes") != ""}
	var err error
	count := func(name string) int {
		n := 0
		if text := form.Get(name); text != "" && err == nil {
			if n, err = strconv.Atoi(text); err != nil {
				err = fmt.Errorf("%q is not a whole number", short(40, text))
			}
		}
		return n
	}
	f.Every, f.Times = count("every"), count("times")
	switch form.Get("effect") {
	case "status":
		f.Status = count("amount")
	case "latency":
		f.LatencyMS = count("amount")
	case "cut-before":
		f.Cut = emulator.CutBefore
	case "cut-after":
		f.Cut = emulator.CutAfter
	case "half":
		f.HalfBody = true
	}
	if err == nil {
		err = p.api.CheckFault(f)
	}
	if err != nil {
		return err
	}
	p.api.AddFault(f)
	return nil
}
