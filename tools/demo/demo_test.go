// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestAccDemo(t *testing.T) {
	t.Parallel()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("runs Terraform: set TF_ACC=1")
	}
	var out bytes.Buffer
	if err := run(t.Context(), &terminal{out: &out}); err != nil {
		t.Fatalf("%v\n%s", err, &out)
	}
	for line := range strings.Lines(out.String()) {
		if utf8.RuneCountInString(line) > 101 || strings.ContainsRune(line, '\x1b') || strings.HasSuffix(line, " \n") {
			t.Errorf("wider than 100 columns, coloured or with a space at its end: %q", line)
		}
	}
	if !strings.Contains(out.String(), "in a browser: http://127.0.0.1:") {
		t.Error("the address of the page is missing")
	}
	for _, step := range []string{"1/5", "2/5", "3/5", "4/5", "5/5"} {
		if !strings.Contains(out.String(), "\n"+step+"  ") {
			t.Errorf("step %s is missing", step)
		}
	}
}
