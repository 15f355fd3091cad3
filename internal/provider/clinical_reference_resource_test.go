// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/avara-software/terraform-provider-avara/internal/avara"
	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// The lifecycle with the test framework of HashiCorp. TestDialects has it under all
// dialects, but without a Terraform.
func TestAccClinicalReference_lifecycle(t *testing.T) {
	t.Parallel()
	a := newClinic(t)
	attribute := func(name string, value knownvalue.Check) statecheck.StateCheck {
		return statecheck.ExpectKnownValue(referenceAddress, tfjsonpath.New(name), value)
	}
	text := func(name, value string) statecheck.StateCheck { return attribute(name, knownvalue.StringExact(value)) }
	pairs := func(name string, pairs map[string]string) statecheck.StateCheck {
		checks := map[string]knownvalue.Check{}
		for key, value := range pairs {
			checks[key] = knownvalue.StringExact(value)
		}
		return attribute(name, knownvalue.MapExact(checks))
	}
	step := func(config string, action plancheck.ResourceActionType, calls []string, checks ...statecheck.StateCheck) resource.TestStep {
		return resource.TestStep{
			PreConfig:         a.ResetRequests,
			Config:            a.config(config),
			ConfigPlanChecks:  resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(referenceAddress, action)}},
			ConfigStateChecks: checks,
			Check:             a.check(func() { a.expectRequests(allBut(getReferenceRoute, listReferencesRoute), calls...) }),
		}
	}
	changedOutside := func(edit func(*emulator.Reference), step resource.TestStep) resource.TestStep {
		step.PreConfig = func() {
			a.EditReference(a.reference().ID, edit)
			a.ResetRequests()
		}
		return step
	}
	const create, update, replace, nothing = plancheck.ResourceActionCreate, plancheck.ResourceActionUpdate, plancheck.ResourceActionReplace, plancheck.ResourceActionNoop

	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: providers(),
		CheckDestroy: a.check(func() {
			for _, r := range a.References() {
				if r.IsActive {
					t.Errorf("destroyed, but active: %+v", r)
				}
			}
		}),
		Steps: []resource.TestStep{
			step(facility("North", external, ofLakeside, evanstonWing), create, []string{createReferenceRoute},
				attribute("id", knownvalue.StringRegexp(referenceID.pattern)),
				text("type", "facility"), text("external_reference_id", "LNC-04"), text("express_customer_id", lakesideID),
				pairs("effective_metadata", map[string]string{"city": "Evanston", "wing": "B"}),
				attribute("created_at", knownvalue.NotNull())),
			{ResourceName: referenceAddress, ImportState: true, ImportStateVerify: true},
			{ResourceName: referenceAddress, ImportState: true, ImportStateVerify: true, ImportStateId: "external:LNC-04"},
			step(facility("Pavilion", external, ofHarbor, evanston), update, []string{patchReferenceRoute},
				text("name", "Pavilion"), text("express_customer_id", harborID),
				pairs("metadata", map[string]string{"city": "Evanston"}),
				pairs("effective_metadata", map[string]string{"city": "Evanston"})),
			step(facility("Pavilion", external, ofHarbor, "metadata = {}"), update, []string{patchReferenceRoute},
				pairs("metadata", nil), pairs("effective_metadata", nil)),
			step(facility("Pavilion", external, ofHarbor), update, nil, attribute("metadata", knownvalue.Null())),
			changedOutside(
				func(r *emulator.Reference) {
					r.Name, r.ExpressCustomerID, r.Metadata = "Changed", "", map[string]string{"by": "hand"}
				},
				step(facility("Pavilion", external, ofHarbor), update, []string{patchReferenceRoute}),
			),
			// The external id changes, since the id of a deleted reference may stay taken.
			step(facility("Pavilion", otherExternal), replace, []string{deleteReferenceRoute, createReferenceRoute},
				attribute("express_customer_id", knownvalue.Null()), text("name", "Pavilion")),
			changedOutside(
				func(r *emulator.Reference) { r.IsActive, r.Name = false, "Pavilion (deleted)" },
				step(facility("Pavilion"), create, []string{createReferenceRoute},
					attribute("external_reference_id", knownvalue.Null())),
			),
			step(facility("Pavilion"), nothing, nil),
		},
	})
}

