// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/avara-software/terraform-provider-avara/internal/avara"
)

var userID = newIDForm("usr_")

// ImportState takes a user's id, an identity that holds it, or an email address.
func (r *userResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	if req.ID == "" || userID.pattern.MatchString(req.ID) {
		userID.importByID(ctx, req, resp)
		return
	}
	if !strings.Contains(req.ID, "@") {
		resp.Diagnostics.AddAttributeError(path.Root("id"), "Malformed import id",
			fmt.Sprintf("The import id is neither that of a user, %s, nor an email address.", userID))
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
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, types.StringValue(id))...)
}

// candidate is one who has an email address.
type candidate struct{ id, description string }

// resolveEmail returns the id of the one who has an email address.
func (r *userDirectory) resolveEmail(ctx context.Context, email string) (id string, diags diag.Diagnostics) {
	found, err := r.findUsers(ctx, email)
	if err == nil && len(found) == 0 {
		found, err = r.findInvited(ctx, email)
	}
	switch {
	case err != nil:
		var asked userModel
		asked.Email = types.StringValue(email)
		diags.Append(apiDiagnostic("Unable to look up "+r.object()+" by email address", "", nameless(err, &asked), nil))
	case len(found) == 0:
		diags.AddError(r.object()+" not found",
			"There is neither a user nor an open or expired invitation with the given email address. "+
				"Check the spelling, and that the API key and base_url are those of the person's account. "+
				fmt.Sprintf("A user without access may be hidden, but found by the id, %s.", userID))
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
		found = append(found, candidate{user.ID, statusActive + " user, " + user.Level + ", " + since(user.CreatedAt)})
	}
	return found, err
}

// findInvited finds the open invitations to an email address, or else the
// expired ones. The API can't filter by it, so this walks them all.
func (r *userDirectory) findInvited(ctx context.Context, email string) ([]candidate, error) {
	var open, expired []candidate
	for invitation, err := range r.client.Invitations(ctx, r.product, avara.InvitationFilter{Statuses: []string{avara.InvitationSent}}) {
		if err != nil {
			return nil, err
		}
		if !avara.SameEmail(invitation.Email, email) {
			continue
		}
		status, list := statusPending, &open
		if invitation.Expired(time.Now()) {
			status, list = statusExpired, &expired
		}
		isSame := func(c candidate) bool { return c.id == invitation.UserID }
		if !slices.ContainsFunc(*list, isSame) {
			*list = append(*list, candidate{invitation.UserID, fmt.Sprintf("%s invitation %s, %s", status, invitation.ID, since(invitation.CreatedAt))})
		}
	}
	if len(open) > 0 {
		return open, nil
	}
	return expired, nil
}

func since(createdAt string) string {
	if createdAt == "" {
		return "created at an unknown time"
	}
	return "created " + createdAt
}
