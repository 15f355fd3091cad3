// SPDX-License-Identifier: MPL-2.0

package main

import (
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/avara-software/terraform-provider-avara/tools/repository"
)

// The documents use only flags, dialects and faults that exist.
func TestDocumentedCommands(t *testing.T) {
	t.Parallel()
	found := 0
	for _, command := range repository.Commands(t) {
		at := slices.IndexFunc(command.Words, func(word string) bool {
			program, _, _ := strings.Cut(filepath.Base(word), "@")
			return program == "avara-emulator"
		})
		if at < 0 || at > 2 || command.Words[0] == "go" && command.Words[1] != "run" {
			continue
		}
		found++
		if _, err := readOptions(command.Words[at+1:], io.Discard); err != nil && !strings.Contains(err.Error(), "help requested") {
			t.Errorf("%s: %s: %v", command.Where, strings.Join(command.Words, " "), err)
		}
	}
	if found == 0 {
		t.Error("no commands found")
	}
}
