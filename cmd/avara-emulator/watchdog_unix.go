// SPDX-License-Identifier: MPL-2.0

//go:build unix

package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"time"
)

// Names of the program when it works for itself.
const (
	watchdogName = "avara-emulator-watchdog"
	launcherName = "avara-emulator-launcher"
)

// watchdog is a second process of this program, which ends a process group when
// the emulator dies without having done so, be it by SIGKILL. They are connected
// by a pipe, whose end the system reports however a process dies.
type watchdog struct {
	cmd  *exec.Cmd
	pipe io.WriteCloser
}

func startWatchdog() (*watchdog, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := &exec.Cmd{Path: program, Args: []string{watchdogName}, Env: []string{}}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // no signal for the emulator's group is for the watchdog
	pipe, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	return &watchdog{cmd, pipe}, cmd.Start()
}

// watch says which process group to end.
func (w *watchdog) watch(group int) error {
	_, err := fmt.Fprintln(w.pipe, group)
	return err
}

// dismiss says that there is nothing left to end.
func (w *watchdog) dismiss() {
	fmt.Fprintln(w.pipe, 0)
	_ = w.pipe.Close()
	_ = w.cmd.Wait()
}

// watch is the program of the watchdog.
func watch(in io.Reader) {
	group := 0
	for lines := bufio.NewScanner(in); lines.Scan(); {
		group, _ = strconv.Atoi(lines.Text())
	}
	if group > 1 {
		// Once is enough: for Terraform a second signal means at once.
		endOrphan(group)
		within(grace, func() bool { return errors.Is(syscall.Kill(group, 0), syscall.ESRCH) })
		endGroup(group)
	}
}

// startLauncher starts a command that waits until it is released. Its process is
// there before that, so that the watchdog knows its group before the command
// can do anything.
func startLauncher(cmd *exec.Cmd) (release func() error, err error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	wait, start, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	cmd.Args = append([]string{launcherName, cmd.Path}, cmd.Args...)
	cmd.Path, cmd.ExtraFiles = program, []*os.File{wait}
	if err := errors.Join(cmd.Start(), wait.Close()); err != nil {
		return nil, errors.Join(err, start.Close())
	}
	return func() error {
		_, err := start.Write([]byte{0})
		return errors.Join(err, start.Close())
	}, nil
}

// launch becomes the program at the first of the arguments, under the others,
// when it is released. It ends if the emulator ends before.
func launch(args []string) error {
	const first = 3 // of ExtraFiles
	syscall.CloseOnExec(first)
	if n, _ := os.NewFile(first, "release").Read(make([]byte, 1)); n == 0 {
		return exitStatus{status: statusSignal + int(syscall.SIGTERM)}
	}
	return commandError(&fs.PathError{Op: "exec", Path: args[0], Err: syscall.Exec(args[0], args[1:], os.Environ())})
}

// grace is how long a process may take to end when it is asked to.
const grace = 2 * time.Second

// endGroup ends all processes of a group: gently, and after a while by force.
func endGroup(group int) {
	for _, s := range []syscall.Signal{syscall.SIGTERM, syscall.SIGKILL} {
		if syscall.Kill(-group, s) != nil {
			return // there are none
		}
		_ = syscall.Kill(-group, syscall.SIGCONT) // what is stopped can't end
		ended := within(grace, func() bool {
			for reaped := 1; reaped > 0; {
				reaped, _ = syscall.Wait4(-group, nil, syscall.WNOHANG, nil)
			}
			return errors.Is(syscall.Kill(-group, 0), syscall.ESRCH)
		})
		if ended {
			return
		}
	}
}

// within waits for a condition, and reports whether it came true in time.
func within(limit time.Duration, condition func() bool) bool {
	for until := time.Now().Add(limit); time.Now().Before(until); time.Sleep(10 * time.Millisecond) {
		if condition() {
			return true
		}
	}
	return false
}
