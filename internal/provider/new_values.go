// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Values that an account holds already are accepted, even if the API would refuse them
// today; only new values are checked. That needs the state, so these checks are made in the
// plan, and not when the configuration is validated.

// textForm is a form that a text must have. Unlike the validators of the framework it
// does not quote the text: diagnostics are logged, and the log must not name people.
type textForm struct {
	pattern *regexp.Regexp
	must    string
}

var notBlank = textForm{regexp.MustCompile(`[^\s\p{Z}\p{Cc}]`), "must not be empty or only blanks"}

var notEmpty = textForm{regexp.MustCompile(`(?s).`), "must not be empty"}

// oneOf is a form for one of several words.
func oneOf(words ...string) textForm {
	quoted := make([]string, len(words))
	for i, word := range words {
		quoted[i] = regexp.QuoteMeta(word)
	}
	return textForm{regexp.MustCompile(`\A(` + strings.Join(quoted, "|") + `)\z`), `must be one of "` + strings.Join(words, `", "`) + `"`}
}

// checkNew refuses a planned text that has not the form, unless the state holds it
// already. held is null for an object that is to be created.
func (f textForm) checkNew(attribute string, planned, held types.String) diag.Diagnostics {
	if planned.IsNull() || planned.IsUnknown() || planned.Equal(held) || f.pattern.MatchString(planned.ValueString()) {
		return nil
	}
	return diag.Diagnostics{diag.NewAttributeErrorDiagnostic(path.Root(attribute), "Invalid attribute value", fmt.Sprintf("Attribute %s %s.", attribute, f.must))}
}

// As validators, for what no state holds.

func (f textForm) Description(context.Context) string { return f.must }

func (f textForm) MarkdownDescription(context.Context) string { return f.must }

func (f textForm) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() || f.pattern.MatchString(req.ConfigValue.ValueString()) {
		return
	}
	resp.Diagnostics.AddAttributeError(req.Path, "Invalid attribute value", fmt.Sprintf("Attribute %s %s.", req.Path, f.must))
}
