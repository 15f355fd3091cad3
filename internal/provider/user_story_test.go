// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// While the invitation is pending, changes are sent to the invitation, where null removes
// a text.
func TestUser_pendingIsChangedByItsInvitation(t *testing.T) {
	t.Parallel()
	for _, dialects := range [][]emulator.Dialect{nil, {emulator.PendingUserReadable}, {emulator.ForeignForbidden}} {
		t.Run(fmt.Sprint(dialects), func(t *testing.T) {
			t.Parallel()
			p := autoScribePeople.inProcess()
			c := p.invited(t, p.block(`middle_name = "Adaeze"`, `suffix1 = "MD"`, `suffix2 = "PhD"`, `phone_number = "3125550147"`, `npi_number = "1674829308"`),
				emulator.WithDialects(dialects...))
			c.write(p.block(`clinic_role = "Cardiologist"`, `suffix2 = "MBA"`))
			c.apply().expectOK().expectQuiet()
			want := `{"clinicRole":"Cardiologist","middleName":null,"npiNumber":null,"phoneNumber":null,"suffix1":null,"suffix2":"MBA"}`
			if bodies := c.bodies("PATCH /invitations/{invitationId}"); !slices.Equal(bodies, []string{want}) {
				t.Errorf("sent %q, want %s", bodies, want)
			}
			c.expectEach("GET /invitations", "PATCH /invitations/{invitationId}")
			c.expectState(map[string]any{"status": "pending", "suffix1": nil, "suffix2": "MBA", "npi_number": nil, "invitation_id": c.invitation().ID})
			c.plan().expectOK().expectQuiet().expectChanges()
		})
	}
}

func TestUser_acceptedBetweenPlanAndApply(t *testing.T) {
	t.Parallel()
	for _, p := range bothInProcess {
		t.Run(p.label, func(t *testing.T) {
			t.Parallel()
			c := p.invited(t, p.block())
			c.write(p.block(`last_name = "Lind"`))
			c.plan("-out=plan").expectOK()
			c.accept()
			// The user may have been created later than the invitation.
			c.EditUser(p.product, c.user().ID, func(u *emulator.User) { u.CreatedAt = u.CreatedAt.Add(time.Minute) })
			c.ResetRequests()
			c.apply("plan").expectOK().expectQuiet()
			c.expectEach("PATCH /invitations/{invitationId}", "GET /invitations", "GET /{userId}", "PATCH /{userId}")
			c.expectState(map[string]any{"status": "active", "last_name": "Lind", "invitation_id": c.invitation().ID, "invitation_expires_at": nil})
			if c.user().LastName != "Lind" {
				t.Errorf("%+v", c.user())
			}
			c.plan().expectOK().expectQuiet().expectChanges()
		})
	}
	// The reverse: a person who was a user before is now only invited.
	t.Run("invited again", func(t *testing.T) {
		t.Parallel()
		p := viewerPeople.inProcess()
		c := p.joined(t, p.block())
		c.write(p.block(`last_name = "Lind"`))
		c.plan("-out=plan").expectOK()
		user := c.user()
		c.RemoveUser(p.product, user.ID)
		c.EditInvitation(p.product, c.invitation().ID, func(i *emulator.Invitation) { i.Status = "sent" })
		c.ResetRequests()
		c.apply("plan").expectOK().expect("warning", "Viewer user differs from the plan", "status")
		c.expectEach("PATCH /{userId}", "GET /invitations", "PATCH /invitations/{invitationId}")
		c.expectState(map[string]any{"last_name": "Lind", "id": user.ID})
		c.apply().expectOK().expectQuiet().expectChanges()
		c.expectState(map[string]any{"status": "pending", "last_name": "Lind", "id": user.ID})
	})
	t.Run("and refused by both", func(t *testing.T) {
		t.Parallel()
		p := viewerPeople.inProcess()
		c := p.invited(t, p.block())
		c.write(p.block(`last_name = "Lind"`))
		c.plan("-out=plan").expectOK()
		c.accept()
		c.ResetRequests()
		c.AddFault(emulator.Fault{Route: p.route("PATCH /{userId}"), Status: 403, Body: `{"message":"Ines Okafor, INES.okafor@lakeside.example, stays"}`})
		r := c.apply("plan").expectFailed().expect("error", "Unable to update Viewer user", "403", "(first_name) (last_name), (email), stays")
		if strings.Contains(strings.ToLower(r.stdout), "lakeside.example, stays") {
			t.Error("the error names the person")
		}
		c.expectWrites("PATCH /invitations/{invitationId}", "PATCH /{userId}")
	})
}

