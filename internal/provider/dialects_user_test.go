// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"maps"
	"strings"
	"time"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// with returns a copy of the values, with some of them replaced by others.
func with(values map[string]any, others map[string]any) map[string]any {
	merged := maps.Clone(values)
	maps.Copy(merged, others)
	return merged
}

// values is the configuration of a person with the given email address.
func (p people) values(email string) map[string]any {
	values := map[string]any{
		"email": email, "first_name": "Ines", "last_name": "Okafor", "clinic_role": "Radiologist", "level": "member",
		"has_dashboard_access": true, "phone_number": "3125550147", "suffix1": "MD",
	}
	if p.reports() {
		values["can_create_reports"], values["npi_number"] = true, "1674829308"
	}
	return values
}

// story invites and changes a person, who accepts. Then it changes and promotes the
// person, revokes and restores the access, destroys the user and imports it under the same
// id. All of this sends one mail.
func (p people) story(s *story) {
	at, config := p.address(), p.values(testEmail)
	state := s.apply(at, config).expectQuiet().expectAction("create").
		expectState(map[string]any{"status": "pending", "active": true, "email": testEmail, "suffix1": "MD"}).state
	id := text(state["id"])
	s.expectSettled(at, config)

	config = with(config, map[string]any{"suffix1": nil, "clinic_role": "Cardiologist"})
	s.apply(at, config).expectQuiet().expectAction("update").expectState(map[string]any{"id": id, "status": "pending", "suffix1": nil})
	s.expectSettled(at, config)

	if !s.a.AcceptInvitation(p.product, id) {
		s.t.Fatal("the invitation is not open")
	}
	s.apply(at, config).expectQuiet().expectAction("no-op").
		expectState(map[string]any{"id": id, "status": "active", "email": testEmail, "clinic_role": "Cardiologist"})
	config = with(config, map[string]any{"last_name": "Okafor-Lind", "phone_number": nil})
	s.apply(at, config).expectQuiet().expectAction("update").expectState(map[string]any{"id": id, "phone_number": nil})
	s.expectSettled(at, config)
	p.promoted(s, config)

	asleep := with(config, map[string]any{"active": false})
	s.apply(at, asleep).expectQuiet().expectAction("update").expectState(map[string]any{"id": id, "status": "deactivated", "active": false})
	p.expectAccess(s, id, false)
	s.expectSettled(at, asleep)
	s.apply(at, config).expectOK().expectAction("update").expectWarning(p.object()+" will be reactivated", id).
		expectState(map[string]any{"id": id, "status": "active", "active": true})
	p.expectAccess(s, id, true)
	s.expectSettled(at, config)

	s.a.EditUser(p.product, id, func(u *emulator.User) { u.FirstName, u.PhoneNumber = "Inez", "3125550199" })
	s.apply(at, config).expectQuiet().expectAction("update").expectState(map[string]any{"first_name": "Ines", "phone_number": nil})
	s.expectSettled(at, config)

	s.destroy(at).expectOK().expectAction("delete").expectWarning(p.object()+" will lose access, not be deleted", id)
	p.expectAccess(s, id, false)
	s.expectDone(p.route("POST"), 1)
	time.Sleep(24 * time.Hour) // fake time; a create so much later is not mistaken for the first one
	p.invitedTwice(s, config)
	p.takenBack(s, id, config)
	p.stranger(s)
	p.closed(s)
}

func (p people) expectAccess(s *story, id string, want bool) {
	s.t.Helper()
	if user, ok := s.a.User(p.product, id); !ok || user.Revoked == want {
		s.t.Errorf("the user is %+v, want access: %t", user, want)
	}
}

// promoted makes the person an admin and a member again, which an API may reject for the
// last admin.
func (p people) promoted(s *story, config map[string]any) {
	at, admin := p.address(), with(config, map[string]any{"level": "admin"})
	s.apply(at, admin).expectQuiet().expectAction("update").expectState(map[string]any{"level": "admin"})
	s.expectSettled(at, admin)
	if s.under(emulator.LastAdminProtected) {
		s.apply(at, config).expectError("Unable to update "+p.object(), "last admin").expectState(map[string]any{"level": "admin"})
		s.a.AddUser(p.product, emulator.User{Person: emulator.Person{Email: "owner@lakeside.example", Level: "owner"}})
	}
	s.apply(at, config).expectQuiet().expectState(map[string]any{"level": "member"})
	s.expectSettled(at, config)
}

// invitedTwice expects that a person who is in the account is not invited again, and that
// the error does not contain personal data.
func (p people) invitedTwice(s *story, config map[string]any) {
	refused := s.apply(p.address(), config).expectError("Unable to invite "+p.object(), "import {")
	if refused.state != nil {
		s.t.Errorf("rejected, but in the state: %v", refused.state)
	}
	said := strings.ToLower(texts(refused.diagnostics))
	for _, name := range []string{"email", "first_name", "last_name", "npi_number"} {
		if value, ok := config[name].(string); ok && strings.Contains(said, strings.ToLower(value)) {
			s.t.Errorf("the error contains the %s:\n%s", name, said)
		}
	}
}

