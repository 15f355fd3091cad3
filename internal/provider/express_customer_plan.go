// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/avara-software/terraform-provider-avara/internal/avara"
)

// ModifyPlan says at plan time what will happen, and refuses what must not.
func (r *expressCustomerResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var plan, state *expressCustomerModel
	resp.Diagnostics.Append(get(ctx, req.Plan, &plan)...)
	resp.Diagnostics.Append(get(ctx, req.State, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if plan == nil {
		resp.Diagnostics.Append(r.planDestroy(ctx, state, resp.Private)...)
		return
	}
	proposed := *plan
	if state == nil {
		resp.Diagnostics.Append(notBlank.checkNew("name", plan.Name, types.StringNull())...)
		resp.Diagnostics.Append(r.planCreate(ctx, plan, req.Private)...)
		resp.Diagnostics.Append(r.metadata.plan(&plan.metadataModel, nil)...)
	} else {
		resp.Diagnostics.Append(notBlank.checkNew("name", plan.Name, state.Name)...)
		resp.Diagnostics.Append(r.metadata.plan(&plan.metadataModel, &state.metadataModel)...)
		planUpdate(plan, state)
		if reactivatesByDefault(ctx, req.Config, plan.Active, state.Active) {
			resp.Diagnostics.Append(willBeReactivated(state))
		}
		resp.Diagnostics.Append(r.planKeep(plan, state)...)
	}
	if changed(proposed, *plan) {
		resp.Diagnostics.Append(set(ctx, &resp.Plan, plan)...)
	}
}

// planDestroy says what destroy will do, or refuses it.
func (r *expressCustomerResource) planDestroy(ctx context.Context, state *expressCustomerModel, planned privateWriter) diag.Diagnostics {
	id := state.ID.ValueString()
	d, decided := customerPolicy.planDestroy(r.policy(state.DeletionPolicy, id), state.String(), id, "The customer stays as it is.")
	switch {
	case decided:
	case !state.Active.ValueBool():
		d = diag.NewWarningDiagnostic("Express customer will be forgotten, and stays inactive",
			fmt.Sprintf("%s is inactive already, so nothing is sent to Avara, and it keeps its data and its id. %s", state, takeBack(id)))
	default:
		d = diag.NewWarningDiagnostic("Express customer will be deactivated, not deleted",
			fmt.Sprintf("Avara can't delete customers. %s will be inactive and keep its data and its id. %s", state, takeBack(id)))
	}
	diags := diag.Diagnostics{d}
	diags.Append(markEnding(ctx, state.record(), planned)...)
	if r.ledger.end(id) {
		diags.Append(destroyedElsewhere(state.String()))
	}
	if r.ledger.planDestroy(state) {
		diags.Append(secondCustomer(state.record()))
	}
	return diags
}

// planCreate refuses the replacement of a customer, which Terraform plans without the
// prior state, and warns of a second customer of the same name. That can't be a warning
// for a replacement: Terraform drops the warnings of such a plan.
func (r *expressCustomerResource) planCreate(ctx context.Context, plan *expressCustomerModel, prior privateReader) diag.Diagnostics {
	replaced, diags := readPrivate(ctx, prior)
	switch {
	case replaced.ID != "":
		diags.AddError("Express customer can't be replaced",
			fmt.Sprintf("Replacing %s would deactivate it and create a second customer, and Avara can't delete either of them. Every argument changes in place. "+
				"To suspend the customer and resume it, set active = false and then true. For a second customer, add a second resource. "+
				"To leave this one in Avara, inactive, and create another, apply once without the resource, and then with it.", replaced.Object))
	case plan.Name.IsUnknown():
		r.ledger.planNewCustomer("an Express customer whose name is not known yet", mayBeActive(plan))
	default:
		r.ledger.planNewCustomer(plan.String(), mayBeActive(plan))
		held, found := r.ledger.planCreate(plan, "")
		diags.Append(r.planName(ctx, plan)...)
		if found {
			diags.Append(secondCustomer(held))
		}
	}
	return diags
}

// planName refuses a name that is taken, where the provider block says so. If the
// settings are not known yet, the apply will.
func (r *expressCustomerResource) planName(ctx context.Context, plan *expressCustomerModel) (diags diag.Diagnostics) {
	if r.names == nil || r.client.Unavailable() != nil {
		return nil
	}
	ctx, cancel := withTimeout(ctx, plan.Timeouts.Create, &diags)
	defer cancel()
	if !diags.HasError() {
		diags.Append(r.names.plan(ctx, r.providerData, plan.Name.ValueString()))
	}
	return diags
}

// planKeep compares what the plan does with the customer with what it does elsewhere.
func (r *expressCustomerResource) planKeep(plan, state *expressCustomerModel) (diags diag.Diagnostics) {
	id := state.ID.ValueString()
	if r.ledger.keep(id) {
		diags.Append(destroyedElsewhere(state.String()))
	}
	active := mayBeActive(plan)
	switch joins, mayJoin := r.ledger.planCustomer(id, active); {
	case active:
	case joins:
		diags.Append(joinsInactive(id))
	case mayJoin:
		diags.Append(mayJoinInactive(id))
	}
	return diags
}

// mayBeActive reports whether the plan makes a customer active, or may.
func mayBeActive(plan *expressCustomerModel) bool {
	return plan.Active.IsUnknown() || plan.Active.ValueBool()
}

// taintedCustomer is the error in the apply for a customer that Terraform replaces because
// the resource is tainted. Its plan does not show that to a provider. With
// create_before_destroy the apply shows it too late to refuse: Terraform then plans the
// destroy of the first customer only after it has created the second one.
func taintedCustomer(state *expressCustomerModel) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Express customer can't be replaced",
		fmt.Sprintf("Terraform is about to replace %s because the resource is tainted. That would deactivate it and create a second customer, and Avara can't delete either of them. "+
			"Nothing was sent to Avara. Run terraform untaint with the address of the resource, and apply again.", state))
}

