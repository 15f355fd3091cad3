// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"

	"github.com/avara-software/terraform-provider-avara/internal/avara"
)

var (
	_ resource.ResourceWithConfigure   = &expressCustomerUserResource{}
	_ resource.ResourceWithIdentity    = &expressCustomerUserResource{}
	_ resource.ResourceWithImportState = &expressCustomerUserResource{}
	_ resource.ResourceWithModifyPlan  = &expressCustomerUserResource{}
	_ resource.ResourceWithMoveState   = &expressCustomerUserResource{}
)

const policyRemove = "remove"

// expressCustomerUserPolicy: destroy removes the user from the customer by default.
var expressCustomerUserPolicy = deletionPolicy{object: "Membership", choices: []string{policyRemove, policyAbandon}}

// expressCustomerUserResource is avara_express_customer_user: one user in one customer.
// It never touches other members.
type expressCustomerUserResource struct{ withProviderData }

func newExpressCustomerUserResource() resource.Resource { return &expressCustomerUserResource{} }

func (r *expressCustomerUserResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_express_customer_user"
	resp.ResourceBehavior.MutableIdentity = true // see requiresReplace
}

func (r *expressCustomerUserResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	id := func(markdown string, form idForm) schema.Attribute {
		return schema.StringAttribute{
			MarkdownDescription: markdown + ": `" + form.prefix + "` followed by 32 hex characters. Another one replaces the membership.",
			Required:            true,
			Validators:          form.validators(),
		}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "The membership of one user in one Express customer, which gives the user access to the customer's studies.\n\n" +
			"**The customer must be active** when the user is added. The user need not have accepted the invitation. " +
			"The resource adds this one member, and never removes others.\n\n" +
			"~> The API does not list the members of a customer. So Terraform can't see that somebody has removed this user from a customer that has other members: " +
			"the plan is empty. To add the user again, run `terraform apply -replace=…` with the address of the membership. " +
			"After you restore a user's access, do the same: Avara may have removed the memberships. " +
			"Terraform does see that a membership is gone if the customer is gone, or if it is active and has no members at all.\n\n" +
			"If one apply destroys a membership and creates the same one in another resource, the user stays a member, in whichever order Terraform does this. " +
			"So `create_before_destroy`, `-replace` and a renamed `for_each` key do no harm. This works only within one provider block. " +
			"If the user is replaced, for example because of another email address, the membership changes in place.\n\n" +
			"An import is not verified, because the API does not list members. The provider only checks that the customer exists and, if it is active, has members.",
		Attributes: map[string]schema.Attribute{
			"express_customer_id": id("Id of the Express customer", customerID),
			"user_id":             id("Id of the user, of AutoScribe or Viewer", userID),
			"deletion_policy": expressCustomerUserPolicy.attribute("What a destroy does: `remove` (default: removes the user from the customer) or " +
				"`abandon` (nothing, Terraform only forgets the membership). The user's account stays in both cases."),
		},
	}
}

func (r *expressCustomerUserResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = expressCustomerUserIdentitySchema()
}

