// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/avara-software/terraform-provider-avara/internal/avara"
)

// ModifyPlan merges metadata, keeps computed values where nothing changes for the API,
// and says what else the plan does to the same reference.
func (r *clinicalReferenceResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var plan, state *clinicalReferenceModel
	resp.Diagnostics.Append(get(ctx, req.Plan, &plan)...)
	resp.Diagnostics.Append(get(ctx, req.State, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if plan == nil {
		resp.Diagnostics.Append(r.planDestroy(state)...)
		return
	}
	proposed := *plan
	resp.Diagnostics.Append(plan.checkNew(state)...)
	if state == nil {
		resp.Diagnostics.Append(r.planCreate(plan)...)
		resp.Diagnostics.Append(r.metadata.plan(&plan.metadataModel, nil)...)
	} else {
		resp.Diagnostics.Append(r.metadata.plan(&plan.metadataModel, &state.metadataModel)...)
		planReferenceUpdate(plan, state)
		if r.ledger.keep(state.ID.ValueString()) {
			resp.Diagnostics.Append(destroyedElsewhere(state.String()))
		}
	}
	if changed(proposed, *plan) {
		resp.Diagnostics.Append(set(ctx, &resp.Plan, plan)...)
	}
}

// checkNew refuses values that Avara does not take. state is nil for a reference that is
// to be created.
func (m *clinicalReferenceModel) checkNew(state *clinicalReferenceModel) (diags diag.Diagnostics) {
	if state == nil {
		state = &clinicalReferenceModel{}
	}
	diags.Append(notBlank.checkNew("name", m.Name, state.Name)...)
	diags.Append(oneOf(avara.ClinicalReferenceTypes()...).checkNew("type", m.Type, state.Type)...)
	diags.Append(notBlank.checkNew("external_reference_id", m.ExternalReferenceID, state.ExternalReferenceID)...)
	return diags
}

func (r *clinicalReferenceResource) planDestroy(state *clinicalReferenceModel) (diags diag.Diagnostics) {
	if r.ledger.end(state.ID.ValueString()) {
		diags.Append(destroyedElsewhere(state.String()))
	}
	if r.ledger.planDestroy(state) {
		diags.Append(referenceAgain(state.record()))
	}
	return diags
}

func (r *clinicalReferenceResource) planCreate(plan *clinicalReferenceModel) (diags diag.Diagnostics) {
	if plan.Name.IsUnknown() || plan.Type.IsUnknown() || plan.ExternalReferenceID.IsUnknown() || plan.ExpressCustomerID.IsUnknown() {
		return nil
	}
	if held, found := r.ledger.planCreate(plan, ""); found {
		diags.Append(referenceAgain(held))
	}
	return diags
}

// referenceAgain is said where a plan creates a reference with the keys of one that the
// state holds: as a resource that the plan destroys, at another address, or as a tainted
// one.
func referenceAgain(held privateRecord) diag.Diagnostic {
	return diag.NewWarningDiagnostic("Clinical reference will be created again",
		fmt.Sprintf("%s is in the state already and has the same external id, or the same name. If the plan destroys that one first, the new one gets another id. "+
			"Otherwise Avara rejects the new one. "+
			"If the address of the resource has changed, as by a new for_each key, add a moved block, and the reference stays:\n\n%s\n\n"+
			"If the resource is tainted, terraform untaint with its address keeps it.", held.Object, movedBlock("clinical_reference")))
}

func planReferenceUpdate(plan, state *clinicalReferenceModel) {
	plan.UpdatedAt = state.UpdatedAt
	if plan.hasUnknown() || !plan.changeFrom(state).IsEmpty() {
		plan.UpdatedAt = types.StringUnknown()
	}
}

// replaceToDetach: whether the API can take a reference from its customer is
// not documented, so a reference of the whole clinic is made instead.
var replaceToDetach = replacedBy(
	func(planned, _ types.String) bool { return planned.IsNull() },
	"Removing the customer replaces the reference.",
)

// pathSafe warns of an external id that can't be relied on in the path of a
// URL, where the API looks references up by it.
type pathSafe struct{}

func (pathSafe) Description(context.Context) string {
	return `should not contain "/" and should not be "." or ".."`
}

func (v pathSafe) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v pathSafe) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	switch id := req.ConfigValue.ValueString(); {
	case strings.Contains(id, "/"), id == ".", id == "..":
		resp.Diagnostics.AddAttributeWarning(req.Path, "External id may not be found again",
			fmt.Sprintf("%s %s. The API takes external ids as part of a URL, where these have a meaning of their own: "+
				"looking the reference up by %q, as an import by external id does, may fail. It can always be imported by its own id.",
				req.Path, v.Description(ctx), id))
	}
}
