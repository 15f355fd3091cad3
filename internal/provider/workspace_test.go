// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// workspace is a folder with a configuration. A real Terraform runs in it, with the
// provider as a separate process, as it does for users. Unlike plugin-testing, it can
// assert warnings, logs and interruptions.
type workspace struct {
	*account
	dir string
	env []string
	// terraform is the path of the Terraform or OpenTofu executable.
	terraform string
	// core, if set, runs the commands instead of Terraform.
	core *coreCommands
}

// newWorkspace is a workspace with the blocks as configuration for the account.
func newWorkspace(a *account, blocks string) *workspace {
	a.t.Helper()
	needsTerraform(a.t)
	dir := a.t.TempDir()
	binary, err := providerBinary()
	if err != nil {
		a.t.Fatal(err)
	}
	cliConfig := filepath.Join(dir, "cli.tfrc")
	writeFile(a.t, cliConfig, fmt.Sprintf("provider_installation {\n  dev_overrides {\n    %q = %q\n  }\n  direct {}\n}\n",
		"avara-software/avara", filepath.Dir(binary)))
	w := &workspace{account: a, dir: dir}
	w.needs() // the default program
	a.t.Cleanup(w.checkFiles)
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "AVARA_") && !strings.HasPrefix(variable, "TF_") {
			w.env = append(w.env, variable)
		}
	}
	// The certificates with which Terraform and a provider secure their connection take half
	// of a command's time. TestAccInstall has them.
	w.env = append(w.env, envAPIKey+"="+emulator.DefaultAPIKey,
		"TF_CLI_CONFIG_FILE="+cliConfig, "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1", "TF_LOG_PROVIDER=DEBUG", "TF_DISABLE_PLUGIN_TLS=1")
	w.write(blocks)
	return w
}

// providerBinary builds the provider once for all tests.
var providerBinary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "terraform-provider-avara-test")
	if err != nil {
		return "", err
	}
	binary := filepath.Join(dir, "terraform-provider-avara")
	if out, err := exec.CommandContext(context.Background(), "go", "build", "-o", binary, "../..").CombinedOutput(); err != nil {
		return "", fmt.Errorf("building the provider: %w\n%s", err, out)
	}
	return binary, nil
})

func TestMain(m *testing.M) {
	if url := os.Getenv(envRESTProvider); url != "" {
		serveRESTProvider(url)
		return
	}
	if key := os.Getenv(envVaultProvider); key != "" {
		serveVaultProvider(key)
		return
	}
	code := m.Run()
	if os.Getenv("TF_ACC") != "" {
		if binary, err := providerBinary(); err == nil {
			_ = os.RemoveAll(filepath.Dir(binary))
		}
	}
	os.Exit(code)
}

