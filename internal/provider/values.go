// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"regexp"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// stringOrNull is null for the empty string, by which the client says that the
// API gave no value.
func stringOrNull(s string) types.String {
	if s == "" {
		return types.StringNull()
	}
	return types.StringValue(s)
}

// stringOr is the known value where the API gave none: some of its answers
// leave out what never changes.
func stringOr(s string, known types.String) types.String {
	if s == "" && !known.IsUnknown() {
		return known
	}
	return stringOrNull(s)
}

// keepPlanned puts back a value that the plan has promised not to change, null
// included.
func keepPlanned(held *types.String, planned types.String) {
	if !planned.IsUnknown() {
		*held = planned
	}
}

// hasUnknown tells whether the map or a value in it is not known yet.
func hasUnknown(m types.Map) bool {
	if m.IsUnknown() {
		return true
	}
	for _, value := range m.Elements() {
		if value.IsUnknown() {
			return true
		}
	}
	return false
}

// notBlank refuses the empty string and one of blanks only.
var notBlank = stringvalidator.RegexMatches(regexp.MustCompile(`[^\s\p{Z}\p{Cc}]`), "must not be empty or only blanks")

// positiveDuration refuses durations that are zero or negative. Whether the
// text is a duration at all is the type's business.
type positiveDuration struct{}

func (positiveDuration) Description(context.Context) string { return "must be longer than 0s" }

func (v positiveDuration) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v positiveDuration) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	duration, err := time.ParseDuration(req.ConfigValue.ValueString())
	if err == nil && duration <= 0 {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid duration", req.Path.String()+" "+v.Description(ctx)+".")
	}
}
