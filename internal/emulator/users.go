// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"errors"
	"strings"
	"time"
)

// User is a user of one product. Unlike the API's object, it shows whether the user has
// accepted the invitation and still has access.
type User struct {
	ID string `json:"userId"`
	Person
	InvitedSource string    `json:"invitedSource"`
	CreatedAt     time.Time `json:"createdAt,omitzero"`
	LastLoginAt   time.Time `json:"lastLoginAt,omitzero"`
	Pending       bool      `json:"pending,omitempty"` // has not accepted yet
	Revoked       bool      `json:"revoked,omitempty"` // has lost access
}

func (u User) clone() User { return u }

// Sources of an invitation.
const (
	sourceAPI       = "api"
	sourceDashboard = "dashboard"
)

// userTable is the table of a product's users with its index.
type userTable struct {
	*table[User]
	byEmail *index[User]
}

func newUserTable(changed func()) *userTable {
	byEmail := newIndex(func(u *User) string { return emailKey(u.Email) })
	return &userTable{
		table:   newTable(changed, func(u *User) time.Time { return u.CreatedAt }, byEmail),
		byEmail: byEmail,
	}
}

// people implements the operations on users and invitations of one product.
type people struct {
	*Emulator
	product Product
}

// users returns the product's users. The lock must be held.
func (p people) users() *userTable { return p.account.people[p.product].users }

func (p people) routes() []route {
	base := "/v1/" + string(p.product) + "/users"
	return append([]route{
		{name: "POST " + base, handle: p.invite, body: jsonBody, creates: true},
		{name: "GET " + base, handle: p.listUsers},
		{name: "GET " + base + "/{userId}", handle: p.getUser},
		{name: "PATCH " + base + "/{userId}", handle: p.updateUser, body: optionalBody},
		{name: "POST " + base + "/revoke-access", handle: p.revokeAccess, body: jsonBody},
		{name: "POST " + base + "/reactivate", handle: p.reactivateUser, body: jsonBody},
	}, p.invitationRoutes(base+"/invitations")...)
}

// userObject is the user as the API returns it.
func (p people) userObject(d dialects, u *User) *object {
	o := newObject(d)
	o.add("userId", u.ID)
	u.addTo(o, p.product, leftOut)
	o.add("invitedSource", u.InvitedSource)
	o.addTime("createdAt", u.CreatedAt)
	o.addTime("lastLoginAt", u.LastLoginAt)
	return o
}

// readable reports whether the operations on a single user find this user.
func (u *User) readable(d dialects) bool {
	return (!u.Pending || d[PendingUserReadable]) && (!u.Revoked || !d[RevokedUserMissing])
}

// listable reports whether the list contains this user.
func (u *User) listable(d dialects) bool {
	return (!u.Pending || d[ListShowsPendingUsers]) && (!u.Revoked || !d[ListHidesRevokedUsers])
}

// active reports whether the user can log in.
func (u *User) active() bool { return !u.Pending && !u.Revoked }

// invite creates a pending user and the invitation.
func (p people) invite(c *call) (any, error) {
	body, err := readFields(c.body)
	if err != nil {
		return nil, err
	}
	person := readInvite(body, p.product)
	if err := body.problem(); err != nil {
		return nil, err
	}
	if err := person.check(); err != nil {
		return nil, err
	}
	if c.dialects[EmailLowerCase] {
		person.Email = strings.ToLower(person.Email)
	}

	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.checkEmail(person.Email, c.now); err != nil {
		return nil, err
	}
	invitation := p.newInvitation(c, person)
	user := &User{ID: invitation.UserID, Person: person, InvitedSource: sourceAPI, CreatedAt: c.now, Pending: true}
	lag := c.dialects[ReadLag]
	p.users().put(user.ID, user, lag)
	p.invitations().put(invitation.ID, invitation, lag)
	return p.userObject(c.dialects, user), nil
}

// checkEmail checks that no user has the address, with or without access, and that there
// is no open invitation for it.
func (p people) checkEmail(email string, now time.Time) error {
	for _, id := range p.users().byEmail.find(emailKey(email)) {
		if user, ok := p.users().get(id); ok && !user.Pending {
			return newProblem(conflict, "email: %s is a user already", email)
		}
	}
	for _, id := range p.invitations().byEmail.find(emailKey(email)) {
		if invitation, ok := p.invitations().get(id); ok && invitation.open(now) {
			return newProblem(conflict, "email: %s is invited already", email)
		}
	}
	return nil
}

func (p people) listUsers(c *call) (any, error) {
	q, err := c.readQuery()
	if err != nil {
		return nil, err
	}
	matches := p.readUserFilters(q)
	limit, offset := q.limit(), q.offset()
	if err := q.problem(); err != nil {
		return nil, err
	}

	p.mu.Lock()
	defer p.mu.Unlock()
	page := p.users().page(offset, limit, c.dialects, func(u *User) bool {
		return u.listable(c.dialects) && matches(u)
	})
	return offsetPage(c.dialects, "users", page, q, p.userObject), nil
}

