// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Statuses of an invitation. One that has expired remains sent.
const (
	InvitationSent     = "sent"
	InvitationAccepted = "accepted"
	InvitationRejected = "rejected"
	InvitationRevoked  = "revoked"
)

// Invitation is the invitation to become a user of one product. It stays
// readable after it was accepted.
type Invitation struct {
	// ID is inv_ and 32 hex characters.
	ID string `json:"invitationId"`
	// UserID is the id that the user has, or will have after accepting.
	UserID string `json:"userId"`
	Person
	Status        string `json:"status"`
	InvitedSource string `json:"invitedSource"`
	// The following may be null or absent in the API's answers, which is the
	// empty string here. An invitation without Expiry does not expire.
	Expiry            string `json:"expiry"`
	CreatedAt         string `json:"createdAt"`
	UpdatedAt         string `json:"updatedAt"`
	InviterID         string `json:"inviterId"`
	InvitedByAPIKeyID string `json:"invitedByApiKeyId"`
}

// user is who was invited, as the invite itself would have answered.
func (i *Invitation) user() User {
	return User{ID: i.UserID, Person: i.Person, InvitedSource: i.InvitedSource, CreatedAt: i.CreatedAt}
}

// Expired tells whether it is too late to accept.
func (i *Invitation) Expired(now time.Time) bool {
	expiry := timeOf(i.Expiry)
	return i.Status == InvitationSent && !expiry.IsZero() && !now.Before(expiry)
}

// NewerThan tells whether the invitation was made after another one.
func (i *Invitation) NewerThan(other *Invitation) bool {
	return timeOf(i.CreatedAt).After(timeOf(other.CreatedAt))
}

// timeOf reads a timestamp as leniently as the vendor SDKs do: without a zone it
// is UTC. What can't be read is the zero time.
func timeOf(timestamp string) time.Time {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", time.DateOnly} {
		if t, err := time.Parse(layout, timestamp); err == nil {
			return t
		}
	}
	return time.Time{}
}

// InvitationFilter narrows a list of invitations; empty fields don't. The API
// can't filter by email address.
type InvitationFilter struct {
	UserID   string
	Statuses []string
	// StartDate and EndDate, as YYYY-MM-DD, bound the day of the invitation. In
	// which time zone is not documented.
	StartDate, EndDate string
}

// query always says whether expired invitations are wanted: the API's default
// is not documented.
func (f InvitationFilter) query() url.Values {
	query := url.Values{"expired": {"all"}}
	for name, value := range map[string]string{
		"userId": f.UserID, "startDate": f.StartDate, "endDate": f.EndDate, "status": strings.Join(f.Statuses, ","),
	} {
		if value != "" {
			query.Set(name, value)
		}
	}
	return query
}

func invitationsRoute(product Product) string { return usersRoute(product) + "/invitations" }
func invitationRoute(product Product) string  { return invitationsRoute(product) + "/{invitationId}" }

var errNotAnInvitation = errors.New("the API answered with success, but not with an invitation")

// GetInvitation returns an invitation, whatever its status.
func (c *Client) GetInvitation(ctx context.Context, product Product, id string) (*Invitation, error) {
	var invitation Invitation
	op := operation{method: http.MethodGet, route: invitationRoute(product), ids: []string{id}}
	if err := c.do(ctx, op, &invitation); err != nil {
		return nil, err
	}
	if err := answersFor(op, invitation.ID, errNotAnInvitation); err != nil {
		return nil, err
	}
	return &invitation, nil
}

// Invitations iterates over the invitations that the filter lets through,
// expired ones included, in no particular order.
func (c *Client) Invitations(ctx context.Context, product Product, filter InvitationFilter) iter.Seq2[Invitation, error] {
	return invitationList(product, filter).all(ctx, c)
}

func invitationList(product Product, filter InvitationFilter) listing[Invitation] {
	return listing[Invitation]{
		route: invitationsRoute(product),
		query: filter.query(),
		key:   "invitations",
		id:    func(invitation Invitation) string { return invitation.ID },
	}
}

// NewestInvitation returns the invitation of a user that was made last, nil if
// there is none.
func (c *Client) NewestInvitation(ctx context.Context, product Product, userID string) (*Invitation, error) {
	var newest *Invitation
	for invitation, err := range c.Invitations(ctx, product, InvitationFilter{UserID: userID}) {
		if err != nil {
			return nil, err
		}
		if invitation.UserID != userID {
			continue
		}
		if newest == nil || invitation.NewerThan(newest) {
			newest = &invitation
		}
	}
	return newest, nil
}

// UpdateInvitation changes an invitation with one PATCH. The API allows that
// while it can still be accepted. It sends no further mail (our assumption).
func (c *Client) UpdateInvitation(ctx context.Context, product Product, id string, change PersonChange) (*Invitation, error) {
	var changed Invitation
	err := c.do(ctx, operation{
		method: http.MethodPatch, route: invitationRoute(product), ids: []string{id}, body: change.body(product),
		settled: func(ctx context.Context) (bool, error) {
			current, err := c.GetInvitation(ctx, product, id)
			if err != nil || !change.madeIn(current.Person) {
				return false, err
			}
			changed = *current
			return true, nil
		},
	}, &changed)
	if err != nil {
		return nil, err
	}
	if !strings.EqualFold(changed.ID, id) {
		return c.GetInvitation(ctx, product, id)
	}
	return &changed, nil
}

// ErrInvitationAccepted says that an invitation can't be revoked any more: who
// was invited is a user now.
var ErrInvitationAccepted = errors.New("the invitation has been accepted")

// RevokeInvitation takes back the invitation of a user who has not accepted it
// yet. If nothing is left to accept, that is a success, whatever the API says to
// it. The invitation is named by the user's id alone: the API also takes the
// invitation's own id, but does not say what it makes of both.
func (c *Client) RevokeInvitation(ctx context.Context, product Product, userID string) error {
	err := c.doForSuccess(ctx, operation{
		method: http.MethodPost, route: invitationsRoute(product) + "/revoke",
		body: map[string]string{"userId": userID}, repeatable: true,
	})
	if err == nil || !isRefusal(err) {
		return err
	}
	invitation, lookErr := c.NewestInvitation(ctx, product, userID)
	switch {
	case lookErr != nil:
		return err
	case invitation == nil && IsNotFound(err):
		return nil
	case invitation == nil:
		return err
	case invitation.Status == InvitationAccepted:
		return meaning(ErrInvitationAccepted, err)
	case invitation.Status != InvitationSent || invitation.Expired(time.Now()):
		return nil
	}
	return err
}
