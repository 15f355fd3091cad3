// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/avara-software/terraform-provider-avara/internal/avara"
)

var userID = newIDForm("usr_")

// ImportState takes a user's id, an identity that holds it, or an email address.
func (r *userResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	if !anyAddress.pattern.MatchString(req.ID) {
		userID.importByID(ctx, req, resp, ", or an email address")
		return
	}
	ctx, cancel := context.WithTimeout(ctx, defaultTimeout)
	defer cancel()
	id, diags := r.resolveEmail(ctx, req.ID)
	resp.Diagnostics.Append(diags...)
	if diags.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), id)...)
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, idIdentity{types.StringValue(id)})...)
}

// candidate is a person with an email address.
type candidate struct{ id, status, description string }

// candidates finds the people with an email address: users, or else people with an
// open invitation, or an expired one, or one that was accepted by a user whom the API
// hides.
func (r *userDirectory) candidates(ctx context.Context, email string) ([]candidate, error) {
	found, err := r.findUsers(ctx, email)
	if err == nil && len(found) == 0 {
		found, err = r.findInvited(ctx, email)
	}
	return found, err
}

// resolveEmail returns the id of the only person with an email address.
func (r *userDirectory) resolveEmail(ctx context.Context, email string) (id string, diags diag.Diagnostics) {
	found, err := r.candidates(ctx, email)
	switch {
	case err != nil:
		asked := types.StringValue(email)
		diags.Append(r.diagnostic(failure{
			summary: "Unable to look up " + r.object() + " by email address", err: err, people: []personalTexts{{"email": &asked}},
		}))
	case len(found) == 0:
		diags.Append(notFound("email", r.object(), fmt.Sprintf(
			"There is neither a user nor an invitation with the given email address. A person whom the API hides can only be found by the id, %s", userID), "the spelling"))
	case len(found) > 1:
		var candidates []string
		for _, c := range found {
			candidates = append(candidates, c.id+" ("+c.description+")")
		}
		diags.Append(ambiguous("Several "+r.object()+"s have this email address", "Choose one of them by its id", candidates))
	default:
		id = found[0].id
	}
	return id, diags
}

// findUsers finds the users with an email address.
func (r *userDirectory) findUsers(ctx context.Context, email string) ([]candidate, error) {
	var filter userFilter
	filter.Email = types.StringValue(email)
	users, err := collect(r.users(ctx, &filter))
	var found []candidate
	for _, user := range users {
		found = append(found, candidate{user.ID, statusActive, statusActive + " user, " + user.Level + ", " + since(user.CreatedAt)})
	}
	return found, err
}

// findInvited finds the people with an invitation to an email address: those whose
// invitation is pending, or else expired, or else accepted. The API can't filter by
// address, so this walks all invitations.
func (r *userDirectory) findInvited(ctx context.Context, email string) ([]candidate, error) {
	found := map[string][]candidate{}
	filter := avara.InvitationFilter{Statuses: []string{avara.InvitationSent, avara.InvitationAccepted}}
	for invitation, err := range r.client.Invitations(ctx, r.product, filter) {
		if err != nil {
			return nil, err
		}
		if !avara.SameEmail(invitation.Email, email) {
			continue
		}
		status := invitationStatus(&invitation)
		if status == statusActive {
			status = statusDeactivated // the list of users does not show the person
		}
		if !slices.ContainsFunc(found[status], func(c candidate) bool { return c.id == invitation.UserID }) {
			found[status] = append(found[status], candidate{invitation.UserID, status, fmt.Sprintf("%s invitation %s, %s", status, invitation.ID, since(invitation.CreatedAt))})
		}
	}
	for _, status := range []string{statusPending, statusExpired, statusDeactivated} {
		if len(found[status]) > 0 {
			return found[status], nil
		}
	}
	return nil, nil
}

func since(createdAt string) string {
	if createdAt == "" {
		return "created at an unknown time"
	}
	return "created " + createdAt
}
