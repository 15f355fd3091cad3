// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// replacedBy is the plan modifier of an argument whose value the API can't change:
// another value replaces the object. A value that is not known yet is no other value.
// It is planned as a change in place, which sends nothing if the value turns out to be
// the same. If it turns out to be another, Terraform stops before anything is sent, and
// the next plan shows the replacement. The framework's RequiresReplace takes unknown
// for different, and would take away somebody's access without need.
func replacedBy(isOther func(planned, held types.String) bool, description string) planmodifier.String {
	return stringplanmodifier.RequiresReplaceIf(
		func(_ context.Context, req planmodifier.StringRequest, resp *stringplanmodifier.RequiresReplaceIfFuncResponse) {
			resp.RequiresReplace = !req.PlanValue.IsUnknown() && isOther(req.PlanValue, req.StateValue)
		},
		description, description,
	)
}

// replacedByAnother is for arguments that are compared to the letter.
var replacedByAnother = replacedBy(
	func(planned, held types.String) bool { return !planned.Equal(held) },
	"Another value replaces the object.",
)
