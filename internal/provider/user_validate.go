// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/avara-software/terraform-provider-avara/internal/avara"
)

// The forms of a person's texts. The numbers of digits are from the vendor
// documentation. Whether an address exists is not checked.
var (
	plausibleEmail = textForm{regexp.MustCompile(`\A[^\s@]+@[^\s@]+\.[^\s@.]+\z`), "must be an email address"}
	npiDigits      = textForm{regexp.MustCompile(`\A[0-9]{10}\z`), "must have exactly 10 digits"}
	phoneDigits    = textForm{regexp.MustCompile(`\A[0-9]{10,15}\z`), "must have 10 to 15 digits, without spaces or signs"}
	// Whether somebody may be an owner depends on the state: see planLevel.
	knownLevel = textForm{regexp.MustCompile(`\A(admin|member|owner)\z`), `must be "admin" or "member"`}
)

// anyAddress is for look-ups: an account may hold addresses that are refused for new
// users.
var anyAddress = textForm{regexp.MustCompile(`[^\s\p{Z}\p{C}@]@[^\s\p{Z}\p{C}@]`), "must be an email address"}

var personForms = map[string]textForm{
	"email": plausibleEmail, "npi_number": npiDigits, "phone_number": phoneDigits, "level": knownLevel,
	"first_name": notBlank, "last_name": notBlank, "clinic_role": notBlank, "middle_name": notBlank, "suffix1": notBlank, "suffix2": notBlank,
}

// planValues refuses values that Avara does not take, and combinations of them, unless
// the state holds them already. state is nil for a person who is to be invited.
func (r *userResource) planValues(plan, state *userModel) (diags diag.Diagnostics) {
	if state == nil {
		state = &userModel{}
	}
	planned, _ := plan.configurable()
	held, _ := state.configurable()
	for _, attribute := range slices.Sorted(maps.Keys(personForms)) {
		diags.Append(personForms[attribute].checkNew(attribute, *planned[attribute], *held[attribute])...)
	}
	unchanged := plan.Level.Equal(state.Level) && plan.HasDashboardAccess.Equal(state.HasDashboardAccess)
	if plan.Level.ValueString() == avara.LevelAdmin && isFalse(plan.HasDashboardAccess) && !unchanged {
		diags.AddAttributeError(path.Root("has_dashboard_access"), "Admins need dashboard access",
			"Avara has no admins without dashboard access. Set has_dashboard_access = true, or level = \"member\".")
	}
	unchanged = plan.CanCreateReports.Equal(state.CanCreateReports) && plan.NPINumber.Equal(state.NPINumber)
	if plan.CanCreateReports.ValueBool() && plan.NPINumber.IsNull() && !unchanged {
		diags.AddAttributeError(path.Root("npi_number"), "Creating reports needs an NPI",
			"With can_create_reports = true Avara needs the person's National Provider Identifier. Set npi_number to its 10 digits.")
	}
	if role := plan.ClinicRole; !role.IsUnknown() && !role.Equal(state.ClinicRole) && notBlank.pattern.MatchString(role.ValueString()) && !slices.Contains(avara.ClinicRoles, role.ValueString()) {
		diags.AddAttributeWarning(path.Root("clinic_role"), "Unlisted clinic role",
			fmt.Sprintf("%q is not among the %d clinic roles that this version of the provider knows.%s The value is passed on, and Avara refuses it unless its list has grown. "+
				"The roles are listed with clinic_role in the documentation of avara_%s; letter case, spaces and hyphens count.",
				role.ValueString(), len(avara.ClinicRoles), didYouMean(role.ValueString()), r.typeName))
	}
	return diags
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
