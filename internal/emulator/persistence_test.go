// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestFileKeepsEverything(t *testing.T) {
	t.Parallel()
	e := New()
	e.Seed(Seed{Customers: 30, Users: 10, References: 10})
	path := filepath.Join(t.TempDir(), "data.json")
	if err := e.SaveFile(path); err != nil {
		t.Fatal(err)
	}
	loaded := New()
	if err := loaded.LoadFile(path); err != nil {
		t.Fatal(err)
	}
	again := filepath.Join(t.TempDir(), "again.json")
	if err := loaded.SaveFile(again); err != nil {
		t.Fatal(err)
	}
	if first, second := readFile(t, path), readFile(t, again); first != second {
		t.Errorf("saved\n%s\nloaded and saved\n%s", first, second)
	}
}

func TestFileThatIsNotThere(t *testing.T) {
	t.Parallel()
	e := New()
	if err := e.LoadFile(filepath.Join(t.TempDir(), "data.json")); err != nil || len(e.Customers()) != 0 {
		t.Errorf("error %v, %d customers", err, len(e.Customers()))
	}
	if err := e.SaveFile(filepath.Join(t.TempDir(), "nowhere", "data.json")); err == nil {
		t.Error("a file was saved in a folder that does not exist")
	}
}

func TestFileThatIsBroken(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "{", `{"version":9}`, `{"version":1,"customers":[]}`} {
		path := filepath.Join(t.TempDir(), "data.json")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := New().LoadFile(path); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%q: error %v", text, err)
		}
	}
}

func TestSaveLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	target := filepath.Join(folder, "data.json")
	if err := os.Mkdir(target, 0o700); err != nil { // which no file can replace
		t.Fatal(err)
	}
	if err := New().SaveFile(target); err == nil {
		t.Error("a folder was replaced by a file")
	}
	entries, err := os.ReadDir(folder)
	if err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

// TestKeep runs on a pause that the test ends, so nothing waits.
func TestKeep(t *testing.T) {
	t.Parallel()
	e := New()
	pauses := make(chan bool)
	e.pause = func(context.Context, time.Duration) bool { return <-pauses }
	path := filepath.Join(t.TempDir(), "data.json")
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- e.Keep(ctx, path, func(err error) { t.Errorf("report: %v", err) }) }()

	e.AddCustomer(Customer{Name: "first"})
	e.AddCustomer(Customer{Name: "second"})
	pauses <- true // takes both changes, or leaves the second to the next round
	e.AddCustomer(Customer{Name: "third"})
	pauses <- true
	e.AddCustomer(Customer{Name: "fourth"})
	cancel()
	var err error
	select {
	case pauses <- false:
		err = <-ended
	case err = <-ended:
	}
	if err != nil {
		t.Fatal(err)
	}
	loaded := New()
	if err := loaded.LoadFile(path); err != nil {
		t.Fatal(err)
	}
	if got := len(loaded.Customers()); got != 4 {
		t.Errorf("%d customers were saved", got)
	}
}

func TestKeepReports(t *testing.T) {
	t.Parallel()
	e := New()
	ctx, cancel := context.WithCancel(t.Context())
	e.pause = func(context.Context, time.Duration) bool { return true }
	e.AddCustomer(Customer{})
	var reported error
	err := e.Keep(ctx, filepath.Join(t.TempDir(), "nowhere", "data.json"), func(err error) { reported = err; cancel() })
	if !errors.Is(reported, os.ErrNotExist) || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("reported %v, ended with %v", reported, err)
	}
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
