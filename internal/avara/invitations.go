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

func (i Invitation) id() string { return i.ID }
func (Invitation) kind() string { return "an invitation" }

// user is the person who was invited, as the answer to the invite shows them.
func (i *Invitation) user() User {
	return User{ID: i.UserID, Person: i.Person, InvitedSource: i.InvitedSource, CreatedAt: i.CreatedAt}
}

// Expired reports whether it is too late to accept.
func (i *Invitation) Expired(now time.Time) bool {
	expiry := timeOf(i.Expiry)
	return i.Status == InvitationSent && !expiry.IsZero() && !now.Before(expiry)
}

// NewerThan reports whether the invitation was made after another one.
func (i *Invitation) NewerThan(other *Invitation) bool {
	return timeOf(i.CreatedAt).After(timeOf(other.CreatedAt))
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
	return queryOf(map[string]string{
		"expired": "all", "userId": f.UserID, "startDate": f.StartDate, "endDate": f.EndDate, "status": strings.Join(f.Statuses, ","),
	})
}

func invitationsRoute(product Product) string { return usersRoute(product) + "/invitations" }
func invitationRoute(product Product) string  { return invitationsRoute(product) + "/{invitationId}" }

// GetInvitation returns an invitation, whatever its status.
func (c *Client) GetInvitation(ctx context.Context, product Product, id string) (*Invitation, error) {
	invitation, _, err := getOne(ctx, c, invitationRoute(product), id, Invitation.id)
	return invitation, err
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
		id:    Invitation.id,
	}
}

// NewestInvitation returns the invitation of a user that was made last, nil if
// there is none. Where invitations don't name their users, that is an error.
func (c *Client) NewestInvitation(ctx context.Context, product Product, userID string) (newest *Invitation, err error) {
	nameless := false
	list := invitationList(product, InvitationFilter{UserID: userID})
	for invitation, err := range list.all(ctx, c) {
		switch {
		case err != nil:
			return nil, err
		case invitation.UserID == "":
			nameless = true
		case SameID(invitation.UserID, userID) && (newest == nil || invitation.NewerThan(newest)):
			newest = &invitation
		}
	}
	if newest == nil && nameless {
		return nil, unexpected(operation{method: http.MethodGet, route: list.route},
			errors.New("the API answered with success, but its invitations don't say whose they are"))
	}
	return newest, nil
}

// UpdateInvitation changes an invitation with one PATCH. The API allows that
// while it can still be accepted. It sends no further mail (our assumption).
func (c *Client) UpdateInvitation(ctx context.Context, product Product, id string, wish PersonChange) (*Invitation, error) {
	invitation, err := change(ctx, c, edit[Invitation]{
		op:    operation{method: http.MethodPatch, route: invitationRoute(product), ids: []string{id}, body: wish.body(product)},
		route: invitationRoute(product),
		made:  func(invitation *Invitation) bool { return wish.madeIn(invitation.Person) },
	})
	if err == nil {
		wish.complete(&invitation.Person)
	}
	return invitation, err
}

// ErrInvitationAccepted says that an invitation can't be revoked any more: the
// person is a user now.
var ErrInvitationAccepted = errors.New("the invitation has been accepted")

// RevokeInvitation takes back the invitation of a user who has not accepted it
// yet. If nothing is left to accept, that is a success, whatever the API answers.
// A 404 counts only if the list of invitations is found.
// The request holds only the user's id: the API also takes the invitation's own id,
// but what it does with both is not documented.
func (c *Client) RevokeInvitation(ctx context.Context, product Product, userID string) error {
	err := c.doForSuccess(ctx, operation{
		method: http.MethodPost, route: invitationsRoute(product) + "/revoke",
		body: map[string]string{"userId": userID},
	})
	if err == nil || !isRefusal(err) {
		return err
	}
	invitation, lookErr := c.NewestInvitation(ctx, product, userID)
	switch {
	case lookErr != nil, invitation == nil:
	case invitation.Status == InvitationAccepted:
		return meaning(ErrInvitationAccepted, err)
	case invitation.Status != InvitationSent || invitation.Expired(c.latest.Load().time()):
		return nil
	}
	switch {
	case !IsNotFound(err):
		return err
	case lookErr == nil && invitation == nil:
		return nil
	}
	return confirmNotFound(ctx, err, lookErr, "the invitation is still open", func(ctx context.Context, notFound error) error {
		return c.readers.invitations[product].proof.check(ctx, notFound, func() error { return lookErr })
	})
}
