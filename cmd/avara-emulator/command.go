// SPDX-License-Identifier: MPL-2.0

package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// together is the time within which signals of the same kind count as one. Programs such
// as timeout send a signal to the emulator and then again to its whole process group. For
// Terraform, a second interrupt means to stop at once.
const together = 250 * time.Millisecond

// runCommand runs a command until it has ended, and forwards signals to it. If the command
// fails, the error is an exitStatus.
func runCommand(command, environment []string, signals <-chan os.Signal) error {
	cmd := exec.Command(command[0], command[1:]...) //nolint:noctx // signals end it
	cmd.Env = environment
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	started := make(chan func(os.Signal), 1)
	ended := make(chan error, 1)
	go func() { ended <- runChild(cmd, started) }()
	for {
		select {
		case send := <-started:
			go forward(signals, send)
		case err := <-ended:
			return commandError(err)
		}
	}
}

// forward sends the signals to the command.
func forward(signals <-chan os.Signal, send func(os.Signal)) {
	last := map[os.Signal]time.Time{}
	for s := range signals {
		if s == syscall.SIGPIPE || time.Since(last[s]) < together {
			continue
		}
		last[s] = time.Now()
		send(s)
	}
}

// commandError adds the exit status that shells use for a command that can't be run.
func commandError(err error) error {
	switch {
	case errors.Is(err, exec.ErrNotFound), errors.Is(err, fs.ErrNotExist):
		return exitStatus{statusNotFound, fmt.Errorf("cannot run the command: %w", err)}
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.ENOEXEC):
		return exitStatus{statusCannotExecute, fmt.Errorf("cannot run the command: %w", err)}
	}
	return err
}
