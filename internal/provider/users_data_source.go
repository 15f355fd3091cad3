// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/avara-software/terraform-provider-avara/internal/avara"
)

type viewerUsersModel struct {
	viewerUserFilter
	Users []viewerUserData `tfsdk:"users"`
}

type autoScribeUsersModel struct {
	userFilter
	Users []autoScribeUserData `tfsdk:"users"`
}

func newAutoScribeUsersDataSource() datasource.DataSource {
	return &dataSource[autoScribeUsersModel]{
		typeName: autoScribeUser.typeName + "s",
		schema:   autoScribeUser.manySchema,
		read: func(ctx context.Context, data providerData, m *autoScribeUsersModel) (diags diag.Diagnostics) {
			m.Users, diags = readUsers[autoScribeUserData](ctx, userDirectory{withProviderData{data}, autoScribeUser}, &m.userFilter)
			return diags
		},
	}
}

func newViewerUsersDataSource() datasource.DataSource {
	return &dataSource[viewerUsersModel]{
		typeName: viewerUser.typeName + "s",
		schema:   viewerUser.manySchema,
		read: func(ctx context.Context, data providerData, m *viewerUsersModel) (diags diag.Diagnostics) {
			filter := &userFilter{viewerUserFilter: m.viewerUserFilter}
			m.Users, diags = readUsers[viewerUserData](ctx, userDirectory{withProviderData{data}, viewerUser}, filter)
			return diags
		},
	}
}

func (k *userKind) manySchema(ctx context.Context) schema.Schema {
	attributes := map[string]schema.Attribute{
		"users": manyAttribute("The people, sorted by email address and then by id.", k.shown(ctx)),
	}
	maps.Copy(attributes, k.filters())
	return schema.Schema{
		MarkdownDescription: "All people in " + k.label + ", or those that match the filters: users, and people whose invitation is open or has expired.\n\n" +
			"One request for each hundred users, and one for each hundred invitations.",
		Attributes: attributes,
	}
}

func readUsers[D any, P userData[D]](ctx context.Context, people userDirectory, filter *userFilter) ([]D, diag.Diagnostics) {
	standings, err := people.everybody(ctx, filter)
	if err != nil {
		return nil, diag.Diagnostics{people.diagnostic(failure{
			summary: "Unable to list " + people.object() + "s", err: err, people: []personalTexts{filter.personal()},
		})}
	}
	users := make([]D, len(standings))
	for i, s := range standings {
		P(&users[i]).show(s, s.model(types.StringNull()))
	}
	return users, nil
}

// everybody finds the people whom the filter lets through, and joins users with their
// newest invitations, from which their status follows. A person who has accepted and is not
// listed is left out: the API does not say that such a person has no access.
func (r *userDirectory) everybody(ctx context.Context, filter *userFilter) ([]*standing, error) {
	newest := map[string]*avara.Invitation{}
	for invitation, err := range r.client.Invitations(ctx, r.product, avara.InvitationFilter{}) {
		if err != nil {
			return nil, err
		}
		if known := newest[invitation.UserID]; known == nil || invitation.NewerThan(known) {
			newest[invitation.UserID] = &invitation
		}
	}
	var standings []*standing
	for user, err := range r.users(ctx, filter) {
		if err != nil {
			return nil, err
		}
		s := &standing{status: statusActive, user: &user, invitation: newest[user.ID]}
		if s.invitation != nil {
			s.status = invitationStatus(s.invitation)
		}
		standings = append(standings, s)
		delete(newest, user.ID)
	}
	for _, invitation := range newest {
		if invitation.Status == avara.InvitationSent && filter.wants(&invitation.Person, invitation.InvitedSource) {
			standings = append(standings, &standing{status: invitationStatus(invitation), invitation: invitation})
		}
	}
	standings = slices.DeleteFunc(standings, func(s *standing) bool { return !filter.wantsStatus(s.status) })
	slices.SortFunc(standings, func(a, b *standing) int {
		return cmp.Or(cmp.Compare(strings.ToLower(a.person().Email), strings.ToLower(b.person().Email)), cmp.Compare(a.id(), b.id()))
	})
	return standings, nil
}
