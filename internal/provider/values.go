// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/avara-software/terraform-provider-avara/internal/avara"
)

// stringOrNull is null for the empty string, by which the client says that the
// API gave no value.
func stringOrNull(s string) types.String {
	if s == "" {
		return types.StringNull()
	}
	return types.StringValue(s)
}

// stringOr is the API's value, or the known one if the answer has no value: some answers
// leave out what never changes.
func stringOr(s string, known types.String) types.String {
	if s == "" && !known.IsUnknown() {
		return known
	}
	return stringOrNull(s)
}

// boolOr keeps what is known where an answer leaves a flag out, or takes the usual value.
func boolOr(flag *bool, known types.Bool, usual bool) types.Bool {
	switch {
	case flag != nil:
		return types.BoolValue(*flag)
	case known.IsNull(), known.IsUnknown():
		return types.BoolValue(usual)
	}
	return known
}

// countOr keeps what is known where an answer has no count.
func countOr(count int64, known types.Int64) types.Int64 {
	switch {
	case count != avara.UnknownCount:
		return types.Int64Value(count)
	case known.IsUnknown():
		return types.Int64Null()
	}
	return known
}

// keepForm keeps the configured form of what the API writes in another way.
func keepForm(held types.String, now string, same func(a, b string) bool) types.String {
	if now != "" && !held.IsNull() && same(held.ValueString(), now) {
		return held
	}
	return stringOrNull(now)
}

// keepText is keepForm for what people write.
func keepText(held types.String, now string) types.String {
	return keepForm(held, avara.Composed(now), avara.SameText)
}

// keepGiven is keepText, but an empty answer keeps what is held.
func keepGiven(held types.String, now string) types.String {
	if now == "" {
		return held
	}
	return keepText(held, now)
}

// keepRequired is keepGiven for required arguments. An account may hold an empty text, and
// a required argument can't be null.
func keepRequired(held types.String, now string) types.String {
	if now == "" && held.IsNull() {
		return types.StringValue("")
	}
	return keepGiven(held, now)
}

// keepID is keepForm for ids. Another letter case would be another identity to Terraform.
func keepID(held types.String, now string) types.String { return keepForm(held, now, avara.SameID) }

// keepPromise puts back what the plan said of a text, and reports whether the API holds
// another one.
func keepPromise(held *types.String, planned types.String) (broken bool) {
	broken = !planned.Equal(*held) && !avara.SameText(held.ValueString(), planned.ValueString())
	*held = planned
	return broken
}

// keepPlanned puts back a value that the plan has promised not to change, null
// included.
func keepPlanned(held *types.String, planned types.String) {
	if !planned.IsUnknown() {
		*held = planned
	}
}

// hasUnknown reports whether the map or a value in it is not known yet.
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

// positiveDuration refuses what is not a duration, and durations that are zero or
// negative.
type positiveDuration struct {
	// orEmpty accepts the empty text, which sets nothing.
	orEmpty bool
}

func (positiveDuration) Description(context.Context) string {
	return "must be a duration longer than 0s, as in 30s or 1m30s"
}

func (v positiveDuration) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v positiveDuration) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	text := req.ConfigValue.ValueString()
	if duration, err := time.ParseDuration(text); (err != nil || duration <= 0) && (text != "" || !v.orEmpty) {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid duration", fmt.Sprintf("%s %s, and is %q.", req.Path, v.Description(ctx), text))
	}
}

// durationOr is a duration that has been validated, or the default if it is not set.
func durationOr(text types.String, otherwise time.Duration) time.Duration {
	if duration, err := time.ParseDuration(text.ValueString()); err == nil {
		return duration
	}
	return otherwise
}

// wholeNumber refuses fractions and what is out of bounds. An attribute of integer type
// would call a fraction a defect of the provider.
type wholeNumber struct{ least, most float64 }

func (v wholeNumber) Description(context.Context) string {
	return fmt.Sprintf("must be a whole number from %g to %g", v.least, v.most)
}

func (v wholeNumber) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v wholeNumber) ValidateFloat64(ctx context.Context, req validator.Float64Request, resp *validator.Float64Response) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if n := req.ConfigValue.ValueFloat64(); n != math.Trunc(n) || n < v.least || n > v.most {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid number", fmt.Sprintf("%s %s, and is %g.", req.Path, v.Description(ctx), n))
	}
}
