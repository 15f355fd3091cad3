// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// newGuide is an empty folder for the files and commands of a guide that needs the
// features. Address and key come from the environment, as the guides say.
func newGuide(a *account, features ...feature) *workspace {
	a.t.Helper()
	w := newEmptyWorkspace(a)
	w.needs(features...)
	path, err := exec.LookPath(w.terraform)
	if err != nil {
		a.t.Fatal(err)
	}
	bin := a.t.TempDir()
	if err := os.Symlink(path, filepath.Join(bin, "terraform")); err != nil {
		a.t.Fatal(err)
	}
	w.env = append(w.env, "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"),
		"AVARA_BASE_URL="+a.url, "AVARA_API_KEY="+emulator.DefaultAPIKey,
		"TF_CLI_ARGS_apply=-auto-approve", "TF_CLI_ARGS_plan=-no-color")
	return w
}

// add copies files of the examples to a folder of the workspace.
func (w *workspace) add(folder string, files ...string) {
	w.t.Helper()
	for _, file := range files {
		target := filepath.Join(w.dir, folder, filepath.Base(file))
		if err := os.MkdirAll(filepath.Dir(target), 0o700); err != nil {
			w.t.Fatal(err)
		}
		writeFile(w.t, target, example(w.t, file))
	}
}

// shell runs a command line in the folder of the workspace.
func (w *workspace) shell(line string) *run {
	w.t.Helper()
	cmd := exec.CommandContext(w.t.Context(), "sh", "-c", line)
	cmd.Dir, cmd.Env = w.dir, w.env
	var stdout, stderr strings.Builder
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	return &run{t: w.t, failed: err != nil, stdout: stdout.String(), log: stderr.String()}
}

// Each way that the guide shows imports the whole account, with its commands unedited, and
// changes nothing in the account.
func TestAccGuide_adoptAnExistingAccount(t *testing.T) {
	t.Parallel()
	const folder = "guides/adopt-existing-account/"
	inventory := func(w *workspace) {
		w.add("inventory", folder+"versions.tf", folder+"inventory/inventory.tf", folder+"inventory/blocks.tf")
	}
	for way, tc := range map[string]struct {
		prepare   func(*workspace)
		customers int
		needs     []feature
	}{
		"query": {func(w *workspace) {
			w.add("", folder+"versions.tf", folder+"query/account.tfquery.hcl")
		}, 111, []feature{queries}}, // Terraform lists 100 objects unless it is asked for more
		"blocks": {func(w *workspace) {
			inventory(w)
			w.add("", folder+"versions.tf")
		}, 20, nil},
		"for-each": {func(w *workspace) {
			inventory(w)
			w.add("", folder+"versions.tf", folder+"for-each/account.tf")
		}, 20, []feature{importForEach}},
	} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			a := newAccount(t)
			a.Seed(emulator.Seed{Customers: tc.customers - 1, Users: 5, References: 5})
			a.AddCustomer(emulator.Customer{Name: a.Customers()[0].Name, Metadata: map[string]string{"a b": "", "quote": `"${x}"`}})
			objects := tc.customers + 2*5 + 5
			before := a.State()
			w := newGuide(a, tc.needs...)
			tc.prepare(w)
			found, plans := false, []string{fmt.Sprintf("Plan: %d to import, 0 to add, 0 to change, 0 to destroy.", objects), "No changes."}
			for line := range strings.Lines(example(t, folder+way+"/adopt.sh")) {
				a.ResetRequests()
				r := w.shell(line).expectOK()
				if strings.HasPrefix(line, "terraform plan") {
					if !strings.Contains(r.stdout, plans[0]) {
						t.Errorf("%s: no %q in\n%s", line, plans[0], tail(r.stdout))
					}
					plans = plans[1:]
				}
				for _, request := range a.Requests() {
					if request.Method != "GET" {
						t.Errorf("%s: %s", line, request.Route)
					}
				}
				if !found {
					if got := len(a.Requests()); got > 10 {
						t.Errorf("%d requests to find everything", got)
					}
					found = true
				}
			}
			if len(plans) > 0 {
				t.Errorf("no plan contains %q", plans[0])
			}
			if !reflect.DeepEqual(a.State(), before) {
				t.Error("the account has changed")
			}
			if got := len(w.addresses()); got != objects {
				t.Errorf("%d objects in the state, want %d", got, objects)
			}
		})
	}
}

// addresses lists the resources in the state.
func (w *workspace) addresses() []string {
	w.t.Helper()
	return slices.DeleteFunc(strings.Fields(w.run("state", "list").expectOK().stdout), func(address string) bool {
		return strings.HasPrefix(address, "data.")
	})
}

func tail(s string) string { return s[max(0, len(s)-2000):] }

// Every code block of the guides with example files is one of these files, which the tests
// above run.
func TestGuidesShowExamples(t *testing.T) {
	t.Parallel()
	folders, err := filepath.Glob(filepath.Join(examples, "guides", "*"))
	if err != nil || len(folders) < 2 {
		t.Fatal("no guides", err)
	}
	for _, folder := range folders {
		guide := filepath.Join("../../docs/guides", filepath.Base(folder)+".md")
		text, err := os.ReadFile(guide)
		if err != nil {
			t.Fatal(err)
		}
		shown := map[string]bool{}
		_ = filepath.WalkDir(folder, func(path string, entry os.DirEntry, _ error) error {
			if content, err := os.ReadFile(path); err == nil && !entry.IsDir() {
				shown[strings.TrimSpace(string(content))] = false
			}
			return nil
		})
		for _, block := range regexp.MustCompile("(?s)```(\\w+)\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
			content := strings.TrimSpace(block[2])
			if block[1] == "text" { // output of a program
				continue
			}
			if _, found := shown[content]; !found {
				t.Errorf("%s: not a file of %s:\n%s", guide, folder, content)
			}
			shown[content] = true
		}
		for content, isShown := range shown {
			if !isShown {
				t.Errorf("%s does not show:\n%s", guide, content)
			}
		}
	}
}