// secondCustomer is said where a plan creates a customer of a name that the state holds:
// as a resource that the plan destroys, at another address, or as a tainted one.
func secondCustomer(held privateRecord) diag.Diagnostic {
	return diag.NewAttributeWarningDiagnostic(path.Root("name"), "Second Express customer of the same name",
		fmt.Sprintf("%s is in the state already, and this plan creates another customer of that name. Avara can't delete customers, so unless the plan renames the first one, there will be two for good. "+
			"If you want two, nothing is wrong. If the address of the resource has changed, as by a new for_each key, add a moved block, and the customer stays:\n\n%s\n\n"+
			"If the resource is tainted, run terraform untaint with its address.", held.Object, movedBlock("express_customer")))
}

// takeBack is the way back for a customer that was destroyed.
func takeBack(id string) string {
	return "To take it back later, import it and set active = true:\n\n" + importBlock("express_customer", id)
}

// planUpdate keeps computed values where nothing changes for the API.
func planUpdate(plan, state *expressCustomerModel) {
	unknown := plan.Name.IsUnknown() || plan.Active.IsUnknown() || hasUnknown(plan.EffectiveMetadata)
	if unknown || len(plan.stepsFrom(state)) > 0 {
		plan.UserCount, plan.UpdatedAt = types.Int64Unknown(), types.StringUnknown()
	} else {
		plan.UserCount, plan.UpdatedAt = state.UserCount, state.UpdatedAt
	}
}

// reactivatesByDefault reports whether a plan makes an inactive object active without the
// configuration asking for it.
func reactivatesByDefault(ctx context.Context, config tfsdk.Config, planned, held types.Bool) bool {
	if !planned.ValueBool() || held.ValueBool() {
		return false
	}
	var configured types.Bool
	return !config.GetAttribute(ctx, path.Root("active"), &configured).HasError() && configured.IsNull()
}

func willBeReactivated(state *expressCustomerModel) diag.Diagnostic {
	return diag.NewAttributeWarningDiagnostic(path.Root("active"), "Express customer will be reactivated",
		fmt.Sprintf("%s is inactive in Avara, and the configuration does not set active, whose default is true: "+
			"applying this plan reactivates the customer. Set active = false to keep it inactive.", state))
}

// customerGone is said when a refresh finds nothing.
func customerGone(state *expressCustomerModel, err error, isManaged bool) (diags diag.Diagnostics) {
	if state.Name.IsNull() && !isManaged {
		return nil // an import of nothing, of which Terraform itself speaks
	}
	diags.Append(gone("Express customer", fmt.Sprintf("The API answers %d for %s", avara.StatusOf(err), state), "create a second customer"))
	return diags
}