// ModifyPlan says when destroy will do nothing, and refuses what other resources of the
// plan make impossible.
func (r *expressCustomerUserResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var plan, state *expressCustomerUserModel
	resp.Diagnostics.Append(get(ctx, req.Plan, &plan)...)
	resp.Diagnostics.Append(get(ctx, req.State, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	switch {
	case plan == nil:
		d, decided := expressCustomerUserPolicy.planDestroy(r.policy(state.DeletionPolicy, state.id()), state.String(), state.id(),
			"The user keeps access to the customer's studies.")
		if decided {
			resp.Diagnostics.Append(d)
		}
		if r.ledger.end(state.id()) {
			resp.Diagnostics.Append(destroyedElsewhere(state.String()))
		}
	case state == nil || plan.isAnother(state):
		if state != nil {
			resp.RequiresReplace = append(resp.RequiresReplace, r.requiresReplace(plan, state)...)
		}
		resp.Diagnostics.Append(r.planJoin(plan, true))
	default:
		if r.ledger.keep(state.id()) {
			resp.Diagnostics.Append(destroyedElsewhere(state.String()))
		}
		if plan.UserID.IsUnknown() { // the user is replaced, or may be
			resp.Diagnostics.Append(r.planJoin(plan, false))
		}
	}
}

// requiresReplace returns the arguments whose other value replaces the membership: in a
// plan all of them. Terraform plans once more during the apply, when it knows all values,
// and then accepts no replacement that the first plan did not show. So a membership of a
// user who was created in this same run, as for another email address, changes in place.
func (r *expressCustomerUserResource) requiresReplace(plan, state *expressCustomerUserModel) (changed path.Paths) {
	if r.ledger.hasCreated() {
		return nil
	}
	if !plan.ExpressCustomerID.Equal(state.ExpressCustomerID) && !plan.ExpressCustomerID.IsUnknown() {
		changed = append(changed, path.Root("express_customer_id"))
	}
	if !plan.UserID.Equal(state.UserID) && !plan.UserID.IsUnknown() {
		changed = append(changed, path.Root("user_id"))
	}
	return changed
}

func (r *expressCustomerUserResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan expressCustomerUserModel
	resp.Diagnostics.Append(get(ctx, req.Plan, &plan)...)
	ctx, cancel := context.WithTimeout(ctx, defaultTimeout)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	if err := r.add(ctx, &plan); err != nil {
		resp.Diagnostics.Append(r.notAdded(&plan, err))
		return
	}
	resp.Diagnostics.Append(publish(ctx, publication{&resp.State, resp.Identity, resp.Private}, &plan, nil)...)
}

func (r *expressCustomerUserResource) notAdded(m *expressCustomerUserModel, err error) diag.Diagnostic {
	advice := refusalAdvice(err)
	if r.ledger.revoked(m.equality()) != "" {
		advice = strings.TrimSpace(advice + " This apply has removed the same membership at another address of the configuration before, so the user is no member now. Apply again to add the user.")
	}
	return r.diagnostic(failure{
		summary: "Unable to add user to Express customer", object: m.String(), err: err, advice: advice, fields: expressCustomerUserFields,
	})
}

// add takes turns with the removal of the same user from the same customer.
func (r *expressCustomerUserResource) add(ctx context.Context, m *expressCustomerUserModel) error {
	done, err := r.ledger.turn(ctx, m.equality())
	defer done()
	if err != nil {
		return err
	}
	return r.ledger.created(m.equality(), r.client.AddExpressCustomerUser(ctx, m.ExpressCustomerID.ValueString(), m.UserID.ValueString()))
}

// errNotRemoved is the error of remove where this run has failed to add the same member.
var errNotRemoved = errors.New("the same membership could not be added")

// remove does not remove a member that this run has added. Terraform may destroy the old
// resource of a membership after it has created the new one: with
// create_before_destroy, and where the address of the resource has changed.
func (r *expressCustomerUserResource) remove(ctx context.Context, m *expressCustomerUserModel) error {
	done, err := r.ledger.turn(ctx, m.equality())
	defer done()
	if err != nil {
		return err
	}
	switch made, refused := r.ledger.creates(m.equality()); {
	case made:
		return nil
	case refused:
		return errNotRemoved
	}
	if err := r.client.RemoveExpressCustomerUser(ctx, m.ExpressCustomerID.ValueString(), m.UserID.ValueString()); err != nil {
		return err
	}
	r.ledger.revoke(m)
	return nil
}

// Read reads the customer: the API shows no memberships, only the number of members.
func (r *expressCustomerUserResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state expressCustomerUserModel
	resp.Diagnostics.Append(get(ctx, req.State, &state)...)
	refresh(ctx, r.providerData, &state, resp, refreshing{
		look: func(ctx context.Context) (found bool, err error) {
			state.DeletionPolicy = expressCustomerUserPolicy.orDefault(state.DeletionPolicy)
			return r.mayExist(ctx, &state)
		},
	})
}

// mayExist reports whether the membership may exist. It does not if the customer does not
// exist or has no members at all. Either is read a second time before it counts, since a
// read may lag behind the creation. An inactive customer without members proves nothing:
// the API may hide them.
func (r *expressCustomerUserResource) mayExist(ctx context.Context, m *expressCustomerUserModel) (bool, error) {
	mayExist := func(read func(context.Context, string) (*avara.ExpressCustomer, error)) (bool, error) {
		customer, err := read(ctx, m.ExpressCustomerID.ValueString())
		if avara.IsNotFound(err) {
			return false, nil
		}
		return err == nil && (customer.UserCount != 0 || !customer.Active()), err
	}
	may, err := mayExist(r.client.ReadExpressCustomer)
	if may || err != nil {
		return may, err
	}
	return mayExist(r.client.ConfirmExpressCustomer)
}

// Update stores a new deletion policy, which is Terraform's alone, or follows another user
// or customer: see requiresReplace. The new member is added before the old one is removed.
func (r *expressCustomerUserResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state expressCustomerUserModel
	resp.Diagnostics.Append(get(ctx, req.Plan, &plan)...)
	resp.Diagnostics.Append(get(ctx, req.State, &state)...)
	ctx, cancel := context.WithTimeout(ctx, defaultTimeout)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	if plan.isAnother(&state) {
		if err := r.add(ctx, &plan); err != nil {
			resp.Diagnostics.Append(r.notAdded(&plan, err))
			return
		}
	}
	resp.Diagnostics.Append(publish(ctx, publication{&resp.State, resp.Identity, resp.Private}, &plan, nil)...)
	if !plan.isAnother(&state) || r.policy(state.DeletionPolicy, state.id()) == policyAbandon {
		return
	}
	if err := r.remove(ctx, &state); err != nil {
		resp.Diagnostics.Append(r.diagnostic(failure{
			summary: "Unable to remove user from Express customer", object: state.String(), err: err,
			advice: "The state has the new membership, and no longer this one. Remove the user in the dashboard.",
		}))
	}
}

func (r *expressCustomerUserResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state expressCustomerUserModel
	resp.Diagnostics.Append(get(ctx, req.State, &state)...)
	ctx, cancel := context.WithTimeout(ctx, defaultTimeout)
	defer cancel()
	if resp.Diagnostics.HasError() || r.policy(state.DeletionPolicy, state.id()) == policyAbandon {
		return
	}
	err := r.remove(ctx, &state)
	switch {
	case errors.Is(err, errNotRemoved):
		resp.Diagnostics.Append(notDestroyed(&state))
	case err != nil:
		resp.Diagnostics.Append(r.diagnostic(failure{
			summary: "Unable to remove user from Express customer", object: state.String(), err: err, advice: r.removalAdvice(err),
		}))
	}
}

// ImportState takes both ids with a slash between them, or an identity that
// holds them.
func (r *expressCustomerUserResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	imported := parseMembershipID(req.ID)
	if req.ID == "" && req.Identity != nil {
		resp.Diagnostics.Append(get(ctx, req.Identity, &imported)...)
	}
	if !imported.isWellFormed() {
		resp.Diagnostics.AddError("Malformed import id",
			fmt.Sprintf("A membership is imported by the id of the customer and that of the user, %s and %s, as in %s.",
				customerID, userID, "cus_9f2c4b7a10de4e63b85f0c21a7d3e964/usr_3b71e0c95a244fd8a6e1947c02bd58f3"))
	}
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(r.verifyImport(ctx, &imported))
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(set(ctx, &resp.State, &imported)...)
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, &imported)...)
}

