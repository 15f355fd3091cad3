// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// The tests of the example modules run as the guide describes: on the emulator, and with a
// mocked provider without an API.
func TestAccModules(t *testing.T) {
	t.Parallel()
	needsTerraform(t)
	modules, err := filepath.Glob(filepath.Join(examples, "modules", "*"))
	if err != nil || len(modules) == 0 {
		t.Fatal("no modules found", err)
	}
	for _, module := range modules {
		name := filepath.Base(module)
		t.Run(name+"/emulator", func(t *testing.T) {
			t.Parallel()
			a := newAccount(t)
			w := newModule(a, module)
			w.needs(testCommand)
			w.env = append(w.env, "AVARA_BASE_URL="+a.url, "AVARA_API_KEY="+emulator.DefaultAPIKey)
			w.run("test", "-no-color", "-filter=tests/emulator.tftest.hcl").expectOK()
			if customers := a.Customers(); len(customers) != 1 || customers[0].IsActive {
				t.Errorf("the test left %+v", customers)
			}
			if invitations := a.Invitations(emulator.AutoScribe); len(invitations) != 1 {
				t.Errorf("%d invitations for one reader", len(invitations))
			}
		})
		t.Run(name+"/mocked", func(t *testing.T) {
			t.Parallel()
			a := newAccount(t)
			w := newModule(a, module)
			w.needs(mockProviders)
			w.run("test", "-no-color", "-filter=tests/mocked.tftest.hcl").expectOK()
			a.expectRequests(allBut())
		})
		t.Run(name+"/format", func(t *testing.T) {
			t.Parallel()
			w := newModule(newAccount(t), module)
			if format := w.run("fmt", "-check", "-diff", "-recursive"); format.failed {
				t.Errorf("not in canonical format:\n%s", format.stdout)
			}
		})
	}
}

// newModule copies a module into a workspace.
func newModule(a *account, module string) *workspace {
	a.t.Helper()
	w := newEmptyWorkspace(a)
	if err := os.CopyFS(w.dir, os.DirFS(module)); err != nil {
		a.t.Fatal(err)
	}
	return w
}

// newEmptyWorkspace is a workspace without a configuration.
func newEmptyWorkspace(a *account) *workspace {
	a.t.Helper()
	w := newWorkspace(a, "")
	if err := os.Remove(filepath.Join(w.dir, "main.tf")); err != nil {
		a.t.Fatal(err)
	}
	return w
}
