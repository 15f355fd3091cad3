// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"time"
)

// invitationLifetime is the time until an invitation expires (our assumption).
const invitationLifetime = 30 * 24 * time.Hour

// The statuses of an invitation. An expired one has no status of its own: it stays "sent".
const (
	statusSent     = "sent"
	statusAccepted = "accepted"
	statusRejected = "rejected"
	statusRevoked  = "revoked"
)

var invitationStatuses = []string{statusSent, statusAccepted, statusRejected, statusRevoked}

// Invitation is the invitation to become a user of one product.
type Invitation struct {
	ID     string `json:"invitationId"`
	UserID string `json:"userId"`
	Person
	Status            string    `json:"status"`
	Expiry            time.Time `json:"expiry,omitzero"` // zero: never expires
	CreatedAt         time.Time `json:"createdAt,omitzero"`
	UpdatedAt         time.Time `json:"updatedAt,omitzero"`
	InvitedSource     string    `json:"invitedSource"`
	InviterID         string    `json:"inviterId,omitempty"`
	InvitedByAPIKeyID string    `json:"invitedByApiKeyId,omitempty"`
}

func (i Invitation) clone() Invitation { return i }

// expired reports whether the time to accept is over.
func (i *Invitation) expired(now time.Time) bool {
	return i.Status == statusSent && !i.Expiry.IsZero() && !now.Before(i.Expiry)
}

// open reports whether the invitation can be accepted, updated and revoked.
func (i *Invitation) open(now time.Time) bool {
	return i.Status == statusSent && !i.expired(now)
}

// State is the status in words, with "expired" for a sent invitation that has expired.
func (i *Invitation) State(now time.Time) string {
	if i.expired(now) {
		return "expired"
	}
	return i.Status
}

// readable reports whether the API finds the invitation.
func (i *Invitation) readable(d dialects) bool {
	return i.Status != statusRevoked || !d[RevokedInvitationMissing]
}

// invitationTable is the table of a product's invitations with its indexes.
type invitationTable struct {
	*table[Invitation]
	byEmail *index[Invitation]
	byUser  *index[Invitation]
}

func newInvitationTable(changed func()) *invitationTable {
	byEmail := newIndex(func(i *Invitation) string { return emailKey(i.Email) })
	byUser := newIndex(func(i *Invitation) string { return i.UserID })
	return &invitationTable{
		table:   newTable(changed, func(i *Invitation) time.Time { return i.CreatedAt }, byEmail, byUser),
		byEmail: byEmail, byUser: byUser,
	}
}

// invitations returns the product's invitations. The lock must be held.
func (p people) invitations() *invitationTable { return p.account.people[p.product].invitations }

func (p people) invitationRoutes(base string) []route {
	return []route{
		{name: "GET " + base, handle: p.listInvitations},
		{name: "GET " + base + "/{invitationId}", handle: p.getInvitation},
		{name: "PATCH " + base + "/{invitationId}", handle: p.updateInvitation, body: optionalBody},
		{name: "POST " + base + "/revoke", handle: p.revokeInvitation, body: optionalBody},
	}
}

// invitationObject is the invitation as the API returns it.
func (p people) invitationObject(d dialects, i *Invitation) *object {
	keyForm := leftOut
	if d[NullCreators] {
		keyForm = sentNull
	}
	o := newObject(d)
	o.add("invitationId", i.ID)
	o.add("userId", i.UserID)
	o.add("clinicId", p.account.clinicID)
	i.addTo(o, p.product, sentNull)
	o.add("status", i.Status)
	o.addTime("expiry", i.Expiry)
	o.addTime("createdAt", i.CreatedAt)
	o.addUpdatedAt(i.UpdatedAt)
	o.add("invitedSource", i.InvitedSource)
	o.addText("inviterId", p.inviterOf(d, i), sentNull)
	o.addText("invitedByApiKeyId", i.InvitedByAPIKeyID, keyForm)
	return o
}

// inviterOf returns the user id of the person who invited. In the vendor's types it is
// always set. According to the vendor's text, an invitation made with a key has none. With
// the dialect InviterAlways, such an invitation has a user id that is generated from the
// key.
func (p people) inviterOf(d dialects, i *Invitation) string {
	if i.InviterID == "" && d[InviterAlways] {
		return seedID(userPrefix, "inviter with key "+p.account.apiKeyID, 0)
	}
	return i.InviterID
}

// newInvitation makes the invitation for a person, with a new user id.
func (p people) newInvitation(c *call, person Person) *Invitation {
	invitation := &Invitation{
		ID: newID(invitationPrefix), UserID: newID(userPrefix), Person: person, Status: statusSent,
		Expiry: c.now.Add(invitationLifetime), CreatedAt: c.now, UpdatedAt: c.now,
		InvitedSource: sourceAPI, InvitedByAPIKeyID: p.account.apiKeyID,
	}
	if c.dialects[ExpiryNull] {
		invitation.Expiry = time.Time{}
	}
	return invitation
}

