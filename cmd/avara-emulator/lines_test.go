// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"testing"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// Requests can't write control sequences to the terminal.
func TestPrintable(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                           "",
		"a b/ü日本\n✓":                 "a b/ü日本\n✓",
		"a\x1b[2J\x07\r\t\x7f":       `a\x1b[2J\a\r\t\x7f`,
		"\u0085\u009b31m":            `\u0085\u009b31m`,
		"\u202eevil\u2066\u200f":     `\u202eevil\u2066\u200f`,
		"\u200b\ufeff\u00ad\u2028":   `\u200b\ufeff\u00ad\u2028`,
		"\xff\x9b and \ufffd":        `\xff\x9b and ` + "\ufffd",
		"it's \"quoted\" and \\done": "it's \"quoted\" and \\done",
	} {
		if got := printable(text); got != want {
			t.Errorf("%q is shown as %q, want %q", text, got, want)
		}
	}
	var out bytes.Buffer
	(&lines{out: &out}).request(emulator.Request{Method: "GET", Path: "/v1/express", Query: "x=\u202e\u009b", Cut: true})
	if want := "00:00:00.000 GET    /v1/express?x=\\u202e\\u009b cut 0s\n"; out.String() != want {
		t.Errorf("printed %q, want %q", &out, want)
	}
}