// An ordinary apply never invites a person twice: a warning says how the invitation ended,
// and -replace invites again.
func TestUser_closedInvitations(t *testing.T) {
	t.Parallel()
	p := autoScribePeople.inProcess()
	const summary = "AutoScribe user is not invited any more"
	for status, tc := range map[string]struct {
		end     func(c *crew) bool
		detail  string
		destroy []string
	}{
		"expired":  {func(c *crew) bool { return c.ExpireInvitation(p.product, c.invitation().ID) }, "did not accept the invitation before it expired (2", []string{"POST /invitations/revoke"}},
		"rejected": {func(c *crew) bool { return c.RejectInvitation(p.product, c.invitation().ID) }, "has rejected the invitation", nil},
		"revoked":  {func(c *crew) bool { return c.RevokeInvitation(p.product, c.invitation().ID) }, "The invitation of AutoScribe user", nil},
	} {
		t.Run(status, func(t *testing.T) {
			t.Parallel()
			var dialects []emulator.Dialect
			if status == "expired" {
				dialects = []emulator.Dialect{emulator.PendingUserReadable, emulator.ExpiredHiddenByDefault}
			}
			c := p.invited(t, p.block(), emulator.WithDialects(dialects...))
			first := c.invitation().UserID
			if !tc.end(c) {
				t.Fatal("the invitation is not open")
			}
			for range 2 { // the second apply does the same: the state shows the status, and nothing is sent
				c.apply().expectOK().expectChanges().expect("warning", summary, first, tc.detail, "terraform apply -replace=avara_autoscribe_user.NAME")
				c.expectEach("GET /invitations")
			}
			c.expectState(map[string]any{"id": first, "status": status, "active": true})

			c.write(p.block(`last_name = "Lind"`))
			c.plan("-out=plan").expectOK().expectChanges("update "+c.address()).expect("warning", summary, "A change in place can't be made before that")
			c.ResetRequests()
			c.apply("plan").expectFailed().expect("error", "Unable to update AutoScribe user", "409", tc.detail, "-replace")
			c.expectEach("PATCH /invitations/{invitationId}", "GET /invitations")

			c.apply("-replace=" + c.address()).expectOK()
			c.expectWrites(append(tc.destroy, "POST")...)
			if state := c.expectState(withStatus("pending")); state["id"] == first || state["last_name"] != "Lind" {
				t.Errorf("state %v, first id %s", state, first)
			}
			c.plan().expectOK().expectQuiet().expectChanges()
		})
	}
}

// A higher invitation_round invites again without -replace, as a pipeline needs. The plan
// warns, and a person who accepts before the apply keeps the access.
func TestUser_invitationRound(t *testing.T) {
	t.Parallel()
	p := viewerPeople.inProcess()
	const again = "Viewer user will be invited again"
	t.Run("raised", func(t *testing.T) {
		t.Parallel()
		c := p.invited(t, p.block("invitation_round = 1"))
		first := c.invitation().UserID
		c.RejectInvitation(p.product, c.invitation().ID)
		c.apply().expectOK().expectChanges().expect("warning", "Viewer user is not invited any more", "raise invitation_round")
		c.write(p.block("invitation_round = 2"))
		c.plan().expectOK().expectChanges("replace "+c.address()).expect("warning", again, first, "has rejected the invitation")
		c.ResetRequests()
		c.apply().expectOK()
		c.expectWrites("POST")
		c.plan().expectOK().expectQuiet().expectChanges()
		if state := c.expectState(withStatus("pending")); state["id"] == first {
			t.Error("the same id")
		}
	})
	t.Run("imported", func(t *testing.T) {
		t.Parallel()
		c := p.newCrew(t, p.block("invitation_round = 1"))
		c.AddInvitation(p.product, emulator.Invitation{Person: emulator.Person{
			Email: testEmail, FirstName: "Ines", LastName: "Okafor", ClinicRole: "Radiologist", Level: "member",
		}, Expiry: time.Now().Add(time.Hour)})
		c.run("import", "-no-color", c.address(), c.invitation().UserID).expectOK()
		c.apply().expectOK().expectQuiet().expectChanges("update " + c.address())
		c.expectWrites()
		c.plan().expectOK().expectQuiet().expectChanges()
	})
	t.Run("accepted meanwhile", func(t *testing.T) {
		t.Parallel()
		c := p.invited(t, p.block())
		c.ExpireInvitation(p.product, c.invitation().ID)
		c.write(p.block("invitation_round = 1"))
		c.plan("-out=plan").expectOK().expect("warning", again)
		c.EditInvitation(p.product, c.invitation().ID, func(i *emulator.Invitation) { i.Expiry = time.Now().Add(time.Hour) })
		c.accept()
		c.ResetRequests()
		c.apply("plan").expectFailed().expect("error", "Viewer user can't be replaced", "has accepted", "plan again")
		c.expectWrites("POST /invitations/revoke")
		if c.user().Revoked {
			t.Error("the access was revoked")
		}
		c.apply().expectOK().expectQuiet().expectChanges("update " + c.address())
		c.expectState(withStatus("active"))
	})
	t.Run("of the wrong form", func(t *testing.T) {
		t.Parallel()
		c := p.newCrew(t, p.block("invitation_round = 1.5"))
		c.plan().expectFailed().expect("error", "Invalid number", "invitation_round must be a whole number")
	})
}

