// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Sources of an invitation.
const (
	InvitedByDashboard = "dashboard"
	InvitedByAPI       = "api"
)

// User is somebody with an account in one product, or who was just invited to
// have one. Nothing in it tells whether the user still has access (vendor
// documentation).
type User struct {
	// ID is usr_ and 32 hex characters. It is the invitation's UserID.
	ID string `json:"userId"`
	Person
	InvitedSource string `json:"invitedSource"`
	// The following may be null or absent in the API's answers, which is the
	// empty string here.
	CreatedAt   string `json:"createdAt"`
	LastLoginAt string `json:"lastLoginAt"`
}

func (user User) id() string { return user.ID }

// UserFilter narrows a list of users; empty fields don't.
type UserFilter struct {
	// Email must be the whole address, names a part of them.
	Email, FirstName, LastName string
	Level, InvitedSource       string
	// CanCreateReports is for AutoScribe only.
	CanCreateReports *bool
}

func (f UserFilter) query() url.Values {
	query := url.Values{}
	for name, value := range map[string]string{
		"email": f.Email, "firstName": f.FirstName, "lastName": f.LastName,
		"level": f.Level, "invitedSource": f.InvitedSource,
	} {
		if value != "" {
			query.Set(name, value)
		}
	}
	if f.CanCreateReports != nil {
		query.Set("canCreateReports", strconv.FormatBool(*f.CanCreateReports))
	}
	return query
}

func usersRoute(product Product) string { return "/v1/" + string(product) + "/users" }
func userRoute(product Product) string  { return usersRoute(product) + "/{userId}" }

// InviteUser invites a person, to whom Avara sends a mail. If the answer is
// lost, it looks for the email address among the invitations and the users, and
// adopts what came of exactly this wish: see [create]. Nobody is mailed twice.
func (c *Client) InviteUser(ctx context.Context, product Product, wish Person) (*User, error) {
	return create(ctx, c, creation[User]{
		op:     operation{method: http.MethodPost, route: usersRoute(product), body: wish.invitation(product)},
		object: "an invitation or a user with this email address",
		kin:    usersRoute(product) + " " + strings.ToLower(wish.Email),
		look:   func(ctx context.Context, s *sightings[User]) error { return c.lookForInvited(ctx, product, wish, s) },
	})
}

// lookForInvited shows all invitations of late and all users that have the
// email address of a wish.
func (c *Client) lookForInvited(ctx context.Context, product Product, wish Person, s *sightings[User]) error {
	wish = wish.of(product)
	// A day earlier, for the time zone of the filter is not known.
	filter := InvitationFilter{StartDate: s.began.UTC().AddDate(0, 0, -1).Format(time.DateOnly)}
	err := searchOf(c, invitationList(product, filter)).find(ctx, c, func(invitation Invitation) {
		if !SameEmail(invitation.Email, wish.Email) {
			return
		}
		open := invitation.Status == InvitationSent || invitation.Status == InvitationAccepted
		s.see(invitation.user(), invitation.CreatedAt, open && invitation.user().madeFrom(wish))
	}, s.enough)
	if err != nil || s.enough() {
		return err
	}
	for user, err := range c.Users(ctx, product, UserFilter{Email: wish.Email}) {
		if err != nil {
			return err
		}
		if SameEmail(user.Email, wish.Email) {
			s.see(user, user.CreatedAt, user.madeFrom(wish))
		}
	}
	return nil
}

func (user User) madeFrom(wish Person) bool {
	return user.InvitedSource == InvitedByAPI && user.Person.madeFrom(wish)
}

var errNotAUser = errors.New("the API answered with success, but not with a user")

// GetUser returns a user. Whether the API knows one who is invited but has not
// accepted yet, or one without access, is not documented.
func (c *Client) GetUser(ctx context.Context, product Product, id string) (*User, error) {
	var user User
	op := operation{method: http.MethodGet, route: userRoute(product), ids: []string{id}}
	if err := c.do(ctx, op, &user); err != nil {
		return nil, err
	}
	if err := answersFor(op, user.ID, errNotAUser); err != nil {
		return nil, err
	}
	return &user, nil
}

// Users iterates over the users that the filter lets through, in no particular
// order.
func (c *Client) Users(ctx context.Context, product Product, filter UserFilter) iter.Seq2[User, error] {
	return userList(product, filter).all(ctx, c)
}

func userList(product Product, filter UserFilter) listing[User] {
	return listing[User]{
		route: usersRoute(product),
		query: filter.query(),
		key:   "users",
		id:    User.id,
	}
}

// UpdateUser changes a user with one PATCH.
func (c *Client) UpdateUser(ctx context.Context, product Product, id string, change PersonChange) (*User, error) {
	var changed User
	err := c.do(ctx, operation{
		method: http.MethodPatch, route: userRoute(product), ids: []string{id}, body: change.body(product),
		settled: func(ctx context.Context) (bool, error) {
			current, err := c.GetUser(ctx, product, id)
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
		return c.GetUser(ctx, product, id)
	}
	return &changed, nil
}

// RevokeAccess takes a user's access away; the user and the data stay. Nobody
// can be deleted. A user without access already is a success.
func (c *Client) RevokeAccess(ctx context.Context, product Product, id string) error {
	return c.setAccess(ctx, usersRoute(product)+"/revoke-access", id)
}

// ReactivateUser is the way back from [Client.RevokeAccess].
func (c *Client) ReactivateUser(ctx context.Context, product Product, id string) error {
	return c.setAccess(ctx, usersRoute(product)+"/reactivate", id)
}

// setAccess may be sent twice: the second time changes nothing. Should the API
// refuse that as done already, no look at the user could confirm it, for a user
// does not show the access. So here alone the server's word decides, and
// anything else it may say remains an error: to take somebody for shut out who
// is not would be worse.
func (c *Client) setAccess(ctx context.Context, route, id string) error {
	err := c.doForSuccess(ctx, operation{
		method: http.MethodPost, route: route, body: map[string]string{"userId": id}, repeatable: true,
	})
	if saysAlready(err) {
		return nil
	}
	return err
}

func saysAlready(err error) bool { return deniesSaying(err, "already") }
