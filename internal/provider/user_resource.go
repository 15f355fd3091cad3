// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"

	"github.com/avara-software/terraform-provider-avara/internal/avara"
)

var (
	_ resource.ResourceWithConfigure      = &userResource{}
	_ resource.ResourceWithIdentity       = &userResource{}
	_ resource.ResourceWithImportState    = &userResource{}
	_ resource.ResourceWithModifyPlan     = &userResource{}
	_ resource.ResourceWithValidateConfig = &userResource{}
)

// userResource is avara_autoscribe_user and avara_viewer_user. Where a person
// stands is found out in user_status.go; what an update and a destroy call is in
// user_update.go, what a plan says in user_plan.go, what a configuration must
// be in user_schema.go and user_validate.go, conversion in user_model.go.
type userResource struct{ userDirectory }

func (r *userResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + r.typeName
}

func (r *userResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = r.schema(ctx)
}

func (r *userResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = userID.identitySchema()
}

// Create returns no error once the person is invited: Terraform would taint the
// user, and invite the person a second time.
func (r *userResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	plan, diags := r.read(ctx, req.Plan)
	resp.Diagnostics.Append(diags...)
	if diags.HasError() {
		return
	}
	ctx, cancel := withTimeout(ctx, plan.Timeouts.Create, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	user, err := r.client.InviteUser(ctx, r.product, plan.toPerson())
	if err != nil {
		resp.Diagnostics.Append(apiDiagnostic("Unable to invite "+r.object(), "", nameless(r.adoptHint(err), plan), userFields))
		return
	}
	invited := *plan
	invited.ID = stringOrNull(user.ID)
	s := &standing{status: statusPending, user: user, invitation: &avara.Invitation{}}
	invited.fromStanding(s)
	if resp.Diagnostics.Append(r.save(ctx, &invited, plan, &resp.State, resp.Identity, resp.Private)...); resp.Diagnostics.HasError() {
		return
	}
	invitation, err := r.findInvitation(ctx, user.ID)
	if err != nil || invitation == nil {
		resp.Diagnostics.Append(r.invitationNotFound(&invited, err))
		return
	}
	s.status, s.invitation = invitationStatus(invitation), invitation
	invited.fromStanding(s)
	invited.keepPromises(plan)
	resp.Diagnostics.Append(r.save(ctx, &invited, &invited, &resp.State, resp.Identity, resp.Private)...)
}

func (r *userResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	state, diags := r.read(ctx, req.State)
	resp.Diagnostics.Append(diags...)
	if diags.HasError() {
		return
	}
	// The identity comes before the call: a removed resource needs it too.
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, state.ID)...)
	ctx, cancel := withTimeout(ctx, state.Timeouts.Read, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	s, err := r.settledStanding(ctx, state.ID.ValueString(), state.Status.ValueString())
	switch {
	case err != nil:
		resp.Diagnostics.Append(apiDiagnostic("Unable to read "+r.object(), r.describe(state), nameless(err, state), nil))
		return
	case s == nil:
		resp.Diagnostics.Append(r.userGone(state)...)
		resp.State.RemoveResource(ctx)
		return
	}
	known := *state
	state.fromStanding(s)
	state.DeletionPolicy = r.policy.orDefault(state.DeletionPolicy)
	if changed(known, *state) {
		resp.Diagnostics.Append(r.write(ctx, &resp.State, state)...)
	}
	resp.Diagnostics.Append(r.policy.record(ctx, resp.Private, r.describe(state), state.DeletionPolicy)...)
}

