// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/avara-software/terraform-provider-avara/internal/avara"
)

// userStep is one part of an update.
type userStep struct {
	verb string // for "Unable to …"
	done string // for "The user has been …"
	// run returns the standing of the person after the step. A standing that comes with an
	// error shows what was found instead.
	run func(ctx context.Context, r *userResource, reached *userModel) (*standing, error)
}

var (
	reactivateUser = userStep{verb: "reactivate", done: "reactivated", run: func(ctx context.Context, r *userResource, reached *userModel) (*standing, error) {
		if err := r.client.ReactivateUser(ctx, r.product, reached.ID.ValueString()); err != nil {
			return nil, err
		}
		return r.afterToggle(ctx, reached, statusActive), nil
	}}
	// deactivateUser is planned only for people who have accepted: see planUpdate.
	deactivateUser = userStep{verb: "deactivate", done: "deactivated", run: func(ctx context.Context, r *userResource, reached *userModel) (*standing, error) {
		if err := r.client.RevokeAccess(ctx, r.product, reached.ID.ValueString()); err != nil {
			return nil, err
		}
		return r.afterToggle(ctx, reached, statusDeactivated), nil
	}}
)

// afterToggle reads the user, because the answers to revoking and restoring access do not
// hold it. If that fails, nothing is lost: neither call changes anything else.
func (r *userResource) afterToggle(ctx context.Context, reached *userModel, status string) *standing {
	s := &standing{status: status}
	if user, err := r.client.GetUser(ctx, r.product, reached.ID.ValueString()); err == nil {
		s.user = user
	}
	return s
}

// stepsFrom returns what leads from state to the plan, in the order in which no
// PATCH meets a user without access. It is empty if the API knows nothing of
// what changes.
func (m *userModel) stepsFrom(state *userModel) []userStep {
	var steps []userStep
	if change := m.changeFrom(state); !change.IsEmpty() {
		steps = append(steps, patchPerson(change))
	}
	switch {
	case m.Active.Equal(state.Active):
	case m.Active.ValueBool():
		steps = slices.Insert(steps, 0, reactivateUser)
	default:
		steps = append(steps, deactivateUser)
	}
	return steps
}

// patchPerson changes the invitation while it is pending and the user after. If
// that is refused and another look shows that the person has moved from one to
// the other in between, it changes the other.
func patchPerson(change avara.PersonChange) userStep {
	return userStep{verb: "update", done: "updated", run: func(ctx context.Context, r *userResource, reached *userModel) (*standing, error) {
		id := reached.ID.ValueString()
		before := &standing{status: reached.Status.ValueString(), invitation: &avara.Invitation{ID: reached.InvitationID.ValueString()}}
		var err error
		if before.accepted() || before.invitation.ID != "" {
			var after *standing
			if after, err = r.patch(ctx, id, before, change); !wasRefused(err) {
				return after, err
			}
		}
		now, lookErr := r.standingOf(ctx, id, "")
		switch {
		case lookErr != nil:
			return nil, errors.Join(err, lookErr)
		case now == nil:
			return nil, errors.Join(err, errUnknownPerson)
		case err == nil || now.accepted() != before.accepted():
			return r.patch(ctx, id, now, change)
		case before.accepted():
			return nil, err // the state knows better than a look whether there is access
		}
		return now, err
	}}
}

var errUnknownPerson = errors.New("the API knows neither the user nor an invitation")

// patch changes what a standing says there is to change.
func (r *userResource) patch(ctx context.Context, id string, at *standing, change avara.PersonChange) (*standing, error) {
	if at.accepted() {
		user, err := r.client.UpdateUser(ctx, r.product, id, change)
		if err != nil {
			return nil, err
		}
		return &standing{status: at.status, user: user, invitation: at.invitation}, nil
	}
	invitation, err := r.client.UpdateInvitation(ctx, r.product, at.invitation.ID, change)
	if err != nil {
		return nil, err
	}
	return &standing{status: invitationStatus(invitation), invitation: invitation}, nil
}

// wasRefused reports whether the API has refused the request itself, as it does if the
// object has changed in the meantime.
func wasRefused(err error) bool {
	switch status := avara.StatusOf(err); status {
	case http.StatusUnauthorized, http.StatusRequestTimeout, http.StatusTooManyRequests:
		return false
	default:
		return status >= 400 && status < 500
	}
}

// errTaintedAccepted is the error for a tainted resource whose person has accepted:
// Terraform is about to replace it.
var errTaintedAccepted = errors.New("the user has accepted the invitation")

// end revokes the invitation while it is pending, and the access after that. It is a
// success if there is nothing to revoke. planned is false for a tainted resource: see
// tainted.
func (r *userResource) end(ctx context.Context, state *userModel, planned bool) error {
	id := state.ID.ValueString()
	status := state.Status.ValueString()
	switch status {
	case statusRejected, statusRevoked:
		return nil
	case statusActive, statusDeactivated:
	default:
		err := r.client.RevokeInvitation(ctx, r.product, id)
		if !errors.Is(err, avara.ErrInvitationAccepted) {
			return err
		}
		if !planned {
			return errTaintedAccepted
		}
	}
	// This is sent even for a user who was deactivated: somebody may have restored the
	// access in the dashboard, which the API does not show. A refusal then means that nobody
	// has.
	err := r.client.RevokeAccess(ctx, r.product, id)
	if err == nil {
		r.ledger.revoke(state)
	}
	if avara.IsNotFound(err) || status == statusDeactivated && (wasRefused(err) || errors.Is(err, avara.ErrStillThere)) {
		return nil
	}
	return err
}
