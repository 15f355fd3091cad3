// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/avara-software/terraform-provider-avara/internal/avara"
)

// replaceWithEmail: another address is another person to Avara, another letter
// case is not.
var replaceWithEmail = replacedBy(isOtherEmail, "Another address replaces the user.")

func isOtherEmail(planned, held types.String) bool {
	return !avara.SameEmail(planned.ValueString(), held.ValueString())
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
		resp.Diagnostics.Append(r.planEnd(ctx, state, r.planDestroy(state), resp.Private)...)
	case state == nil:
		resp.Diagnostics.Append(r.planValues(plan, nil)...)
		resp.Diagnostics.Append(r.planInvite(plan)...)
		resp.Diagnostics.Append(r.planAgain(ctx, plan, req.Private, resp.Private)...)
	case !plan.Email.IsUnknown() && isOtherEmail(plan.Email, state.Email):
		// Terraform asks again for the create, and drops the warnings of that.
		resp.Diagnostics.Append(r.planEnd(ctx, state, r.planReplace(state), resp.Private)...)
	case raisesRound(plan.InvitationRound, state.InvitationRound, state.Status):
		resp.Diagnostics.Append(r.planRound(state))
	default:
		proposed := *plan
		resp.Diagnostics.Append(r.planValues(plan, state)...)
		resp.Diagnostics.Append(r.planUpdate(plan, state)...)
		if reactivatesByDefault(ctx, req.Config, plan.Active, state.Active) {
			resp.Diagnostics.Append(r.willBeReactivated(state))
		}
		if r.ledger.keep(state.ID.ValueString()) {
			resp.Diagnostics.Append(destroyedElsewhere(state.String()))
		}
		if changed(proposed, *plan) {
			resp.Diagnostics.Append(set(ctx, &resp.Plan, plan)...)
		}
	}
}

// planDestroy says what destroy will do, or refuses it.
func (r *userResource) planDestroy(state *userModel) diag.Diagnostic {
	id := state.ID.ValueString()
	if d, decided := r.policy.planDestroy(r.providerData.policy(state.DeletionPolicy, id), state.String(), id,
		"The invitation remains open, or the access remains."); decided {
		return d
	}
	switch status := state.Status.ValueString(); status {
	case statusActive:
		return diag.NewWarningDiagnostic(r.object()+" will lose access, not be deleted",
			fmt.Sprintf("Avara can't delete users. %s can't log in any more. Avara keeps the data and the id. %s", state, r.restoreAccess(id)))
	case statusDeactivated:
		return diag.NewWarningDiagnostic(r.object()+" will be forgotten, and stays without access",
			fmt.Sprintf("Avara can't delete users. %s keeps the data and the id. The access, which was revoked before, is revoked once more "+
				"in case somebody has restored it in the dashboard. %s", state, r.restoreAccess(id)))
	case statusRejected, statusRevoked:
		return diag.NewWarningDiagnostic(r.object()+" will be forgotten",
			fmt.Sprintf("The invitation of %s was %s: there is nothing left to revoke, and nothing is sent to Avara.", state, status))
	}
	return diag.NewWarningDiagnostic("Invitation of "+r.object()+" will be revoked",
		fmt.Sprintf("The open invitation of %s will be revoked. "+
			"If it is accepted before this plan is applied, the access is revoked instead.", state))
}