// An ignored change of invitation_round invites nobody.
func TestAccUser_invitationRoundIgnored(t *testing.T) {
	t.Parallel()
	p := viewerPeople
	c := p.invited(t, p.block("invitation_round = 1", "lifecycle {\n    ignore_changes = [invitation_round]\n  }"))
	c.RejectInvitation(p.product, c.invitation().ID)
	c.write(p.block("invitation_round = 2", "lifecycle {\n    ignore_changes = [invitation_round]\n  }"))
	c.apply().expectOK().expectChanges()
	c.expectWrites()
}

// If a change is rejected because the invitation ended after the plan, the error says so.
func TestUser_rejectedBetweenPlanAndApply(t *testing.T) {
	t.Parallel()
	p := viewerPeople.inProcess()
	c := p.invited(t, p.block())
	c.write(p.block(`last_name = "Lind"`))
	c.plan("-out=plan").expectOK().expectQuiet()
	c.RejectInvitation(p.product, c.invitation().ID)
	c.apply("plan").expectFailed().expect("error", "Unable to update Viewer user", "has rejected the invitation", "-replace=avara_viewer_user.NAME")
	c.expectState(map[string]any{"status": "rejected", "last_name": "Okafor"})
}

func TestUser_vanished(t *testing.T) {
	t.Parallel()
	inMemory(t, func(_ *testing.T, a *account) {
		p := viewerPeople.inProcess()
		c := p.crewOf(a, p.block())
		c.apply().expectOK()
		c.ResetRequests()
		for _, status := range []int{401, 403, 500} {
			repair := c.AddFault(emulator.Fault{Route: p.route("GET /invitations"), Status: status})
			c.plan().expectFailed().expect("error", "Unable to read Viewer user", fmt.Sprint(status))
			repair()
		}
		c.expectState(withStatus("pending"))
		// A user counts as gone only if two reads in a row do not find it.
		c.AddFault(emulator.Fault{Route: p.route("GET /invitations"), Times: 1, Status: 200, Body: `{"invitations":[],"hasMore":false}`})
		c.plan().expectOK().expectQuiet().expectChanges()
		id := c.invitation().UserID
		c.RemoveInvitation(p.product, id)
		c.RemoveUser(p.product, id)
		c.plan().expectOK().expectChanges("create "+c.address()).
			expect("warning", "Viewer user not found", id, "would invite the person again")
		c.expectWrites()
	})
}

func TestAccUser_activeNeedsAcceptance(t *testing.T) {
	t.Parallel()
	t.Run("invite", func(t *testing.T) {
		t.Parallel()
		p := viewerPeople
		c := p.newCrew(t, p.block("active = false"))
		c.plan().expectFailed().expect("error", "Viewer user can't be invited without access", "active = false")
		// If the value is known only in the apply, the apply fails before it sends the
		// mail.
		c.write("resource \"terraform_data\" \"no\" {\n  input = false\n}\n" + p.block("active = terraform_data.no.output"))
		c.apply().expectFailed().expect("error", "Viewer user can't be invited without access")
		c.expectEach()
	})
	t.Run("pending", func(t *testing.T) {
		t.Parallel()
		p := autoScribePeople
		c := p.invited(t, p.block())
		c.write(p.block("active = false"))
		c.plan().expectFailed().expect("error", "AutoScribe user has no access to revoke", c.invitation().UserID, `"pending"`, "destroy the resource")
		c.write("resource \"terraform_data\" \"no\" {\n  input = false\n}\n" + p.block("active = terraform_data.no.output"))
		c.apply().expectFailed().expect("error", "AutoScribe user has no access to revoke")
		c.expectWrites()
		c.expectState(map[string]any{"status": "pending", "active": true})

		// After the person has accepted, the same configuration works.
		c.accept()
		c.apply().expectOK()
		c.expectWrites("POST /revoke-access")
		c.expectState(map[string]any{"status": "deactivated", "active": false})
	})
}