func writeFile(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// requiredProviders is for workspaces. plugin-testing writes its own.
const requiredProviders = `terraform {
  required_providers {
    avara = { source = "avara-software/avara" }
  }
}
`

// write replaces the configuration.
func (w *workspace) write(blocks string) {
	w.t.Helper()
	if w.core != nil {
		w.core.config = w.config(blocks)
		return
	}
	writeFile(w.t, filepath.Join(w.dir, "main.tf"), requiredProviders+w.providerBlock()+blocks)
}

// run is the outcome of one Terraform command.
type run struct {
	t      *testing.T
	failed bool
	stdout string
	// log is the command's stderr: the provider's log, and with TF_LOG also Terraform's.
	log         string
	diagnostics []diagnostic
	// changes holds "action address" for each planned change.
	changes []string
}

type diagnostic struct {
	Severity string `json:"severity"`
	Summary  string `json:"summary"`
	Detail   string `json:"detail"`
	Address  string `json:"address"`
}

func (w *workspace) plan(args ...string) *run {
	w.t.Helper()
	return w.run(append([]string{"plan", "-json", "-no-color", "-input=false"}, args...)...)
}

func (w *workspace) apply(args ...string) *run {
	w.t.Helper()
	return w.run(append([]string{"apply", "-json", "-no-color", "-input=false", "-auto-approve"}, args...)...)
}

func (w *workspace) destroy(args ...string) *run {
	w.t.Helper()
	return w.apply(append([]string{"-destroy"}, args...)...)
}

func (w *workspace) command(args ...string) *exec.Cmd {
	cmd := exec.CommandContext(w.t.Context(), w.terraform, args...)
	cmd.Dir, cmd.Env = w.dir, w.env
	return cmd
}

func (w *workspace) run(args ...string) *run {
	w.t.Helper()
	if w.core != nil {
		return w.core.run(args)
	}
	cmd := w.command(args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	return w.outcome(cmd.Run(), &stdout, &stderr)
}

func (w *workspace) outcome(err error, stdout, stderr *bytes.Buffer) *run {
	r := &run{t: w.t, failed: err != nil, stdout: stdout.String(), log: stderr.String()}
	lines := bufio.NewScanner(stdout)
	lines.Buffer(nil, 10<<20)
	for lines.Scan() {
		var line struct {
			Diagnostic *diagnostic `json:"diagnostic"`
			Type       string      `json:"type"`
			Change     struct {
				Action   string `json:"action"`
				Resource struct {
					Addr string `json:"addr"`
				} `json:"resource"`
			} `json:"change"`
		}
		if json.Unmarshal(lines.Bytes(), &line) != nil {
			continue
		}
		if d := line.Diagnostic; d != nil && !slices.Contains(r.diagnostics, *d) && !strings.Contains(d.Summary, "development overrides") {
			r.diagnostics = append(r.diagnostics, *d)
		}
		if line.Type == "planned_change" {
			r.changes = append(r.changes, line.Change.Action+" "+line.Change.Resource.Addr)
		}
	}
	w.checkPrivacy(r)
	return r
}

func (r *run) expectOK() *run {
	r.t.Helper()
	if r.failed {
		r.t.Fatalf("failed: %s\n%s", r.stdout, r.log)
	}
	return r
}

func (r *run) expectFailed() *run {
	r.t.Helper()
	if !r.failed {
		r.t.Fatalf("succeeded: %s", r.stdout)
	}
	return r
}

// expect asserts a diagnostic with the given summary whose detail contains each of the
// texts.
func (r *run) expect(severity, summary string, texts ...string) *run {
	r.t.Helper()
	for _, d := range r.diagnostics {
		if d.Severity != severity || d.Summary != summary {
			continue
		}
		for _, text := range texts {
			if !strings.Contains(oneLine(d.Detail), text) {
				r.t.Errorf("%s %q lacks %q:\n%s", severity, summary, text, d.Detail)
			}
		}
		return r
	}
	r.t.Errorf("no %s %q among %q", severity, summary, r.diagnostics)
	return r
}

// expectQuiet asserts that there are no diagnostics.
func (r *run) expectQuiet() *run {
	r.t.Helper()
	if len(r.diagnostics) > 0 {
		r.t.Errorf("unexpected diagnostics: %q", r.diagnostics)
	}
	return r
}

// expectChanges asserts the planned changes, each as "update avara_….name".
func (r *run) expectChanges(want ...string) *run {
	r.t.Helper()
	if !slices.Equal(r.changes, want) {
		r.t.Errorf("planned changes %q, want %q\n%s", r.changes, want, r.stdout)
	}
	return r
}

// held is a resource in the state.
type held struct {
	values  map[string]any
	tainted bool
	// identity is nil if the state was written by a Terraform before 1.12.
	identity map[string]any
}

// state returns the attributes of a resource in the state, nil if it is not there, and
// whether it is tainted.
func (w *workspace) state(address string) (values map[string]any, tainted bool) {
	w.t.Helper()
	resource := w.states()[address]
	return resource.values, resource.tainted
}

// states returns the resources of the root module by address. It reads the state file,
// which is faster than a Terraform command.
func (w *workspace) states() map[string]held {
	w.t.Helper()
	if w.core != nil {
		return w.core.states()
	}
	content, err := os.ReadFile(filepath.Join(w.dir, "terraform.tfstate"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil // nothing has been applied so far
	}
	if err != nil {
		w.t.Fatal(err)
	}
	var state struct {
		Resources []struct {
			Module, Mode, Type, Name string

			Instances []struct {
				IndexKey   any `json:"index_key"`
				Attributes map[string]any
				Identity   map[string]any
				Status     string
			}
		}
	}
	if err := json.Unmarshal(content, &state); err != nil {
		w.t.Fatalf("%v in %s", err, content)
	}
	all := map[string]held{}
	for _, r := range state.Resources {
		for _, i := range r.Instances {
			address := r.Type + "." + r.Name
			if i.IndexKey != nil {
				address += fmt.Sprintf("[%s]", jsonOf(i.IndexKey))
			}
			if r.Mode == "managed" && r.Module == "" {
				all[address] = held{values: i.Attributes, tainted: i.Status == "tainted", identity: i.Identity}
			}
		}
	}
	return all
}

func jsonOf(value any) string {
	encoded, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return string(encoded)
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
