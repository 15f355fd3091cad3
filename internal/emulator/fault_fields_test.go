// SPDX-License-Identifier: MPL-2.0

package emulator_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// FaultFields describes each field of a fault, in order, and no other.
func TestFaultFields(t *testing.T) {
	t.Parallel()
	want := slices.Concat(jsonFields(reflect.TypeFor[emulator.Fault](), ""), jsonFields(reflect.TypeFor[emulator.RateLimit](), "rateLimit."))
	var got []string
	for _, f := range emulator.FaultFields() {
		got = append(got, f.Name)
		if f.Value == "" || f.Description == "" {
			t.Errorf("%s is not described", f.Name)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("described are %q, there are %q", got, want)
	}
}

func jsonFields(t reflect.Type, prefix string) (names []string) {
	for f := range t.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		names = append(names, prefix+name)
	}
	return names
}

func TestParseFault(t *testing.T) {
	t.Parallel()
	f, err := emulator.ParseFault(` {"every":10,"status":503,"rateLimit":{"perSecond":2.5}} `)
	if err != nil || f.Every != 10 || f.Status != 503 || f.RateLimit.PerSecond != 2.5 {
		t.Errorf("error %v, read %+v", err, f)
	}
	for text, want := range map[string]string{
		"":                                   "there is nothing in it",
		"503":                                "must be an object",
		`{"status":503} x`:                   "line 1, column 16: there is more",
		`{"status":503}{"status":500}`:       "line 1, column 15: there is more",
		`{"staus":503}`:                      `line 1, column 2: unknown key "staus"`,
		`{"status":503,"status":500}`:        "stands twice",
		`{"status":503.5}`:                   "status must be a whole number",
		`{"latencyMs":99999999999999999999}`: "latencyMs must be a whole number",
		`{"rateLimit":{"perSeconds":1}}`:     `column 15: unknown key "perSeconds"`,
	} {
		if _, err := emulator.ParseFault(text); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "a fault is a JSON object such as") {
			t.Errorf("%s: error %v, want %q", text, err, want)
		}
	}
}
