// SPDX-License-Identifier: MPL-2.0

//go:build unix

package main

import (
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"
)

// runChild runs a command in a process group of its own, and says how to send it
// signals once it has started. So a signal for the emulator's group reaches it
// once, and what it leaves behind can be found and ended.
func runChild(cmd *exec.Cmd, started chan<- func(os.Signal)) error {
	if cmd.Err != nil {
		return cmd.Err
	}
	// The system signals the child when the thread ends that started it.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	group, onTerminal := foreground()
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Foreground: onTerminal && group == syscall.Getpgrp(), Ctty: terminal}
	endWithParent(cmd.SysProcAttr)
	if err := adoptOrphans(); err != nil {
		return err
	}
	guard, err := startWatchdog()
	if err != nil {
		return err
	}
	defer guard.dismiss()
	release, err := startLauncher(cmd)
	if err != nil {
		return err
	}
	pid := cmd.Process.Pid
	err = errors.Join(guard.watch(pid), release())
	started <- func(s os.Signal) { _ = syscall.Kill(pid, s.(syscall.Signal)) }
	status, waitErr := waitFor(pid, onTerminal)
	endGroup(pid)
	passTerminal(pid, syscall.Getpgrp())
	switch err := errors.Join(err, waitErr); {
	case err != nil:
		return err
	case status.Signaled():
		return exitStatus{status: statusSignal + int(status.Signal())}
	case status.ExitStatus() != 0:
		return exitStatus{status: status.ExitStatus()}
	}
	return nil
}

// waitFor waits until a child has ended. A child that the terminal stops, stops
// the emulator too, as a shell expects of a job, and goes on with it.
func waitFor(pid int, onTerminal bool) (status syscall.WaitStatus, err error) {
	for {
		_, err := syscall.Wait4(pid, &status, syscall.WUNTRACED, nil)
		switch {
		case errors.Is(err, syscall.EINTR):
		case err != nil || !status.Stopped():
			return status, err
		case onTerminal:
			stopWith(pid)
		}
	}
}

// terminal is the file descriptor of standard input, which is the one that a
// command asks questions on.
const terminal = 0

// foreground returns the process group that the terminal's keys are for, and
// whether there is a terminal.
func foreground() (group int, onTerminal bool) {
	group, err := unix.IoctlGetInt(terminal, unix.TIOCGPGRP)
	return group, err == nil
}

// passTerminal makes a process group the one that the terminal's keys are for,
// if another one, and not the shell, was until now. It reports whether it was.
func passTerminal(from, to int) bool {
	if group, onTerminal := foreground(); !onTerminal || group != from {
		return false
	}
	// The system stops a background process that asks for this, unless it ignores the signal.
	signal.Ignore(syscall.SIGTTOU)
	defer signal.Reset(syscall.SIGTTOU)
	return unix.IoctlSetPointerInt(terminal, unix.TIOCSPGRP, to) == nil
}

// stopWith stops the emulator's group because its child has been stopped, and
// continues the child when it is continued itself. A child that has been stopped
// for want of the terminal gets it, if it is the emulator's to give.
func stopWith(child int) {
	own := syscall.Getpgrp()
	if !passTerminal(own, child) {
		continued := make(chan os.Signal, 1)
		signal.Notify(continued, syscall.SIGCONT)
		defer signal.Stop(continued)
		passTerminal(child, own)
		_ = syscall.Kill(0, syscall.SIGSTOP)
		<-continued
		passTerminal(own, child)
	}
	_ = syscall.Kill(-child, syscall.SIGCONT)
}