func TestUser_halfAnUpdate(t *testing.T) {
	t.Parallel()
	p := viewerPeople.inProcess()
	c := p.joined(t, p.block())
	c.write(p.block(`last_name = "Lind"`, "active = false"))
	repair := c.AddFault(emulator.Fault{Route: p.route("POST /revoke-access"), Status: 403, Body: `{"message":"no such luck"}`})
	c.apply().expectFailed().expect("error", "Unable to deactivate Viewer user", "Viewer user "+c.user().ID+":", "403", "no such luck", "Before this error it was updated", "Apply again")
	c.expectState(map[string]any{"last_name": "Lind", "active": true, "status": "active"})
	repair()
	c.ResetRequests()
	c.apply().expectOK()
	c.expectWrites("POST /revoke-access")

	c.write(p.block(`last_name = "Okafor"`))
	c.AddFault(emulator.Fault{Route: p.route("PATCH /{userId}"), Status: 422, Body: `{"message":"lastName: no such luck"}`})
	c.apply().expectFailed().expect("error", "Unable to update Viewer user", "422", "Before this error it was reactivated")
	c.expectState(map[string]any{"last_name": "Lind", "active": true, "status": "active"})
}

// The API does not show whether a user's access was revoked in the dashboard, unless it
// hides users without access.
func TestUser_revokedInTheDashboard(t *testing.T) {
	t.Parallel()
	p := autoScribePeople.inProcess()
	t.Run("unseen", func(t *testing.T) {
		t.Parallel()
		c := p.joined(t, p.block(), emulator.WithDialects(emulator.ToggleTwiceConflict))
		c.RevokeAccess(p.product, c.user().ID)
		c.plan().expectOK().expectQuiet().expectChanges()
		c.write(p.block("active = false"))
		c.ResetRequests()
		c.apply().expectOK().expectQuiet()
		c.expectEach("GET /{userId}", "POST /revoke-access", "GET /{userId}")
		c.expectState(withStatus("deactivated"))
		// The destroy revokes the access once more, which the API rejects with a message
		// of its own.
		c.AddFault(emulator.Fault{Route: p.route("POST /revoke-access"), Status: 409, Body: `{"message":"the user is inactive"}`})
		c.destroy().expectOK().expect("warning", "AutoScribe user will be forgotten, and stays without access", c.user().ID)
		c.expectWrites("POST /revoke-access")
	})
	t.Run("hidden", func(t *testing.T) {
		t.Parallel()
		c := p.joined(t, p.block(`last_name = "Lind"`), emulator.WithDialects(emulator.RevokedUserMissing))
		c.EditInvitation(p.product, c.invitation().ID, func(i *emulator.Invitation) { i.LastName = "Old" })
		c.RevokeAccess(p.product, c.user().ID)
		c.plan("-out=plan").expectOK().expectChanges("update "+c.address()).expect("warning", "AutoScribe user will be reactivated", c.user().ID)
		c.ResetRequests()
		c.apply("plan").expectOK()
		c.expectEach("POST /reactivate", "GET /{userId}")
		c.expectState(map[string]any{"status": "active", "last_name": "Lind"})

		c.RevokeAccess(p.product, c.user().ID)
		c.write(p.block(`last_name = "Lind"`, "active = false"))
		c.apply().expectOK().expectQuiet().expectChanges()
		c.ResetRequests()
		c.plan().expectOK().expectQuiet().expectChanges()
		c.expectEach("GET /{userId}") // the state shows that the user is hidden: one request suffices
	})
}

