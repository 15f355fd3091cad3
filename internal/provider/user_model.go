// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"slices"
	"strings"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/avara-software/terraform-provider-avara/internal/avara"
)

// userAttributes are what the API knows of a user of either product. Resource and
// data sources share them.
type userAttributes struct {
	ID                  types.String `tfsdk:"id"`
	Email               types.String `tfsdk:"email"`
	FirstName           types.String `tfsdk:"first_name"`
	LastName            types.String `tfsdk:"last_name"`
	ClinicRole          types.String `tfsdk:"clinic_role"`
	Level               types.String `tfsdk:"level"`
	HasDashboardAccess  types.Bool   `tfsdk:"has_dashboard_access"`
	CanManageStudies    types.Bool   `tfsdk:"can_manage_studies"`
	MiddleName          types.String `tfsdk:"middle_name"`
	PhoneNumber         types.String `tfsdk:"phone_number"`
	Suffix1             types.String `tfsdk:"suffix1"`
	Suffix2             types.String `tfsdk:"suffix2"`
	Active              types.Bool   `tfsdk:"active"`
	Status              types.String `tfsdk:"status"`
	InvitationID        types.String `tfsdk:"invitation_id"`
	InvitationExpiresAt types.String `tfsdk:"invitation_expires_at"`
	CreatedAt           types.String `tfsdk:"created_at"`

	// Schemas of Viewer users don't have these: they are false and null there.
	CanCreateReports types.Bool   `tfsdk:"can_create_reports"`
	NPINumber        types.String `tfsdk:"npi_number"`
}

// userModel is avara_autoscribe_user and avara_viewer_user in configuration, plan and state.
type userModel struct {
	// kind is set in the model of a resource.
	kind *userKind
	userAttributes
	InvitationRound types.Float64  `tfsdk:"invitation_round"`
	DeletionPolicy  types.String   `tfsdk:"deletion_policy"`
	Timeouts        timeouts.Value `tfsdk:"timeouts"`
}

var userFields = fieldPaths{
	"email":              path.Root("email"),
	"firstName":          path.Root("first_name"),
	"lastName":           path.Root("last_name"),
	"clinicRole":         path.Root("clinic_role"),
	"level":              path.Root("level"),
	"hasDashboardAccess": path.Root("has_dashboard_access"),
	"canManageStudies":   path.Root("can_manage_studies"),
	"canCreateReports":   path.Root("can_create_reports"),
	"npiNumber":          path.Root("npi_number"),
	"middleName":         path.Root("middle_name"),
	"phoneNumber":        path.Root("phone_number"),
	"suffix1":            path.Root("suffix1"),
	"suffix2":            path.Root("suffix2"),
}

// read takes a model from a configuration, plan or state; nil if that is null.
func (k *userKind) read(ctx context.Context, source interface {
	Get(ctx context.Context, target any) diag.Diagnostics
},
) (*userModel, diag.Diagnostics) {
	var m *userModel
	diags := get(ctx, source, &m)
	if m != nil {
		m.kind = k
		if !k.reports() {
			m.CanCreateReports = types.BoolValue(false)
		}
	}
	return m, diags
}

func (m *userModel) String() string { return m.kind.describe(m.ID.ValueString()) }

func (m *userModel) noun() string { return m.kind.object() }

// equality of users is that of their email addresses.
func (m *userModel) equality() equality {
	return equality{m.kind.typeName, strings.ToLower(m.Email.ValueString())}
}

func (m *userModel) record() privateRecord {
	return privateRecord{
		ID: m.ID.ValueString(), Object: m.String(), Policy: m.DeletionPolicy.ValueString(),
		Email: m.Email.ValueString(), Accepted: isAccepted(m.Status.ValueString()),
	}
}

// fromStanding takes over everything that the API knows.
func (m *userModel) fromStanding(s *standing) {
	isNew := m.FirstName.IsNull()
	m.Status = types.StringValue(s.status)
	m.Active = types.BoolValue(s.status != statusDeactivated)
	switch {
	case s.user != nil:
		m.fromPerson(&s.user.Person)
		m.CreatedAt = stringOrNull(s.user.CreatedAt)
	case s.invitation != nil && (!s.accepted() || isNew):
		// Once accepted, an invitation no longer follows what its user becomes.
		m.fromPerson(&s.invitation.Person)
		m.CreatedAt = stringOrNull(s.invitation.CreatedAt)
	}
	if m.kind != nil && !m.kind.reports() {
		m.CanCreateReports, m.NPINumber = types.BoolValue(false), types.StringNull()
	}
	if s.invitation != nil {
		m.InvitationID = stringOrNull(s.invitation.ID)
		m.InvitationExpiresAt = stringOrNull(s.invitation.Expiry)
	}
	if s.status != statusPending && s.status != statusExpired {
		m.InvitationExpiresAt = types.StringNull()
	}
}

