// SPDX-License-Identifier: MPL-2.0

package datafile_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
	"github.com/avara-software/terraform-provider-avara/internal/emulator/datafile"
)

// keep opens the file, loads it into the emulator, runs work and saves.
func keep(t *testing.T, path string, e *emulator.Emulator, work func()) {
	t.Helper()
	file := open(t, path)
	if err := file.Load(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	work()
	ended, end := context.WithCancel(t.Context())
	end()
	if err := errors.Join(file.Keep(ended, e, nil), file.Close()); err != nil {
		t.Fatal(err)
	}
}

func open(t *testing.T, path string) *datafile.File {
	t.Helper()
	file, err := datafile.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// expectFiles asserts the files in a folder, including hidden ones.
func expectFiles(t *testing.T, folder string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, entry := range entries {
		got = append(got, entry.Name())
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("the folder holds %q, want %q", got, want)
	}
}

func TestFileKeepsEverything(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	path, again := filepath.Join(folder, "data.json"), filepath.Join(folder, "again.json")
	e := emulator.New()
	keep(t, path, e, func() { e.Seed(emulator.Seed{Customers: 30, Users: 10, References: 10}) })
	before := read(t, path)
	loaded := emulator.New()
	keep(t, path, loaded, func() {})
	if after := read(t, path); after != before {
		t.Errorf("saved\n%s\nloaded and saved\n%s", before, after)
	}
	write(t, again, before+"\n \n")
	keep(t, again, emulator.New(), func() {})
	expectFiles(t, folder, "again.json", "data.json")
}

func TestFileThatIsNotThere(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	e := emulator.New()
	e.AddCustomer(emulator.Customer{Name: "Lakeside"})
	keep(t, filepath.Join(folder, "data.json"), e, func() {
		if len(e.Customers()) != 1 {
			t.Error("the customer is gone")
		}
	})
	if info, err := os.Stat(filepath.Join(folder, "data.json")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the new file: %v, %v", info, err)
	}
	if _, err := datafile.Open(filepath.Join(folder, "data.json", "x")); err == nil {
		t.Error("a file was accepted as a folder")
	}
	if _, err := datafile.Open(filepath.Join(folder, "nowhere", "data.json")); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "there is no folder") {
		t.Errorf("error %v", err)
	}
}

func TestFileThatIsBroken(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	path := filepath.Join(folder, "data.json")
	for text, want := range map[string]string{
		"":                                 "there is nothing in it",
		"\n":                               "there is nothing in it",
		"{":                                "line 1, column 2",
		"null":                             "has version 0",
		`{"version":9}`:                    "has version 9",
		`{"version":1,"customers":[]}`:     `line 1, column 14: unknown key "customers"`,
		"{\"version\":1}\n{\"version\":1}": "line 2, column 1: there is more",
		"{\"version\":1}\nx":               "line 2, column 1: there is more",
		"{\"version\":1}\n\x00":            "line 2, column 1: there is more",
	} {
		write(t, path, text)
		file := open(t, path)
		if err := file.Load(t.Context(), emulator.New()); err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %q", text, err, want)
		}
		if err := file.Close(); err != nil || read(t, path) != text {
			t.Errorf("%q: the file holds %q, %v", text, read(t, path), err)
		}
	}
	expectFiles(t, folder, "data.json")
}

func TestFileIsBounded(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "data.json")
	write(t, path, "{")
	if err := os.Truncate(path, 1<<40); err != nil { // a sparse file uses no space
		t.Skip("this file system has no files with holes:", err)
	}
	if _, err := datafile.Open(path); err == nil || !strings.Contains(err.Error(), "larger than 256 MiB") {
		t.Errorf("error %v", err)
	}
}

