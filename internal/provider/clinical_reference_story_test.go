// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// A create is sent once, even if its answer is lost. The reference is found again by its
// external id, or among the references of its type and customer.
func TestClinicalReference_createWithALostAnswer(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		config string
		look   string
	}{
		"with an external id":    {facility("North", external, ofLakeside, evanston), getByExternalRoute},
		"without an external id": {facility("North", ofLakeside, evanston), listReferencesRoute},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newClinic(t)
			a.AddReference(emulator.Reference{Name: "South", Type: "facility", IsActive: true, ExpressCustomerID: lakesideID})
			a.AddFault(emulator.Fault{Route: createReferenceRoute, Cut: emulator.CutAfter})
			w := newCoreWorkspace(a, tc.config)
			w.apply().expectOK().expectQuiet()
			a.expectRequests(allBut(), createReferenceRoute, tc.look)
			w.plan().expectOK().expectQuiet().expectChanges()
			if all := a.References(); len(all) != 2 {
				t.Errorf("%d references", len(all))
			}
		})
	}
}

func TestClinicalReference_createOfUnknownOutcome(t *testing.T) {
	t.Parallel()
	inMemory(t, func(t *testing.T, a *account) {
		repair := a.AddFault(emulator.Fault{Route: createReferenceRoute, Status: 503})
		w := newCoreWorkspace(a, facility("North", external))
		w.apply().expectFailed().expect("error", unableToCreateReference, "503", "Whether it was created is not known", "Apply again: if it was created, Avara refuses the second one")
		if posts, looks := a.Counts()[createReferenceRoute], a.Counts()[getByExternalRoute]; posts != 5 || looks < posts {
			t.Errorf("%d creates, %d searches: want five creates, each retry after searches without a result", posts, looks)
		}
		repair()
		w.apply().expectOK().expectQuiet()
		a.reference()
	})
}

func TestClinicalReference_taken(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		config   string
		dialects []emulator.Dialect
		texts    []string
	}{
		"name":                     {facility("North"), nil, []string{"409", `"North"`, "import it instead", `id = "ref_…"`}},
		"external id":              {facility("South", external), nil, []string{"409", "LNC-04", "import it instead", `id = "external:LNC-04"`}},
		"external id, as 400":      {facility("South", external), []emulator.Dialect{emulator.ConflictBadRequest}, []string{"400", "LNC-04"}},
		"external id of a deleted": {facility("South", otherExternal), []emulator.Dialect{emulator.ReferenceExternalIDNotFreed}, []string{"409", "deleted reference may stay taken"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newClinic(t, tc.dialects...)
			a.AddReference(emulator.Reference{Name: "North", Type: "facility", ExternalReferenceID: "LNC-04", IsActive: true})
			a.AddReference(emulator.Reference{Name: "Old (deleted)", Type: "facility", ExternalReferenceID: "LNC-05"})
			w := newCoreWorkspace(a, tc.config)
			w.apply().expectFailed().expect("error", unableToCreateReference, tc.texts...)
			a.expectRequests(allBut(getReferenceRoute, listReferencesRoute), createReferenceRoute)
			if state, _ := w.state(referenceAddress); state != nil {
				t.Errorf("state %v", state)
			}
		})
	}
}

// An error of the server about a field points at the attribute.
func TestAccClinicalReference_blame(t *testing.T) {
	t.Parallel()
	a := newClinic(t, emulator.ErrorList)
	for attribute, argument := range map[string]string{
		"name":                  `name = "` + strings.Repeat("n", 256) + `"`,
		"external_reference_id": `external_reference_id = "` + strings.Repeat("n", 256) + `"`,
	} {
		config := "resource \"avara_clinical_reference\" \"test\" {\n  type = \"facility\"\n  " + argument + "\n"
		if attribute != "name" {
			config += "  name = \"North\"\n"
		}
		w := newWorkspace(a, config+"}\n")
		failed := w.apply().expectFailed().expect("error", unableToCreateReference, "400", "must have 1 to 255 characters")
		if !strings.Contains(failed.stdout, `"code":"  `+attribute) {
			t.Errorf("%s is not pointed at:\n%s", attribute, failed.stdout)
		}
	}
	w := newWorkspace(a, facility("North", `express_customer_id = "cus_`+strings.Repeat("0", 32)+`"`))
	w.apply().expectFailed().expect("error", unableToCreateReference, "404")
}

