// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/avara-software/terraform-provider-avara/internal/avara"
)

// ModifyPlan merges metadata, and keeps computed values where nothing changes for
// the API.
func (r *clinicalReferenceResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var plan, state *clinicalReferenceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() || plan == nil {
		return
	}
	proposed := *plan
	if state == nil {
		resp.Diagnostics.Append(r.metadata.plan(&plan.metadataModel, nil)...)
	} else {
		resp.Diagnostics.Append(r.metadata.plan(&plan.metadataModel, &state.metadataModel)...)
		planReferenceUpdate(plan, state)
	}
	if changed(proposed, *plan) {
		resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
	}
}

func planReferenceUpdate(plan, state *clinicalReferenceModel) {
	plan.UpdatedAt = state.UpdatedAt
	if plan.hasUnknown() || plan.changeFrom(state) != (avara.ClinicalReferenceChange{}) {
		plan.UpdatedAt = types.StringUnknown()
	}
}

// replaceToDetach: whether the API can take a reference from its customer is
// not documented, so a reference of the whole clinic is made instead. A customer
// that is not known in the plan is expected to be one: the reference moves. If it
// turns out to be none, Terraform itself stops before the change, and the next
// plan replaces.
var replaceToDetach planmodifier.String = stringplanmodifier.RequiresReplaceIf(
	func(_ context.Context, req planmodifier.StringRequest, resp *stringplanmodifier.RequiresReplaceIfFuncResponse) {
		resp.RequiresReplace = req.PlanValue.IsNull()
	},
	"Removing the customer replaces the reference.", "Removing the customer replaces the reference.",
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