// Update makes as few calls as the change needs. After each the state holds
// what the API returned, so that a failure in between loses nothing.
func (r *userResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	plan, diags := r.read(ctx, req.Plan)
	resp.Diagnostics.Append(diags...)
	state, diags := r.read(ctx, req.State)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := withTimeout(ctx, plan.Timeouts.Update, &resp.Diagnostics)
	defer cancel()
	reached := *state
	var done []string
	for _, step := range plan.stepsFrom(state) {
		s, err := step.run(ctx, r, &reached)
		if s != nil {
			reached.fromStanding(s)
		}
		if err != nil {
			resp.Diagnostics.Append(apiDiagnostic(fmt.Sprintf("Unable to %s %s", step.verb, r.object()), r.describe(state),
				nameless(partly(done, r.closedHint(&reached, err)), plan, state), userFields))
			resp.Diagnostics.Append(r.save(ctx, &reached, &reached, &resp.State, resp.Identity, resp.Private)...)
			return
		}
		done = append(done, step.done)
	}
	reached.Email, reached.DeletionPolicy, reached.Timeouts = plan.Email, plan.DeletionPolicy, plan.Timeouts
	resp.Diagnostics.Append(r.save(ctx, &reached, plan, &resp.State, resp.Identity, resp.Private)...)
}

func (r *userResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	state, diags := r.read(ctx, req.State)
	resp.Diagnostics.Append(diags...)
	if diags.HasError() {
		return
	}
	ctx, cancel := withTimeout(ctx, state.Timeouts.Delete, &resp.Diagnostics)
	defer cancel()
	switch state.DeletionPolicy.ValueString() {
	case policyPrevent:
		resp.Diagnostics.Append(r.policy.refusal(r.describe(state)))
		return
	case policyAbandon:
		return
	}
	if err := r.end(ctx, state); err != nil {
		what := "invitation of " + r.object()
		if state.Status.ValueString() == statusActive || errors.Is(err, avara.ErrInvitationAccepted) {
			what = "access of " + r.object()
		}
		resp.Diagnostics.Append(apiDiagnostic("Unable to revoke "+what, r.describe(state), nameless(r.abandonHint(err), state), nil))
	}
}

// save publishes identity and state together. Where the API holds something
// else than was promised, the promise is kept in the state, with a warning.
func (r *userResource) save(
	ctx context.Context, user, promised *userModel,
	state *tfsdk.State, identity *tfsdk.ResourceIdentity, private privateWriter,
) (diags diag.Diagnostics) {
	if broken := user.keepPromises(promised); len(broken) > 0 {
		diags.Append(differs(r.object(), r.describe(user), broken))
	}
	diags.Append(setIdentity(ctx, identity, user.ID)...)
	diags.Append(r.write(ctx, state, user)...)
	diags.Append(r.policy.record(ctx, private, r.describe(user), user.DeletionPolicy)...)
	return diags
}

// invitationNotFound is said when the person is invited, but the invitation is
// not to be seen.
func (r *userResource) invitationNotFound(invited *userModel, err error) diag.Diagnostic {
	reason := "The API does not show it yet."
	if err != nil {
		reason = sentence(nameless(err, invited).Error())
	}
	return diag.NewAttributeWarningDiagnostic(path.Root("invitation_id"), r.object()+" was invited, but the invitation was not found",
		fmt.Sprintf("%s is invited; only invitation_id and invitation_expires_at are not known. %s\n\n"+
			"The next refresh looks again. Nothing else is needed.", r.describe(invited), reason))
}

// adoptHint says what to do where the person may be known already.
func (r *userResource) adoptHint(err error) error {
	switch avara.StatusOf(err) {
	case http.StatusBadRequest, http.StatusConflict, http.StatusUnprocessableEntity:
		return advised(err, "If the person is a user already, with or without access, or is invited already, import that user instead of inviting:\n\n%s",
			r.importBlock("<email address>"))
	}
	return err
}

// closedHint says why a change was refused, if the invitation is to blame.
func (r *userResource) closedHint(reached *userModel, err error) error {
	if !isClosed(reached.Status.ValueString()) {
		return err
	}
	return advised(err, "%s %s", r.whyClosed(reached), r.inviteAgain())
}

// abandonHint is the way out where Avara does not let go of somebody.
func (r *userResource) abandonHint(err error) error {
	if !wasRefused(err) {
		return err
	}
	return advised(err, "If there is nothing left to revoke, or it must not be revoked, set deletion_policy = %q, apply that, and destroy again.", policyAbandon)
}
