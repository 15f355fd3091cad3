// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/avara-software/terraform-provider-avara/internal/avara"
)

// expressCustomerAttributes are what the API knows of a customer. Resource and
// data sources share them.
type expressCustomerAttributes struct {
	ID                types.String `tfsdk:"id"`
	Name              types.String `tfsdk:"name"`
	Active            types.Bool   `tfsdk:"active"`
	UserCount         types.Int64  `tfsdk:"user_count"`
	CreatedAt         types.String `tfsdk:"created_at"`
	UpdatedAt         types.String `tfsdk:"updated_at"`
	CreatedByAPIKeyID types.String `tfsdk:"created_by_api_key_id"`
	CreatedByUserID   types.String `tfsdk:"created_by_user_id"`
	metadataModel
}

// expressCustomerModel is avara_express_customer in configuration, plan and
// state.
type expressCustomerModel struct {
	expressCustomerAttributes
	DeletionPolicy types.String   `tfsdk:"deletion_policy"`
	Timeouts       timeouts.Value `tfsdk:"timeouts"`
}

var expressCustomerFields = fieldPaths{
	"expressCustomerName": path.Root("name"),
	"metadata":            path.Root("metadata"),
}

func (m *expressCustomerModel) String() string {
	return describeCustomer(m.Name.ValueString(), m.ID.ValueString())
}

// equality of customers is that of their names.
func (m *expressCustomerAttributes) equality() equality {
	return equality{"express_customer", m.Name.ValueString()}
}

func (m *expressCustomerModel) noun() string { return "Express customer" }

func (m *expressCustomerModel) record() privateRecord {
	return privateRecord{ID: m.ID.ValueString(), Object: m.String(), Policy: m.DeletionPolicy.ValueString()}
}

// describeCustomer names a customer by its name, which people know, and by its id, for
// the dashboard's search. The name is that of a company. Either is empty if it is not
// known.
func describeCustomer(name, id string) string {
	switch {
	case name == "":
		return "Express customer " + id
	case id == "":
		return fmt.Sprintf("Express customer %q", name)
	}
	return fmt.Sprintf("Express customer %q (%s)", name, id)
}

// fromAPI takes over everything that the API knows of the customer.
func (m *expressCustomerAttributes) fromAPI(customer *avara.ExpressCustomer, policy metadataPolicy) {
	m.ID = keepID(m.ID, customer.ID)
	m.Name = keepRequired(m.Name, customer.Name)
	m.Active = boolOr(customer.IsActive, m.Active, true)
	m.metadataModel.fromAPI(customer.Metadata, policy)
	m.UserCount = countOr(customer.UserCount, m.UserCount)
	m.CreatedAt = stringOr(customer.CreatedAt, m.CreatedAt)
	m.UpdatedAt = stringOrNull(customer.UpdatedAt)
	m.CreatedByAPIKeyID = stringOr(customer.CreatedByAPIKeyID, m.CreatedByAPIKeyID)
	m.CreatedByUserID = stringOr(customer.CreatedByUserID, m.CreatedByUserID)
}

// keepPromises puts back what the plan said where the API holds something
// else, and returns the names of those attributes. Terraform takes a value
// that differs from its plan for a defect of the provider and, after a create,
// taints the object; the next plan shows the difference as drift.
func (m *expressCustomerModel) keepPromises(plan *expressCustomerModel, policy metadataPolicy) (broken []string) {
	if keepPromise(&m.Name, plan.Name) {
		broken = append(broken, "name")
	}
	if !m.Active.Equal(plan.Active) {
		m.Active = plan.Active
		broken = append(broken, "active")
	}
	broken = append(broken, m.metadataModel.keepPromises(plan.metadataModel, policy)...)
	keepPlanned(&m.CreatedAt, plan.CreatedAt)
	keepPlanned(&m.CreatedByAPIKeyID, plan.CreatedByAPIKeyID)
	keepPlanned(&m.CreatedByUserID, plan.CreatedByUserID)
	return broken
}

func (m *expressCustomerModel) toCreate() avara.NewExpressCustomer {
	return avara.NewExpressCustomer{Name: m.Name.ValueString(), Metadata: metadataPairs(m.EffectiveMetadata)}
}
