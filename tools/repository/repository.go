// SPDX-License-Identifier: MPL-2.0

// Package repository reads what this repository holds beside Go code: documents, workflows, what a release is made
// of. Its tests fail when one of them says what is not so.
package repository

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Root is the path from a package two folders down, as all packages with tests of files are.
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
