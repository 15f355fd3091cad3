// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/avara-software/terraform-provider-avara/internal/avara"
)

// replaceWithEmail: another address is another person to Avara, another letter
// case is not.
var replaceWithEmail planmodifier.String = stringplanmodifier.RequiresReplaceIf(
	func(_ context.Context, req planmodifier.StringRequest, resp *stringplanmodifier.RequiresReplaceIfFuncResponse) {
		resp.RequiresReplace = isOtherEmail(req.PlanValue, req.StateValue)
	},
	"Another address replaces the user.", "Another address replaces the user.",
)

func isOtherEmail(plan, state types.String) bool {
	return plan.IsUnknown() || !avara.SameEmail(plan.ValueString(), state.ValueString())
}

// ModifyPlan says at plan time what will happen, and refuses what must not.
func (r *userResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	plan, diags := r.read(ctx, req.Plan)
	resp.Diagnostics.Append(diags...)
	state, diags := r.read(ctx, req.State)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	switch {
	case plan == nil:
		resp.Diagnostics.Append(r.planDestroy(state))
	case state == nil:
		resp.Diagnostics.Append(r.policy.refuseReplacement(ctx, req.Private)...)
		resp.Diagnostics.Append(r.planInvite(plan)...)
	case isOtherEmail(plan.Email, state.Email):
		// Terraform asks again for the create, and drops the warnings of that.
		resp.Diagnostics.Append(r.planDestroy(state))
	default:
		proposed := *plan
		var configured types.Bool
		resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("active"), &configured)...)
		resp.Diagnostics.Append(r.planUpdate(plan, state, configured)...)
		if changed(proposed, *plan) {
			resp.Diagnostics.Append(r.write(ctx, &resp.Plan, plan)...)
		}
	}
}

// planDestroy says what destroy will do, or refuses it.
func (r *userResource) planDestroy(state *userModel) diag.Diagnostic {
	switch state.DeletionPolicy.ValueString() {
	case policyPrevent:
		return r.policy.refusal(r.describe(state))
	case policyAbandon:
		return diag.NewWarningDiagnostic(r.object()+" will be forgotten, not changed",
			fmt.Sprintf("%s has deletion_policy = %q: Terraform removes it from the state and sends nothing to Avara. "+
				"The invitation remains open, or the access remains.", r.describe(state), policyAbandon))
	}
	switch status := state.Status.ValueString(); status {
	case statusActive:
		return diag.NewWarningDiagnostic(r.object()+" will lose access, not be deleted",
			fmt.Sprintf("Avara can't delete users. %s will no longer be able to log in, and keeps the data and the id. "+
				"To give the access back later, restore it in the Avara dashboard and import the user:\n\n%s",
				r.describe(state), r.importBlock(state.ID.ValueString())))
	case statusDeactivated:
		return diag.NewWarningDiagnostic(r.object()+" will be forgotten, and stays without access",
			fmt.Sprintf("Avara can't delete users. %s keeps the data and the id. The access, which was revoked before, is revoked once more "+
				"in case somebody has restored it in the dashboard.", r.describe(state)))
	case statusRejected, statusRevoked:
		return diag.NewWarningDiagnostic(r.object()+" will be forgotten",
			fmt.Sprintf("The invitation of %s was %s: there is nothing left to revoke, and nothing is sent to Avara.", r.describe(state), status))
	}
	return diag.NewWarningDiagnostic("Invitation of "+r.object()+" will be revoked",
		fmt.Sprintf("%s has not accepted the invitation, which will no longer be open. "+
			"If it is accepted before this plan is applied, the access is revoked instead.", r.describe(state)))
}

// planInvite refuses invitations that the API would refuse, or that could not
// lead to what is planned. Terraform plans once more when all values are known,
// before anything is sent.
func (r *userResource) planInvite(plan *userModel) (diags diag.Diagnostics) {
	if isFalse(plan.Active) {
		diags.AddAttributeError(path.Root("active"), r.object()+" can't be invited without access",
			"An invitation can't be made with active = false: access can be revoked only once the invitation has been accepted. "+
				"Leave active out, or remove the resource from the configuration.")
	}
	if plan.Level.ValueString() == avara.LevelOwner {
		diags.AddAttributeError(path.Root("level"), "Owners can't be invited",
			"The level \"owner\" is given in the Avara dashboard only. Invite an \"admin\" or a \"member\".")
	}
	return diags
}