func TestClinicalReference_replacement(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		before, after string
		replaces      bool
	}{
		"another type":            {facility("North"), referenceOf("procedure", "North"), true},
		"an external id":          {facility("North"), facility("North", external), true},
		"another external id":     {facility("North", external), facility("North", otherExternal), true},
		"no external id any more": {facility("North", external), facility("North"), true},
		"no customer any more":    {facility("North", external, ofLakeside), facility("North", external), true},
		"a customer":              {facility("North"), facility("North", ofLakeside), false},
		"another customer":        {facility("North", ofLakeside), facility("North", ofHarbor), false},
		"another name":            {facility("North"), facility("South"), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newClinic(t)
			action, calls := "update ", []string{patchReferenceRoute}
			if tc.replaces {
				action, calls = "replace ", []string{deleteReferenceRoute, createReferenceRoute}
			}
			w := newCoreWorkspace(a, tc.before)
			w.apply().expectOK()
			a.ResetRequests()
			w.write(tc.after)
			w.apply().expectOK().expectChanges(action + referenceAddress)
			a.expectRequests(allBut(getReferenceRoute, listReferencesRoute), calls...)
			w.plan().expectOK().expectChanges()
		})
	}
}

func TestClinicalReferenceImportByIdentity(t *testing.T) {
	t.Parallel()
	a := newClinic(t)
	id := a.AddReference(emulator.Reference{Name: "North", Type: "facility", IsActive: true, ExpressCustomerID: lakesideID})
	deleted := a.AddReference(emulator.Reference{Name: "South (deleted)", Type: "facility"})
	p := configured(a)
	state, diagnostics := p.importByIdentity(clinicalReferenceType, id)
	if len(diagnostics) > 0 || text(state["name"]) != "North" || text(state["express_customer_id"]) != lakesideID {
		t.Errorf("%v, %s", state, texts(diagnostics))
	}
	for _, nothing := range []string{deleted, unknownReference} {
		state, diagnostics = p.importByIdentity(clinicalReferenceType, nothing)
		if state != nil || len(diagnostics) > 0 {
			t.Errorf("import of a missing object: %v, %s", state, texts(diagnostics))
		}
	}
	a.ResetRequests()
	for _, malformed := range []string{"../x", "cus_" + id[4:], id[:35], "external:LNC-04", ""} {
		_, diagnostics = p.importByIdentity(clinicalReferenceType, malformed)
		if got := texts(diagnostics); !strings.Contains(got, "Malformed import id") {
			t.Errorf("%q: %s", malformed, got)
		}
	}
	a.expectRequests(allBut())
}

// State that was written by a Terraform without identities gets an identity from a
// refresh, even if the refresh does not find the object.
func TestClinicalReferenceRefreshWithoutIdentity(t *testing.T) {
	t.Parallel()
	a := newClinic(t)
	p := configured(a)
	state := p.value(p.resourceType(clinicalReferenceType), map[string]any{"id": unknownReference, "name": "Gone", "type": "facility"})
	after, diagnostics := p.read(clinicalReferenceType, state, nil, nil)
	if after != nil || len(diagnostics) > 0 {
		t.Errorf("%v, %s", after, texts(diagnostics))
	}
	a.expectRequests(allBut(), getReferenceRoute, listReferencesRoute) // the list shows that the 404 comes from the API
}

func TestClinicalReference_importRefusesMalformedIDs(t *testing.T) {
	t.Parallel()
	a := newClinic(t)
	w := newCoreWorkspace(a, facility("North"))
	for _, id := range []string{"../x", "usr_" + unknownReference[4:], unknownReference[1:], unknownReference + "0", "LNC-04", "external:", "External:LNC-04"} {
		w.run("import", referenceAddress, id).expectFailed().expect("error", "Malformed import id", "ref_ followed by 32 hex", "external:")
	}
	a.expectRequests(allBut())
}

