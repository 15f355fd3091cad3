// SPDX-License-Identifier: MPL-2.0

package emulator

import "slices"

// of returns the operations of a product. It panics on an unknown product.
func (e *Emulator) of(product Product) people {
	if !slices.Contains(Products(), product) {
		panic("emulator: " + string(product) + " is not a product")
	}
	return people{Emulator: e, product: product}
}

// Users returns all users of a product, oldest first, including pending ones.
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

// AddUser stores a user and replaces one with the same id. If the id, the source, the
// level, the clinic role or the time is empty, it sets it. It returns the id.
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

// EditUser changes a user as a person in the dashboard would: immediately, regardless of
// the dialects. It also changes the invitation of a pending user. It reports whether the
// user exists. edit must not call the emulator.
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

// RemoveUser removes a user: every later request for it is answered with 404. The vendor
// documents no operation for this. The invitation stays.
func (e *Emulator) RemoveUser(product Product, id string) bool {
	p := e.of(product)
	e.mu.Lock()
	defer e.mu.Unlock()
	return p.users().remove(id)
}

// RevokeAccess revokes a user's access.
func (e *Emulator) RevokeAccess(product Product, id string) bool {
	return e.EditUser(product, id, func(u *User) { u.Revoked = true })
}

// RestoreAccess restores a user's access.
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

// Invitation returns one invitation, by its own id or by its user's id. A user's id finds
// the newest one. The methods below accept either id as well.
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

// AddInvitation stores an invitation and its user, and replaces an invitation with the
// same id. If an id, the status, the source, the level, the clinic role or a time is
// empty, it sets it. A zero Expiry stays: the invitation never expires. It returns the id.
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

// EditInvitation changes an invitation immediately, with a new UpdatedAt unless edit sets
// one, and its pending user too. It reports whether the invitation exists. edit must not
// call the emulator.
func (e *Emulator) EditInvitation(product Product, id string, edit func(*Invitation)) bool {
	return e.changeOpen(product, id, func(*Invitation) bool { return true }, edit)
}

// AcceptInvitation accepts an invitation as the invited person would: the user becomes
// active. It reports whether the invitation exists and was open.
func (e *Emulator) AcceptInvitation(product Product, id string) bool {
	return e.settleOpen(product, id, statusAccepted)
}

// RejectInvitation rejects an invitation as the invited person would. It reports whether
// the invitation exists and was open.
func (e *Emulator) RejectInvitation(product Product, id string) bool {
	return e.settleOpen(product, id, statusRejected)
}

// RevokeInvitation revokes an invitation. It reports whether the invitation exists and was
// open.
func (e *Emulator) RevokeInvitation(product Product, id string) bool {
	return e.settleOpen(product, id, statusRevoked)
}

// ExpireInvitation makes an invitation expire now. It reports whether the invitation
// exists and was open.
func (e *Emulator) ExpireInvitation(product Product, id string) bool {
	now := e.now()
	open := func(i *Invitation) bool { return i.open(now) }
	return e.changeOpen(product, id, open, func(i *Invitation) { i.Expiry = now })
}

// RemoveInvitation removes an invitation: every later request for it is answered with 404.
// Its user stays.
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

// fillDefaults sets the fields that every person has.
func (p *Person) fillDefaults() {
	fillText(&p.Level, levelMember)
	fillText(&p.ClinicRole, "Other")
}

func fillText(text *string, value string) {
	if *text == "" {
		*text = value
	}
}
