// SPDX-License-Identifier: MPL-2.0

package page

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// preset is a fault that can be switched on with one click.
type preset struct {
	Name  string // in forms
	Label string
	Does  string
	fault emulator.Fault
}

var presets = []preset{
	{"slow", "Slow", "Every request waits 500 ms before it is handled.", emulator.Fault{LatencyMS: 500}},
	{
		"rate", "Rate limit", "More than 5 requests a second, 10 at once, are answered 429 with Retry-After.",
		emulator.Fault{RateLimit: &emulator.RateLimit{PerSecond: 5, Burst: 10}},
	},
	{"unavailable", "Hiccups", "Every 5th request is answered 503 and not handled.", emulator.Fault{Every: 5, Status: 503}},
	{"down", "Down", "Every request is answered 503.", emulator.Fault{Status: 503}},
	{"cut-before", "Lost requests", "Every 5th connection is cut before the request is handled.", emulator.Fault{Every: 5, Cut: emulator.CutBefore}},
	{
		"cut-after", "Lost answers", "Every 5th write is applied, and then the connection is cut instead of an answer.",
		emulator.Fault{Every: 5, WritesOnly: true, Cut: emulator.CutAfter},
	},
	{"half", "Broken bodies", "Every 5th answer has only the first half of its body.", emulator.Fault{Every: 5, HalfBody: true}},
}

// faultName returns the name of a preset, or a description of any other fault.
func faultName(f emulator.Fault) string {
	for _, known := range presets {
		if sameFault(known.fault, f) {
			return known.Label
		}
	}
	return describeFault(f)
}

// usedUp reports whether a fault has reached its number of times. It stays in the list but
// has no effect.
func usedUp(f emulator.FaultStatus) bool { return f.Times > 0 && f.Fired >= f.Times }

func sameFault(a, b emulator.Fault) bool { return reflect.DeepEqual(a, b) }

// describeFault describes what a fault does, and to which requests.
func describeFault(f emulator.Fault) string {
	which := "request"
	if f.WritesOnly {
		which = "write"
	}
	if f.Every > 1 {
		which = fmt.Sprintf("each %s %s", ordinal(f.Every), which)
	} else {
		which = "each " + which
	}
	if f.Route != "" {
		which += " of " + f.Route
	}
	if f.Times > 0 {
		which += fmt.Sprintf(", %d times at most", f.Times)
	}
	return which + ": " + strings.Join(effects(f), ", ")
}

func effects(f emulator.Fault) (does []string) {
	if f.LatencyMS > 0 {
		does = append(does, fmt.Sprintf("%d ms late", f.LatencyMS))
	}
	if f.Status != 0 {
		does = append(does, "answered "+statusText(f.Status))
	}
	if f.RateLimit != nil {
		does = append(does, fmt.Sprintf("beyond %g a second answered 429", f.RateLimit.PerSecond))
	}
	switch f.Cut {
	case emulator.CutBefore:
		does = append(does, "the connection cut before it is handled")
	case emulator.CutAfter:
		does = append(does, "handled, then the connection cut")
	}
	if f.HalfBody {
		does = append(does, "half of the body")
	}
	return does
}

func ordinal(n int) string {
	suffix := "th"
	switch {
	case n%100/10 == 1:
	case n%10 == 1:
		suffix = "st"
	case n%10 == 2:
		suffix = "nd"
	case n%10 == 3:
		suffix = "rd"
	}
	return fmt.Sprint(n, suffix)
}
