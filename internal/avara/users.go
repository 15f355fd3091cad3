// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Product is one of the two products that have users. The users of one have
// nothing to do with those of the other. Its value is its name in paths.
type Product string

// The products (vendor documentation).
const (
	AutoScribe Product = "autoScribe"
	Viewer     Product = "viewer"
)

// Sources of an invitation.
const (
	InvitedByDashboard = "dashboard"
	InvitedByAPI       = "api"
)

// User is a person with an account in one product, or with an invitation to it.
// Nothing in it shows whether the user still has access (vendor documentation).
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
func (User) kind() string    { return "a user" }

// UserFilter narrows a list of users; empty fields don't.
type UserFilter struct {
	// Email must be the whole address, names a part of them.
	Email, FirstName, LastName string
	Level, InvitedSource       string
	// CanCreateReports is for AutoScribe only.
	CanCreateReports *bool
}

func (f UserFilter) query() url.Values {
	query := queryOf(map[string]string{
		"email": f.Email, "firstName": f.FirstName, "lastName": f.LastName, "level": f.Level, "invitedSource": f.InvitedSource,
	})
	if f.CanCreateReports != nil {
		query.Set("canCreateReports", strconv.FormatBool(*f.CanCreateReports))
	}
	return query
}

func usersRoute(product Product) string { return "/v1/" + string(product) + "/users" }
func userRoute(product Product) string  { return usersRoute(product) + "/{userId}" }

// InviteUser invites a person, to whom Avara sends a mail. If the answer is
// lost, it looks for the email address among the invitations and the users, and
// adopts what was made from exactly this wish: see [create]. Nobody is mailed twice.
func (c *Client) InviteUser(ctx context.Context, product Product, wish Person) (*User, error) {
	return create(ctx, c, creation[User]{
		op:     operation{method: http.MethodPost, route: usersRoute(product), body: wish.invitation(product)},
		object: "an invitation or a user with this email address",
		group:  usersRoute(product) + " " + strings.ToLower(Composed(wish.Email)),
		look:   func(ctx context.Context, s *candidates[User]) error { return c.lookForInvited(ctx, product, wish, s) },
	})
}

// lookForInvited shows all recent invitations and all users that have the email
// address of a wish.
func (c *Client) lookForInvited(ctx context.Context, product Product, wish Person, s *candidates[User]) error {
	wish = wish.of(product)
	list := invitationList(product, InvitationFilter{StartDate: c.dayBefore()})
	err := searchOf(c, list).look(ctx, c, s.effort, func(invitation Invitation, shown moment) {
		if !SameEmail(invitation.Email, wish.Email) {
			return
		}
		open := invitation.Status == InvitationSent || invitation.Status == InvitationAccepted
		s.add(invitation.user(), invitation.CreatedAt, shown,
			open && invitation.user().madeFrom(wish) && c.account.mayBeOurs(invitation.InvitedByAPIKeyID))
	}, s.enough)
	if err != nil || s.enough() {
		return err
	}
	for p := userList(product, UserFilter{Email: wish.Email}).from(""); !p.ended; {
		page, err := p.next(ctx, c)
		if err != nil {
			return err
		}
		for _, user := range page.items {
			if SameEmail(user.Email, wish.Email) {
				s.add(user, user.CreatedAt, page.shown, user.madeFrom(wish))
			}
		}
	}
	return nil
}

// dayBefore is yesterday, by the API's clock, as YYYY-MM-DD; empty as long as that
// clock is not known. In which time zone the API filters is not documented.
func (c *Client) dayBefore() string {
	latest := c.latest.Load()
	if latest == nil || latest.date.IsZero() {
		return ""
	}
	return latest.date.Add(time.Since(latest.received)).UTC().AddDate(0, 0, -1).Format(time.DateOnly)
}

func (user User) madeFrom(wish Person) bool {
	return user.InvitedSource == InvitedByAPI && user.Person.madeFrom(wish)
}

// GetUser returns a user. Whether the API knows one who is invited but has not
// accepted yet, or one without access, is not documented.
func (c *Client) GetUser(ctx context.Context, product Product, id string) (*User, error) {
	user, _, err := getOne(ctx, c, userRoute(product), id, User.id)
	return user, err
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
func (c *Client) UpdateUser(ctx context.Context, product Product, id string, wish PersonChange) (*User, error) {
	user, err := change(ctx, c, edit[User]{
		op:    operation{method: http.MethodPatch, route: userRoute(product), ids: []string{id}, body: wish.body(product)},
		route: userRoute(product),
		made:  func(user *User) bool { return wish.madeIn(user.Person) },
	})
	if err == nil {
		wish.complete(&user.Person)
	}
	return user, err
}

// RevokeAccess takes a user's access away; the user and the data stay. Nobody
// can be deleted. A user without access already is a success, and so is a 404 for a user
// whom a GET shows, unless the 404 is about the path. The error is a 404 only if a GET does
// not find the user either.
func (c *Client) RevokeAccess(ctx context.Context, product Product, id string) error {
	err := c.setAccess(ctx, usersRoute(product)+"/revoke-access", id)
	if !IsNotFound(err) {
		return err
	}
	_, readErr := c.GetUser(ctx, product, id)
	if readErr == nil && !isAboutPath(err) {
		return nil
	}
	return confirmNotFound(ctx, err, readErr, "the user is still there", c.readers.invitations[product].believe)
}

// ReactivateUser is the way back from [Client.RevokeAccess].
func (c *Client) ReactivateUser(ctx context.Context, product Product, id string) error {
	return c.setAccess(ctx, usersRoute(product)+"/reactivate", id)
}

// setAccess may be sent twice: the second time changes nothing. The API may refuse it
// because it is done already. No GET can confirm that, as a user does not show the access,
// so the server's message decides. Any other refusal remains an error: otherwise a user
// who still has access might be reported as locked out.
func (c *Client) setAccess(ctx context.Context, route, id string) error {
	err := c.doForSuccess(ctx, operation{method: http.MethodPost, route: route, body: map[string]string{"userId": id}})
	if deniesSaying(err, "already") {
		return nil
	}
	return err
}
