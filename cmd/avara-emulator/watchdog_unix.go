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

// Names with which the program starts itself.
const (
	watchdogName = "avara-emulator-watchdog"
	launcherName = "avara-emulator-launcher"
)

// watchdog is a second process of this program. It ends the command's process group if the
// emulator dies without having done so, for example by SIGKILL. It detects that by the end
// of a pipe from the emulator, which the system closes however a process dies.
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
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // signals to the emulator's group don't reach the watchdog
	pipe, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	return &watchdog{cmd, pipe}, cmd.Start()
}

// watch sets the process group to end.
func (w *watchdog) watch(group int) error {
	_, err := fmt.Fprintln(w.pipe, group)
	return err
}

// dismiss stops the watchdog: the process group has ended.
func (w *watchdog) dismiss() {
	fmt.Fprintln(w.pipe, 0)
	_ = w.pipe.Close()
	_ = w.cmd.Wait()
}

// watch is the main function of the watchdog.
func watch(in io.Reader) {
	group := 0
	for lines := bufio.NewScanner(in); lines.Scan(); {
		group, _ = strconv.Atoi(lines.Text())
	}
	if group > 1 {
		// One signal is enough: for Terraform, a second one means to stop at once.
		endOrphan(group)
		within(grace, func() bool { return errors.Is(syscall.Kill(group, 0), syscall.ESRCH) })
		endGroup(group)
	}
}

// startLauncher starts a process that waits until it is released, and then becomes the
// command. This way the watchdog knows the process group before the command runs.
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

// launch waits until it is released and executes the program args[0] with the arguments
// args[1:]. If the emulator ends before that, it ends too.
func launch(args []string) error {
	const first = 3 // first descriptor of ExtraFiles
	syscall.CloseOnExec(first)
	if n, _ := os.NewFile(first, "release").Read(make([]byte, 1)); n == 0 {
		return exitStatus{status: statusSignal + int(syscall.SIGTERM)}
	}
	return commandError(&fs.PathError{Op: "exec", Path: args[0], Err: syscall.Exec(args[0], args[1:], os.Environ())})
}

// grace is the time that a process gets to end after SIGTERM.
const grace = 2 * time.Second

// endGroup ends all processes of a group: with SIGTERM, and after a while with SIGKILL.
func endGroup(group int) {
	for _, s := range []syscall.Signal{syscall.SIGTERM, syscall.SIGKILL} {
		if syscall.Kill(-group, s) != nil {
			return // the group has no processes
		}
		_ = syscall.Kill(-group, syscall.SIGCONT) // a stopped process can't handle SIGTERM
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

// within waits for a condition, and reports whether it became true in time.
func within(limit time.Duration, condition func() bool) bool {
	for until := time.Now().Add(limit); time.Now().Before(until); time.Sleep(10 * time.Millisecond) {
		if condition() {
			return true
		}
	}
	return false
}
