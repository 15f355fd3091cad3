// SPDX-License-Identifier: MPL-2.0

//go:build unix

package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// running is an emulator that runs a shell script. The script's first line has been read.
type running struct {
	t      *testing.T
	cmd    *exec.Cmd
	stdin  io.Writer
	stdout *bufio.Reader
}

// runScript starts the emulator, in a process group of its own.
func runScript(t *testing.T, script string, flags ...string) *running {
	t.Helper()
	cmd := emulate(t, append(flags, "sh", "-c", script)...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	// All processes that the emulator starts inherit this pipe. It ends when none of them
	// is left.
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdout = writer
	if err := errors.Join(cmd.Start(), writer.Close()); err != nil {
		t.Fatal(err)
	}
	if err := reader.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	r := &running{t: t, cmd: cmd, stdin: stdin, stdout: bufio.NewReader(reader)}
	if first, err := r.stdout.ReadString('\n'); err != nil {
		t.Fatalf("the script printed %q, %v", first, err)
	}
	return r
}

// send sends a signal to the emulator, or to its whole group.
func (r *running) send(s syscall.Signal, group bool) {
	r.t.Helper()
	to := r.cmd.Process.Pid
	if group {
		to = -to
	}
	if err := syscall.Kill(to, s); err != nil {
		r.t.Error(err)
	}
}

// expectEnd waits until all processes have ended, and asserts the rest of the output and
// the exit status.
func (r *running) expectEnd(rest string, status int) {
	r.t.Helper()
	got, err := io.ReadAll(r.stdout)
	if err != nil || string(got) != rest {
		r.t.Errorf("printed %q, want %q, %v", got, rest, err)
	}
	_ = r.cmd.Wait()
	if got := r.cmd.ProcessState.ExitCode(); got != status {
		r.t.Errorf("exit status %d, want %d (%v)", got, status, r.cmd.ProcessState)
	}
}

// waiting is a script that waits for ever and can handle signals meanwhile.
const waiting = "echo ready; sleep 120 & wait"

func TestSignalsReachTheCommand(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]syscall.Signal{"INT": syscall.SIGINT, "TERM": syscall.SIGTERM, "HUP": syscall.SIGHUP} {
		for _, group := range []bool{false, true} {
			t.Run(fmt.Sprint(name, group), func(t *testing.T) {
				t.Parallel()
				r := runScript(t, "trap 'echo "+name+"; exit 3' "+name+"; "+waiting)
				r.send(s, group)
				r.expectEnd(name+"\n", 3)
			})
		}
	}
}

func TestSignalEndsTheCommand(t *testing.T) {
	t.Parallel()
	for _, s := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
		r := runScript(t, "echo ready; exec sleep 120")
		r.send(s, false)
		r.expectEnd("", 128+int(s))
	}
	r := runScript(t, "echo ready; kill -KILL $$")
	r.expectEnd("", 137)
}

// After a signal, the emulator keeps running and answering until its command has ended.
func TestCommandTakesItsTime(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "data.json")
	r := runScript(t, `trap 'echo "took $AVARA_BASE_URL"' TERM; echo ready; until [ "$line" ]; do read line; done; echo "read $line"; exit 5`, "-data", file)
	r.send(syscall.SIGTERM, false)
	line, err := r.stdout.ReadString('\n')
	url, took := strings.CutPrefix(strings.TrimSpace(line), "took ")
	if !took {
		t.Fatalf("printed %q, %v", line, err)
	}
	p := &program{t: t, url: url, key: "sk_live_0123456789abcdef0123456789abcdef"}
	if status, body := p.send("POST", "/v1/express", `{"expressCustomerName":"Lakeside"}`); status != 200 {
		t.Errorf("status %d: %s", status, body)
	}
	if _, err := io.WriteString(r.stdin, "a\n"); err != nil {
		t.Fatal(err)
	}
	r.expectEnd("read a\n", 5)
	if saved, err := os.ReadFile(file); err != nil || !strings.Contains(string(saved), "Lakeside") {
		t.Errorf("saved %s, %v", saved, err)
	}
}

// However the emulator ends, all processes that it started end too. expectEnd waits for
// each of them.
func TestNothingRemains(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		script string
		signal syscall.Signal // 0 for none
		status int
	}{
		"left in the background":         {"sleep 120 & echo ready; exit 4", 0, 4},
		"left there, and stopped":        {"sleep 120 & echo ready; kill -STOP $!; exit 4", 0, 4},
		"killed":                         {"echo ready; exec sleep 120", syscall.SIGKILL, -1},
		"killed, with a grandchild":      {"echo ready; sleep 120; true", syscall.SIGKILL, -1},
		"killed, but TERM is ignored":    {"trap '' TERM HUP INT; echo ready; while :; do sleep 120; done", syscall.SIGKILL, -1},
		"ended by what it does not pass": {"echo ready; sleep 120; true", syscall.SIGQUIT, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := runScript(t, test.script)
			if test.signal != 0 {
				r.send(test.signal, false)
			}
			r.expectEnd("", test.status)
		})
	}
}

// If SIGHUP is ignored when the emulator starts, as under nohup, the emulator ignores it
// too.
func TestHangupIgnored(t *testing.T) {
	t.Parallel()
	cmd := exec.CommandContext(t.Context(), "sh", "-c", `trap '' HUP; exec "$0" sh -c 'kill -HUP $PPID; echo here'`, os.Args[0])
	cmd.Env = append(os.Environ(), envProgram+"=1")
	out, err := cmd.Output()
	if err != nil || string(out) != "here\n" {
		t.Errorf("printed %q, %v", out, err)
	}
}