func TestClinicalReference_update(t *testing.T) {
	t.Parallel()
	a := newClinic(t)
	w := newCoreWorkspace(a, facility("North", external, ofLakeside, evanston))
	w.apply().expectOK()
	for _, tc := range []struct{ config, body string }{
		{facility("South", external, ofLakeside, evanston), `{"name":"South"}`},
		{facility("South", external, ofHarbor, evanston), `{"expressCustomerId":"` + harborID + `"}`},
		{facility("South", external, ofHarbor), `{"metadata":null}`},
		{facility("North", external, ofLakeside, evanston), `{"expressCustomerId":"` + lakesideID + `","metadata":{"city":"Evanston"},"name":"North"}`},
	} {
		a.ResetRequests()
		w.write(tc.config)
		w.apply().expectOK().expectQuiet().expectChanges("update " + referenceAddress)
		if bodies := a.bodiesOf(patchReferenceRoute); !slices.Equal(bodies, []string{tc.body}) {
			t.Errorf("sent %q, want %s", bodies, tc.body)
		}
		a.expectRequests(allBut(getReferenceRoute, listReferencesRoute), patchReferenceRoute)
	}
	w.plan().expectOK().expectQuiet().expectChanges()
}

// Where a PATCH merges metadata, replacing it takes three calls. If the third call fails,
// the second has removed the pairs already, and the state shows that.
func TestClinicalReference_halfAnUpdate(t *testing.T) {
	t.Parallel()
	a := newClinic(t, emulator.PatchMetadataMerges)
	w := newCoreWorkspace(a, facility("North", evanstonWing))
	w.apply().expectOK()

	w.write(facility("South", evanston))
	a.AddFault(emulator.Fault{Route: patchReferenceRoute, Every: 3, Times: 1, Status: 422, Body: `{"message":"no such luck"}`})
	w.apply().expectFailed().expect("error", unableToUpdateReference, "422", "no such luck")
	state, tainted := w.state(referenceAddress)
	if pairs, _ := state["effective_metadata"].(map[string]any); state["name"] != "South" || len(pairs) != 0 || tainted {
		t.Errorf("state %v, tainted %t", state, tainted)
	}
	a.ResetRequests()
	w.apply().expectOK().expectChanges("update " + referenceAddress)
	a.expectRequests(allBut(getReferenceRoute, listReferencesRoute), patchReferenceRoute)
	w.plan().expectOK().expectChanges()
}

func TestClinicalReference_updateRefused(t *testing.T) {
	t.Parallel()
	a := newClinic(t)
	w := newCoreWorkspace(a, facility("North"))
	w.apply().expectOK()
	w.write(facility("South", ofLakeside))
	a.AddReference(emulator.Reference{Name: "South", Type: "facility", IsActive: true, ExpressCustomerID: lakesideID})
	w.apply().expectFailed().expect("error", unableToUpdateReference, "409", `"South"`)
	if state, tainted := w.state(referenceAddress); state["name"] != "North" || tainted {
		t.Errorf("state %v, tainted %t", state, tainted)
	}
}

// If the API answers a move with success but does not move the reference, there is a
// warning, and the next refresh shows the difference.
func TestClinicalReference_movedElsewhere(t *testing.T) {
	t.Parallel()
	a := newClinic(t)
	w := newCoreWorkspace(a, facility("North", ofLakeside))
	w.apply().expectOK()
	repair := a.AddFault(emulator.Fault{
		Route: patchReferenceRoute, Status: 200,
		Body: fmt.Sprintf(`{"clinicalReferenceId":%q,"name":"North","type":"facility","isActive":true,"expressCustomer":{"expressCustomerId":%q,"expressCustomerName":"Lakeside"}}`,
			a.reference().ID, lakesideID),
	})
	w.write(facility("North", ofHarbor))
	w.apply().expectOK().expect("warning", referenceDifferent, "express_customer_id", a.reference().ID, "next terraform plan")
	repair()
	w.apply().expectOK().expectQuiet().expectChanges("update " + referenceAddress)
	if r := a.reference(); r.ExpressCustomerID != harborID {
		t.Errorf("%+v", r)
	}
	w.plan().expectOK().expectChanges()
}

// A reference that the API creates with other values than requested is not tainted.
func TestClinicalReference_createdOtherwise(t *testing.T) {
	t.Parallel()
	a := newClinic(t)
	a.rewrite(func(text string) string { return strings.ReplaceAll(text, `"name":"North"`, `"name":"South"`) })
	w := newCoreWorkspace(a, facility("North"))
	w.apply().expectOK().expect("warning", referenceDifferent, "name", a.reference().ID)
	if state, tainted := w.state(referenceAddress); state["name"] != "North" || tainted {
		t.Errorf("state %v, tainted %t", state, tainted)
	}
	w.plan().expectOK().expectChanges("update " + referenceAddress)
}

