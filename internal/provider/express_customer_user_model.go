// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// membershipModel is avara_express_customer_user in configuration, plan and
// state. The API has no id for a membership: customer and user name it.
type membershipModel struct {
	ExpressCustomerID types.String `tfsdk:"express_customer_id"`
	UserID            types.String `tfsdk:"user_id"`
	DeletionPolicy    types.String `tfsdk:"deletion_policy"`
}

// membershipIdentity is what identifies a membership.
type membershipIdentity struct {
	ExpressCustomerID types.String `tfsdk:"express_customer_id"`
	UserID            types.String `tfsdk:"user_id"`
}

var membershipFields = fieldPaths{"userId": path.Root("user_id")}

func (m *membershipModel) String() string {
	return fmt.Sprintf("Membership of user %s in Express customer %s", m.UserID.ValueString(), m.ExpressCustomerID.ValueString())
}

func (m *membershipModel) identity() membershipIdentity {
	return membershipIdentity{ExpressCustomerID: m.ExpressCustomerID, UserID: m.UserID}
}

func (m *membershipModel) setIdentity(ctx context.Context, target *tfsdk.ResourceIdentity) diag.Diagnostics {
	if target == nil {
		return nil
	}
	return target.Set(ctx, m.identity())
}

func membershipIdentitySchema() identityschema.Schema {
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
func parseMembershipID(id string) membershipIdentity {
	customer, user, _ := strings.Cut(id, "/")
	return membershipIdentity{ExpressCustomerID: types.StringValue(customer), UserID: types.StringValue(user)}
}

func (i membershipIdentity) isWellFormed() bool {
	return customerID.pattern.MatchString(i.ExpressCustomerID.ValueString()) && userID.pattern.MatchString(i.UserID.ValueString())
}
