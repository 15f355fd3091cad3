// SPDX-License-Identifier: MPL-2.0

package main

import (
	"errors"
	"io"
	"os"
	"os/exec"
)

// On Windows the program has neither a watchdog nor a launcher, so it is never started
// with these names.
const (
	watchdogName = "watchdog?"
	launcherName = "launcher?"
)

func watch(io.Reader)       {}
func launch([]string) error { return nil }

// runChild runs a command. It forwards no signals: the console sends them to all of its
// programs.
func runChild(cmd *exec.Cmd, started chan<- func(os.Signal)) error {
	if err := cmd.Start(); err != nil {
		return err
	}
	started <- func(os.Signal) {}
	err := cmd.Wait()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		return exitStatus{status: exit.ExitCode()}
	}
	return err
}