func TestUser_email(t *testing.T) {
	t.Parallel()
	p := viewerPeople.inProcess()
	c := p.invited(t, p.block(), emulator.WithDialects(emulator.EmailLowerCase))
	c.expectState(map[string]any{"email": testEmail})
	c.plan().expectOK().expectQuiet().expectChanges()

	// A change of letter case in the address changes only the state.
	c.ResetRequests()
	c.write(p.block(`email = "ines.okafor@LAKESIDE.example"`))
	c.plan("-out=plan").expectOK().expectQuiet().expectChanges("update " + c.address())
	if shown := c.run("show", "-no-color", "plan").stdout; strings.Contains(shown, "known after apply") {
		t.Errorf("a change of letter case makes values unknown:\n%s", shown)
	}
	c.apply("plan").expectOK().expectQuiet()
	c.expectWrites()
	first := c.expectState(map[string]any{"email": "ines.okafor@LAKESIDE.example", "status": "pending"})
	c.plan().expectOK().expectQuiet().expectChanges()

	// The same for a person who has accepted.
	c.accept()
	c.write(p.block())
	c.apply().expectOK()
	c.expectWrites()
	c.expectState(map[string]any{"email": testEmail, "status": "active"})

	// Another address means another person.
	c.write(p.block(`email = "ida.okafor@lakeside.example"`))
	c.ResetRequests()
	c.apply().expectOK().expectChanges("replace "+c.address()).expect("warning", "Viewer user will be replaced")
	c.expectWrites("POST /revoke-access", "POST")
	if second := c.expectState(withStatus("pending")); second["id"] == first["id"] {
		t.Error("the id did not change")
	}
}

func TestUser_destroy(t *testing.T) {
	t.Parallel()
	t.Run("pending", func(t *testing.T) {
		t.Parallel()
		p := autoScribePeople.inProcess()
		c := p.invited(t, p.block())
		id := c.invitation().UserID
		c.plan("-destroy").expectOK().expect("warning", "Invitation of AutoScribe user will be revoked", id, "the access is revoked instead")
		c.expectWrites()
		c.destroy().expectOK()
		if bodies := c.bodies("POST /invitations/revoke"); !slices.Equal(bodies, []string{fmt.Sprintf(`{"userId":%q}`, id)}) {
			t.Errorf("not exactly one id: %q", bodies)
		}
		c.expectEach("GET /invitations", "POST /invitations/revoke")
		if c.invitation().Status != "revoked" {
			t.Errorf("%+v", c.invitation())
		}
	})
	for name, tc := range map[string]struct {
		dialects []emulator.Dialect
		change   func(c *crew)
		want     []string
	}{
		"accepted meanwhile":              {nil, (*crew).accept, []string{"POST /invitations/revoke", "GET /invitations", "POST /revoke-access"}},
		"accepted meanwhile, said by 400": {[]emulator.Dialect{emulator.ConflictBadRequest}, (*crew).accept, []string{"POST /invitations/revoke", "GET /invitations", "POST /revoke-access"}},
		"revoked meanwhile":               {nil, func(c *crew) { c.RevokeInvitation(c.product, c.invitation().ID) }, []string{"POST /invitations/revoke", "GET /invitations"}},
		"revoked meanwhile, and hidden":   {[]emulator.Dialect{emulator.RevokedInvitationMissing}, func(c *crew) { c.RevokeInvitation(c.product, c.invitation().ID) }, []string{"POST /invitations/revoke", "GET /invitations"}},
		"vanished meanwhile":              {nil, func(c *crew) { c.RemoveInvitation(c.product, c.invitation().ID) }, []string{"POST /invitations/revoke", "GET /invitations"}},
	} {
		t.Run("pending, "+name, func(t *testing.T) {
			t.Parallel()
			p := viewerPeople.inProcess()
			c := p.invited(t, p.block(), emulator.WithDialects(tc.dialects...))
			c.plan("-destroy", "-out=plan").expectOK()
			tc.change(c)
			c.ResetRequests()
			c.apply("plan").expectOK()
			c.expectEach(tc.want...)
			for _, user := range c.Users(p.product) {
				if !user.Revoked && !user.Pending {
					t.Errorf("left with access: %+v", user)
				}
			}
		})
	}
	for name, dialect := range map[string]emulator.Dialect{"200": emulator.OldestFirst, "409": emulator.ToggleTwiceConflict, "400": emulator.ToggleTwiceBadRequest} {
		t.Run("revoked in the dashboard, said by "+name, func(t *testing.T) {
			t.Parallel()
			p := viewerPeople.inProcess()
			c := p.joined(t, p.block(), emulator.WithDialects(dialect))
			c.RevokeAccess(p.product, c.user().ID)
			c.destroy().expectOK()
			c.expectWrites("POST /revoke-access")
		})
	}
	t.Run("vanished", func(t *testing.T) {
		t.Parallel()
		p := viewerPeople.inProcess()
		c := p.joined(t, p.block())
		c.plan("-destroy", "-out=plan").expectOK()
		c.RemoveUser(p.product, c.user().ID)
		c.apply("plan").expectOK()
	})
	t.Run("refused", func(t *testing.T) {
		t.Parallel()
		p := viewerPeople.inProcess()
		c := p.joined(t, p.block(`level = "admin"`, "has_dashboard_access = true"), emulator.WithDialects(emulator.LastAdminProtected))
		c.destroy().expectFailed().expect("error", "Unable to revoke access of Viewer user", "last admin", `deletion_policy = "abandon"`)
		c.expectState(withStatus("active"))
	})
	t.Run("abandon", func(t *testing.T) {
		t.Parallel()
		p := autoScribePeople.inProcess()
		c := p.invited(t, p.block(`deletion_policy = "abandon"`))
		c.destroy().expectOK().expect("warning", "AutoScribe user will be forgotten, not changed", c.invitation().UserID)
		c.expectWrites()
		if c.invitation().Status != "sent" {
			t.Errorf("%+v", c.invitation())
		}
	})
	t.Run("prevent", func(t *testing.T) {
		t.Parallel()
		p := autoScribePeople.inProcess()
		c := p.invited(t, p.block(`deletion_policy = "prevent"`))
		c.plan("-destroy").expectFailed().expect("error", "AutoScribe user must not be destroyed", c.invitation().UserID, `"prevent"`)
		const summary = "AutoScribe user must not be replaced"
		c.plan("-replace="+c.address()).expectFailed().expect("error", summary, "replacement")
		c.write(p.block(`deletion_policy = "prevent"`, `email = "ida.okafor@lakeside.example"`))
		c.plan().expectFailed().expect("error", summary, "replacement")
		// Changing the deletion policy and replacing the user in one apply is rejected.
		c.write(p.block(`deletion_policy = "revoke"`, `email = "ida.okafor@lakeside.example"`))
		c.plan().expectFailed().expect("error", summary)
		c.run("taint", c.address()).expectOK()
		c.write(p.block(`deletion_policy = "prevent"`))
		c.apply().expectFailed().expect("error", summary)
		c.expectWrites()
	})
}

