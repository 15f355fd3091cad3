// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"maps"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// The same texts in two Unicode forms: composed, as Terraform writes them, and decomposed,
// as others may have written them.
var (
	composedKey, decomposedKey   = norm.NFC.String("clé"), norm.NFD.String("clé")
	composedName, decomposedName = norm.NFC.String("Hôpital Émile"), norm.NFD.String("Hôpital Émile")
)

// Others may have written decomposed text, which Terraform shows composed. It is not
// reported as drift, an object is found by such a name, and an ignored pair keeps its
// form.
func TestAccDecomposedText(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	a.settings = "ignore_metadata {\n    keys = [" + jsonOf(composedKey) + "]\n  }"
	id := a.AddCustomer(emulator.Customer{Name: decomposedName, IsActive: true, Metadata: map[string]string{decomposedKey: "theirs", "tier": decomposedName}})
	config := func(pairs string) string {
		return customerConfig(composedName, "metadata = { tier = "+jsonOf(composedName)+pairs+" }")
	}
	w := newWorkspace(a, config("")+`
data "avara_express_customer" "named" {
  name = `+jsonOf(composedName)+`
}

data "avara_express_customers" "part" {
  name_contains = `+jsonOf(strings.ToUpper(composedName[:4]))+`
}

output "found" {
  value = [data.avara_express_customer.named.id, data.avara_express_customers.part.customers[0].id]
}
`)
	w.run("import", "-no-color", address, id).expectOK()
	a.ResetRequests()
	if found := w.apply().expectOK().expectQuiet().expectChanges(); !strings.Contains(found.stdout, id) {
		t.Error(found.stdout)
	}
	a.expectRequests(writes)
	w.plan().expectOK().expectQuiet().expectChanges()

	w.write(config(", contract = \"7\""))
	w.apply().expectOK().expectQuiet().expectChanges("update " + address)
	if got := a.customer().Metadata; got[decomposedKey] != "theirs" || got["contract"] != "7" || len(got) != 3 {
		t.Errorf("%q", got)
	}
	w.plan().expectOK().expectQuiet().expectChanges()
}

// The same for default metadata and for the other kinds of objects, without Terraform.
func TestDecomposedTextIsNotReportedAsDrift(t *testing.T) {
	t.Parallel()
	a := newStaff(t)
	c := newCore(a, newProtocol(t))
	c.protocol = a.configuredWith(map[string]any{"default_metadata": textMap(map[string]string{composedKey: composedName})})
	decompose := func(pairs map[string]string) map[string]string {
		decomposed := map[string]string{}
		for key, value := range pairs {
			decomposed[norm.NFD.String(key)] = norm.NFD.String(value)
		}
		return decomposed
	}
	objects := map[string]map[string]any{
		address:                {"name": composedName},
		referenceAddress:       {"name": composedName, "type": "facility", "external_reference_id": composedKey},
		viewerPeople.address(): with(viewerPeople.values(testEmail), map[string]any{"first_name": composedName}),
	}
	for at, config := range objects {
		c.apply(at, config).expectQuiet().expectAction("create")
	}
	for _, customer := range a.Customers() {
		a.EditCustomer(customer.ID, func(c *emulator.Customer) { c.Name, c.Metadata = norm.NFD.String(c.Name), decompose(c.Metadata) })
	}
	a.EditReference(a.reference().ID, func(r *emulator.Reference) {
		r.Name, r.Metadata, r.ExternalReferenceID = norm.NFD.String(r.Name), decompose(r.Metadata), norm.NFD.String(r.ExternalReferenceID)
	})
	a.EditInvitation(emulator.Viewer, a.Invitations(emulator.Viewer)[0].ID, func(i *emulator.Invitation) { i.FirstName = norm.NFD.String(i.FirstName) })
	a.ResetRequests()
	for at, config := range objects {
		c.apply(at, config).expectQuiet().expectAction("no-op")
	}
	a.expectRequests(writes)
}

// Blanks around a text that the API trims are not reported as drift either.
func TestTrimmedTextIsNotReportedAsDrift(t *testing.T) {
	t.Parallel()
	a := newStaff(t)
	c := newCore(a, newProtocol(t))
	objects := map[string]map[string]any{
		address:                {"name": "Lakeside\n", "metadata": textMap(map[string]string{"note": "two lines\n"})},
		referenceAddress:       {"name": " North ", "type": "facility"},
		viewerPeople.address(): with(viewerPeople.values(testEmail), map[string]any{"last_name": "Okafor\n"}),
	}
	for at, config := range objects {
		c.apply(at, config).expectQuiet().expectAction("create")
	}
	trim := strings.TrimSpace
	for _, customer := range a.Customers() {
		a.EditCustomer(customer.ID, func(c *emulator.Customer) {
			c.Name = trim(c.Name)
			for key, value := range c.Metadata {
				c.Metadata[key] = trim(value)
			}
		})
	}
	a.EditReference(a.reference().ID, func(r *emulator.Reference) { r.Name = trim(r.Name) })
	a.EditInvitation(emulator.Viewer, a.Invitations(emulator.Viewer)[0].ID, func(i *emulator.Invitation) { i.LastName = trim(i.LastName) })
	a.ResetRequests()
	for at, config := range objects {
		c.apply(at, config).expectQuiet().expectAction("no-op")
	}
	a.expectRequests(writes)
}

