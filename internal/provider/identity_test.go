// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

func TestImportByIdentity(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	id := a.AddCustomer(emulator.Customer{Name: "One", IsActive: false, Metadata: map[string]string{"k": "v"}})
	p := configured(a)
	state, diagnostics := p.importByIdentity("avara_express_customer", id)
	if len(diagnostics) > 0 {
		t.Fatal(texts(diagnostics))
	}
	var active bool
	if err := state["active"].As(&active); err != nil || active || text(state["name"]) != "One" || text(state["deletion_policy"]) != "deactivate" {
		t.Errorf("%v", state)
	}

	a.ResetRequests()
	for _, malformed := range []string{"../x", "usr_" + id[4:], id[:35], ""} {
		_, diagnostics = p.importByIdentity("avara_express_customer", malformed)
		if got := texts(diagnostics); !strings.Contains(got, "Malformed import id") {
			t.Errorf("%q: %s", malformed, got)
		}
	}
	a.expectRequests(allBut())

	state, diagnostics = p.importByIdentity("avara_express_customer", "cus_"+strings.Repeat("0", 32))
	if state != nil || len(diagnostics) > 0 {
		t.Errorf("import of a missing object: %v, %s", state, texts(diagnostics))
	}
}

// State that was written before the provider had identities, or by a Terraform without
// them, gets an identity from a refresh, even if the refresh does not find the object.
func TestRefreshOfStateWithoutIdentity(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	p := configured(a)
	const resource = "avara_express_customer"
	state := p.value(p.resourceType(resource), map[string]any{"id": "cus_" + strings.Repeat("0", 32), "name": "Gone"})
	for _, status := range []int{404, 410} {
		repair := a.AddFault(emulator.Fault{Route: getRoute, Status: status})
		after, diagnostics := p.read(resource, state, nil, nil)
		said := &outcome{t: t, diagnostics: diagnostics}
		said.expectWarning("Express customer not found", fmt.Sprintf("The API answers %d for", status))
		if after != nil || len(diagnostics) != 1 {
			t.Errorf("%v, %s", after, texts(diagnostics))
		}
		repair()
	}
}

// The identity of an object never changes. If the state was written by a Terraform without
// identities, the next refresh adds it. An import by identity imports the same object.
func TestAccIdentity(t *testing.T) {
	t.Parallel()
	type tc struct{ block, changed, warning string }
	objects := map[string]tc{
		address:           {block: customerConfig("One", "active = false"), changed: customerConfig("Two")},
		referenceAddress:  {block: facility("North", external, ofLakeside), changed: facility("South", external, ofHarbor)},
		membershipAddress: {membership(), membership(`deletion_policy = "abandon"`), "Membership is not verified"},
	}
	for _, p := range bothProducts {
		objects[p.address()] = tc{block: p.block(), changed: p.block(`first_name = "Adaeze"`)}
	}
	for typeName := range newProtocol(t).schemas.ResourceSchemas {
		if _, found := objects[typeName+".test"]; !found {
			t.Errorf("there is no %s here", typeName)
		}
	}
	for address, tc := range objects {
		t.Run(address, func(t *testing.T) {
			t.Parallel()
			w := newWorkspace(newStaff(t), tc.block)
			w.needs(identities)
			w.apply().expectOK()
			made := w.states()[address]
			if len(made.identity) == 0 {
				t.Fatal("the new object has no identity")
			}
			for name, value := range made.identity {
				if value != made.values[name] {
					t.Errorf("%s of the identity is %v, that of the object %v", name, value, made.values[name])
				}
			}
			expectKept := func() {
				t.Helper()
				if got := w.states()[address].identity; !maps.Equal(got, made.identity) {
					t.Errorf("the identity has become %v, want %v", got, made.identity)
				}
			}
			w.write(tc.changed)
			w.apply().expectOK().expectChanges("update " + address)
			expectKept()
			w.forgetIdentities()
			w.write(tc.block)
			w.apply().expectOK().expectChanges("update " + address)
			expectKept()

			before := w.State()
			w.ResetRequests()
			if err := os.Remove(filepath.Join(w.dir, "terraform.tfstate")); err != nil {
				t.Fatal(err)
			}
			w.write(tc.block + importByIdentity(address, made.identity))
			imported := w.apply().expectOK().expectChanges("import " + address)
			if tc.warning == "" {
				imported.expectQuiet()
			} else {
				imported.expect("warning", tc.warning)
			}
			w.plan().expectOK().expectQuiet().expectChanges()
			expectKept()
			w.expectUntouched(before)
		})
	}
}

// An imported object must exist, and the import must name it by its id. A malformed id is
// not quoted, since it may be an email address or a name.
func TestAccIdentity_importOfNothing(t *testing.T) {
	t.Parallel()
	unknown := strings.Repeat("0", 32)
	type tc struct {
		block              string
		nothing, malformed map[string]any
		summary            string
	}
	const none = "Cannot import non-existent remote object"
	objects := map[string]tc{
		address:          {customerConfig("One"), map[string]any{"id": "cus_" + unknown}, map[string]any{"id": testEmail}, none},
		referenceAddress: {facility("North"), map[string]any{"id": "ref_" + unknown}, map[string]any{"id": testEmail}, none},
		membershipAddress: {
			membership(),
			map[string]any{"express_customer_id": "cus_" + unknown, "user_id": inesID},
			map[string]any{"express_customer_id": lakesideID, "user_id": testEmail},
			"Membership does not exist",
		},
	}
	for _, p := range bothProducts {
		objects[p.address()] = tc{p.block(), map[string]any{"id": "usr_" + unknown}, map[string]any{"id": testEmail}, none}
	}
	for address, tc := range objects {
		t.Run(address, func(t *testing.T) {
			t.Parallel()
			w := newWorkspace(newStaff(t), tc.block+importByIdentity(address, tc.nothing))
			w.needs(identities)
			w.plan().expectFailed().expect("error", tc.summary)
			w.ResetRequests()
			w.write(tc.block + importByIdentity(address, tc.malformed))
			w.plan().expectFailed().expect("error", "Malformed import id")
			w.write(tc.block)
			if r := w.run("import", "-no-color", address, "Dr. Quist").expectFailed(); !strings.Contains(r.log, "Malformed import id") {
				t.Error(r.log)
			}
			w.expectRequests(allBut())
		})
	}
}

func importByIdentity(address string, identity map[string]any) string {
	arguments := ""
	for name, value := range identity {
		arguments += fmt.Sprintf("    %s = %q\n", name, value)
	}
	return fmt.Sprintf("import {\n  to = %s\n  identity = {\n%s  }\n}\n", address, arguments)
}

// forgetIdentities removes the identities from the state, as a Terraform before 1.12
// writes it.
func (w *workspace) forgetIdentities() {
	w.t.Helper()
	file := filepath.Join(w.dir, "terraform.tfstate")
	state, err := os.ReadFile(file)
	if err != nil {
		w.t.Fatal(err)
	}
	identity := regexp.MustCompile(`(?s),\s*"identity_schema_version": \d+,\s*"identity": {[^}]*}`)
	if !identity.Match(state) {
		w.t.Fatalf("no identity in\n%s", state)
	}
	writeFile(w.t, file, string(identity.ReplaceAll(state, nil)))
}
