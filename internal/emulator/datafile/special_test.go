// SPDX-License-Identifier: MPL-2.0

//go:build unix

package datafile_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
	"github.com/avara-software/terraform-provider-avara/internal/emulator/datafile"
)

// Paths that are not regular files are rejected, and opening a named pipe does not wait
// for a writer.
func TestSpecialFiles(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if err := syscall.Mkfifo(filepath.Join(folder, "pipe"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, device := range []string{"/dev/full", "/dev/zero"} {
		if err := os.Symlink(device, filepath.Join(folder, filepath.Base(device))); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"pipe", "full", "zero"} {
		if _, err := datafile.Open(filepath.Join(folder, name)); err == nil || !strings.Contains(err.Error(), "is not a regular file") {
			t.Errorf("%s: error %v", name, err)
		}
	}
	path := filepath.Join(folder, "data.json")
	file := open(t, path)
	if err := syscall.Mkfifo(path, 0o600); err != nil { // created after the first check
		t.Fatal(err)
	}
	if err := file.Load(t.Context(), emulator.New()); err == nil || !strings.Contains(err.Error(), "is not a regular file") {
		t.Errorf("error %v", err)
	}
}

func TestFileThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	if os.Getuid() == 0 {
		t.Skip("root may write everything")
	}
	path := filepath.Join(t.TempDir(), "data.json")
	write(t, path, `{"version":1}`)
	if err := os.Chmod(path, 0o400); err != nil {
		t.Fatal(err)
	}
	file := open(t, path)
	if err := file.Load(t.Context(), emulator.New()); !os.IsPermission(err) {
		t.Errorf("error %v", err)
	}
}
