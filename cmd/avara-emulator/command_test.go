// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// envProgram makes the test binary run as the emulator. ask is a command that sends a
// request to the API.
const (
	envProgram = "AVARA_EMULATOR_TEST_PROGRAM"
	ask        = "ask-the-api"
)

func TestMain(m *testing.M) {
	switch {
	case os.Args[0] == watchdogName || os.Args[0] == launcherName:
		main()
	case len(os.Args) > 1 && os.Args[1] == ask:
		os.Exit(askAPI())
	case os.Getenv(envProgram) != "":
		main()
	default:
		os.Exit(m.Run())
	}
}

// askAPI sends a request to the API of its environment, and prints the status and its
// arguments.
func askAPI() int {
	request, err := http.NewRequest(http.MethodGet, os.Getenv("AVARA_BASE_URL")+"/v1/express", http.NoBody) //nolint:noctx // a separate program
	if err != nil {
		fmt.Print(err)
		return 1
	}
	request.Header.Set("Authorization", "Bearer "+os.Getenv("AVARA_API_KEY"))
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		fmt.Print(err)
		return 1
	}
	fmt.Print(answer.StatusCode, os.Args[2:])
	_ = answer.Body.Close()
	return 7
}

// emulate starts the emulator as a process.
func emulate(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], args...)
	cmd.Env = append(os.Environ(), envProgram+"=1")
	return cmd
}

// ended runs the emulator until it exits.
func ended(t *testing.T, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	cmd := emulate(t, args...)
	cmd.Stdout, cmd.Stderr = &out, &err
	if e := cmd.Run(); e != nil && cmd.ProcessState == nil {
		t.Fatal(e)
	}
	return cmd.ProcessState.ExitCode(), out.String(), err.String()
}

func TestRunCommand(t *testing.T) {
	t.Parallel()
	status, stdout, stderr := ended(t, "-seed", "1", "-api-key", "sk_live_mine", os.Args[0], ask, "-seed", "2")
	if status != 7 || stdout != "200 [-seed 2]" {
		t.Errorf("status %d, printed %q", status, stdout)
	}
	if !strings.HasPrefix(stderr, "See the account at http://127.0.0.1:") || strings.Count(stderr, "\n") != 1 {
		t.Errorf("printed to stderr %q", stderr)
	}
}

func TestStatuses(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	file := filepath.Join(folder, "data.json")
	if err := os.WriteFile(file, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		args   []string
		status int
		stderr string
	}{
		{[]string{"avara-no-such-command"}, 127, "cannot run the command"},
		{[]string{file}, 126, "cannot run the command"},
		{[]string{"-sed", "3"}, 2, "-help lists"},
		{[]string{"-seed", "-3"}, 2, "must not be negative"},
		{[]string{"-fault", `{"every":2}`}, 2, "does nothing"},
		{[]string{"-data", file, "true"}, 1, "line 1, column 2"},
		{[]string{"-data", filepath.Join(folder, "\x1b[31m\u202e", "x")}, 1, `\x1b[31m\u202e`},
	} {
		status, stdout, stderr := ended(t, test.args...)
		if status != test.status || !strings.Contains(stderr, test.stderr) || stdout != "" {
			t.Errorf("%q: status %d, want %d; printed %q and %q, want %q", test.args, status, test.status, stdout, stderr, test.stderr)
		}
	}
}

func TestReport(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		err     error
		status  int
		printed string
	}{
		{nil, 0, ""},
		{exitStatus{status: 3}, 3, ""},
		{errors.Join(nil, exitStatus{status: 3}), 3, ""},
		{errors.Join(exitStatus{status: 3}, errors.New("cannot save")), 3, "avara-emulator: cannot save\n"},
		{errors.New("cannot save"), 1, "avara-emulator: cannot save\n"},
		{exitStatus{143, errors.New("too early")}, 143, "avara-emulator: too early\n"},
	} {
		var printed bytes.Buffer
		if status := report(test.err, &printed); status != test.status || printed.String() != test.printed {
			t.Errorf("%v: status %d, printed %q", test.err, status, &printed)
		}
	}
}

// Two signals of the same kind within a short time count as one. Later they count as two.
func TestForward(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		signals := make(chan os.Signal)
		var sent []os.Signal
		go forward(signals, func(s os.Signal) { sent = append(sent, s) })
		for _, s := range []os.Signal{syscall.SIGTERM, syscall.SIGTERM, os.Interrupt, syscall.SIGPIPE, syscall.SIGTERM, syscall.SIGHUP} {
			signals <- s
		}
		time.Sleep(time.Second)
		signals <- syscall.SIGTERM
		close(signals)
		synctest.Wait()
		if want := []os.Signal{syscall.SIGTERM, os.Interrupt, syscall.SIGHUP, syscall.SIGTERM}; !slices.Equal(sent, want) {
			t.Errorf("passed on %v, want %v", sent, want)
		}
	})
}
