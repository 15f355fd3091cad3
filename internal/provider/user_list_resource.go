// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/avara-software/terraform-provider-avara/internal/avara"
)

func newAutoScribeUserListResource() list.ListResource { return newUserListResource(autoScribeUser) }

func newViewerUserListResource() list.ListResource { return newUserListResource(viewerUser) }

func newUserListResource(kind *userKind) list.ListResource {
	return &listResource[userFilter, *standing]{
		typeName: kind.typeName,
		objects:  kind.object() + "s",
		description: "Finds the people in " + kind.label + " for `terraform query` (Terraform 1.14 and newer): users, then people whose invitation is open. " +
			"The results show their names.\n\nIt takes one request for each hundred users, and one for each hundred open invitations, that are read.",
		filters: kind.filters(),
		find: func(ctx context.Context, data providerData, filter *userFilter) iter.Seq2[*standing, error] {
			people := userDirectory{withProviderData{data}, kind}
			return people.stream(ctx, filter)
		},
		people: (*userFilter).personal,
		show: func(s *standing) (id, displayName string) {
			person := s.person()
			return s.id(), person.FirstName + " " + person.LastName
		},
		fill: func(ctx context.Context, _ providerData, s *standing, target *tfsdk.Resource) diag.Diagnostics {
			return kind.fill(ctx, s, target)
		},
	}
}

// stream finds the people whom the filter lets through page by page: users first, and
// then those with an open invitation, or with an expired one if the filter asks for
// these. Unlike everybody it does not join the two: each user that the API lists counts
// as a person who has accepted.
func (r *userDirectory) stream(ctx context.Context, filter *userFilter) iter.Seq2[*standing, error] {
	return func(yield func(*standing, error) bool) {
		listed := map[string]bool{}
		if filter.wantsStatus(statusActive) {
			for user, err := range r.users(ctx, filter) {
				if err != nil {
					yield(nil, err)
					return
				}
				listed[user.ID] = true
				if !yield(&standing{status: statusActive, user: &user}, nil) {
					return
				}
			}
		}
		wanted := statusPending
		if filter.Status.ValueString() == statusExpired {
			wanted = statusExpired
		}
		if !filter.wantsStatus(wanted) {
			return
		}
		for invitation, err := range r.client.Invitations(ctx, r.product, avara.InvitationFilter{Statuses: []string{avara.InvitationSent}}) {
			if err != nil {
				yield(nil, err)
				return
			}
			status := invitationStatus(&invitation)
			if status != wanted || listed[invitation.UserID] || !filter.wants(&invitation.Person, invitation.InvitedSource) {
				continue
			}
			listed[invitation.UserID] = true
			if !yield(&standing{status: status, invitation: &invitation}, nil) {
				return
			}
		}
	}
}

// fill completes a resource as an import would.
func (k *userKind) fill(ctx context.Context, s *standing, target *tfsdk.Resource) diag.Diagnostics {
	m, diags := k.read(ctx, target)
	if diags.HasError() {
		return diags
	}
	m.Email = types.StringNull()
	m.fromStanding(s)
	m.DeletionPolicy = k.policy.orDefault(m.DeletionPolicy)
	diags.Append(set(ctx, target, m)...)
	return diags
}
