// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// referenceStory creates, changes and moves a reference. Others change it. Then it is
// replaced, imported, deleted by others and destroyed, and its name is used again at once.
func referenceStory(s *story) {
	s.a.AddCustomer(emulator.Customer{ID: lakesideID, Name: "Lakeside Imaging Partners", IsActive: true})
	s.a.AddCustomer(emulator.Customer{ID: harborID, Name: "Harbor Ortho Group", IsActive: true})
	wing := textMap(map[string]string{"city": "Evanston", "wing": "B"})
	city := textMap(map[string]string{"city": "Evanston"})
	const at = referenceAddress

	config := facilityValues("North", "LNC-04", lakesideID, wing)
	state := s.apply(at, config).expectQuiet().expectAction("create").expectState(map[string]any{
		"name": "North", "type": "facility", "external_reference_id": "LNC-04", "express_customer_id": lakesideID, "effective_metadata": wing,
	}).state
	id := text(state["id"])
	s.expectSettled(at, config)

	config = facilityValues("Pavilion", "LNC-04", harborID, city)
	s.apply(at, config).expectQuiet().expectAction("update").
		expectState(map[string]any{"id": id, "name": "Pavilion", "express_customer_id": harborID, "effective_metadata": city})
	s.expectSettled(at, config)

	config = facilityValues("Pavilion", "LNC-04", harborID, textMap(nil))
	s.apply(at, config).expectQuiet().expectAction("update").expectState(map[string]any{"metadata": textMap(nil), "effective_metadata": textMap(nil)})
	s.expectSettled(at, config)

	s.a.EditReference(id, func(r *emulator.Reference) {
		r.Name, r.ExpressCustomerID, r.Metadata = "Changed", "", map[string]string{"by": "hand"}
	})
	s.apply(at, config).expectQuiet().expectAction("update").
		expectState(map[string]any{"id": id, "name": "Pavilion", "express_customer_id": harborID, "effective_metadata": textMap(nil)})
	s.expectSettled(at, config)
	s.refusedReferences(config)

	// The external id changes, since the id of a deleted reference may stay taken.
	config = facilityValues("Pavilion", "LNC-05", "", wing)
	state = s.apply(at, config).expectQuiet().expectAction("replace").expectState(map[string]any{"express_customer_id": nil}).state
	if text(state["id"]) == id || s.a.reference().ID != text(state["id"]) {
		s.t.Errorf("replaced by %v", state)
	}
	s.expectSettled(at, config)
	s.foundAgain(config)
	s.deletedByOthers(config)
}

// facilityValues is the configuration of a facility reference; empty texts are left out.
func facilityValues(name, externalID, customer string, metadata tftypes.Value) map[string]any {
	values := map[string]any{"name": name, "type": "facility", "metadata": metadata}
	if externalID != "" {
		values["external_reference_id"] = externalID
	}
	if customer != "" {
		values["express_customer_id"] = customer
	}
	return values
}

// refusedReferences expects errors to point at the attribute or to show the import block,
// and a failed create to leave nothing in the state.
func (s *story) refusedReferences(config map[string]any) {
	long := facilityValues(strings.Repeat("n", 256), "LNC-04", harborID, textMap(nil))
	refused := s.apply(referenceAddress, long).expectError(unableToUpdateReference, "255 characters")
	if at := refused.diagnostics[0].Attribute.String(); at != `AttributeName("name")` {
		s.t.Errorf("the error is about %s", at)
	}
	s.expectSettled(referenceAddress, config)

	const twin = clinicalReferenceType + ".twin"
	taken := s.apply(twin, facilityValues("Pavilion", "", harborID, textMap(nil))).expectError(unableToCreateReference)
	if taken.state != nil {
		s.t.Errorf("rejected, but in the state: %v", taken.state)
	}
	if !s.under(emulator.ConflictBadRequest) {
		taken.expectError(unableToCreateReference, "import {")
	}
}

// foundAgain imports the reference by either id and expects an empty plan.
func (s *story) foundAgain(config map[string]any) {
	id := text(s.attributes(referenceAddress, s.object(referenceAddress).state)["id"])
	for _, importID := range []string{id, "external:LNC-05"} {
		delete(s.objects, referenceAddress)
		s.imported(referenceAddress, importID).expectQuiet().expectState(map[string]any{"id": id})
		s.expectSettled(referenceAddress, config)
	}
}

// deletedByOthers expects that an inactive reference counts as gone, and that its name can
// be used again.
func (s *story) deletedByOthers(config map[string]any) {
	const at = referenceAddress
	s.a.deleteOutside()
	// The answer to a deleted reference is the same as to one that the key can't access.
	hidden := s.under(emulator.DeletedReferenceMissing) && s.under(emulator.ForeignForbidden)
	if hidden {
		s.plan(at, config).expectError(unableToReadReference, "403")
		delete(s.objects, at)
	}
	delete(config, "external_reference_id")
	s.apply(at, config).expectQuiet().expectAction("create")
	s.expectSettled(at, config)

	s.destroy(at).expectQuiet().expectAction("delete")
	config["external_reference_id"] = "LNC-05"
	again := s.apply(at, config)
	if s.under(emulator.ReferenceExternalIDNotFreed) {
		again.expectError(unableToCreateReference, "LNC-05")
		config["external_reference_id"] = "LNC-06"
		again = s.apply(at, config)
	}
	again.expectQuiet().expectAction("create")
	s.expectSettled(at, config)

	// Deleted between plan and apply.
	steps, _ := s.steps(at, nil)
	s.a.deleteOutside()
	diagnostics := s.carryOut(at, steps[0])
	if hidden {
		(&outcome{t: s.t, diagnostics: diagnostics}).expectError("Unable to delete clinical reference", "403")
	} else if len(diagnostics) > 0 {
		s.t.Error(texts(diagnostics))
	}
}
