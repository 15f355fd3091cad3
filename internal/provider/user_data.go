// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/avara-software/terraform-provider-avara/internal/avara"
)

// userData is what data sources show of a user.
type userData struct {
	userAttributes
	InvitedSource types.String `tfsdk:"invited_source"`
	LastLoginAt   types.String `tfsdk:"last_login_at"`
}

// show takes over everything that the API returned. The address keeps the form in which it
// was asked for. A person who has not accepted is not active here; to a resource, active is
// a wish.
func (d *userData) show(s *standing) {
	m := userModel{userAttributes: userAttributes{ID: stringOrNull(s.id()), Email: d.Email}}
	m.fromStanding(s)
	d.userAttributes = m.userAttributes
	d.Active = types.BoolValue(s.status == statusActive)
	switch {
	case s.user != nil:
		d.InvitedSource, d.LastLoginAt = stringOrNull(s.user.InvitedSource), stringOrNull(s.user.LastLoginAt)
	case s.invitation != nil:
		d.InvitedSource = stringOrNull(s.invitation.InvitedSource)
	}
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
