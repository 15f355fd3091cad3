// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"io"
	"os"
	"os/exec"
)

// runCommand runs the command of the options with the environment variables that lead the provider, and Avara's SDKs,
// to the API at url. The error of a command that fails is an *exec.ExitError.
func (o options) runCommand(ctx context.Context, url string, stdout io.Writer) error {
	cmd := exec.CommandContext(ctx, o.command[0], o.command[1:]...)
	cmd.Env = append(os.Environ(), "AVARA_BASE_URL="+url, "AVARA_API_KEY="+o.apiKey)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, stdout, os.Stderr
	return cmd.Run()
}
