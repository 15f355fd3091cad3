// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Nobody can be created a second time while Avara has their account: the invitation
// is refused, and what was destroyed before it is gone. So what would end and invite
// the same person is refused in the plan, or where the plan can't see it, in the apply
// before anything is sent.

// planEnd plans that a user is destroyed or replaced.
func (r *userResource) planEnd(ctx context.Context, state *userModel, said diag.Diagnostic, planned privateWriter) diag.Diagnostics {
	diags := diag.Diagnostics{said}
	diags.Append(markEnding(ctx, state.record(), planned)...)
	if r.ledger.end(state.ID.ValueString()) {
		diags.Append(destroyedElsewhere(state.String()))
	}
	if r.ledger.planDestroy(state) {
		diags.Append(r.createdAgain(state.record()))
	}
	return diags
}

// planAgain refuses to invite a person whom Avara or this plan knows already.
func (r *userResource) planAgain(ctx context.Context, plan *userModel, prior privateReader, planned privateWriter) diag.Diagnostics {
	replaced, diags := readPrivate(ctx, prior)
	isSame := plan.Email.IsUnknown() || !isOtherEmail(plan.Email, types.StringValue(replaced.Email))
	switch {
	case replaced.ID == "":
	case replaced.Accepted && isSame:
		diags.AddError(r.object()+" can't be replaced",
			fmt.Sprintf("%s has accepted the invitation. Replacing the resource would revoke the access, and Avara would refuse to invite the same email address again. "+
				"To end and restore the access, apply once with active = false and then with active = true.", replaced.Object))
	case replaced.Policy == policyPrevent:
		diags.Append(r.policy.replaceRefusal(replaced.Object))
	case !isSame:
		diags.Append(markEnding(ctx, replaced, planned)...)
	}
	if plan.Email.IsUnknown() || diags.HasError() {
		return diags
	}
	if held, found := r.ledger.planCreate(plan, replaced.ID); found {
		diags.Append(r.createdAgain(held))
	}
	return diags
}

// replacedByRound is the plan modifier of invitation_round: raised, it replaces a user
// whose invitation can no longer be accepted.
type replacedByRound struct{}

func (replacedByRound) Description(context.Context) string {
	return "Raising it invites again a person whose invitation can no longer be accepted."
}

func (m replacedByRound) MarkdownDescription(ctx context.Context) string { return m.Description(ctx) }

func (replacedByRound) PlanModifyFloat64(ctx context.Context, req planmodifier.Float64Request, resp *planmodifier.Float64Response) {
	if req.State.Raw.IsNull() || req.Plan.Raw.IsNull() || req.PlanValue.IsUnknown() {
		return
	}
	var status types.String
	resp.Diagnostics.Append(req.State.GetAttribute(ctx, path.Root("status"), &status)...)
	resp.RequiresReplace = raisesRound(req.PlanValue, req.StateValue, status)
}

// raisesRound reports whether a person is invited again. A round that is not set is 0.
func raisesRound(planned, held types.Float64, status types.String) bool {
	return isClosed(status.ValueString()) && planned.ValueFloat64() > held.ValueFloat64()
}

// planRound says what a raised invitation_round does.
func (r *userResource) planRound(state *userModel) diag.Diagnostic {
	if r.providerData.policy(state.DeletionPolicy, state.ID.ValueString()) == policyPrevent {
		return r.policy.replaceRefusal(state.String())
	}
	return diag.NewAttributeWarningDiagnostic(path.Root("invitation_round"), r.object()+" will be invited again",
		fmt.Sprintf("%s invitation_round was raised, so applying this plan invites the person again: they get a mail, and another id. Memberships that refer to this resource follow.", r.whyClosed(state)))
}

// createdAgain is said where a plan invites a person whom the state holds: as a
// resource that the plan destroys, at another address, or as a tainted one.
func (k *userKind) createdAgain(held privateRecord) diag.Diagnostic {
	ways := fmt.Sprintf("If the address of the resource has changed, as by a new for_each key, add a moved block:\n\n%s\n\n"+
		"If the resource is tainted, run terraform untaint with its address.", movedBlock(k.typeName))
	if held.Accepted {
		return diag.NewAttributeErrorDiagnostic(path.Root("email"), k.object()+" would be invited again",
			fmt.Sprintf("%s has this email address, is in the state already and has accepted the invitation. Avara would refuse to invite the same address again, "+
				"and whatever the plan destroys before that would lose the access for nothing. %s", held.Object, ways))
	}
	return diag.NewAttributeWarningDiagnostic(path.Root("email"), k.object()+" will be invited again",
		fmt.Sprintf("%s has this email address and is in the state already. Applying this plan revokes that invitation and sends a second one, "+
			"under another id. %s", held.Object, ways))
}

// tainted is the error in the apply for a user whom Terraform is about to replace
// because the resource is tainted; nil if that may go on.
func (r *userResource) tainted(state *userModel) diag.Diagnostic {
	switch {
	case state.DeletionPolicy.ValueString() == policyPrevent:
		return r.policy.taintRefusal(state.String())
	case isAccepted(state.Status.ValueString()):
		return r.taintedAccepted(state)
	}
	return nil
}

func (r *userResource) taintedAccepted(state *userModel) diag.Diagnostic {
	return diag.NewErrorDiagnostic(r.object()+" can't be replaced",
		fmt.Sprintf("%s has accepted the invitation, and Terraform is about to replace it: that would revoke the access, "+
			"and Avara would refuse to invite the same email address again. Nothing was taken away. "+
			"If the resource is tainted, run terraform untaint with its address. Then plan again.", state))
}
