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
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// workspace is a folder with a configuration of one resource with for_each.
type workspace struct {
	programs
	folder string
	env    []string
	meter  meterFile
}

func newWorkspace(p programs, program, folder, baseURL string) (*workspace, error) {
	plugins := filepath.Join(folder, "plugins")
	w := &workspace{programs: p, folder: filepath.Join(folder, "configuration"), meter: meterFile(filepath.Join(folder, "meter"))}
	for _, dir := range []string{plugins, w.folder} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, err
		}
	}
	// The meter is installed in the place of any provider.
	content, err := os.ReadFile(p.meter)
	if err != nil {
		return nil, err
	}
	config := filepath.Join(folder, "cli.tfrc")
	rc := fmt.Sprintf("provider_installation {\n  dev_overrides {\n    \"avara-software/avara\" = %[1]q\n    \"mastercard/restapi\" = %[1]q\n  }\n  direct {}\n}\n", plugins)
	for path, text := range map[string][]byte{
		filepath.Join(plugins, "terraform-provider-avara"): content, filepath.Join(plugins, "terraform-provider-restapi"): content, config: []byte(rc),
	} {
		if err := os.WriteFile(path, text, 0o700); err != nil { //nolint:gosec // one of them is run
			return nil, err
		}
	}
	w.env = slices.DeleteFunc(os.Environ(), func(entry string) bool {
		return strings.HasPrefix(entry, "AVARA_") || strings.HasPrefix(entry, "TF_")
	})
	w.env = append(w.env, w.meter.env(program)...)
	w.env = append(w.env, "CHECKPOINT_DISABLE=1", "TF_CLI_CONFIG_FILE="+config, "TF_IN_AUTOMATION=1",
		"AVARA_BASE_URL="+baseURL, "AVARA_API_KEY="+emulator.DefaultAPIKey)
	return w, nil
}

// data is the floor: as many objects of the provider that Terraform has built in.
func (w *workspace) data(n int, suffix string, active bool) error {
	return w.write(numbers(n) + fmt.Sprintf(`resource "terraform_data" "many" {
  for_each = local.numbers
  input    = { name = "Customer ${each.key}%s", active = %t, metadata = { number = each.key, tier = "gold" } }
}
`, suffix, active))
}

func (w *workspace) write(configuration string) error {
	return os.WriteFile(filepath.Join(w.folder, "main.tf"), []byte(configuration), 0o600)
}

// run runs Terraform and returns how long it took.
func (w *workspace) run(ctx context.Context, args ...string) (time.Duration, error) {
	cmd := exec.CommandContext(ctx, w.terraform, args...)
	cmd.Dir, cmd.Env = w.folder, w.env
	// An interrupted bench interrupts Terraform, which then stops its providers; killed, it would leave them behind. In
	// a process group of its own it receives Ctrl-C once, from here: it takes a second one for "stop at once".
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 30 * time.Second
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	started := time.Now()
	err := cmd.Run()
	took := time.Since(started)
	if err != nil {
		return took, fmt.Errorf("terraform %s: %w\n%s", args[0], err, lastLines(out.String()))
	}
	return took, nil
}

// plansChanges reports whether a plan is not empty.
func (w *workspace) plansChanges(ctx context.Context) (bool, error) {
	_, err := w.run(ctx, "plan", "-input=false", "-no-color", "-detailed-exitcode")
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == 2 {
		return true, nil
	}
	return false, err
}

// apply applies without asking.
func (w *workspace) apply(ctx context.Context) error {
	_, err := w.run(ctx, "apply", "-input=false", "-no-color", "-auto-approve")
	return err
}

func lastLines(text string) string {
	lines := strings.Split(text, "\n")
	return strings.Join(lines[max(0, len(lines)-20):], "\n")
}

// stateBytes is how much of the state file each of n objects takes.
func (w *workspace) stateBytes(n int) (int, error) {
	info, err := os.Stat(filepath.Join(w.folder, "terraform.tfstate"))
	if err != nil {
		return 0, err
	}
	return int(info.Size()) / n, nil
}
