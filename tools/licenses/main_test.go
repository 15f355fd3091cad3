// SPDX-License-Identifier: MPL-2.0

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// write creates a module whose program imports another module with the given files.
func write(t *testing.T, needed map[string]string) (folder string) {
	t.Helper()
	folder = t.TempDir()
	files := map[string]string{
		"go.mod":                  "module example.com/program\n\ngo 1.26\n\nrequire example.com/needed v1.2.3\n\nreplace example.com/needed => ./needed\n",
		"main.go":                 "package main\n\nimport _ \"example.com/needed/inner\"\n\nfunc main() {}\n",
		"needed/go.mod":           "module example.com/needed\n\ngo 1.26\n",
		"needed/inner/license.go": "package inner\n",
		"needed/other/LICENSE":    "Not compiled in.",
	}
	for name, text := range needed {
		files["needed/"+name] = text
	}
	for name, text := range files {
		path := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func TestLicenses(t *testing.T) {
	t.Parallel()
	folder := write(t, map[string]string{"LICENSE.txt": "Do what you want.\n\n", "NOTICE": "We wrote it.", "inner/COPYING": "But not with this."})
	text, err := licenses(folder, ".")
	if err != nil {
		t.Fatal(err)
	}
	_, after, found := strings.Cut(string(text), "\nexample.com/needed v1.2.3\n")
	if !found || !strings.HasSuffix(after, "=\n\nDo what you want.\n\nWe wrote it.\n\nBut not with this.\n") {
		t.Errorf("the licences are\n%s", text)
	}
	if !strings.Contains(string(text), "\nThe Go standard library go1.") || !strings.Contains(string(text), "Redistributions in binary form") {
		t.Error("Go's own licence is missing")
	}
}

func TestNoLicense(t *testing.T) {
	t.Parallel()
	folder := write(t, map[string]string{"inner/LICENSE": "Only this.", "README.md": "LICENSE: none"})
	if _, err := licenses(folder, "."); err == nil || !strings.Contains(err.Error(), "example.com/needed v1.2.3 has no licence") {
		t.Errorf("error %v", err)
	}
	if _, err := licenses(folder, "./nowhere"); err == nil || !strings.Contains(err.Error(), "cannot list") {
		t.Errorf("error %v", err)
	}
}
