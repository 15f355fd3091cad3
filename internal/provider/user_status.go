// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"net/http"
	"time"

	"github.com/avara-software/terraform-provider-avara/internal/avara"
)

// The values of status. The API has no such field: the status follows from the user and
// the newest invitation with that user's id.
const (
	statusPending     = "pending"
	statusExpired     = "expired"
	statusRejected    = "rejected"
	statusRevoked     = "revoked"
	statusActive      = "active"
	statusDeactivated = "deactivated"
)

// standing is what the API shows of a person, and the status that follows from it.
type standing struct {
	status string
	// user is nil while the person has not accepted, and where the API hides
	// users without access.
	user *avara.User
	// invitation is the newest one. It is nil if the API shows no invitation, or if none was
	// asked for.
	invitation *avara.Invitation
}

// accepted reports whether there is a user, and no longer an invitation, to
// change and to revoke.
func (s *standing) accepted() bool { return isAccepted(s.status) }

func isAccepted(status string) bool { return status == statusActive || status == statusDeactivated }

// acceptedStatus is the status of a user who has accepted, with access or without.
func acceptedStatus(active bool) string {
	if active {
		return statusActive
	}
	return statusDeactivated
}

// isClosed reports whether there is neither an invitation that can be accepted
// nor a user.
func isClosed(status string) bool {
	return status == statusExpired || status == statusRejected || status == statusRevoked
}

// invitationStatus is the status that follows from the newest invitation.
func invitationStatus(invitation *avara.Invitation) string {
	switch {
	case invitation.Status == avara.InvitationAccepted:
		return statusActive
	case invitation.Expired(time.Now()):
		return statusExpired
	case invitation.Status == avara.InvitationSent:
		return statusPending
	}
	return invitation.Status // rejected or revoked, in the API's words
}

// standingOf returns the standing of a person, nil if the API knows neither a user nor an
// invitation. known is the status in the state, empty if there is no state yet.
//
// A person who is known to have accepted takes one request. For others the invitation is
// read first: the API may show a user who has not accepted yet, and may hide a user whose
// invitation is open (neither is documented).
func (r *userDirectory) standingOf(ctx context.Context, id, known string) (*standing, error) {
	if isAccepted(known) {
		// A list says nothing of access, a refusal to show the user may.
		read := r.client.ReadUser
		if known == statusDeactivated {
			read = r.client.ReadUserAlone
		}
		user, err := read(ctx, r.product, id)
		switch {
		case err == nil:
			return &standing{status: known, user: user}, nil
		case known == statusDeactivated && isHidden(err):
			return &standing{status: known}, nil // since the access was revoked
		case !avara.IsNotFound(err):
			return nil, err
		}
	}
	invitation, err := r.client.ReadNewestInvitation(ctx, r.product, id)
	switch {
	case err != nil:
		return nil, err
	case invitation != nil && invitation.Status != avara.InvitationAccepted:
		return &standing{status: invitationStatus(invitation), invitation: invitation}, nil
	case isAccepted(known):
		return withoutUser(invitation), nil
	}
	s, err := r.standingOfInvited(ctx, id, invitation)
	if known == "" && invitation != nil && isHidden(err) { // an import
		return withoutUser(invitation), nil
	}
	return s, err
}

// standingOfInvited is standingOf for a person whose newest invitation has been accepted,
// or who has no invitation.
func (r *userDirectory) standingOfInvited(ctx context.Context, id string, invitation *avara.Invitation) (*standing, error) {
	user, err := r.client.ReadUserAlone(ctx, r.product, id)
	switch {
	case err == nil:
		return &standing{status: statusActive, user: user, invitation: invitation}, nil
	case !avara.IsNotFound(err):
		return nil, err
	}
	return withoutUser(invitation), nil
}

// withoutUser is the standing of a person for whom the API shows no user.
func withoutUser(invitation *avara.Invitation) *standing {
	if invitation == nil {
		return nil
	}
	// A person who has accepted and is not shown has lost the access.
	return &standing{status: statusDeactivated, invitation: invitation}
}

// isHidden reports whether an error may mean that the API hides an object that exists.
// Which of the two answers Avara gives is not documented.
func isHidden(err error) bool {
	return avara.IsNotFound(err) || avara.StatusOf(err) == http.StatusForbidden
}

// settledStanding is standingOf for a refresh. A person who seems to be gone, or to have
// lost access, is looked at again when writes have had time to show: a read may lag behind
// an invitation or its acceptance.
func (r *userResource) settledStanding(ctx context.Context, id, known string) (*standing, error) {
	settled := r.client.Settled()
	s, err := r.standingOf(ctx, id, known)
	switch {
	case err != nil, known == "":
		return s, err
	case s != nil && (s.status == known || s.status != statusDeactivated):
		return s, nil
	case isAccepted(known) && settled:
		return s, nil // seen with access before, so no acceptance is late
	}
	if err := r.client.Settle(ctx); err != nil {
		return nil, err
	}
	if s == nil {
		return r.standingOf(ctx, id, known)
	}
	return r.standingOfInvited(ctx, id, s.invitation)
}

// findInvitation returns the invitation of a person who was just invited, nil
// if the API does not show it yet.
func (r *userResource) findInvitation(ctx context.Context, id string) (invitation *avara.Invitation, err error) {
	err = avara.Eventually(ctx, func() (bool, error) {
		var lookErr error
		invitation, lookErr = r.client.NewestInvitation(ctx, r.product, id)
		return invitation != nil, lookErr
	})
	return invitation, err
}