// A customer that is unknown in the plan may turn out to be another one: then the
// reference moves. If it turns out to be null, the reference must be replaced, by the next
// plan.
func TestAccClinicalReference_customerKnownAfterApply(t *testing.T) {
	t.Parallel()
	config := func(customer string) string {
		return fmt.Sprintf("resource \"terraform_data\" \"customer\" {\n  input = %q\n}\n", customer) +
			facility("North", `express_customer_id = terraform_data.customer.output == "none" ? null : terraform_data.customer.output`)
	}
	a := newClinic(t)
	w := newWorkspace(a, config(lakesideID))
	w.apply().expectOK()
	first := a.reference()

	a.ResetRequests()
	w.write(config(harborID))
	w.apply().expectOK().expectQuiet()
	a.expectRequests(allBut(getReferenceRoute, listReferencesRoute), patchReferenceRoute)
	if r := a.reference(); r.ID != first.ID || r.ExpressCustomerID != harborID {
		t.Errorf("%+v", r)
	}

	w.write(config("none"))
	w.apply().expectFailed()
	a.expectRequests(allBut(getReferenceRoute, listReferencesRoute))
	w.apply().expectOK().expectQuiet().expectChanges("replace " + referenceAddress)
	a.expectRequests(allBut(getReferenceRoute, listReferencesRoute), deleteReferenceRoute, createReferenceRoute)
	if r := a.reference(); r.ID == first.ID || r.ExpressCustomerID != "" {
		t.Errorf("%+v", r)
	}
}

func TestAccClinicalReference_customerOfTheSameApply(t *testing.T) {
	t.Parallel()
	a := newClinic(t)
	w := newWorkspace(a, customerConfig("Summit")+facility("North", "express_customer_id = avara_express_customer.test.id"))
	w.apply().expectOK().expectQuiet()
	w.plan().expectOK().expectChanges()
	if r := a.reference(); r.ExpressCustomerID == "" {
		t.Errorf("%+v", r)
	}
	w.destroy().expectOK()
}

// The name and the external id are free again as soon as the old reference is deleted.
func TestClinicalReference_replace(t *testing.T) {
	t.Parallel()
	a := newClinic(t)
	w := newCoreWorkspace(a, facility("North", external, ofLakeside))
	w.apply().expectOK()
	first := a.reference().ID
	a.ResetRequests()
	w.apply("-replace=" + referenceAddress).expectOK().expectQuiet().expectChanges("replace " + referenceAddress)
	a.expectRequests(allBut(getReferenceRoute, listReferencesRoute), deleteReferenceRoute, createReferenceRoute)
	if r := a.reference(); r.ID == first || r.Name != "North" || r.ExternalReferenceID != "LNC-04" {
		t.Errorf("%+v", r)
	}
}

func TestClinicalReference_deletedOutside(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		dialects []emulator.Dialect
		delete   func(*account)
	}{
		"still shown": {nil, (*account).deleteOutside},
		"not shown":   {[]emulator.Dialect{emulator.DeletedReferenceMissing}, (*account).deleteOutside},
		"vanished":    {nil, func(a *account) { a.RemoveReference(a.reference().ID) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newClinic(t, tc.dialects...)
			w := newCoreWorkspace(a, facility("North", external))
			w.apply().expectOK()
			first := a.reference().ID
			tc.delete(a)
			w.apply().expectOK().expectQuiet().expectChanges("create " + referenceAddress)
			if r := a.reference(); r.ID == first || r.Name != "North" {
				t.Errorf("%+v", r)
			}
		})
	}
}

func TestClinicalReference_otherFailuresDoNotForget(t *testing.T) {
	t.Parallel()
	inMemory(t, func(t *testing.T, a *account) {
		w := newCoreWorkspace(a, facility("North"))
		w.apply().expectOK()
		for _, status := range []int{401, 403, 500} {
			repair := a.AddFault(emulator.Fault{Route: getReferenceRoute, Status: status})
			w.plan().expectFailed().expect("error", unableToReadReference, fmt.Sprint(status))
			w.run("refresh").expectFailed()
			repair()
		}
		if state, _ := w.state(referenceAddress); state == nil {
			t.Fatal("missing from the state")
		}
	})
}