// planReplace says what another email address means, or refuses it. A provider does not
// know whether the lifecycle of the resource keeps the old object (OpenTofu's
// destroy = false), so this must be true either way.
func (r *userResource) planReplace(state *userModel) diag.Diagnostic {
	switch r.providerData.policy(state.DeletionPolicy, state.ID.ValueString()) {
	case policyPrevent:
		return r.policy.replaceRefusal(state.String())
	case policyAbandon:
		return diag.NewWarningDiagnostic(r.object()+" will be replaced",
			fmt.Sprintf("Avara can't change an email address, so the new address is invited as another person. %s has deletion_policy = %q "+
				"and keeps the invitation, or the access.", state, policyAbandon))
	}
	ends := "whose invitation is revoked, or the access if it has been accepted"
	switch state.Status.ValueString() {
	case statusActive, statusDeactivated:
		ends = "whose access is revoked"
	case statusRejected, statusRevoked:
		ends = "for whom there is nothing left to revoke"
	}
	return diag.NewWarningDiagnostic(r.object()+" will be replaced",
		fmt.Sprintf("Avara can't change an email address, so the new address is invited as another person, with another id. It replaces %s, %s. "+
			"Memberships that refer to this resource follow, others end. (A lifecycle with destroy = false, which OpenTofu has, revokes nothing.)", state, ends))
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
func (r *userResource) planUpdate(plan, state *userModel) (diags diag.Diagnostics) {
	status := state.Status.ValueString()
	if isFalse(plan.Active) && !isAccepted(status) {
		diags.AddAttributeError(path.Root("active"), r.object()+" has no access to revoke",
			fmt.Sprintf("The status of %s is %q: active = false revokes the access of a person who has accepted the invitation. "+
				"Leave active out. To revoke an open invitation, destroy the resource.", state, status))
	}
	diags.Append(r.planLevel(plan, state)...)
	changes := plan.hasUnknown() || len(plan.stepsFrom(state)) > 0
	plan.keepKnown(state, changes)
	if isClosed(status) {
		detail := r.whyClosed(state) + " " + r.inviteAgain()
		if changes {
			detail += "\n\nA change in place can't be made before that: Avara would refuse it."
		}
		diags.AddAttributeWarning(path.Root("status"), r.object()+" is not invited any more", detail)
	}
	return diags
}

func (r *userResource) willBeReactivated(state *userModel) diag.Diagnostic {
	return diag.NewAttributeWarningDiagnostic(path.Root("active"), r.object()+" will be reactivated",
		fmt.Sprintf("%s has no access at present, and the configuration does not set active, whose default is true: "+
			"applying this plan restores the access. Set active = false to leave the person without access.", state))
}

// planLevel neither changes the level of an owner nor makes anybody an owner: both are
// possible in the dashboard only.
func (r *userResource) planLevel(plan, state *userModel) (diags diag.Diagnostics) {
	isOwner, toBeOwner := state.Level.ValueString() == avara.LevelOwner, plan.Level.ValueString() == avara.LevelOwner
	switch {
	case isOwner && !toBeOwner && !plan.Level.IsUnknown():
		plan.Level = state.Level
		diags.AddAttributeWarning(path.Root("level"), r.object()+" is an owner",
			fmt.Sprintf("%s has become an owner in the Avara dashboard, and only there can that be changed. Terraform leaves the level as it is. "+
				"To end this warning, set level = \"owner\".", state))
	case toBeOwner && !isOwner:
		diags.AddAttributeError(path.Root("level"), r.object()+" can't be made an owner",
			"The level \"owner\" is given in the Avara dashboard only. Set level to \"admin\" or \"member\".")
	}
	return diags
}

func isFalse(b types.Bool) bool { return !b.IsNull() && !b.IsUnknown() && !b.ValueBool() }

// keepKnown keeps the computed values that the change can't touch, so that other
// resources may depend on them: all if nothing changes for the API, and those of a user
// who has accepted, because then they depend on active alone.
func (m *userModel) keepKnown(state *userModel, changes bool) {
	if changes && !isAccepted(state.Status.ValueString()) {
		return
	}
	m.Status, m.InvitationID, m.InvitationExpiresAt = state.Status, state.InvitationID, state.InvitationExpiresAt
	switch {
	case m.Active.IsUnknown():
		m.Status = types.StringUnknown()
	case !m.Active.Equal(state.Active):
		m.Status = types.StringValue(acceptedStatus(m.Active.ValueBool()))
	}
}

// hasUnknown reports whether something that the API can change is not known yet. An
// address that is not known is planned as the one that there is: see replacedBy.
func (m *userModel) hasUnknown() bool {
	texts, flags := m.configurable()
	for name, text := range texts {
		if name != "email" && text.IsUnknown() {
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

// whyClosed says how the invitation ended.
func (k *userKind) whyClosed(m *userModel) string {
	switch m.Status.ValueString() {
	case statusExpired:
		return fmt.Sprintf("%s did not accept the invitation before it expired (%s).", m, m.InvitationExpiresAt.ValueString())
	case statusRejected:
		return fmt.Sprintf("%s has rejected the invitation.", m)
	}
	return fmt.Sprintf("The invitation of %s was revoked.", m)
}

// inviteAgain says how to, since Terraform does not do it by itself.
func (k *userKind) inviteAgain() string {
	return fmt.Sprintf("Terraform does not invite again by itself, because that sends a mail. To invite again, raise invitation_round, or run terraform apply -replace=%s "+
		"with the address of this resource; the person then has another id. "+
		"To give up on the person, remove the resource from the configuration.", k.address())
}

// userGone is said when a refresh finds nothing.
func (k *userKind) userGone(state *userModel, isManaged bool) (diags diag.Diagnostics) {
	if state.FirstName.IsNull() && !isManaged {
		return nil // an import of nothing, of which Terraform itself speaks
	}
	diags.Append(gone(k.object(), fmt.Sprintf("The API knows neither %s nor an invitation for that id", state), "invite the person again"))
	return diags
}

// restoreAccess is the way back for a person whose access was revoked. An import alone
// does not restore the access, and the API does not show it.
func (k *userKind) restoreAccess(id string) string {
	return fmt.Sprintf("To give the access back later, import the user, apply once with active = false, and then with active = true:\n\n%s", importBlock(k.typeName, id))
}
