// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// The index page says that a key from a sensitive variable is in a saved plan, and a key
// from an ephemeral variable is not.
func TestAccDocuments_keyInSavedPlans(t *testing.T) {
	t.Parallel()
	for mark, isSaved := range map[string]bool{"sensitive": true, "ephemeral": false} {
		t.Run(mark, func(t *testing.T) {
			t.Parallel()
			w := newEmptyWorkspace(newAccount(t))
			w.needs(ephemerals)
			w.env = append(w.env, "TF_VAR_key="+emulator.DefaultAPIKey)
			writeFile(t, filepath.Join(w.dir, "main.tf"), requiredProviders+`
variable "key" {
  type      = string
  `+mark+` = true
}

provider "avara" {
  base_url = "`+w.url+`"
  api_key  = var.key
}

resource "avara_express_customer" "test" {
  name = "Lakeside"
}
`)
			w.plan("-out=plan").expectOK()
			found := false
			for _, content := range unpacked(t, filepath.Join(w.dir, "plan")) {
				found = found || strings.Contains(content, emulator.DefaultAPIKey)
			}
			if found != isSaved {
				t.Errorf("the key is in the saved plan: %t", found)
			}
			if err := os.Remove(filepath.Join(w.dir, "plan")); err != nil { // no other file may hold the key
				t.Fatal(err)
			}
		})
	}
}

// The index page says that a default from an ephemeral variable is in the state, and that
// a sensitive pair is shown in effective_metadata.
func TestAccDocuments_metadataIsNotSecret(t *testing.T) {
	t.Parallel()
	w := newEmptyWorkspace(newAccount(t))
	w.needs(ephemerals)
	writeFile(t, filepath.Join(w.dir, "main.tf"), requiredProviders+`
variable "team" {
  type      = string
  default   = "hidden-team"
  ephemeral = true
}

variable "contract" {
  type      = string
  default   = "hidden-contract"
  sensitive = true
}

provider "avara" {
  base_url         = "`+w.url+`"
  api_key          = "`+emulator.DefaultAPIKey+`"
  default_metadata = { team = var.team }
}

resource "avara_express_customer" "test" {
  name     = "Lakeside"
  metadata = { contract = var.contract }
}

output "all" {
  value = avara_express_customer.test.effective_metadata
}
`)
	shown := w.apply().expectOK().stdout
	for _, value := range []string{"hidden-team", "hidden-contract"} {
		if !strings.Contains(shown, value) {
			t.Errorf("%s is not shown in\n%s", value, shown)
		}
	}
	values, _ := w.state("avara_express_customer.test")
	if got := jsonOf(values["effective_metadata"]); !strings.Contains(got, "hidden-team") {
		t.Errorf("effective_metadata %s", got)
	}
}

// The guide on tests says that a mocked provider does not apply defaults.
func TestAccDocuments_mockedDefaults(t *testing.T) {
	t.Parallel()
	w := newEmptyWorkspace(newAccount(t))
	w.needs(mockProviders)
	writeFile(t, filepath.Join(w.dir, "main.tf"), requiredProviders+"resource \"avara_express_customer\" \"test\" {\n  name = \"Lakeside\"\n}\n")
	writeFile(t, filepath.Join(w.dir, "mocked.tftest.hcl"), `mock_provider "avara" {
  mock_resource "avara_express_customer" {
    defaults = { id = "`+exampleID+`" }
  }
}

run "leaves_defaults_out" {
  assert {
    condition     = !avara_express_customer.test.active && avara_express_customer.test.deletion_policy != "deactivate"
    error_message = "A default applies."
  }
}
`)
	w.run("test", "-no-color").expectOK()
}

// The guide on adoption finds a customer by its name and imports it.
func TestAccGuide_importByName(t *testing.T) {
	t.Parallel()
	const folder = "guides/adopt-existing-account/by-name"
	w := newWorkspace(newAccount(t), example(t, folder, "lookup.tf"))
	id := w.AddCustomer(emulator.Customer{Name: "Harbor Ortho Group", IsActive: true})
	if shown := w.apply().expectOK().stdout; !strings.Contains(shown, id) {
		t.Errorf("no %s in\n%s", id, shown)
	}
	w.ResetRequests()
	w.write(strings.Replace(example(t, folder, "import.tf"), "cus_5d20e1f7c3b84a9690fe7a1b2c3d4e5f", id, 1))
	if shown := w.apply().expectOK().stdout; !strings.Contains(shown, "1 imported, 0 added, 0 changed") {
		t.Error(tail(shown))
	}
	w.expectRequests(allBut(getRoute))
	w.plan().expectOK().expectChanges()
}

// The guide on adoption imports customers by a map of names.
func TestAccGuide_importManyByName(t *testing.T) {
	t.Parallel()
	const folder = "guides/adopt-existing-account/by-name"
	w := newWorkspace(newAccount(t), example(t, folder, "many.tf"))
	w.needs(importForEach)
	for _, name := range []string{"Harbor Ortho Group", "Lakeside Imaging Partners", "Northgate", "Northgate"} {
		w.AddCustomer(emulator.Customer{Name: name, IsActive: true})
	}
	if shown := w.apply().expectOK().stdout; !strings.Contains(shown, "2 imported, 0 added, 0 changed") {
		t.Error(tail(shown))
	}
	w.expectRequests(writes)
	w.plan().expectOK().expectChanges()

	// A name that no customer has, or that several have, is an error.
	w.write(strings.ReplaceAll(example(t, folder, "many.tf"), "Lakeside", "Pier"))
	w.plan().expectFailed()
	w.write(example(t, folder, "many.tf"))
	w.AddCustomer(emulator.Customer{Name: "Harbor Ortho Group", IsActive: true})
	w.plan().expectFailed()
}