func TestClinicalReference_destroy(t *testing.T) {
	t.Parallel()
	deleteByHand := (*account).deleteOutside
	for name, tc := range map[string]struct {
		dialects []emulator.Dialect
		between  func(*account)
		requests []string
	}{
		"deletes":                    {nil, func(*account) {}, []string{deleteReferenceRoute}},
		"deleted before":             {nil, deleteByHand, []string{deleteReferenceRoute}},
		"deleted before, is refused": {[]emulator.Dialect{emulator.DeleteTwiceConflict}, deleteByHand, []string{deleteReferenceRoute, getReferenceRoute}},
		"deleted before, as 400":     {[]emulator.Dialect{emulator.DeleteTwiceConflict, emulator.ConflictBadRequest}, deleteByHand, []string{deleteReferenceRoute, getReferenceRoute}},
		"deleted before, not shown":  {[]emulator.Dialect{emulator.DeletedReferenceMissing}, deleteByHand, []string{deleteReferenceRoute, getReferenceRoute, listReferencesRoute}},
		"lost answer":                {nil, func(a *account) { a.AddFault(emulator.Fault{Route: deleteReferenceRoute, Cut: emulator.CutAfter}) }, []string{deleteReferenceRoute, getReferenceRoute}},
		"lost answer, not shown": {
			[]emulator.Dialect{emulator.DeletedReferenceMissing},
			func(a *account) { a.AddFault(emulator.Fault{Route: deleteReferenceRoute, Cut: emulator.CutAfter}) },
			[]string{deleteReferenceRoute, getReferenceRoute, listReferencesRoute},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newClinic(t, tc.dialects...)
			w := newCoreWorkspace(a, facility("North"))
			w.apply().expectOK()
			w.plan("-destroy", "-out=plan").expectOK().expectQuiet().expectChanges("delete " + referenceAddress)
			tc.between(a)
			a.ResetRequests()
			w.apply("plan").expectOK().expectQuiet()
			a.expectRequests(allBut(), tc.requests...)
			if r := a.References()[0]; r.IsActive {
				t.Errorf("still active: %+v", r)
			}
		})
	}
	t.Run("refused", func(t *testing.T) {
		t.Parallel()
		a := newClinic(t)
		w := newCoreWorkspace(a, facility("North"))
		w.apply().expectOK()
		a.AddFault(emulator.Fault{Route: deleteReferenceRoute, Status: 403})
		w.destroy().expectFailed().expect("error", "Unable to delete clinical reference", "403")
		if state, _ := w.state(referenceAddress); state == nil {
			t.Error("missing from the state")
		}
	})
}

// An external id with characters that are a problem in a URL path causes a warning. It
// works as far as the API accepts it.
func TestClinicalReference_externalIDInAPath(t *testing.T) {
	t.Parallel()
	const warning = "External id may not be found again"
	a := newClinic(t)
	w := newCoreWorkspace(a, facility("North", `external_reference_id = "LNC/04"`))
	w.plan().expectOK().expect("warning", warning, "LNC/04", "imported by its own id")
	a.expectRequests(allBut())
	w.apply().expectOK()
	w.run("state", "rm", referenceAddress).expectOK()
	w.run("import", "-no-color", "-input=false", referenceAddress, "external:LNC/04").expectOK()
	w.plan().expectOK().expectChanges()

	for _, id := range []string{".", ".."} {
		w.write(facility("North", fmt.Sprintf("external_reference_id = %q", id)))
		w.plan().expectOK().expect("warning", warning)
	}
	w.write(facility("North", `external_reference_id = "a.b c\\d%2F"`))
	w.plan().expectOK().expectQuiet()
}

func TestAccClinicalReference_localChangesSendNothing(t *testing.T) {
	t.Parallel()
	a := newClinic(t)
	w := newWorkspace(a, facility("North"))
	w.apply().expectOK()
	before, _ := w.state(referenceAddress)
	a.ResetRequests()
	w.write(facility("North", `timeouts = { update = "1m" }`, "metadata = {}"))
	plan := w.plan("-out=plan").expectOK().expectChanges("update " + referenceAddress)
	if strings.Contains(w.run("show", "-no-color", "plan").stdout, "known after apply") {
		t.Errorf("a local change makes values unknown:\n%s", plan.stdout)
	}
	w.apply("plan").expectOK()
	a.expectRequests(allBut(getReferenceRoute, listReferencesRoute))
	if after, _ := w.state(referenceAddress); after["updated_at"] != before["updated_at"] {
		t.Errorf("state %v", after)
	}
	w.plan().expectOK().expectChanges()
}

// Generated configuration that is imported unedited leads to an empty plan.
func TestAccClinicalReference_generatedConfiguration(t *testing.T) {
	t.Parallel()
	a := newClinic(t)
	var imports strings.Builder
	for name, r := range map[string]emulator.Reference{
		"plain":    {Name: "Plain", Type: "procedure"},
		"external": {Name: "External", Type: "facility", ExternalReferenceID: "LNC-04"},
		"full": {
			Name: "Full", Type: "referring_provider", ExternalReferenceID: "NPI 1/2", ExpressCustomerID: lakesideID,
			Metadata: map[string]string{"a b": "1", "c": ""},
		},
	} {
		r.IsActive = true
		id := a.AddReference(r)
		if name == "external" {
			id = "external:LNC-04"
		}
		imports.WriteString("import {\n  to = avara_clinical_reference." + name + "\n  id = \"" + id + "\"\n}\n")
	}
	w := newWorkspace(a, imports.String())
	w.plan("-generate-config-out=generated.tf").expectOK()
	w.run("validate").expectOK()
	w.apply().expectOK()
	for _, request := range a.Requests() {
		if request.Method != "GET" {
			t.Errorf("sent %s", request.Route)
		}
	}
	w.plan().expectOK().expectChanges()
}
