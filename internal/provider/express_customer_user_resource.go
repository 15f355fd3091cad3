// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/avara-software/terraform-provider-avara/internal/avara"
)

var (
	_ resource.ResourceWithConfigure   = &membershipResource{}
	_ resource.ResourceWithIdentity    = &membershipResource{}
	_ resource.ResourceWithImportState = &membershipResource{}
	_ resource.ResourceWithModifyPlan  = &membershipResource{}
)

const policyRemove = "remove"

// membershipPolicy: destroy removes the user from the customer by default.
var membershipPolicy = deletionPolicy{object: "Membership", choices: []string{policyRemove, policyAbandon}}

// membershipResource is avara_express_customer_user: one user in one customer.
// It never touches other members.
type membershipResource struct{ withClient }

func newMembershipResource() resource.Resource { return &membershipResource{} }

func (r *membershipResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_express_customer_user"
}

func (r *membershipResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	id := func(markdown string, form idForm) schema.Attribute {
		return schema.StringAttribute{
			MarkdownDescription: markdown + ": `" + form.prefix + "` followed by 32 hex characters. Another one replaces the membership.",
			Required:            true,
			Validators:          []validator.String{stringvalidator.RegexMatches(form.pattern, "must be "+form.String())},
			PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
		}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "The membership of one user in one Express customer, which gives the user access to the customer's studies.\n\n" +
			"It adds to the members that the customer has from elsewhere, and never removes them.\n\n" +
			"~> The API does not list a customer's members. Terraform sees that a membership is gone if the customer is gone, " +
			"or if it is active and has no members at all. It can't see that somebody else has removed this one user from a customer with other members: " +
			"the plan is then empty, and `terraform apply -replace=…` adds the user again.",
		Attributes: map[string]schema.Attribute{
			"express_customer_id": id("Id of the Express customer", customerID),
			"user_id":             id("Id of the user, of AutoScribe or Viewer", userID),
			"deletion_policy": membershipPolicy.attribute("What destroying the resource does: `remove` (default) takes the user from the customer, " +
				"`abandon` does nothing, Terraform only forgets the membership. The user's account stays either way."),
		},
	}
}

func (r *membershipResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = membershipIdentitySchema()
}

// ModifyPlan says when destroy will do nothing.
func (r *membershipResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if !req.Plan.Raw.IsNull() {
		return
	}
	var state membershipModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if state.DeletionPolicy.ValueString() == policyAbandon {
		resp.Diagnostics.AddWarning("Membership will be forgotten, not removed",
			fmt.Sprintf("%s has deletion_policy = %q: Terraform removes it from the state and sends nothing to Avara. "+
				"The user keeps access to the customer's studies.", &state, policyAbandon))
	}
}

func (r *membershipResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan membershipModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	ctx, cancel := context.WithTimeout(ctx, defaultTimeout)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	if err := r.client.AddExpressCustomerUser(ctx, plan.ExpressCustomerID.ValueString(), plan.UserID.ValueString()); err != nil {
		resp.Diagnostics.Append(apiDiagnostic("Unable to add user to Express customer", plan.String(), plan.refusalHint(err), membershipFields))
		return
	}
	resp.Diagnostics.Append(plan.setIdentity(ctx, resp.Identity)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
}

// Read asks for the customer, which is all that the API tells of a membership.
func (r *membershipResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state membershipModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	// The identity comes before the call: a removed resource needs it too.
	resp.Diagnostics.Append(state.setIdentity(ctx, resp.Identity)...)
	ctx, cancel := context.WithTimeout(ctx, defaultTimeout)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	mayExist, err := r.mayExist(ctx, &state)
	switch {
	case err != nil:
		resp.Diagnostics.Append(apiDiagnostic("Unable to read membership", state.String(), err, nil))
		return
	case !mayExist:
		resp.State.RemoveResource(ctx)
		return
	}
	known := state
	state.DeletionPolicy = membershipPolicy.orDefault(state.DeletionPolicy)
	if changed(known, state) {
		resp.Diagnostics.Append(resp.State.Set(ctx, &state)...)
	}
}

// mayExist tells whether the API does not rule the membership out, as it does by
// a customer without any members or by none. Either is believed only when it
// lasts, since a read may lag behind the creation. That an inactive customer has
// no members says nothing: it may hide them, and takes none anyway.
func (r *membershipResource) mayExist(ctx context.Context, m *membershipModel) (may bool, err error) {
	read := r.client.ReadExpressCustomer
	err = avara.Eventually(ctx, func() (bool, error) {
		customer, err := read(ctx, m.ExpressCustomerID.ValueString())
		read = r.client.GetExpressCustomer // no memory the second time
		switch {
		case avara.IsNotFound(err):
			return false, nil
		case err != nil:
			return false, err
		}
		may = customer.UserCount > 0 || !customer.Active
		return may, nil
	})
	return may, err
}

// Update meets only a new deletion policy, of which the API knows nothing.
func (r *membershipResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan membershipModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(plan.setIdentity(ctx, resp.Identity)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
}

func (r *membershipResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state membershipModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	ctx, cancel := context.WithTimeout(ctx, defaultTimeout)
	defer cancel()
	if resp.Diagnostics.HasError() || state.DeletionPolicy.ValueString() == policyAbandon {
		return
	}
	if err := r.client.RemoveExpressCustomerUser(ctx, state.ExpressCustomerID.ValueString(), state.UserID.ValueString()); err != nil {
		resp.Diagnostics.Append(apiDiagnostic("Unable to remove user from Express customer", state.String(), state.abandonHint(err), nil))
	}
}

// ImportState takes both ids with a slash between them, or an identity that
// holds them.
func (r *membershipResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	named := parseMembershipID(req.ID)
	if req.ID == "" && req.Identity != nil {
		resp.Diagnostics.Append(req.Identity.Get(ctx, &named)...)
	}
	imported := membershipModel{ExpressCustomerID: named.ExpressCustomerID, UserID: named.UserID}
	if !named.isWellFormed() {
		resp.Diagnostics.AddError("Malformed import id",
			fmt.Sprintf("A membership is imported by the id of the customer and that of the user, %s and %s, as in %s.",
				customerID, userID, "cus_9f2c4b7a10de4e63b85f0c21a7d3e964/usr_3b71e0c95a244fd8a6e1947c02bd58f3"))
	}
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &imported)...)
	resp.Diagnostics.Append(imported.setIdentity(ctx, resp.Identity)...)
}

// refusalHint says what to do where the API does not take the user.
func (m *membershipModel) refusalHint(err error) error {
	switch {
	case errors.Is(err, avara.ErrExpressCustomerInactive):
		return advised(err, "An inactive customer takes no members. Reactivate it first (active = true). If Terraform manages the customer, "+
			"refer to it here, as in express_customer_id = avara_express_customer.example.id: then one apply does both, in the right order.")
	case wasRefused(err):
		return advised(err, "Check that the customer and the user exist in this account, "+
			"and that the user has accepted the invitation and still has access.")
	}
	return err
}

// abandonHint is the way out where Avara does not let go of a member.
func (m *membershipModel) abandonHint(err error) error {
	if !wasRefused(err) {
		return err
	}
	return advised(err, "If the API says that userId is missing, a proxy on the way may drop the body of DELETE requests. "+
		"To let Terraform forget the membership, set deletion_policy = %q, apply that, and destroy again.", policyAbandon)
}
