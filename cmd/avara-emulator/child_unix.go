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

// runChild runs a command in a process group of its own. When the command has started, it
// sends to started a function that signals it. Because of the group, a signal for the
// emulator's group reaches the command only once, and the processes that the command
// leaves behind can be found and ended.
func runChild(cmd *exec.Cmd, started chan<- func(os.Signal)) error {
	if cmd.Err != nil {
		return cmd.Err
	}
	// The parent-death signal (Pdeathsig) is sent when the thread that started the child
	// ends.
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

// waitFor waits until a child has ended. If the terminal stops the child, the emulator
// stops itself too, so that the shell sees a stopped job. When it is continued, it
// continues the child.
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

// terminal is the file descriptor of standard input, from which a command reads answers to
// questions.
const terminal = 0

// foreground returns the foreground process group of the terminal, and whether there is a
// terminal.
func foreground() (group int, onTerminal bool) {
	group, err := unix.IoctlGetInt(terminal, unix.TIOCGPGRP)
	return group, err == nil
}

// passTerminal makes to the foreground process group of the terminal if from is it now. It
// does not take the terminal from the shell. It reports whether it succeeded.
func passTerminal(from, to int) bool {
	if group, onTerminal := foreground(); !onTerminal || group != from {
		return false
	}
	// The system stops a background process that calls this with SIGTTOU, unless the
	// process ignores the signal.
	signal.Ignore(syscall.SIGTTOU)
	defer signal.Reset(syscall.SIGTTOU)
	return unix.IoctlSetPointerInt(terminal, unix.TIOCSPGRP, to) == nil
}

// stopWith is called when the child was stopped. If the child was stopped because it read
// without being in the foreground, and the emulator is in the foreground, it passes the
// terminal to the child. Otherwise it stops the emulator's group until it is continued. In
// both cases it then continues the child.
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
