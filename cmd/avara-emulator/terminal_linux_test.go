// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// onTerminal is an emulator that runs a shell script on a pseudo terminal of its own.
type onTerminal struct {
	t      *testing.T
	pid    int
	keys   *os.File
	screen *bufio.Reader
	wait   func() error
	status func() int
}

func runOnTerminal(t *testing.T, script string) *onTerminal {
	t.Helper()
	return startOnTerminal(t, emulate(t, "sh", "-c", script))
}

func startOnTerminal(t *testing.T, cmd *exec.Cmd) *onTerminal {
	t.Helper()
	keys, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skip("no terminals here:", err)
	}
	t.Cleanup(func() { _ = keys.Close() })
	number, err := unix.IoctlGetInt(int(keys.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.IoctlSetPointerInt(int(keys.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	tty, err := os.OpenFile(fmt.Sprint("/dev/pts/", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = tty, tty, tty
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = tty.Close()
	return &onTerminal{t, cmd.Process.Pid, keys, bufio.NewReader(keys), cmd.Wait, func() int { return cmd.ProcessState.ExitCode() }}
}

func (r *onTerminal) press(keys string) {
	r.t.Helper()
	if _, err := r.keys.WriteString(keys); err != nil {
		r.t.Fatal(err)
	}
}

// expect reads the screen up to a line, and returns the text before it.
func (r *onTerminal) expect(line string) (before string) {
	r.t.Helper()
	for {
		got, err := r.screen.ReadString('\n')
		if err != nil {
			r.t.Fatalf("the screen ends with %q%q, before %q: %v", before, got, line, err)
		}
		if strings.HasSuffix(strings.TrimRight(got, "\r\n"), line) {
			return before
		}
		before += got
	}
}

// counting is a script that counts interrupts until a word is typed.
const counting = `n=0; trap 'n=$((n+1)); echo "interrupt $n"' INT; trap 'echo continued' CONT; echo ready
until [ "$line" ]; do read line; done; echo "read $line after $n"; exit 3`

// Control-C sends one interrupt to the command; the emulator does not forward a second
// one.
func TestInterruptOnTerminal(t *testing.T) {
	t.Parallel()
	r := runOnTerminal(t, counting)
	r.expect("ready")
	r.press("\x03")
	r.expect("interrupt 1")
	if err := syscall.Kill(r.pid, syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	r.expect("interrupt 2")
	r.press("word\n")
	r.expect("read word after 2")
	if _ = r.wait(); r.status() != 3 {
		t.Errorf("status %d", r.status())
	}
}

// Control-Z stops the emulator together with its command, and the shell sees that the
// emulator is stopped. SIGCONT continues both.
func TestStopOnTerminal(t *testing.T) {
	t.Parallel()
	r := runOnTerminal(t, counting)
	r.expect("ready")
	for range 2 {
		r.press("\x1a")
		var status syscall.WaitStatus
		if _, err := syscall.Wait4(r.pid, &status, syscall.WUNTRACED, nil); err != nil || !status.Stopped() {
			t.Fatalf("the emulator has not been stopped: %v, %v", status, err)
		}
		if err := syscall.Kill(r.pid, syscall.SIGCONT); err != nil {
			t.Fatal(err)
		}
		r.expect("continued")
	}
	r.press("word\n")
	r.expect("read word after 0")
	if _ = r.wait(); r.status() != 3 {
		t.Errorf("status %d", r.status())
	}
}

// In the background of a shell, the emulator does not take the terminal from the shell:
// neither when its command ends, nor when the command is stopped because it wants to read.
// In the foreground again, the command can read.
func TestBackgroundOfTerminal(t *testing.T) {
	t.Parallel()
	const script = `set -m; "$0" true & wait; read first; echo "the shell read $first"
"$0" sh -c 'echo reads; read line; echo "the command read $line"' & read second; echo "the shell read $second"; fg >/dev/null; fg >/dev/null`
	cmd := exec.CommandContext(t.Context(), "sh", "-c", script, os.Args[0])
	cmd.Env = append(os.Environ(), envProgram+"=1")
	r := startOnTerminal(t, cmd)
	r.press("one\n")
	r.expect("the shell read one")
	r.expect("reads")
	r.press("two\n")
	r.expect("the shell read two")
	r.press("three\n")
	r.expect("the command read three")
	_ = r.wait()
}
