// SPDX-License-Identifier: MPL-2.0

package emulator

import "slices"

// of returns the operations of a product. It panics on one that does not exist.
func (e *Emulator) of(product Product) people {
	if !slices.Contains(Products(), product) {
		panic("emulator: " + string(product) + " is not a product")
	}
	return people{Emulator: e, product: product}
}

// Users returns all users of a product, oldest first, pending ones included.
func (e *Emulator) Users(product Product) []User {
	p := e.of(product)
	e.mu.Lock()
	defer e.mu.Unlock()
	return clones(p.users().all())
}

// User returns one user.
func (e *Emulator) User(product Product, id string) (User, bool) {
	p := e.of(product)
	e.mu.Lock()
	defer e.mu.Unlock()
	return cloneOf(p.users().get(id))
}

// AddUser stores a user as it is, replacing one of the same id. It fills in
// what is empty of the id, the source, the level, the clinic role and the time,
// and returns the id.
func (e *Emulator) AddUser(product Product, u User) string {
	p := e.of(product)
	e.mu.Lock()
	defer e.mu.Unlock()
	if u.ID == "" {
		u.ID = newID(userPrefix)
	}
	u.fillDefaults()
	fillText(&u.InvitedSource, sourceDashboard)
	if u.CreatedAt.IsZero() {
		u.CreatedAt = e.now()
	}
	p.users().put(u.ID, &u, false)
	return u.ID
}

// EditUser changes a user as somebody in the dashboard would: at once, whatever
// the dialects. A pending user's invitation changes with it. It reports whether
// there is such a user. edit must not call the emulator.
func (e *Emulator) EditUser(product Product, id string, edit func(*User)) bool {
	p := e.of(product)
	e.mu.Lock()
	defer e.mu.Unlock()
	changed, ok := cloneOf(p.users().get(id))
	if !ok {
		return false
	}
	edit(&changed)
	changed.ID = id
	p.users().put(id, &changed, false)
	if invitation, ok := p.invitationOf(id); ok && changed.Pending {
		updated := *invitation
		updated.Person, updated.UpdatedAt = changed.Person, e.now()
		p.invitations().put(updated.ID, &updated, false)
	}
	return true
}

// RemoveUser makes a user vanish, so that every later call is 404. The vendor
// documentation knows no such thing. The invitation stays.
func (e *Emulator) RemoveUser(product Product, id string) bool {
	p := e.of(product)
	e.mu.Lock()
	defer e.mu.Unlock()
	return p.users().remove(id)
}

// RevokeAccess takes a user's access away.
func (e *Emulator) RevokeAccess(product Product, id string) bool {
	return e.EditUser(product, id, func(u *User) { u.Revoked = true })
}

// RestoreAccess gives a user's access back.
func (e *Emulator) RestoreAccess(product Product, id string) bool {
	return e.EditUser(product, id, func(u *User) { u.Revoked = false })
}

// Invitations returns all invitations of a product, oldest first.
func (e *Emulator) Invitations(product Product) []Invitation {
	p := e.of(product)
	e.mu.Lock()
	defer e.mu.Unlock()
	return clones(p.invitations().all())
}

// Invitation returns one invitation, by its own id or by the user's id, which
// finds the newest. The methods below take either id as well.
func (e *Emulator) Invitation(product Product, id string) (Invitation, bool) {
	p := e.of(product)
	e.mu.Lock()
	defer e.mu.Unlock()
	return cloneOf(p.byEitherID(id))
}

func (p people) byEitherID(id string) (*Invitation, bool) {
	if invitation, ok := p.invitations().get(id); ok {
		return invitation, true
	}
	return p.invitationOf(id)
}

// AddInvitation stores an invitation as it is, replacing one of the same id,
// with the user that goes with its status. It fills in what is empty of the
// ids, the status, the source, the level, the clinic role and the times but for
// Expiry, and returns the id. An Expiry of zero is never.
func (e *Emulator) AddInvitation(product Product, i Invitation) string {
	p := e.of(product)
	e.mu.Lock()
	defer e.mu.Unlock()
	if i.ID == "" {
		i.ID = newID(invitationPrefix)
	}
	if i.UserID == "" {
		i.UserID = newID(userPrefix)
	}
	i.fillDefaults()
	fillText(&i.Status, statusSent)
	fillText(&i.InvitedSource, sourceDashboard)
	fillTimes(&i.CreatedAt, &i.UpdatedAt, e.now())
	p.storeInvitation(&i, false)
	return i.ID
}

// EditInvitation changes an invitation at once, with a new UpdatedAt unless
// edit sets one, and the pending user with it. It reports whether there is such an
// invitation. edit must not call the emulator.
func (e *Emulator) EditInvitation(product Product, id string, edit func(*Invitation)) bool {
	return e.changeOpen(product, id, func(*Invitation) bool { return true }, edit)
}

// AcceptInvitation does what the invited person does: the user becomes active.
// It reports whether there is such an invitation and it is still open.
func (e *Emulator) AcceptInvitation(product Product, id string) bool {
	return e.settleOpen(product, id, statusAccepted)
}

// RejectInvitation rejects an invitation, as the invited person would. It
// reports whether there is such an invitation and it is still open.
func (e *Emulator) RejectInvitation(product Product, id string) bool {
	return e.settleOpen(product, id, statusRejected)
}

// RevokeInvitation takes an invitation back. It reports whether there is such an
// invitation and it is still open.
func (e *Emulator) RevokeInvitation(product Product, id string) bool {
	return e.settleOpen(product, id, statusRevoked)
}

// ExpireInvitation lets an invitation expire now. It reports whether there is
// such an invitation and it is still open.
func (e *Emulator) ExpireInvitation(product Product, id string) bool {
	now := e.now()
	open := func(i *Invitation) bool { return i.open(now) }
	return e.changeOpen(product, id, open, func(i *Invitation) { i.Expiry = now })
}

// RemoveInvitation makes an invitation vanish, so that every later call is 404.
// The user behind it stays.
func (e *Emulator) RemoveInvitation(product Product, id string) bool {
	p := e.of(product)
	e.mu.Lock()
	defer e.mu.Unlock()
	invitation, ok := p.byEitherID(id)
	return ok && p.invitations().remove(invitation.ID)
}

func (e *Emulator) settleOpen(product Product, id, status string) bool {
	now := e.now()
	open := func(i *Invitation) bool { return i.open(now) }
	return e.changeOpen(product, id, open, func(i *Invitation) { i.Status = status })
}

// changeOpen changes an invitation if the condition holds for it.
func (e *Emulator) changeOpen(product Product, id string, condition func(*Invitation) bool, edit func(*Invitation)) bool {
	p := e.of(product)
	e.mu.Lock()
	defer e.mu.Unlock()
	changed, ok := cloneOf(p.byEitherID(id))
	if !ok || !condition(&changed) {
		return false
	}
	before := changed
	edit(&changed)
	changed.ID, changed.UserID = before.ID, before.UserID
	touch(&changed.UpdatedAt, before.UpdatedAt, e.now())
	p.storeInvitation(&changed, false)
	return true
}

// fillDefaults sets what no person can be without.
func (p *Person) fillDefaults() {
	fillText(&p.Level, levelMember)
	fillText(&p.ClinicRole, "Other")
}

func fillText(text *string, value string) {
	if *text == "" {
		*text = value
	}
}