func TestClinicalReference_importOfNothing(t *testing.T) {
	t.Parallel()
	const nonExistent, notFound, withThatID = "Cannot import non-existent remote object", "Clinical reference not found", "no clinical reference with the external id"
	for name, tc := range map[string]struct {
		id, summary, text string
		requests          []string
		dialect           emulator.Dialect
	}{
		"unknown id":                {unknownReference, nonExistent, "", []string{getReferenceRoute, listReferencesRoute}, emulator.FractionalSeconds},
		"deleted":                   {"ref_" + strings.Repeat("1", 32), nonExistent, "", []string{getReferenceRoute}, emulator.FractionalSeconds},
		"deleted and not shown":     {"ref_" + strings.Repeat("1", 32), nonExistent, "", []string{getReferenceRoute, listReferencesRoute}, emulator.DeletedReferenceMissing},
		"unknown external id":       {"external:nobody's", notFound, withThatID, []string{getByExternalRoute}, emulator.FractionalSeconds},
		"deleted external id":       {"external:LNC-04", notFound, withThatID, []string{getByExternalRoute}, emulator.FractionalSeconds},
		"external id out of reach":  {"external:nobody's", unableToImportReference, "403", []string{getByExternalRoute}, emulator.ForeignForbidden},
		"external id not in a path": {"external:..", unableToImportReference, "can't stand in a path", nil, emulator.FractionalSeconds},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newClinic(t, tc.dialect)
			a.AddReference(emulator.Reference{ID: "ref_" + strings.Repeat("1", 32), Name: "North (deleted)", Type: "facility", ExternalReferenceID: "LNC-04"})
			w := newCoreWorkspace(a, facility("North"))
			w.run("import", referenceAddress, tc.id).expectFailed().expect("error", tc.summary, tc.text)
			a.expectRequests(allBut(), tc.requests...)
		})
	}
}

// Deleted references can't be imported, even if the API finds them by their external id.
func TestClinicalReference_importOfAnInactiveExternalID(t *testing.T) {
	t.Parallel()
	a := newClinic(t)
	a.AddFault(emulator.Fault{
		Route: getByExternalRoute, Status: 200,
		Body: `{"clinicalReferenceId":"` + unknownReference + `","name":"North (deleted)","type":"facility","isActive":false,"externalReferenceId":"LNC-04"}`,
	})
	w := newCoreWorkspace(a, facility("North"))
	w.run("import", referenceAddress, "external:LNC-04").expectFailed().expect("error", "Clinical reference not found", "Deleted ones can't be imported")
}

func TestClinicalReference_inputIsCheckedBeforeAnyRequest(t *testing.T) {
	t.Parallel()
	const invalid = "Invalid attribute value"
	for name, tc := range map[string]struct {
		config string
		texts  []string
	}{
		"empty name":        {facility(""), []string{invalid, "Attribute name", "must not be empty or only blanks"}},
		"blank name":        {facility(" \t\u00a0"), []string{invalid, "Attribute name", "must not be empty or only blanks"}},
		"unknown type":      {referenceOf("hospital", "North"), []string{invalid, "Attribute type", `"facility"`, `"referring_provider"`, `"study_description"`, `"procedure"`}},
		"empty external id": {facility("North", `external_reference_id = ""`), []string{invalid, "Attribute external_reference_id", "must not be empty"}},
		"not a customer":    {facility("North", `express_customer_id = "`+unknownReference+`"`), []string{invalid, "Attribute express_customer_id", "cus_ followed by 32 hex"}},
		"no customer":       {facility("North", `express_customer_id = ""`), []string{invalid, "Attribute express_customer_id", "cus_ followed by 32 hex"}},
		"long key":          {facility("North", fmt.Sprintf(`metadata = { %s = "v" }`, strings.Repeat("k", 101))), []string{"Invalid metadata pair", "Attribute metadata", "between 1 and 100"}},
		"bad timeout":       {facility("North", `timeouts = { create = "soon" }`), []string{"Invalid duration", `"soon"`}},
		"computed is set":   {facility("North", `created_at = "2026-09-07T11:00:00Z"`), []string{unconfigurable, `"created_at"`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newClinic(t)
			newCoreWorkspace(a, tc.config).plan().expectFailed().expect("error", tc.texts[0], tc.texts[1:]...)
			a.expectRequests(allBut())
		})
	}
}

// Deleting adds a suffix to the name in the API, which the state does not take over. The
// creation time never changes.
func TestClinicalReferenceModelKeeps(t *testing.T) {
	t.Parallel()
	var m clinicalReferenceModel
	m.fromAPI(&avara.ClinicalReference{ID: unknownReference, Name: "North", Active: true, CreatedAt: "2026-09-07T11:00:00Z", UpdatedAt: "2026-09-07T11:00:00Z"}, metadataPolicy{})
	m.fromAPI(&avara.ClinicalReference{ID: unknownReference, Name: "North (deleted 1757500000)"}, metadataPolicy{})
	if m.Name.ValueString() != "North" || m.CreatedAt.ValueString() != "2026-09-07T11:00:00Z" || !m.UpdatedAt.IsNull() {
		t.Errorf("%+v", m)
	}
}
