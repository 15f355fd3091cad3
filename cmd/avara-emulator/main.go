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
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	var command *exec.ExitError
	switch {
	case errors.Is(err, flag.ErrHelp):
	case errors.As(err, &command) && command.Exited():
		os.Exit(command.ExitCode())
	case err != nil:
		fmt.Fprintln(os.Stderr, "avara-emulator:", err)
		os.Exit(1)
	}
}
