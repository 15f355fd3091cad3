// SPDX-License-Identifier: MPL-2.0

// Command avara-emulator serves the Avara API from memory, for tests, demos and
// offline work with the provider. It listens on loopback addresses only.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	switch {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, "avara-emulator:", err)
		os.Exit(1)
	}
}
