// SPDX-License-Identifier: MPL-2.0

// Package repository reads the files of this repository other than Go code: documents,
// workflows and the release configuration. Its tests fail if one of them is wrong or out
// of date.
package repository

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Root is the path to the repository's root from a package two folders down. All packages
// whose tests read files are there.
const Root = "../.."

// Read returns a file by its path from the root.
func Read(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(Root, path))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// Target reports whether the make file has a target.
func Target(t *testing.T, name string) bool {
	t.Helper()
	return strings.Contains("\n"+Read(t, "GNUmakefile"), "\n"+name+":")
}
