// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// lookupSeed has the objects that the examples look up.
var lookupSeed = emulator.Seed{Customers: 30, Users: 10, References: 20}

func TestAccExamples_dataSources(t *testing.T) {
	t.Parallel()
	for _, folder := range exampleFolders(t, "data-sources") {
		t.Run(folder, func(t *testing.T) {
			t.Parallel()
			a := newAccount(t)
			a.Seed(lookupSeed)
			w := newWorkspace(a, example(t, "data-sources", folder, "data-source.tf"))
			w.apply().expectOK().expectQuiet()
			w.plan().expectOK().expectChanges()
			if format := w.run("fmt", "-check", "-diff"); format.failed {
				t.Errorf("not in canonical format:\n%s", format.stdout)
			}
		})
	}
}

// newListAccount has the objects that the list blocks of the examples find.
func newListAccount(t *testing.T) *account {
	t.Helper()
	a := newAccount(t)
	a.Seed(lookupSeed)
	a.AddCustomer(emulator.Customer{Name: "Lakeside Archive"})
	for _, p := range bothProducts {
		a.AddUser(p.product, emulator.User{Person: emulator.Person{Email: testEmail, FirstName: "Ines", LastName: "Okafor"}, InvitedSource: "dashboard"})
	}
	return a
}

// Each list block of the examples finds something, and each list resource of the provider
// has an example.
func TestExamples_listResources(t *testing.T) {
	t.Parallel()
	p := configured(newListAccount(t))
	folders := exampleFolders(t, "list-resources")
	if listable := slices.Sorted(maps.Keys(p.schemas.ListResourceSchemas)); !slices.Equal(folders, listable) {
		t.Errorf("examples for %q, list resources %q", folders, listable)
	}
	for _, folder := range folders {
		text := example(t, "list-resources", folder, "list-resource.tfquery.hcl")
		file, diagnostics := hclsyntax.ParseConfig([]byte(text), folder, hcl.InitialPos)
		if diagnostics.HasErrors() {
			t.Fatal(diagnostics)
		}
		for _, block := range file.Body.(*hclsyntax.Body).Blocks {
			address := block.Type + "." + strings.Join(block.Labels, ".")
			if block.Type != "list" || block.Labels[0] != folder {
				t.Errorf("%s in %s", address, folder)
				continue
			}
			arguments := map[string]any{}
			for _, config := range block.Body.Blocks {
				for name, attribute := range config.Body.Attributes {
					value, diagnostics := attribute.Expr.Value(nil)
					if diagnostics.HasErrors() {
						t.Fatal(diagnostics)
					}
					if value.Type().FriendlyName() == "bool" {
						arguments[name] = value.True()
					} else {
						arguments[name] = value.AsString()
					}
				}
			}
			if found, diagnostics := p.list(folder, arguments, 1000, true); len(found) == 0 || len(diagnostics) > 0 {
				t.Errorf("%s finds %d: %s", address, len(found), texts(diagnostics))
			}
		}
	}
}

// The same with a real Terraform.
func TestAccExamples_listResources(t *testing.T) {
	t.Parallel()
	for _, folder := range exampleFolders(t, "list-resources") {
		t.Run(folder, func(t *testing.T) {
			t.Parallel()
			w := newWorkspace(newListAccount(t), "")
			w.needs(queries)
			file := filepath.Join("list-resources", folder, "list-resource.tfquery.hcl")
			w.add("", file)
			r, results := w.query("")
			r.expectOK().expectQuiet()
			blocks := regexp.MustCompile(`(?m)^list "(\w+)" "(\w+)"`).FindAllStringSubmatch(example(t, file), -1)
			for _, block := range blocks {
				if address := "list." + block[1] + "." + block[2]; len(results[address]) == 0 {
					t.Errorf("%s finds nothing", address)
				}
			}
			if len(blocks) == 0 {
				t.Error("there is no list block")
			}
			w.run("validate", "-query", "-no-color").expectOK()
			if format := w.run("fmt", "-check", "-diff"); format.failed {
				t.Errorf("not in canonical format:\n%s", format.stdout)
			}
		})
	}
}

func exampleFolders(t *testing.T, kind string) (names []string) {
	t.Helper()
	folders, err := filepath.Glob(filepath.Join(examples, kind, "*"))
	if err != nil || len(folders) == 0 {
		t.Fatal("no examples found", err)
	}
	for _, folder := range folders {
		names = append(names, filepath.Base(folder))
	}
	return names
}