func TestUser_lostInvites(t *testing.T) {
	t.Parallel()
	p := autoScribePeople.inProcess()
	t.Run("arrived", func(t *testing.T) {
		t.Parallel()
		c := p.newCrew(t, p.block())
		c.AddFault(emulator.Fault{Route: p.route("POST"), Cut: emulator.CutAfter})
		c.apply().expectOK().expectQuiet()
		c.expectWrites("POST")
		c.expectState(map[string]any{"id": c.invitation().UserID, "status": "pending", "email": testEmail})
		c.plan().expectOK().expectQuiet().expectChanges()
	})
	t.Run("did not arrive", func(t *testing.T) {
		t.Parallel()
		inMemory(t, func(t *testing.T, a *account) {
			c := p.crewOf(a, p.block())
			repair := c.AddFault(emulator.Fault{Route: p.route("POST"), Status: 503})
			c.apply().expectFailed().expect("error", "Unable to invite AutoScribe user", "503", "did not find it", "Apply again: if the person was invited", "how to import the user", "Nobody gets a second mail")
			c.expectWrites("POST", "POST", "POST", "POST", "POST")
			if state, _ := c.state(c.address()); state != nil {
				t.Errorf("state %v", state)
			}
			repair()
			c.apply().expectOK()
			c.expectWrites("POST")
			c.invitation()
		})
	})
	t.Run("refused", func(t *testing.T) {
		t.Parallel()
		c := p.newCrew(t, p.block())
		c.AddUser(p.product, emulator.User{Person: emulator.Person{Email: strings.ToLower(testEmail), FirstName: "Ines", LastName: "Okafor"}})
		r := c.apply().expectFailed().expect("error", "Unable to invite AutoScribe user", "409", "email: (email) is a user already", c.Users(p.product)[0].ID, "import {", "active = false")
		if strings.Contains(strings.ToLower(r.stdout), "lakeside.example is a user") {
			t.Error("the error names the person")
		}
		c.expectWrites("POST")
	})
	t.Run("invitation not found", func(t *testing.T) {
		t.Parallel()
		c := p.newCrew(t, p.block(), emulator.WithDialects(emulator.PendingUserReadable))
		repair := c.AddFault(emulator.Fault{Route: p.route("GET /invitations"), Status: 403})
		c.apply().expectOK().expect("warning", "AutoScribe user was invited, but the invitation was not found", "403", "Nothing else is needed")
		c.expectState(map[string]any{"id": c.invitation().UserID, "status": "pending", "invitation_id": nil})
		repair()
		c.plan().expectOK().expectQuiet().expectChanges()
		// A change looks up the invitation by itself.
		c.write(p.block(`last_name = "Lind"`))
		c.ResetRequests()
		c.apply("-refresh=false").expectOK().expectQuiet()
		c.expectEach("GET /invitations", "PATCH /invitations/{invitationId}")
		c.expectState(map[string]any{"invitation_id": c.invitation().ID, "last_name": "Lind"})
	})
}

