// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
	"github.com/avara-software/terraform-provider-avara/tools/mirror"
)

// mirrored is the version under which the provider is installed. It is never released.
const mirrored = "0.0.1"

// terraform runs Terraform or OpenTofu in a folder with a configuration.
type terraform struct {
	binary  string
	name    string // "terraform" or "tofu"
	version string // "Terraform v1.14.0"
	folder  string
	baseURL string
	env     []string
}

var colours = regexp.MustCompile(`\x1b\[[0-9;]*m`)

// result is the output of a command, and whether its plan had changes.
type result struct {
	output  string
	changes bool
}

func newTerraform(ctx context.Context, binary, folder, provider, baseURL string) (*terraform, error) {
	if err := mirror.Folder(filepath.Join(folder, "mirror")).Add(provider, mirrored); err != nil {
		return nil, err
	}
	config := filepath.Join(folder, "cli.tfrc")
	content := fmt.Sprintf("provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", filepath.Join(folder, "mirror"))
	if err := os.WriteFile(config, []byte(content), 0o600); err != nil {
		return nil, err
	}
	t := &terraform{binary: binary, name: "terraform", folder: filepath.Join(folder, "configuration"), baseURL: baseURL}
	if err := os.Mkdir(t.folder, 0o700); err != nil {
		return nil, err
	}
	t.env = append(neutral(os.Environ()), "CHECKPOINT_DISABLE=1", "TF_CLI_CONFIG_FILE="+config, "TF_IN_AUTOMATION=1",
		"TF_INPUT=0", "TF_VAR_api_key="+emulator.DefaultAPIKey)

	version, err := t.run(ctx, "version")
	if err != nil {
		return nil, err
	}
	t.version, _, _ = strings.Cut(version.output, "\n")
	if strings.HasPrefix(t.version, "OpenTofu") {
		t.name = "tofu"
	}
	return t, nil
}

// neutral removes variables that could direct the demo to another API, or change the
// output.
func neutral(env []string) []string {
	return slices.DeleteFunc(slices.Clone(env), func(entry string) bool {
		return strings.HasPrefix(entry, "AVARA_") || strings.HasPrefix(entry, "TF_")
	})
}

// configure writes the configuration and returns the part that the demo shows,
// customer.tf.
func (t *terraform) configure(active bool) (string, error) {
	customer := fmt.Sprintf(`resource "avara_express_customer" "north" {
  name     = "North Clinic"
  active   = %t
  metadata = { region = "north" }
}
`, active)
	provider := fmt.Sprintf(`terraform {
  required_providers {
    avara = { source = "avara-software/avara" }
  }
}

provider "avara" {
  base_url = %q
  api_key  = var.api_key
}

variable "api_key" {
  type      = string
  sensitive = true
}
`, t.baseURL)
	for name, content := range map[string]string{"customer.tf": customer, "provider.tf": provider} {
		if err := os.WriteFile(filepath.Join(t.folder, name), []byte(content), 0o600); err != nil {
			return "", err
		}
	}
	return customer, nil
}

// run runs a command. It removes colours from the output, but does not use -no-color,
// which would also remove the frames that show where a warning ends. The exit code 2 of
// `plan -detailed-exitcode` is not an error.
func (t *terraform) run(ctx context.Context, arguments ...string) (result, error) {
	command := exec.CommandContext(ctx, t.binary, arguments...)
	command.Dir, command.Env = t.folder, t.env
	// A terminal sends Ctrl-C to Terraform as well, which then ends by itself. A second
	// signal would make it abort.
	command.Cancel = func() error { return nil }
	command.WaitDelay = 10 * time.Second
	var output bytes.Buffer
	command.Stdout, command.Stderr = &output, &output

	err := command.Run()
	plain := colours.ReplaceAllString(output.String(), "")
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == 2 && slices.Contains(arguments, "-detailed-exitcode") {
		return result{output: plain, changes: true}, nil
	}
	if err != nil {
		return result{}, fmt.Errorf("%s %s: %w\n%s", t.name, strings.Join(arguments, " "), err, plain)
	}
	return result{output: plain}, nil
}