// fromPerson keeps the configured form of what the API writes in another way.
func (m *userModel) fromPerson(p *avara.Person) {
	if p.Email != "" { // which never changes
		m.Email = keepForm(m.Email, p.Email, avara.SameEmail)
	}
	m.FirstName = keepRequired(m.FirstName, p.FirstName)
	m.LastName = keepRequired(m.LastName, p.LastName)
	m.ClinicRole = keepRequired(m.ClinicRole, p.ClinicRole)
	m.Level = keepRequired(m.Level, p.Level)
	m.HasDashboardAccess = boolOr(p.HasDashboardAccess, m.HasDashboardAccess, false)
	m.CanManageStudies = boolOr(p.CanManageStudies, m.CanManageStudies, false)
	m.CanCreateReports = boolOr(p.CanCreateReports, m.CanCreateReports, false)
	m.NPINumber = stringOrNull(p.NPINumber)
	m.MiddleName = keepText(m.MiddleName, p.MiddleName)
	m.PhoneNumber = keepForm(m.PhoneNumber, p.PhoneNumber, samePhone)
	m.Suffix1 = keepText(m.Suffix1, p.Suffix1)
	m.Suffix2 = keepText(m.Suffix2, p.Suffix2)
}

// samePhone compares digits: the API may add or drop what separates them.
func samePhone(a, b string) bool {
	digits := func(s string) string {
		return strings.Map(func(r rune) rune {
			if unicode.IsDigit(r) {
				return r
			}
			return -1
		}, s)
	}
	return digits(a) == digits(b)
}

func (m *userModel) toPerson() avara.Person {
	return avara.Person{
		Email:              m.Email.ValueString(),
		FirstName:          m.FirstName.ValueString(),
		LastName:           m.LastName.ValueString(),
		ClinicRole:         m.ClinicRole.ValueString(),
		Level:              m.Level.ValueString(),
		HasDashboardAccess: m.HasDashboardAccess.ValueBoolPointer(),
		CanManageStudies:   m.CanManageStudies.ValueBoolPointer(),
		CanCreateReports:   m.CanCreateReports.ValueBoolPointer(),
		NPINumber:          m.NPINumber.ValueString(),
		MiddleName:         m.MiddleName.ValueString(),
		PhoneNumber:        m.PhoneNumber.ValueString(),
		Suffix1:            m.Suffix1.ValueString(),
		Suffix2:            m.Suffix2.ValueString(),
	}
}

// changeFrom holds only what differs. An optional text that was removed is the
// empty string, which clears it.
func (m *userModel) changeFrom(state *userModel) avara.PersonChange {
	text := func(wanted, held types.String) *string {
		if wanted.Equal(held) {
			return nil
		}
		value := wanted.ValueString()
		return &value
	}
	flag := func(wanted, held types.Bool) *bool {
		if wanted.Equal(held) {
			return nil
		}
		value := wanted.ValueBool()
		return &value
	}
	return avara.PersonChange{
		FirstName:          text(m.FirstName, state.FirstName),
		LastName:           text(m.LastName, state.LastName),
		ClinicRole:         text(m.ClinicRole, state.ClinicRole),
		Level:              text(m.Level, state.Level),
		HasDashboardAccess: flag(m.HasDashboardAccess, state.HasDashboardAccess),
		CanManageStudies:   flag(m.CanManageStudies, state.CanManageStudies),
		CanCreateReports:   flag(m.CanCreateReports, state.CanCreateReports),
		NPINumber:          text(m.NPINumber, state.NPINumber),
		MiddleName:         text(m.MiddleName, state.MiddleName),
		PhoneNumber:        text(m.PhoneNumber, state.PhoneNumber),
		Suffix1:            text(m.Suffix1, state.Suffix1),
		Suffix2:            text(m.Suffix2, state.Suffix2),
	}
}

// personal are the texts that are about the person, by attribute name.
func (m *userModel) personal() personalTexts {
	return personalTexts{
		"email": &m.Email, "first_name": &m.FirstName, "last_name": &m.LastName, "middle_name": &m.MiddleName,
		"suffix1": &m.Suffix1, "suffix2": &m.Suffix2, "phone_number": &m.PhoneNumber, "npi_number": &m.NPINumber,
	}
}

// configurable are all values that a plan promises, by attribute name.
func (m *userModel) configurable() (texts map[string]*types.String, flags map[string]*types.Bool) {
	texts = m.personal()
	texts["clinic_role"], texts["level"] = &m.ClinicRole, &m.Level
	return texts, map[string]*types.Bool{
		"active": &m.Active, "has_dashboard_access": &m.HasDashboardAccess,
		"can_manage_studies": &m.CanManageStudies, "can_create_reports": &m.CanCreateReports,
	}
}

// keepPromises puts back what the plan said where the API holds something
// else, and returns the names of those attributes. Terraform takes a value that
// differs from its plan for a defect of the provider; the next plan shows the
// difference as drift.
func (m *userModel) keepPromises(plan *userModel) (broken []string) {
	texts, flags := m.configurable()
	plannedTexts, plannedFlags := plan.configurable()
	for name, text := range texts {
		if keepPromise(text, *plannedTexts[name]) {
			broken = append(broken, name)
		}
	}
	for name, flag := range flags {
		if !flag.Equal(*plannedFlags[name]) {
			*flag = *plannedFlags[name]
			broken = append(broken, name)
		}
	}
	if !plan.Status.IsUnknown() && !plan.Status.Equal(m.Status) {
		broken = append(broken, "status")
	}
	// Whether a user has the creation time of the invitation is not documented. The next
	// refresh takes it over.
	for _, kept := range []struct{ held, planned *types.String }{
		{&m.CreatedAt, &plan.CreatedAt},
		{&m.Status, &plan.Status},
		{&m.InvitationID, &plan.InvitationID},
		{&m.InvitationExpiresAt, &plan.InvitationExpiresAt},
	} {
		keepPlanned(kept.held, *kept.planned)
	}
	slices.Sort(broken)
	return broken
}