// invitationOf returns the newest invitation of a user.
func (p people) invitationOf(userID string) (*Invitation, bool) {
	var newest *Invitation
	for _, id := range p.invitations().byUser.find(userID) {
		invitation, ok := p.invitations().get(id)
		if ok && (newest == nil || !invitation.CreatedAt.Before(newest.CreatedAt)) {
			newest = invitation
		}
	}
	return newest, newest != nil
}

func (p people) getInvitation(c *call) (any, error) {
	id := c.path("invitationId")
	p.mu.Lock()
	defer p.mu.Unlock()
	invitation, ok := p.invitations().read(id, c.dialects[ReadLag])
	if !ok || !invitation.readable(c.dialects) {
		return nil, invitationNotFound(id)
	}
	return p.invitationObject(c.dialects, invitation), nil
}

func (p people) updateInvitation(c *call) (any, error) {
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
	id := c.path("invitationId")
	invitation, ok := p.invitations().get(id)
	if !ok || !invitation.readable(c.dialects) {
		return nil, invitationNotFound(id)
	}
	changed, err := p.changeInvitation(c, invitation, change)
	if err != nil {
		return nil, err
	}
	return p.invitationObject(c.dialects, changed), nil
}

// changeInvitation updates an open invitation and its pending user.
func (p people) changeInvitation(c *call, invitation *Invitation, change personChange) (*Invitation, error) {
	if !invitation.open(c.now) {
		return nil, newProblem(conflict, "invitation %q is %s and cannot be updated", invitation.ID, invitation.State(c.now))
	}
	if len(change) == 0 {
		return invitation, nil
	}
	changed := *invitation
	changed.Person = change.apply(invitation.Person)
	if err := changed.check(); err != nil {
		return nil, err
	}
	changed.UpdatedAt = c.now
	p.storeInvitation(&changed, c.dialects[ReadLag])
	return &changed, nil
}

func (p people) revokeInvitation(c *call) (any, error) {
	body, err := readFields(c.body)
	if err != nil {
		return nil, err
	}
	id := body.text("invitationId", optional, identifier(invitationPrefix))
	userID := body.text("userId", optional, identifier(userPrefix))
	if err := body.problem(); err != nil {
		return nil, err
	}
	if !id.present && !userID.present {
		return nil, newProblem(invalid, "one of invitationId and userId is required")
	}

	p.mu.Lock()
	defer p.mu.Unlock()
	invitation, err := p.named(c, id, userID)
	if err != nil {
		return nil, err
	}
	if !invitation.open(c.now) {
		return nil, newProblem(conflict, "invitation %q is %s and cannot be revoked", invitation.ID, invitation.State(c.now))
	}
	revoked := *invitation
	revoked.Status, revoked.UpdatedAt = statusRevoked, c.now
	p.storeInvitation(&revoked, c.dialects[ReadLag])
	return done("invitation revoked"), nil
}

// named finds the invitation by its id, its user's id, or both.
func (p people) named(c *call, id, userID field[string]) (*Invitation, error) {
	if !id.present {
		invitation, ok := p.invitationOf(userID.value)
		if !ok || !invitation.readable(c.dialects) {
			return nil, notFound("an invitation of user", userID.value)
		}
		return invitation, nil
	}
	invitation, ok := p.invitations().get(id.value)
	switch {
	case !ok || !invitation.readable(c.dialects):
		return nil, invitationNotFound(id.value)
	case userID.present && userID.value != invitation.UserID:
		return nil, fieldProblem("userId", "does not belong to invitation %q", id.value)
	}
	return invitation, nil
}

// storeInvitation stores an invitation and updates its user, unless the user has accepted
// before. The user is pending while the invitation is sent, active once it is accepted,
// and removed when it is rejected or revoked.
func (p people) storeInvitation(invitation *Invitation, lag bool) {
	p.invitations().put(invitation.ID, invitation, lag)
	stored, ok := p.users().get(invitation.UserID)
	if ok && !stored.Pending {
		return
	}
	user := &User{ID: invitation.UserID, InvitedSource: invitation.InvitedSource, CreatedAt: invitation.CreatedAt}
	user.Person = invitation.Person
	user.Pending = invitation.Status == statusSent
	if user.Pending || invitation.Status == statusAccepted {
		p.users().put(user.ID, user, lag)
		return
	}
	p.users().remove(user.ID)
}

func invitationNotFound(id string) *problem { return notFound("invitation", id) }
