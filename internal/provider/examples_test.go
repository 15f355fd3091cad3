// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

const (
	examples  = "../../examples"
	exampleID = "cus_9f2c4b7a10de4e63b85f0c21a7d3e964"
)

func example(t *testing.T, path ...string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(append([]string{examples}, path...)...))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// The examples work unedited, since users copy them.
func TestAccExamples_expressCustomer(t *testing.T) {
	t.Parallel()
	const folder = "resources/avara_express_customer"
	configuration := example(t, folder, "resource.tf")
	for name, imports := range map[string]string{
		"create":       "",
		"import block": example(t, folder, "import-by-string-id.tf"),
		"identity":     example(t, folder, "import-by-identity.tf"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newAccount(t)
			w := newWorkspace(a, configuration+imports)
			if strings.Contains(imports, "identity") {
				w.needs(identities)
			}
			if imports != "" {
				a.AddCustomer(emulator.Customer{ID: exampleID, Name: "Lakeside"})
			}
			w.apply().expectOK()
			w.plan().expectOK().expectChanges()
			if customers := a.Customers(); len(customers) != 2 {
				t.Errorf("%d customers", len(customers))
			}
		})
	}
	t.Run("import command", func(t *testing.T) {
		t.Parallel()
		a := newAccount(t)
		a.AddCustomer(emulator.Customer{ID: exampleID, Name: "Lakeside"})
		w := newWorkspace(a, configuration)
		w.run(strings.Fields(example(t, folder, "import.sh"))[1:]...).expectOK()
		if state, _ := w.state("avara_express_customer.lakeside"); state["id"] != exampleID {
			t.Errorf("state %v", state)
		}
	})
}

// Every resource, data source and other object has the examples from which docs/ is
// generated.
func TestExamples_areComplete(t *testing.T) {
	t.Parallel()
	p := newProtocol(t)
	schemas := p.schemas
	for _, kind := range []struct {
		folder  string
		schemas map[string]*tfprotov6.Schema
		files   []string
	}{
		{"resources", schemas.ResourceSchemas, []string{"resource.tf", "import.sh", "import-by-string-id.tf", "import-by-identity.tf"}},
		{"data-sources", schemas.DataSourceSchemas, []string{"data-source.tf"}},
		{"list-resources", schemas.ListResourceSchemas, []string{"list-resource.tfquery.hcl"}},
		{"ephemeral-resources", schemas.EphemeralResourceSchemas, []string{"ephemeral-resource.tf"}},
		{"actions", p.actionSchemas(), []string{"action.tf"}},
	} {
		for name := range kind.schemas {
			for _, file := range kind.files {
				if _, err := os.Stat(filepath.Join(examples, kind.folder, name, file)); err != nil {
					t.Errorf("there is no examples/%s/%s/%s", kind.folder, name, file)
				}
			}
		}
	}
}

// One apply creates the resources of an example, and the next plan is empty.
func TestAccExamples_resources(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(examples, "resources", "*", "resource.tf"))
	if err != nil || len(files) == 0 {
		t.Fatal("no examples found", err)
	}
	for _, file := range files {
		folder := filepath.Base(filepath.Dir(file))
		t.Run(folder, func(t *testing.T) {
			t.Parallel()
			w := newWorkspace(newAccount(t), example(t, "resources", folder, "resource.tf"))
			w.apply().expectOK()
			w.plan().expectOK().expectChanges()
			if format := w.run("fmt", "-check", "-diff"); format.failed {
				t.Errorf("not in canonical format:\n%s", format.stdout)
			}
		})
	}
}

// The provider's example is valid unedited.
func TestAccExamples_provider(t *testing.T) {
	t.Parallel()
	w := newEmptyWorkspace(newAccount(t))
	writeFile(t, filepath.Join(w.dir, "provider.tf"), example(t, "provider", "provider.tf"))
	w.run("validate").expectOK()
	if format := w.run("fmt", "-check", "-diff"); format.failed {
		t.Errorf("not in canonical format:\n%s", format.stdout)
	}
}

// One apply of the index page's example creates a customer and the objects that refer to
// it.
func TestAccExamples_customer(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	w := newWorkspace(a, example(t, "provider", "customer.tf"))
	w.apply().expectOK()
	w.plan().expectOK().expectChanges()
	customers := a.Customers()
	if len(customers) != 1 || len(customers[0].Members) != 1 || len(a.References()) != 2 {
		t.Errorf("customers %+v, references %+v", customers, a.References())
	}
	if format := w.run("fmt", "-check", "-diff"); format.failed {
		t.Errorf("not in canonical format:\n%s", format.stdout)
	}
}

// Generated configuration that is imported unedited leads to an empty plan, also for
// inactive customers and customers with metadata.
func TestAccExpressCustomer_generatedConfiguration(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	var imports strings.Builder
	for name, c := range map[string]emulator.Customer{
		"plain":    {Name: "Plain", IsActive: true},
		"inactive": {Name: "Inactive", IsActive: false},
		"metadata": {Name: "Metadata", IsActive: false, Metadata: map[string]string{"a b": "1", "c": ""}},
	} {
		imports.WriteString("import {\n  to = avara_express_customer." + name + "\n  id = \"" + a.AddCustomer(c) + "\"\n}\n")
	}
	w := newWorkspace(a, imports.String())
	w.plan("-generate-config-out=generated.tf").expectOK()
	w.run("validate").expectOK()
	w.apply().expectOK().expectQuiet()
	a.expectRequests(allBut(getRoute))
	w.plan().expectOK().expectQuiet().expectChanges()
}