// verifyImport says how far the API confirms a membership.
func (r *expressCustomerUserResource) verifyImport(ctx context.Context, m *expressCustomerUserModel) diag.Diagnostic {
	ctx, cancel := context.WithTimeout(ctx, defaultTimeout)
	defer cancel()
	mayExist, err := r.mayExist(ctx, m)
	switch {
	case err != nil:
		return r.diagnostic(failure{summary: "Unable to import membership", object: m.String(), err: err})
	case !mayExist:
		return diag.NewErrorDiagnostic("Membership does not exist",
			fmt.Sprintf("%s can't be imported: there is no such customer, or it has no members at all. "+
				"To make the user a member, leave the import out and apply the resource.", m))
	}
	return diag.NewWarningDiagnostic("Membership is not verified",
		fmt.Sprintf("The API does not list members, so the import takes %s for granted. If the user is no member, the plan shows no difference, and the user has no access: "+
			"then run terraform apply -replace with the address of the resource.", m))
}

// refusalAdvice says what to do where the API does not take the user.
func refusalAdvice(err error) string {
	switch {
	case errors.Is(err, avara.ErrExpressCustomerInactive):
		return "An inactive customer takes no members. Set active = true for the customer. If Terraform manages it, " +
			"refer to it here, as in express_customer_id = avara_express_customer.example.id: then one apply does both, in the right order."
	case wasRefused(err):
		return "Check that the customer and the user exist in this account, and that the user has not lost access."
	}
	return ""
}

// removalAdvice is the way out where Avara does not let go of a member.
func (r *expressCustomerUserResource) removalAdvice(err error) string {
	const advice = "To make Terraform forget the membership, " + letGo
	if errors.Is(err, avara.ErrStillThere) {
		return r.hint(failure{err: err}) + " If the user is no member any more, there is nothing left to remove. " + advice
	}
	var refusal *avara.Error
	if !errors.As(err, &refusal) || !wasRefused(err) {
		return ""
	}
	if refusal.Status != http.StatusConflict && strings.Contains(strings.ToLower(refusal.Message+fmt.Sprint(refusal.Fields)), "userid") {
		return "A proxy on the way may drop the body of DELETE requests, which names the user. " + advice
	}
	return advice
}
