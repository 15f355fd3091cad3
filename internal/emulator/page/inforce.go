// SPDX-License-Identifier: MPL-2.0

package page

import "strings"

// inForce is everything that changes the API's default answers.
type inForce struct {
	Faults   []string // names of the faults that are not used up
	Dialects []string
}

func (p *page) inForce() inForce {
	var now inForce
	for _, f := range p.api.Faults() {
		if !usedUp(f) {
			now.Faults = append(now.Faults, faultName(f.Fault))
		}
	}
	for _, d := range p.api.Dialects() {
		now.Dialects = append(now.Dialects, string(d))
	}
	return now
}

// Any reports whether there is something to switch off.
func (f inForce) Any() bool { return len(f.Faults)+len(f.Dialects) > 0 }

// Text lists all of it.
func (f inForce) Text() string {
	var parts []string
	for _, group := range []struct {
		names     []string
		one, many string
	}{{f.Faults, "fault", "faults"}, {f.Dialects, "dialect", "dialects"}} {
		if n := len(group.names); n > 0 {
			parts = append(parts, plural(n, group.one, group.many)+": "+strings.Join(group.names, ", "))
		}
	}
	return strings.Join(parts, " · ")
}
