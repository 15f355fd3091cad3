// SPDX-License-Identifier: MPL-2.0

package page

import (
	"net/url"
	"slices"

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
	filters: []filter[dialectSwitch]{{"state", "All dialects", []option[dialectSwitch]{
		{"on", "On", func(d dialectSwitch) bool { return d.On }},
		{"off", "Off", func(d dialectSwitch) bool { return !d.On }},
	}}},
	text: func(d dialectSwitch) []string { return []string{string(d.Dialect), d.Description} },
}

func (p *page) showDialects(s *screen) bool {
	inForce := p.api.Dialects()
	var all []dialectSwitch
	for _, info := range emulator.AllDialects() {
		all = append(all, dialectSwitch{info, slices.Contains(inForce, info.Dialect)})
	}
	var rows []dialectSwitch
	s.List, rows = dialectKind.of(all, s.Address)
	s.Rows, s.One = rows, len(inForce)
	return true
}

func (p *page) setDialect(on bool) action {
	return func(sent url.Values) (emulator.Edit, error) {
		parsed, err := emulator.ParseDialects(sent.Get("id"))
		if err != nil || len(parsed) != 1 {
			return emulator.Edit{}, errGone
		}
		return p.switchOver(emulator.DialectsKind, func() {
			dialects := slices.DeleteFunc(p.api.Dialects(), func(d emulator.Dialect) bool { return d == parsed[0] })
			if on {
				dialects = append(dialects, parsed[0])
			}
			p.api.SetDialects(dialects...)
		})
	}
}

func (p *page) clearDialects(url.Values) (emulator.Edit, error) {
	return p.switchOver(emulator.DialectsKind, func() { p.api.SetDialects() })
}

// switchOver runs a change of a switch under the lock, and logs it as an edit.
func (p *page) switchOver(kind emulator.Kind, change func()) (emulator.Edit, error) {
	p.switches.Lock()
	defer p.switches.Unlock()
	edit, _ := p.api.Record(emulator.ByPage, emulator.Object{Kind: kind}, change)
	return edit, nil
}
