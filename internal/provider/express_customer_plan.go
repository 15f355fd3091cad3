// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// ModifyPlan says at plan time what will happen, and refuses what must not.
func (r *expressCustomerResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var plan, state *expressCustomerModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	switch {
	case plan == nil:
		resp.Diagnostics.Append(planDestroy(state))
	case state == nil:
		resp.Diagnostics.Append(customerPolicy.refuseReplacement(ctx, req.Private)...)
		resp.Diagnostics.Append(r.metadata.plan(&plan.metadataModel, nil)...)
		resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
	default:
		proposed := *plan
		var configured types.Bool
		resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("active"), &configured)...)
		resp.Diagnostics.Append(r.metadata.plan(&plan.metadataModel, &state.metadataModel)...)
		resp.Diagnostics.Append(planUpdate(plan, state, configured)...)
		if changed(proposed, *plan) {
			resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
		}
	}
}

// planDestroy says what destroy will do, or refuses it.
func planDestroy(state *expressCustomerModel) diag.Diagnostic {
	switch state.DeletionPolicy.ValueString() {
	case policyPrevent:
		return customerPolicy.refusal(state.String())
	case policyAbandon:
		return diag.NewWarningDiagnostic("Express customer will be forgotten, not changed",
			fmt.Sprintf("%s has deletion_policy = %q: Terraform removes it from the state and sends nothing to Avara.", state, policyAbandon))
	}
	return diag.NewWarningDiagnostic("Express customer will be deactivated, not deleted",
		fmt.Sprintf("Avara can't delete customers. %s will be inactive and keep its data and its id. "+
			"To take it back later, import it and set active = true:\n\n%s", state, importBlock(state.ID.ValueString())))
}

// planUpdate keeps computed values where nothing changes for the API, and
// warns of a reactivation that nobody has written down.
func planUpdate(plan, state *expressCustomerModel, configured types.Bool) (diags diag.Diagnostics) {
	unknown := plan.Name.IsUnknown() || plan.Active.IsUnknown() || hasUnknown(plan.EffectiveMetadata)
	if unknown || len(plan.stepsFrom(state)) > 0 {
		plan.UserCount, plan.UpdatedAt = types.Int64Unknown(), types.StringUnknown()
	} else {
		plan.UserCount, plan.UpdatedAt = state.UserCount, state.UpdatedAt
	}
	if configured.IsNull() && plan.Active.ValueBool() && !state.Active.ValueBool() {
		diags.AddAttributeWarning(path.Root("active"), "Express customer will be reactivated",
			fmt.Sprintf("%s is inactive in Avara, and the configuration does not set active, whose default is true: "+
				"applying this plan reactivates the customer. Set active = false to keep it inactive.", state))
	}
	return diags
}

// customerGone is said when a refresh finds nothing. The API can't delete
// customers, so the reason is probably elsewhere, and the cure would be worse.
func customerGone(state *expressCustomerModel) (diags diag.Diagnostics) {
	if state.Name.IsNull() {
		return nil // an import of nothing, of which Terraform itself speaks
	}
	diags.AddWarning("Express customer not found",
		fmt.Sprintf("The API answers 404 for %s, so Terraform removes it from the state. Customers can't be deleted through the API: "+
			"check that the API key and base_url are those of the account in which it was created. "+
			"If they are not, do not apply: that would create a second customer.", state))
	return diags
}

func importBlock(id string) string {
	return fmt.Sprintf("import {\n  to = avara_express_customer.example\n  id = %q\n}", id)
}
