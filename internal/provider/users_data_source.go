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

	"github.com/avara-software/terraform-provider-avara/internal/avara"
)

type usersModel struct {
	userFilter
	Users []userData `tfsdk:"users"`
}

func newAutoScribeUsersDataSource() datasource.DataSource { return newUsersDataSource(autoScribeUser) }

func newViewerUsersDataSource() datasource.DataSource { return newUsersDataSource(viewerUser) }

func newUsersDataSource(kind *userKind) datasource.DataSource {
	return &dataSource[usersModel]{
		typeName: kind.typeName + "s",
		schema:   kind.manySchema,
		read: func(ctx context.Context, data providerData, m *usersModel) (diags diag.Diagnostics) {
			people := userDirectory{withProviderData{data}, kind}
			standings, err := people.everybody(ctx, &m.userFilter)
			if err != nil {
				return diag.Diagnostics{people.diagnostic(failure{
					summary: "Unable to list " + people.object() + "s", err: err, people: []personalTexts{m.personal()},
				})}
			}
			m.Users = make([]userData, len(standings))
			for i, s := range standings {
				m.Users[i].show(s)
			}
			return nil
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
			"It takes one request for each hundred users, and one for each hundred invitations.",
		Attributes: attributes,
	}
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
