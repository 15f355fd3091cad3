// SPDX-License-Identifier: MPL-2.0

// Command demo runs Terraform or OpenTofu with the provider against the emulator. After
// each step it prints the requests from the API's log. It fails if they are not as the
// step claims.
//
// TF_ACC_TERRAFORM_PATH is the path of the binary to use. DEMO_RECORDING is the path of a
// file for an animated picture of the terminal. DEMO_PAUSE=1 waits for Enter between the
// steps and at the end, to look at the emulator's page. A change on the page changes what
// the next step finds, so that step reports it and fails.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	screen := newTerminal(os.Stdout)
	if os.Getenv("DEMO_PAUSE") == "1" {
		screen.keys = os.Stdin
	}
	var recording strings.Builder
	picture := os.Getenv("DEMO_RECORDING")
	if picture != "" {
		screen.out, screen.colours = io.MultiWriter(screen.out, &recording), true
	}
	err := run(ctx, screen)
	switch {
	case ctx.Err() != nil:
		err = errors.New("interrupted, everything is cleaned up")
	case err == nil && picture != "":
		//nolint:gosec // a picture for everybody
		err = os.WriteFile(picture, []byte(draw("make demo", "$ make demo\n"+recording.String())), 0o644)
	}
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "\ndemo:", err)
		os.Exit(1)
	}
}

// run runs the whole story in a temporary folder.
func run(ctx context.Context, screen *terminal) (err error) {
	terraform, err := findTerraform()
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "avara-demo-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()

	screen.note("Building the provider and the emulator: a minute or two the first time, then seconds …")
	binaries, err := build(ctx, folder)
	if err != nil {
		return err
	}
	api, err := startEmulator(ctx, binaries.emulator)
	if err != nil {
		return err
	}
	defer api.stop()
	cli, err := newTerraform(ctx, terraform, folder, binaries.provider, api.url)
	if err != nil {
		return err
	}

	s := &story{screen: screen, cli: cli, api: api}
	return s.tell(ctx)
}

func findTerraform() (string, error) {
	if path := os.Getenv("TF_ACC_TERRAFORM_PATH"); path != "" {
		return path, nil
	}
	for _, name := range []string{"terraform", "tofu"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("neither terraform nor tofu is on the PATH: `make demo` builds an OpenTofu")
}
