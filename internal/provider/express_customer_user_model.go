// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// expressCustomerUserModel is avara_express_customer_user in configuration, plan and
// state. The API has no id for a membership: customer and user name it.
type expressCustomerUserModel struct {
	ExpressCustomerID types.String `tfsdk:"express_customer_id"`
	UserID            types.String `tfsdk:"user_id"`
	DeletionPolicy    types.String `tfsdk:"deletion_policy"`
}

var expressCustomerUserFields = fieldPaths{"userId": path.Root("user_id")}

func (m *expressCustomerUserModel) String() string {
	return fmt.Sprintf("Membership of user %s in Express customer %s", m.UserID.ValueString(), m.ExpressCustomerID.ValueString())
}

// id is that of an import.
func (m *expressCustomerUserModel) id() string {
	return m.ExpressCustomerID.ValueString() + "/" + m.UserID.ValueString()
}

func (m *expressCustomerUserModel) equality() equality { return equality{"membership", m.id()} }

// isAnother reports whether the plan is for another membership. What is not known yet
// is planned as the one that there is: see replacedBy.
func (m *expressCustomerUserModel) isAnother(state *expressCustomerUserModel) bool {
	differs := func(planned, held types.String) bool { return !planned.IsUnknown() && !planned.Equal(held) }
	return differs(m.ExpressCustomerID, state.ExpressCustomerID) || differs(m.UserID, state.UserID)
}

func (m *expressCustomerUserModel) noun() string { return "membership" }

func (m *expressCustomerUserModel) personal() personalTexts { return nil }

func (m *expressCustomerUserModel) record() privateRecord {
	return privateRecord{ID: m.id(), Object: m.String(), Policy: m.DeletionPolicy.ValueString()}
}

func expressCustomerUserIdentitySchema() identityschema.Schema {
	id := func(object string, form idForm) identityschema.Attribute {
		return identityschema.StringAttribute{
			Description:       "Identifier of the " + object + ": " + form.String() + ".",
			RequiredForImport: true,
		}
	}
	return identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"express_customer_id": id("Express customer", customerID),
		"user_id":             id("user", userID),
	}}
}

// parseMembershipID reads an import id: both ids, with a slash between them.
func parseMembershipID(id string) expressCustomerUserModel {
	customer, user, _ := strings.Cut(id, "/")
	return expressCustomerUserModel{ExpressCustomerID: types.StringValue(customer), UserID: types.StringValue(user)}
}

func (m *expressCustomerUserModel) isWellFormed() bool {
	return customerID.pattern.MatchString(m.ExpressCustomerID.ValueString()) && userID.pattern.MatchString(m.UserID.ValueString())
}