// A metadata key of which only the blanks change is what was planned, whether or not the
// API trims keys.
func TestKeyThatChangesInBlanksOnly(t *testing.T) {
	t.Parallel()
	for form, stored := range storedForms {
		t.Run(form, func(t *testing.T) {
			t.Parallel()
			a := newAccount(t)
			a.rewrite(inJSON(stored))
			c := newCore(a, newProtocol(t))
			for _, key := range []string{"note", " note", "note\n", "note"} {
				for at, config := range map[string]map[string]any{
					address:          {"name": "Lakeside", "metadata": textMap(map[string]string{key: "1", "other": "2"})},
					referenceAddress: {"name": "North", "type": "facility", "metadata": textMap(map[string]string{key: "1", "other": "2"})},
				} {
					c.apply(at, config).expectQuiet()
					c.apply(at, config).expectQuiet().expectAction("no-op")
				}
			}
		})
	}
}

// An API may trim blanks and not control characters.
func TestTrimmedKeyWithControlCharacters(t *testing.T) {
	t.Parallel()
	m := metadataModel{EffectiveMetadata: metadataMap(map[string]string{"\x01note ": "1"})}
	before := m.EffectiveMetadata
	if m.fromAPI(map[string]string{"\x01note": "1"}, metadataPolicy{}); !m.EffectiveMetadata.Equal(before) {
		t.Errorf("%s, want %s", m.EffectiveMetadata, before)
	}
}

// Two keys that differ in blanks only are named in the plan, unless the object holds both.
func TestKeysThatDifferInBlanksOnly(t *testing.T) {
	t.Parallel()
	const key, twin = "note", "note "
	both := map[string]any{"name": "Lakeside", "metadata": textMap(map[string]string{key: "1", twin: "2"})}
	for form, stored := range storedForms {
		t.Run(form, func(t *testing.T) {
			t.Parallel()
			a := newAccount(t)
			a.rewrite(inJSON(stored))
			c := newCore(a, newProtocol(t))
			c.plan(address, both).expectWarning("Metadata keys differ in blanks only", `"note" and "note "`)
			c.apply(address, both)
			if stored(" ") == " " {
				c.apply(address, both).expectQuiet().expectAction("no-op")
				return
			}
			c.plan(address, both).expectWarning("Metadata keys differ in blanks only", `"note" and "note "`)
		})
	}
}

// A null pair counts as absent, in metadata and in default_metadata, whether or not the
// plan knows that it is null.
func TestAccNullMetadata(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	a.settings = `default_metadata = { team = "a", owner = var.owner }`
	const variables = `
variable "owner" { default = null }

variable "contract" { default = null }

resource "terraform_data" "late" {
  input = { contract = var.contract }
}
`
	w := newWorkspace(a, variables+customerConfig("One", `metadata = { tier = "gold", contract = var.contract }`))
	w.apply().expectOK().expectQuiet()
	expect := func(want map[string]string) {
		t.Helper()
		if got := a.customer().Metadata; !maps.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
		w.plan().expectOK().expectQuiet()
	}
	expect(map[string]string{"team": "a", "tier": "gold"})
	w.plan().expectChanges()
	w.apply("-var=owner=o", "-var=contract=7").expectOK().expectQuiet()
	if got := a.customer().Metadata; len(got) != 4 {
		t.Errorf("%q", got)
	}
	w.apply().expectOK().expectQuiet()
	expect(map[string]string{"team": "a", "tier": "gold"})

	w.write(variables + customerConfig("One", `metadata = { tier = "gold", contract = terraform_data.late.output.contract }`))
	w.apply("-replace=terraform_data.late").expectOK().expectQuiet()
	expect(map[string]string{"team": "a", "tier": "gold"})
	w.plan().expectChanges()
}

// If the API answers with an id in another letter case than requested, the state keeps the
// requested form.
func TestIDsKeepTheirForm(t *testing.T) {
	t.Parallel()
	upper := "cus_" + strings.ToUpper(strings.TrimPrefix(lakesideID, "cus_"))
	a := newClinic(t)
	a.rewrite(func(text string) string { return strings.ReplaceAll(text, upper, lakesideID) })
	c := newCore(a, newProtocol(t))
	c.imported(address, upper).expectQuiet().expectState(map[string]any{"id": upper, "name": "Lakeside Imaging Partners"})
	c.apply(address, map[string]any{"name": "Lakeside Imaging Partners"}).expectQuiet().expectAction("no-op")
	c.apply(address, map[string]any{"name": "Harbor"}).expectQuiet().expectState(map[string]any{"id": upper, "name": "Harbor"})
	north := map[string]any{"name": "North", "type": "facility", "express_customer_id": upper}
	c.apply(referenceAddress, north).expectQuiet().expectAction("create")
	c.apply(referenceAddress, north).expectQuiet().expectAction("no-op")
}
