// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/avara-software/terraform-provider-avara/internal/avara"
)

// The forms of a person's texts. The numbers of digits are from the vendor
// documentation; whether an address exists only its mail can tell.
var (
	plausibleEmail = textForm{regexp.MustCompile(`\A[^\s@]+@[^\s@]+\.[^\s@.]+\z`), "must be an email address"}
	npiDigits      = textForm{regexp.MustCompile(`\A[0-9]{10}\z`), "must have exactly 10 digits"}
	phoneDigits    = textForm{regexp.MustCompile(`\A[0-9]{10,15}\z`), "must have 10 to 15 digits, without spaces or signs"}
	// Whether somebody may be an owner depends on the state: see planLevel.
	knownLevel = textForm{regexp.MustCompile(`\A(admin|member|owner)\z`), `must be "admin" or "member"`}
)

// textForm refuses texts of another form. Unlike the validators of the framework
// it does not quote the text: diagnostics are logged, and the log names nobody.
type textForm struct {
	pattern *regexp.Regexp
	must    string
}

func (f textForm) Description(context.Context) string { return f.must }

func (f textForm) MarkdownDescription(context.Context) string { return f.must }

func (f textForm) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() || f.pattern.MatchString(req.ConfigValue.ValueString()) {
		return
	}
	resp.Diagnostics.AddAttributeError(req.Path, "Invalid attribute value", fmt.Sprintf("Attribute %s %s.", req.Path, f.must))
}

// ValidateConfig checks what values need of each other. A value that is not
// known yet may be the right one.
func (r *userResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	config, diags := r.read(ctx, req.Config)
	resp.Diagnostics.Append(diags...)
	if diags.HasError() || config == nil {
		return
	}
	if config.Level.ValueString() == avara.LevelAdmin && !config.HasDashboardAccess.IsUnknown() && !config.HasDashboardAccess.ValueBool() {
		resp.Diagnostics.AddAttributeError(path.Root("has_dashboard_access"), "Admins need dashboard access",
			"Avara has no admins without dashboard access. Set has_dashboard_access = true, or level = \"member\".")
	}
	if config.CanCreateReports.ValueBool() && config.NPINumber.IsNull() {
		resp.Diagnostics.AddAttributeError(path.Root("npi_number"), "Creating reports needs an NPI",
			"With can_create_reports = true Avara needs the person's National Provider Identifier. Set npi_number to its 10 digits.")
	}
	if role := config.ClinicRole; !role.IsNull() && !role.IsUnknown() && !slices.Contains(avara.ClinicRoles, role.ValueString()) {
		resp.Diagnostics.AddAttributeWarning(path.Root("clinic_role"), "Unlisted clinic role",
			fmt.Sprintf("%q is not among the %d clinic roles that this version of the provider knows.%s The value is passed on, and Avara refuses it unless its list has grown. "+
				"The roles are listed with clinic_role in the documentation of avara_%s; letter case, spaces and hyphens count.",
				role.ValueString(), len(avara.ClinicRoles), didYouMean(role.ValueString()), r.typeName))
	}
}

// didYouMean names the listed roles that begin like the given one.
func didYouMean(role string) string {
	fold := func(s string) string { return strings.ToLower(strings.TrimSpace(s)) }
	longest, near := 3, []string(nil)
	for _, listed := range avara.ClinicRoles {
		switch n := commonPrefix(fold(role), fold(listed)); {
		case n > longest:
			longest, near = n, []string{listed}
		case n == longest && near != nil:
			near = append(near, listed)
		}
	}
	if near == nil {
		return ""
	}
	return fmt.Sprintf(" Did you mean %q?", strings.Join(near[:min(len(near), 5)], `" or "`))
}

func commonPrefix(a, b string) (n int) {
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}
