// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/avara-software/terraform-provider-avara/internal/avara"
)

// viewerUserData is what data sources show of a Viewer user.
type viewerUserData struct {
	userAttributes
	InvitedSource types.String `tfsdk:"invited_source"`
	LastLoginAt   types.String `tfsdk:"last_login_at"`
}

// autoScribeUserData is what data sources show of an AutoScribe user.
type autoScribeUserData struct {
	viewerUserData
	CanCreateReports types.Bool   `tfsdk:"can_create_reports"`
	NPINumber        types.String `tfsdk:"npi_number"`
}

// userData is what data sources show of a user of either product, as a pointer.
type userData[D any] interface {
	*D
	// asked are the attributes by which the person is looked up.
	asked() *userAttributes
	// show fills in what the API says; the model holds what a resource would.
	show(*standing, *userModel)
}

func (d *viewerUserData) asked() *userAttributes { return &d.userAttributes }

// show takes over everything that the API returned. A person who has not accepted is not
// active here; to a resource, active is a wish.
func (d *viewerUserData) show(s *standing, m *userModel) {
	d.userAttributes = m.userAttributes
	d.Active = types.BoolValue(s.status == statusActive)
	switch {
	case s.user != nil:
		d.InvitedSource, d.LastLoginAt = stringOrNull(s.user.InvitedSource), stringOrNull(s.user.LastLoginAt)
	case s.invitation != nil:
		d.InvitedSource = stringOrNull(s.invitation.InvitedSource)
	}
}

func (d *autoScribeUserData) show(s *standing, m *userModel) {
	d.viewerUserData.show(s, m)
	d.CanCreateReports, d.NPINumber = m.CanCreateReports, m.NPINumber
}

// model is what a resource would hold of the person, apart from what only a
// resource has. The address keeps the form in which it was asked for.
func (s *standing) model(email types.String) *userModel {
	var m userModel
	m.ID, m.Email = stringOrNull(s.id()), email
	m.fromStanding(s)
	return &m
}

// id is that of the person, empty if the API hides it.
func (s *standing) id() string {
	switch {
	case s.user != nil:
		return s.user.ID
	case s.invitation != nil:
		return s.invitation.UserID
	}
	return ""
}

// person is what is known of the person, nil like the id.
func (s *standing) person() *avara.Person {
	if s.user != nil {
		return &s.user.Person
	}
	return &s.invitation.Person
}

// shown are the attributes of a user in data sources.
func (k *userKind) shown(ctx context.Context) map[string]schema.Attribute {
	attributes := shownAttributes(ctx, &userResource{userDirectory{userKind: k}}, map[string]string{
		"email":      "Email address.",
		"level":      "`owner`, `admin` or `member`.",
		"active":     "Whether the person has accepted the invitation and has access: `status` is `active`. The API does not show whether somebody has lost access.",
		"created_at": "When the user was created, as an RFC 3339 timestamp.",
	})
	maps.Copy(attributes, map[string]schema.Attribute{
		"invited_source": schema.StringAttribute{MarkdownDescription: "Where the person was invited: `dashboard` or `api`.", Computed: true},
		"last_login_at": schema.StringAttribute{
			MarkdownDescription: "When the person last logged in, as an RFC 3339 timestamp; null if never.", Computed: true,
		},
	})
	return attributes
}