// planUpdate refuses what can't be done to the person now, says what must be
// known, and keeps computed values where nothing changes for the API.
func (r *userResource) planUpdate(plan, state *userModel, configured types.Bool) (diags diag.Diagnostics) {
	status := state.Status.ValueString()
	if isFalse(plan.Active) && !isAccepted(status) {
		diags.AddAttributeError(path.Root("active"), r.object()+" has no access to revoke",
			fmt.Sprintf("The status of %s is %q: active = false revokes the access of a person who has accepted the invitation. "+
				"Leave active out. To revoke an open invitation, destroy the resource.", r.describe(state), status))
	}
	diags.Append(r.planLevel(plan, state)...)
	changes := plan.hasUnknown() || len(plan.stepsFrom(state)) > 0
	if !changes {
		plan.Status, plan.InvitationID, plan.InvitationExpiresAt = state.Status, state.InvitationID, state.InvitationExpiresAt
	}
	if isClosed(status) {
		detail := r.whyClosed(state) + " " + r.inviteAgain()
		if changes {
			detail += "\n\nThe planned change can't be made before that: applying it will fail."
		}
		diags.AddAttributeWarning(path.Root("status"), r.object()+" is not invited any more", detail)
	}
	if configured.IsNull() && plan.Active.ValueBool() && status == statusDeactivated {
		diags.AddAttributeWarning(path.Root("active"), r.object()+" will be reactivated",
			fmt.Sprintf("%s has no access at present, and the configuration does not set active, whose default is true: "+
				"applying this plan restores the access. Set active = false to leave the person without access.", r.describe(state)))
	}
	return diags
}

// planLevel leaves owners alone and lets nobody become one: both are done in the
// dashboard only.
func (r *userResource) planLevel(plan, state *userModel) (diags diag.Diagnostics) {
	isOwner, toBeOwner := state.Level.ValueString() == avara.LevelOwner, plan.Level.ValueString() == avara.LevelOwner
	switch {
	case isOwner && !toBeOwner && !plan.Level.IsUnknown():
		plan.Level = state.Level
		diags.AddAttributeWarning(path.Root("level"), r.object()+" is an owner",
			fmt.Sprintf("%s has become an owner in the Avara dashboard, and only there can that be changed. Terraform leaves the level as it is. "+
				"To end this warning, set level = \"owner\".", r.describe(state)))
	case toBeOwner && !isOwner:
		diags.AddAttributeError(path.Root("level"), r.object()+" can't be made an owner",
			"The level \"owner\" is given in the Avara dashboard only. Set level to \"admin\" or \"member\".")
	}
	return diags
}

func isFalse(b types.Bool) bool { return !b.IsNull() && !b.IsUnknown() && !b.ValueBool() }

func (m *userModel) hasUnknown() bool {
	texts, flags := m.configurable()
	for _, text := range texts {
		if text.IsUnknown() {
			return true
		}
	}
	for _, flag := range flags {
		if flag.IsUnknown() {
			return true
		}
	}
	return false
}

// whyClosed says what became of the invitation.
func (k userKind) whyClosed(m *userModel) string {
	switch m.Status.ValueString() {
	case statusExpired:
		return fmt.Sprintf("%s did not accept the invitation before it expired (%s).", k.describe(m), m.InvitationExpiresAt.ValueString())
	case statusRejected:
		return fmt.Sprintf("%s has rejected the invitation.", k.describe(m))
	}
	return fmt.Sprintf("The invitation of %s was revoked.", k.describe(m))
}

// inviteAgain says how to, since Terraform does not do it by itself.
func (k userKind) inviteAgain() string {
	return fmt.Sprintf("Terraform does not invite again by itself, because that sends a mail. To invite again, run terraform apply -replace=%s "+
		"with the address of this resource; the person then has another id. "+
		"To give up on the person, remove the resource from the configuration.", k.address())
}

// userGone is said when a refresh finds nothing.
func (k userKind) userGone(state *userModel) (diags diag.Diagnostics) {
	if state.FirstName.IsNull() {
		return nil // an import of nothing, of which Terraform itself speaks
	}
	diags.AddWarning(k.object()+" not found",
		fmt.Sprintf("The API knows neither %s nor an invitation for that id, so Terraform removes it from the state. Users can't be deleted through the API: "+
			"check that the API key and base_url are those of the account in which it was created. "+
			"If they are not, do not apply: that would invite the person again.", k.describe(state)))
	return diags
}

func (k userKind) importBlock(id string) string {
	return fmt.Sprintf("import {\n  to = avara_%s.example\n  id = %q\n}", k.typeName, id)
}
