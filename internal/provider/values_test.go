// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/avara-software/terraform-provider-avara/internal/avara"
)

// If an answer lacks a field, that is not read as an empty text where this would replace
// or change the object. An import takes an empty text over, as there is no prior value.
func TestAnswersThatLeaveOut(t *testing.T) {
	t.Parallel()
	text := types.StringValue
	reference := clinicalReferenceAttributes{Name: text("North"), Type: text("facility"), ExternalReferenceID: text("LNC-04")}
	was := reference
	reference.fromAPI(&avara.ClinicalReference{ID: "ref_1", Active: true}, metadataPolicy{})
	if !reference.Name.Equal(was.Name) || !reference.Type.Equal(was.Type) || !reference.ExternalReferenceID.Equal(was.ExternalReferenceID) {
		t.Errorf("reference: %v", reference)
	}
	var person userModel
	person.fromPerson(&avara.Person{Email: "ines@lakeside.example", FirstName: "Ines", LastName: "Okafor", ClinicRole: "Scribe", Level: "member"})
	before := person
	person.fromPerson(&avara.Person{})
	if !person.Email.Equal(before.Email) || !person.FirstName.Equal(before.FirstName) || !person.LastName.Equal(before.LastName) ||
		!person.ClinicRole.Equal(before.ClinicRole) || !person.Level.Equal(before.Level) {
		t.Errorf("person: %v", person)
	}
	customer := expressCustomerAttributes{Name: text("Lakeside")}
	if customer.fromAPI(&avara.ExpressCustomer{ID: "cus_1"}, metadataPolicy{}); customer.Name.ValueString() != "Lakeside" {
		t.Errorf("customer: %v", customer)
	}
	var imported expressCustomerAttributes
	if imported.fromAPI(&avara.ExpressCustomer{ID: "cus_1"}, metadataPolicy{}); !imported.Name.Equal(text("")) {
		t.Errorf("imported: %v", imported)
	}
}