// An invite that is interrupted by Ctrl-C is in the state.
func TestAccUser_interruptedInvite(t *testing.T) {
	t.Parallel()
	p := autoScribePeople
	c := p.newCrew(t, p.block())
	c.interruptedApply(p.route("POST"))
	c.expectState(map[string]any{"id": c.invitation().UserID, "status": "pending"})
	c.apply().expectOK().expectChanges()
	c.expectWrites("POST")
}

// Reads may lag behind writes. Nobody is lost from the state or invited twice because of
// that.
func TestUser_readLag(t *testing.T) {
	t.Parallel()
	for _, p := range bothInProcess {
		t.Run(p.label, func(t *testing.T) {
			t.Parallel()
			c := p.newCrew(t, p.block(), emulator.WithDialects(emulator.ReadLag, emulator.PendingUserReadable))
			c.apply().expectOK().expectQuiet()
			c.expectWrites("POST")
			c.expectState(map[string]any{"status": "pending", "invitation_id": c.invitation().ID})
			c.plan().expectOK().expectQuiet().expectChanges()
			c.accept()
			c.apply().expectOK().expectQuiet().expectChanges()
			c.expectState(withStatus("active"))
			c.write(p.block("active = false"))
			c.apply().expectOK()
			c.expectState(withStatus("deactivated"))
			c.plan().expectOK().expectQuiet().expectChanges()
			c.destroy().expectOK()
			c.expectWrites("POST /revoke-access", "POST /revoke-access")
		})
	}
}

func TestAccUser_localChangesSendNothing(t *testing.T) {
	t.Parallel()
	p := autoScribePeople
	c := p.joined(t, p.block())
	c.write(p.block(`deletion_policy = "abandon"`, `timeouts = { update = "1m" }`))
	c.plan("-out=plan").expectOK().expectQuiet().expectChanges("update " + c.address())
	if shown := c.run("show", "-no-color", "plan").stdout; strings.Contains(shown, "known after apply") {
		t.Errorf("a local change makes values unknown:\n%s", shown)
	}
	c.apply("plan").expectOK().expectQuiet()
	c.expectEach("GET /{userId}")
	c.expectState(map[string]any{"deletion_policy": "abandon", "status": "active"})
	c.plan().expectOK().expectChanges()
}

func TestUser_owner(t *testing.T) {
	t.Parallel()
	p := viewerPeople.inProcess()
	c := p.newCrew(t, p.block(`level = "owner"`))
	c.plan().expectFailed().expect("error", "Owners can't be invited")
	c.write(p.block(`level = "admin"`, "has_dashboard_access = true"))
	c.apply().expectOK()
	c.accept()
	c.apply().expectOK()
	c.write(p.block(`level = "owner"`, "has_dashboard_access = true"))
	c.plan().expectFailed().expect("error", "Viewer user can't be made an owner")

	c.EditUser(p.product, c.user().ID, func(u *emulator.User) { u.Level = "owner" })
	c.ResetRequests()
	c.apply().expectOK().expectQuiet().expectChanges()
	c.write(p.block(`level = "admin"`, "has_dashboard_access = true"))
	c.apply().expectOK().expectChanges().expect("warning", "Viewer user is an owner", c.user().ID, `level = "owner"`)
	c.expectWrites()
	c.expectState(map[string]any{"level": "owner"})
}