// readUserFilters reads the filters of the list. An email address must match completely, a
// name in part, both case-insensitively (our assumption).
func (p people) readUserFilters(q *query) func(*User) bool {
	email := emailKey(q.text("email", anyText))
	first := strings.ToLower(q.text("firstName", anyText))
	last := strings.ToLower(q.text("lastName", anyText))
	level := q.text("level", oneOf(userLevels))
	source := q.text("invitedSource", oneOf([]string{sourceDashboard, sourceAPI}))
	var reports *bool
	if p.product == AutoScribe {
		reports = q.flag("canCreateReports")
	}
	return func(u *User) bool {
		return (email == "" || email == emailKey(u.Email)) &&
			strings.Contains(strings.ToLower(u.FirstName), first) &&
			strings.Contains(strings.ToLower(u.LastName), last) &&
			(level == "" || level == u.Level) &&
			(source == "" || source == u.InvitedSource) &&
			(reports == nil || *reports == u.CanCreateReports)
	}
}

func (p people) getUser(c *call) (any, error) {
	id := c.path("userId")
	p.mu.Lock()
	defer p.mu.Unlock()
	user, ok := p.users().read(id, c.dialects[ReadLag])
	if !ok || !user.readable(c.dialects) {
		return nil, userNotFound(id)
	}
	return p.userObject(c.dialects, user), nil
}

func (p people) updateUser(c *call) (any, error) {
	body, err := readFields(c.body)
	if err != nil {
		return nil, err
	}
	change := readPersonChange(body, p.product)
	if err := body.problem(); err != nil {
		return nil, err
	}

	p.mu.Lock()
	defer p.mu.Unlock()
	id := c.path("userId")
	user, ok := p.users().get(id)
	switch {
	case !ok || !user.readable(c.dialects):
		return nil, userNotFound(id)
	case user.Pending:
		return p.updatePending(c, user, change)
	case user.Level == levelOwner:
		return nil, newProblem(forbidden, "user %q is the owner and is updated in the dashboard only", id)
	case len(change) == 0:
		return p.userObject(c.dialects, user), nil
	}
	changed := *user
	changed.Person = change.apply(user.Person)
	if err := changed.check(); err != nil {
		return nil, err
	}
	if changed.Level != levelAdmin {
		if err := p.checkLastAdmin(c.dialects, user); err != nil {
			return nil, err
		}
	}
	p.users().put(id, &changed, c.dialects[ReadLag])
	return p.userObject(c.dialects, &changed), nil
}

// updatePending updates a pending user by the open invitation.
func (p people) updatePending(c *call, user *User, change personChange) (any, error) {
	invitation, ok := p.invitationOf(user.ID)
	if !ok {
		return nil, userNotFound(user.ID)
	}
	if _, err := p.changeInvitation(c, invitation, change); err != nil {
		return nil, err
	}
	changed, _ := p.users().get(user.ID)
	return p.userObject(c.dialects, changed), nil
}

func (p people) revokeAccess(c *call) (any, error) {
	return p.setAccess(c, "access removed", func(user *User) error {
		if user.Revoked {
			return alreadyDone(c.dialects, "user %q has no access already", user.ID)
		}
		if err := p.checkLastAdmin(c.dialects, user); err != nil {
			return err
		}
		if c.dialects[RevokeDropsMemberships] {
			p.account.dropMemberships(user.ID, c.now)
		}
		user.Revoked = true
		return nil
	})
}

func (p people) reactivateUser(c *call) (any, error) {
	return p.setAccess(c, "access restored", func(user *User) error {
		if !user.Revoked {
			return alreadyDone(c.dialects, "user %q has access already", user.ID)
		}
		user.Revoked = false
		return nil
	})
}

// setAccess changes the user that the body names.
func (p people) setAccess(c *call, message string, change func(*User) error) (any, error) {
	id, err := readUserID(c)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	user, ok := p.users().get(id)
	switch {
	case !ok || user.Pending:
		return nil, userNotFound(id)
	case user.Level == levelOwner:
		return nil, newProblem(forbidden, "user %q is the owner, whose access cannot be changed", id)
	}
	changed := *user
	switch err := change(&changed); {
	case errors.Is(err, errNothingToDo):
		return done(message), nil
	case err != nil:
		return nil, err
	}
	p.users().put(id, &changed, c.dialects[ReadLag])
	return done(message), nil
}

// checkLastAdmin checks that there is another active admin before this admin loses the
// level or the access.
func (p people) checkLastAdmin(d dialects, user *User) error {
	if !d[LastAdminProtected] || user.Level != levelAdmin || !user.active() {
		return nil
	}
	for _, other := range p.users().all() {
		if other.ID != user.ID && other.active() && other.Level != levelMember {
			return nil
		}
	}
	return newProblem(forbidden, "user %q is the last admin", user.ID)
}

func userNotFound(id string) *problem { return notFound("user", id) }