func TestLoadEndsWithItsContext(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "data.json")
	write(t, path, `{"version":1}`)
	file := open(t, path)
	ended, end := context.WithCancel(t.Context())
	end()
	if err := file.Load(ended, emulator.New()); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func TestFileIsLocked(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	path, link := filepath.Join(folder, "data.json"), filepath.Join(folder, "link.json")
	if err := os.Symlink("data.json", link); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	first := open(t, path)
	for _, other := range []string{path, link} {
		if _, err := datafile.Open(other); err == nil || !strings.Contains(err.Error(), "another avara-emulator uses this file") {
			t.Errorf("%s: error %v", other, err)
		}
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if err := open(t, link).Close(); err != nil {
		t.Fatal(err)
	}
	expectFiles(t, folder, "link.json")
}

// A process that is killed while it writes the data file leaves a temporary file and the
// lock file behind.
func TestLeftoversAreCleaned(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	path := filepath.Join(folder, "data.json")
	write(t, path, `{"version":1}`)
	write(t, filepath.Join(folder, ".data.json.new"), `{"vers`)
	write(t, filepath.Join(folder, ".data.json.lock"), "")
	file := open(t, path)
	expectFiles(t, folder, ".data.json.lock", "data.json")
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	expectFiles(t, folder, "data.json")
}

func TestFileKeepsItsModeAndItsLink(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if err := os.Mkdir(filepath.Join(folder, "b"), 0o700); err != nil {
		t.Fatal(err)
	}
	path, link := filepath.Join(folder, "b", "data.json"), filepath.Join(folder, "link.json")
	if err := errors.Join(os.Symlink(filepath.Join("b", "second.json"), link), os.Symlink("data.json", filepath.Join(folder, "b", "second.json"))); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	e := emulator.New()
	keep(t, link, e, func() { e.AddCustomer(emulator.Customer{Name: "a"}) }) // the link's target does not exist yet
	if err := os.Chmod(path, 0o666); err != nil {                            // more permissions than the umask allows
		t.Fatal(err)
	}
	keep(t, link, e, func() { e.AddCustomer(emulator.Customer{Name: "b"}) })
	info, err := os.Lstat(link)
	if err != nil || info.Mode()&fs.ModeSymlink == 0 {
		t.Errorf("the link: %v, %v", info, err)
	}
	if info, err := os.Lstat(path); err != nil || info.Mode() != 0o666 || !strings.Contains(read(t, path), `"b"`) {
		t.Errorf("the file: %v, %v: %s", info, err, read(t, path))
	}
}

func TestSaveLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	path := filepath.Join(folder, "data.json")
	file := open(t, path)
	if err := os.Mkdir(path, 0o700); err != nil { // a file can't replace a folder
		t.Fatal(err)
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if err := file.Keep(ended, emulator.New(), nil); err == nil {
		t.Error("a folder was replaced by a file")
	}
	if err := file.Load(t.Context(), emulator.New()); err == nil || !strings.Contains(err.Error(), "is a directory") {
		t.Errorf("loaded a folder: %v", err)
	}
	expectFiles(t, folder, ".data.json.lock", "data.json")
	if _, err := datafile.Open(path); err == nil || !strings.Contains(err.Error(), "is a directory") {
		t.Errorf("opened a folder: %v", err)
	}
}

func TestKeep(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	path := filepath.Join(folder, "data.json")
	synctest.Test(t, func(t *testing.T) {
		e := emulator.New()
		file := open(t, path)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		reported := 0
		go func() { ended <- file.Keep(ctx, e, func(error) { reported++ }) }()
		expect := func(when string, customers int) {
			t.Helper()
			synctest.Wait()
			loaded := emulator.New()
			if err := file.Load(t.Context(), loaded); err != nil || len(loaded.Customers()) != customers {
				t.Errorf("%s: %d customers, want %d, %v", when, len(loaded.Customers()), customers, err)
			}
		}
		e.AddCustomer(emulator.Customer{Name: "first"})
		e.AddCustomer(emulator.Customer{Name: "second"})
		expect("at once", 0)
		time.Sleep(200 * time.Millisecond)
		expect("after a while", 2)

		if err := errors.Join(os.Remove(path), os.Mkdir(path, 0o700)); err != nil { // a file can't replace a folder
			t.Fatal(err)
		}
		e.AddCustomer(emulator.Customer{Name: "third"})
		time.Sleep(time.Minute)
		synctest.Wait()
		if reported == 0 {
			t.Error("no failure was reported")
		}
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		e.AddCustomer(emulator.Customer{Name: "fourth"})
		cancel()
		if err := errors.Join(<-ended); err != nil {
			t.Fatal(err)
		}
		expect("at the end", 4)
		if err := file.Close(); err != nil {
			t.Fatal(err)
		}
	})
	expectFiles(t, folder, "data.json")
}
