// SPDX-License-Identifier: MPL-2.0

// Command avara-emulator serves the Avara API from memory, for tests, demos and offline
// work with the provider. It listens only on loopback addresses.
//
// A browser at its address shows the account: customers, people, references, and the
// requests as they arrive. Buttons on the page change objects as a colleague would in the
// dashboard, without Terraform, and switch faults and dialects.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	switch os.Args[0] {
	case watchdogName:
		watch(os.Stdin)
	case launcherName:
		os.Exit(report(launch(os.Args[1:]), os.Stderr))
	default:
		os.Exit(report(run(os.Args[1:], os.Stdout, os.Stderr, notify()), os.Stderr))
	}
}

// exitStatus ends the program with a status of its own. err may be nil.
type exitStatus struct {
	status int
	err    error
}

func (e exitStatus) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit status %d", e.status)
	}
	return e.err.Error()
}

// The exit statuses that shells use.
const (
	statusUsage         = 2
	statusCannotExecute = 126
	statusNotFound      = 127
	statusSignal        = 128 // plus the number of the signal
)

// report prints an error and returns the exit status.
func report(err error, stderr io.Writer) (status int) {
	if err == nil || errors.Is(err, flag.ErrHelp) {
		return 0
	}
	status = 1
	if exit, ok := errors.AsType[exitStatus](err); ok {
		status = exit.status
	}
	if message := withoutStatus(err); message != nil {
		(&lines{out: stderr}).print("avara-emulator: %v", message)
	}
	return status
}

// withoutStatus removes the parts of an error that the exit status expresses, and returns
// the rest.
func withoutStatus(err error) error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var rest []error
		for _, err := range joined.Unwrap() {
			rest = append(rest, withoutStatus(err))
		}
		return errors.Join(rest...)
	}
	if exit, ok := err.(exitStatus); ok { //nolint:errorlint // an error that wraps one is printed
		return exit.err
	}
	return err
}

// notify returns the signals that the emulator handles. SIGHUP is handled unless it is
// ignored, as under nohup. SIGPIPE, when nothing reads the log any more, ends the emulator
// in an orderly way, like an interrupt.
func notify() <-chan os.Signal {
	signals := make(chan os.Signal, 16)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGPIPE)
	if !signal.Ignored(syscall.SIGHUP) {
		signal.Notify(signals, syscall.SIGHUP)
	}
	return signals
}
