// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/avara-software/terraform-provider-avara/internal/avara"
)

var referenceID = newIDForm("ref_")

// clinicalReferenceAttributes are what the API knows of a reference. Resource
// and data sources share them.
type clinicalReferenceAttributes struct {
	ID                  types.String `tfsdk:"id"`
	Name                types.String `tfsdk:"name"`
	Type                types.String `tfsdk:"type"`
	ExternalReferenceID types.String `tfsdk:"external_reference_id"`
	ExpressCustomerID   types.String `tfsdk:"express_customer_id"`
	CreatedAt           types.String `tfsdk:"created_at"`
	UpdatedAt           types.String `tfsdk:"updated_at"`
	metadataModel
}

// clinicalReferenceModel is avara_clinical_reference in configuration, plan and
// state.
type clinicalReferenceModel struct {
	clinicalReferenceAttributes
	Timeouts timeouts.Value `tfsdk:"timeouts"`
}

var clinicalReferenceFields = fieldPaths{
	"name":                path.Root("name"),
	"type":                path.Root("type"),
	"externalReferenceId": path.Root("external_reference_id"),
	"expressCustomerId":   path.Root("express_customer_id"),
	"metadata":            path.Root("metadata"),
}

// String names a reference by its id alone: the name may be that of a person,
// and diagnostics are logged.
func (m *clinicalReferenceModel) String() string { return "Clinical reference " + m.ID.ValueString() }

// equality of references is that of their external ids, or else of name, type and
// customer.
func (m *clinicalReferenceAttributes) equality() equality {
	if external := m.ExternalReferenceID.ValueString(); external != "" {
		return equality{"external_reference_id", external}
	}
	return equality{"clinical_reference", fmt.Sprintf("%q %q %q", m.Type.ValueString(), m.Name.ValueString(), m.ExpressCustomerID.ValueString())}
}

func (m *clinicalReferenceModel) noun() string { return "clinical reference" }

func (m *clinicalReferenceModel) record() privateRecord {
	return privateRecord{ID: m.ID.ValueString(), Object: m.String()}
}

// personal returns the texts of a referring provider, which is a person.
func (m *clinicalReferenceAttributes) personal() personalTexts {
	if m.Type.ValueString() != avara.TypeReferringProvider {
		return nil
	}
	texts := m.metadataModel.personal()
	texts["name"] = &m.Name
	return texts
}

// fromAPI takes over everything that the API knows of the reference, except the
// name of a deleted one, which is not the name it was given. The time of creation
// is promised to stay, also by an answer that leaves it out.
func (m *clinicalReferenceAttributes) fromAPI(reference *avara.ClinicalReference, policy metadataPolicy) {
	m.ID = keepID(m.ID, reference.ID)
	if reference.Active {
		m.Name = keepRequired(m.Name, reference.Name)
	}
	m.Type = keepRequired(m.Type, reference.Type)
	m.ExternalReferenceID = keepGiven(m.ExternalReferenceID, reference.ExternalReferenceID)
	m.ExpressCustomerID = keepID(m.ExpressCustomerID, reference.ExpressCustomer.ID)
	m.metadataModel.fromAPI(reference.Metadata, policy)
	m.CreatedAt = stringOr(reference.CreatedAt, m.CreatedAt)
	m.UpdatedAt = stringOrNull(reference.UpdatedAt)
}

// keepPromises puts back what the plan said where the API holds something
// else, and returns the names of those attributes. Terraform takes a value
// that differs from its plan for a defect of the provider and, after a create,
// taints the object; the next plan shows the difference as drift.
func (m *clinicalReferenceModel) keepPromises(plan *clinicalReferenceModel, policy metadataPolicy) (broken []string) {
	for _, promise := range []struct {
		attribute     string
		held, planned *types.String
	}{
		{"name", &m.Name, &plan.Name},
		{"type", &m.Type, &plan.Type},
		{"external_reference_id", &m.ExternalReferenceID, &plan.ExternalReferenceID},
		{"express_customer_id", &m.ExpressCustomerID, &plan.ExpressCustomerID},
	} {
		if keepPromise(promise.held, *promise.planned) {
			broken = append(broken, promise.attribute)
		}
	}
	broken = append(broken, m.metadataModel.keepPromises(plan.metadataModel, policy)...)
	keepPlanned(&m.CreatedAt, plan.CreatedAt)
	return broken
}

func (m *clinicalReferenceModel) toCreate() avara.NewClinicalReference {
	return avara.NewClinicalReference{
		Name:                m.Name.ValueString(),
		Type:                m.Type.ValueString(),
		ExternalReferenceID: m.ExternalReferenceID.ValueString(),
		ExpressCustomerID:   m.ExpressCustomerID.ValueString(),
		Metadata:            metadataPairs(m.EffectiveMetadata),
	}
}

// changeFrom holds only what differs. To have no customer any more is no change,
// it is a replacement.
func (m *clinicalReferenceModel) changeFrom(state *clinicalReferenceModel) avara.ClinicalReferenceChange {
	change := avara.ClinicalReferenceChange{Metadata: m.metadataModel.changeFrom(state.metadataModel)}
	if !m.Name.Equal(state.Name) {
		change.Name = m.Name.ValueStringPointer()
	}
	if !m.ExpressCustomerID.Equal(state.ExpressCustomerID) {
		change.ExpressCustomerID = m.ExpressCustomerID.ValueStringPointer()
	}
	return change
}

// hasUnknown reports whether something that the API can change is not known yet.
func (m *clinicalReferenceModel) hasUnknown() bool {
	return m.Name.IsUnknown() || m.ExpressCustomerID.IsUnknown() || hasUnknown(m.EffectiveMetadata)
}
