// SPDX-License-Identifier: MPL-2.0

// Command avara-emulator serves the Avara API from memory, for tests, demos and
// offline work with the provider. It listens on loopback addresses only.
//
// In a browser its address shows the account: customers, people, references and
// the requests as they come in. The page has the buttons of a colleague in the
// dashboard, who changes things behind Terraform's back, and switches for faults
// and dialects.
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

// exitStatus is an error, if there is one, that ends the program with a status
// of its own.
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

// Statuses as shells use them.
const (
	statusUsage         = 2
	statusCannotExecute = 126
	statusNotFound      = 127
	statusSignal        = 128 // plus the number of the signal
)

// report prints errors for people, and returns the status to exit with.
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

// withoutStatus returns what is left of an error to print where the status says
// the rest.
func withoutStatus(err error) error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var rest []error
		for _, err := range joined.Unwrap() {
			rest = append(rest, withoutStatus(err))
		}
		return errors.Join(rest...)
	}
	if exit, ok := err.(exitStatus); ok { //nolint:errorlint // what wraps one has something to say
		return exit.err
	}
	return err
}

// notify returns the signals that reach the emulator. A hangup is none of them
// where it is ignored, as under nohup. A log that nobody reads any more ends the
// emulator as an interrupt does, and not at once.
func notify() <-chan os.Signal {
	signals := make(chan os.Signal, 16)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGPIPE)
	if !signal.Ignored(syscall.SIGHUP) {
		signal.Notify(signals, syscall.SIGHUP)
	}
	return signals
}