// takenBack imports a destroyed user under the same id, as the error of the invite
// suggests, and expects the access to be restored. Unless the API hides users without
// access, it does not show who has access.
func (p people) takenBack(s *story, id string, config map[string]any) {
	at, asleep := p.address(), with(config, map[string]any{"active": false})
	hides := s.under(emulator.RevokedUserMissing)
	for _, key := range []string{id, testEmail} {
		refused := s.apply(at, config).expectError("Unable to invite "+p.object(), "import {", id)
		s.imported(at, key).expectQuiet().expectState(map[string]any{"id": id, "active": !hides})
		if hides {
			refused.expectError("Unable to invite "+p.object(), "the apply after that restores the access")
		} else {
			refused.expectError("Unable to invite "+p.object(), "active = false, and then with active = true")
			s.apply(at, asleep).expectOK().expectState(map[string]any{"active": false})
		}
		s.apply(at, config).expectOK().expectState(map[string]any{"id": id, "status": "active"})
		p.expectAccess(s, id, true)
		s.expectSettled(at, config)
		s.destroy(at).expectOK()
		p.expectAccess(s, id, false)
		s.expectDone(p.route("POST"), 1)
	}
}

// stranger expects that destroying a pending user revokes the invitation.
func (p people) stranger(s *story) {
	at, config := p.address(), p.values("stranger@lakeside.example")
	state := s.apply(at, config).expectQuiet().state
	s.destroy(at).expectOK()
	if invitation, _ := s.a.Invitation(p.product, text(state["id"])); invitation.Status != "revoked" {
		s.t.Errorf("destroyed, and the invitation is %+v", invitation)
	}
	// After the invitation is revoked the address can be invited again. An hour later, a
	// lost answer is not mistaken for the first invitation.
	time.Sleep(time.Hour)
	s.apply(at, config).expectQuiet().expectAction("create")
	s.destroy(at).expectOK()
}

// closed expects that a person is not invited again after the invitation was rejected,
// revoked or has expired.
func (p people) closed(s *story) {
	at := p.address()
	for _, status := range []string{"rejected", "expired", "revoked"} {
		end := map[string]func(emulator.Product, string) bool{
			"rejected": s.a.RejectInvitation, "expired": s.a.ExpireInvitation, "revoked": s.a.RevokeInvitation,
		}[status]
		config := p.values(status + "@lakeside.example")
		id := text(s.apply(at, config).expectQuiet().state["id"])
		if !end(p.product, id) {
			s.t.Fatalf("the invitation can't be %s", status)
		}
		mails := s.done(p.route("POST"))
		if status == "revoked" && s.under(emulator.RevokedInvitationMissing) {
			p.lostFromSight(s, id, config)
			continue
		}
		s.apply(at, config).expectOK().expectAction("no-op").expectWarning(p.object()+" is not invited any more", id, "-replace").
			expectState(map[string]any{"id": id, "status": status})
		s.expectDone(p.route("POST"), mails)
		p.nextRound(s, id, config)
	}
}

// nextRound expects a higher invitation_round to invite once more, and to have no effect
// on a person who is pending or has accepted.
func (p people) nextRound(s *story, id string, config map[string]any) {
	at, mails := p.address(), s.done(p.route("POST"))
	for round := range 2 {
		config = with(config, map[string]any{"invitation_round": float64(round + 1)})
		raised := s.apply(at, config).expectOK()
		if round > 0 {
			raised.expectQuiet().expectAction("update").expectState(map[string]any{"id": id, "status": "pending"})
		} else {
			raised.expectAction("replace").expectWarning(p.object()+" will be invited again", id).expectState(map[string]any{"status": "pending"})
			id = text(raised.state["id"])
		}
		s.expectDone(p.route("POST"), mails+1)
		s.expectSettled(at, config)
	}
	if !s.a.AcceptInvitation(p.product, id) {
		s.t.Fatal("the invitation is not open")
	}
	s.apply(at, config).expectQuiet().expectAction("no-op").expectState(map[string]any{"id": id, "status": "active"})
	config = with(config, map[string]any{"invitation_round": 7.0})
	s.apply(at, config).expectQuiet().expectAction("update").expectState(map[string]any{"id": id, "status": "active"})
	s.expectSettled(at, config)
	s.expectDone(p.route("POST"), mails+1)
	s.destroy(at).expectOK().expectAction("delete")
}

// lostFromSight expects a user to be gone from an API that hides revoked invitations.
func (p people) lostFromSight(s *story, id string, config map[string]any) {
	gone := s.plan(p.address(), config)
	if s.under(emulator.ForeignForbidden) {
		gone.expectError("Unable to read "+p.object(), "403").expectState(map[string]any{"id": id})
	} else {
		gone.expectOK().expectAction("create").expectWarning(p.object()+" not found", id)
	}
	delete(s.objects, p.address())
}
