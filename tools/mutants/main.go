// SPDX-License-Identifier: MPL-2.0

// Command mutants shows that the tests of the provider's promises can fail: it disables
// the mechanisms behind them, one at a time, and runs their tests. It does not change the
// source tree.
package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	only := flag.String("run", "", "switch off only what this `expression` matches")
	flag.Parse()
	err := run(ctx, *only)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, only string) error {
	pattern, err := regexp.Compile(only)
	if err != nil {
		return err
	}
	missed := 0
	for _, m := range mechanisms {
		if !pattern.MatchString(m.name) {
			continue
		}
		outcome := "noticed"
		if err := m.switchOff(ctx); err != nil {
			missed++
			outcome = err.Error()
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		fmt.Printf("%s\n\tswitched off in %s, with %s: %s\n", m.name, m.file, m.tests, outcome)
	}
	if missed > 0 {
		return fmt.Errorf("%d were not as expected", missed)
	}
	return nil
}

// switchOff returns nil if the tests pass with the mechanism and fail without it.
func (m mechanism) switchOff(ctx context.Context) error {
	folder, err := os.MkdirTemp("", "avara-mutant-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	overlay, err := m.overlay(folder)
	if err != nil {
		return err
	}
	for _, run := range []struct {
		name, tests, flags string
		pass               bool
	}{
		{"with it", m.tests, "", true},
		{"building without it", "^$", overlay, true},
		{"without it", m.tests, overlay, false},
	} {
		out, err := m.test(ctx, run.tests, run.flags)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case run.pass != (err == nil):
			return fmt.Errorf("not as expected %s: %w\n%s", run.name, cmp.Or(err, errPassed), out)
		case run.flags == "" && !strings.Contains(string(out), "--- PASS"):
			return fmt.Errorf("none of the tests ran\n%s", out)
		}
	}
	return nil
}

var errPassed = errors.New("the tests passed")

// test runs tests of the mechanism's folder. The flags also apply to the provider that
// acceptance tests build.
func (m mechanism) test(ctx context.Context, tests, flags string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "go", "test", "-count=1", "-v", m.folder, "-run", tests) //nolint:gosec // our own table
	cmd.Env = append(os.Environ(), "GOFLAGS="+strings.TrimSpace(os.Getenv("GOFLAGS")+" "+flags))
	return cmd.CombinedOutput()
}

// overlay writes the file without the mechanism, and returns the flag that makes Go build
// it instead.
func (m mechanism) overlay(folder string) (string, error) {
	changed, err := m.mutate(".")
	if err != nil {
		return "", err
	}
	original, err := filepath.Abs(m.file)
	if err != nil {
		return "", err
	}
	mutant, overlay := filepath.Join(folder, filepath.Base(m.file)), filepath.Join(folder, "overlay.json")
	list, err := json.Marshal(map[string]map[string]string{"Replace": {original: mutant}})
	if err != nil {
		return "", err
	}
	if err := os.WriteFile(mutant, []byte(changed), 0o600); err != nil {
		return "", err
	}
	return "-overlay=" + overlay, os.WriteFile(overlay, list, 0o600)
}

func (m mechanism) mutate(root string) (string, error) {
	content, err := os.ReadFile(filepath.Join(root, m.file))
	if err != nil {
		return "", err
	}
	if n := strings.Count(string(content), m.code); n != 1 {
		return "", fmt.Errorf("%q is %d times in %s, want once", m.code, n, m.file)
	}
	return strings.Replace(string(content), m.code, m.without, 1), nil
}
