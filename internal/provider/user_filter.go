// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"iter"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/avara-software/terraform-provider-avara/internal/avara"
)

// userFilter narrows the users of a product down, in the data source and in list blocks.
type userFilter struct {
	Active        types.Bool   `tfsdk:"active"`
	Status        types.String `tfsdk:"status"`
	NameContains  types.String `tfsdk:"name_contains"`
	Email         types.String `tfsdk:"email"`
	FirstName     types.String `tfsdk:"first_name"`
	LastName      types.String `tfsdk:"last_name"`
	Level         types.String `tfsdk:"level"`
	InvitedSource types.String `tfsdk:"invited_source"`
	// CanCreateReports is null for Viewer users, whose schemas don't have it.
	CanCreateReports types.Bool `tfsdk:"can_create_reports"`
}

func (k *userKind) filters() map[string]schema.Attribute {
	filters := map[string]schema.Attribute{
		"active": flagFilter("`true`: only people who have accepted. `false`: only people who have not. All by default. " +
			"The API does not show whether somebody has lost access: people without access count as active, if the API lists them."),
		"status": textFilter("Status of the person: `active`, `pending` or `expired`.",
			stringvalidator.OneOf(statusActive, statusPending, statusExpired)),
		"name_contains":  textFilter("Part of the first and last name, with a blank in between, in any letter case."),
		"email":          textFilter("The whole email address, in any letter case.", anyAddress),
		"first_name":     textFilter("Part of the first name."),
		"last_name":      textFilter("Part of the last name."),
		"level":          textFilter("`owner`, `admin` or `member`.", stringvalidator.OneOf(avara.LevelOwner, avara.LevelAdmin, avara.LevelMember)),
		"invited_source": textFilter("Where the person was invited: `dashboard` or `api`.", stringvalidator.OneOf(avara.InvitedByDashboard, avara.InvitedByAPI)),
	}
	if k.reports() {
		filters["can_create_reports"] = flagFilter("Whether the person can dictate reports.")
	}
	return filters
}

// wantsStatus reports whether the filter lets people of a status through.
func (f *userFilter) wantsStatus(status string) bool {
	return wantsFlag(f.Active, status == statusActive) && wantsText(f.Status, status)
}

// wants reports whether the filter lets a person through, but for the status. The API
// filters users by most of it, and invitations by nothing.
func (f *userFilter) wants(p *avara.Person, invitedSource string) bool {
	return wantsPart(f.NameContains, p.FirstName+" "+p.LastName) &&
		(f.Email.IsNull() || avara.SameEmail(f.Email.ValueString(), p.Email)) &&
		wantsPart(f.FirstName, p.FirstName) && wantsPart(f.LastName, p.LastName) &&
		wantsText(f.Level, p.Level) && wantsText(f.InvitedSource, invitedSource) &&
		wantsFlag(f.CanCreateReports, p.CanCreateReports != nil && *p.CanCreateReports)
}

// personal are the texts of the filter that are about people.
func (f *userFilter) personal() personalTexts {
	return personalTexts{"email": &f.Email, "first_name": &f.FirstName, "last_name": &f.LastName}
}

// users iterates over the users that the filter lets through, but for the status.
// The API compares the whole email address, whether with regard to case is not
// documented: it is asked for the given form, and if nobody has that, for the one
// that most would store.
func (r *userDirectory) users(ctx context.Context, f *userFilter) iter.Seq2[avara.User, error] {
	return func(yield func(avara.User, error) bool) {
		email := f.Email.ValueString()
		for _, form := range slices.Compact([]string{email, strings.ToLower(email)}) {
			found := false
			for user, err := range r.client.Users(ctx, r.product, f.toAPI(form)) {
				if err == nil && !f.wants(&user.Person, user.InvitedSource) {
					continue
				}
				found = true
				if !yield(user, err) || err != nil {
					return
				}
			}
			if found {
				return
			}
		}
	}
}

func (f *userFilter) toAPI(email string) avara.UserFilter {
	return avara.UserFilter{
		Email: email, FirstName: f.FirstName.ValueString(), LastName: f.LastName.ValueString(),
		Level: f.Level.ValueString(), InvitedSource: f.InvitedSource.ValueString(),
		CanCreateReports: f.CanCreateReports.ValueBoolPointer(),
	}
}
