// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"slices"
	"testing"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// userDialects are sets of dialects that concern users and invitations. TestDialects
// covers each dialect.
var userDialects = [][]emulator.Dialect{
	{
		emulator.PendingUserReadable, emulator.ListShowsPendingUsers, emulator.ToggleTwiceConflict, emulator.ErrorList, emulator.NullCreators, emulator.TimestampsNull,
		emulator.ConflictBadRequest, emulator.EmailLowerCase, emulator.ExpiryNull, emulator.Success204,
	},
	{
		emulator.ForeignForbidden, emulator.RevokedUserMissing, emulator.RevokedInvitationMissing, emulator.ListHidesRevokedUsers, emulator.LastAdminProtected,
		emulator.ExpiredHiddenByDefault, emulator.ErrorString, emulator.OldestFirst, emulator.NullsAbsent, emulator.FractionalSeconds, emulator.Create201,
	},
}

func TestAccUser_lifecycle(t *testing.T) {
	t.Parallel()
	for _, people := range bothProducts {
		t.Run(people.label, func(t *testing.T) { userLifecycle(t, people) })
	}
}

// The lifecycle is the same whichever of the plausible answers the API gives.
func TestUser_lifecycle(t *testing.T) {
	t.Parallel()
	for _, people := range bothInProcess {
		for _, dialects := range userDialects {
			t.Run(fmt.Sprint(people.label, dialects), func(t *testing.T) { userLifecycle(t, people, dialects...) })
		}
	}
}

// userLifecycle invites a person, who accepts, changes the user, revokes and restores the
// access, and destroys the user, with one id and one invitation.
func userLifecycle(t *testing.T, people people, dialects ...emulator.Dialect) {
	t.Parallel()
	arguments := []string{"has_dashboard_access = true", `phone_number = "3125550147"`, `suffix1 = "MD"`}
	if people.reports() {
		arguments = append(arguments, "can_create_reports = true", `npi_number = "1674829308"`)
	}
	block := func(more ...string) string { return people.block(append(slices.Clone(arguments), more...)...) }
	c := people.newCrew(t, block(), emulator.WithDialects(dialects...))

	c.apply().expectOK().expectQuiet()
	c.expectWrites("POST")
	invitation := c.invitation()
	state := c.expectState(map[string]any{
		"id": invitation.UserID, "invitation_id": invitation.ID, "status": "pending", "active": true, "email": testEmail,
		"can_manage_studies": false, "phone_number": "3125550147", "suffix1": "MD", "suffix2": nil, "deletion_policy": "revoke",
	})
	if (state["invitation_expires_at"] == nil) != invitation.Expiry.IsZero() {
		t.Errorf("expiry %v, want %v", state["invitation_expires_at"], invitation.Expiry)
	}

	c.plan().expectOK().expectQuiet().expectChanges()
	c.expectEach("GET /invitations")

	c.accept()
	c.apply().expectOK().expectQuiet().expectChanges()
	c.expectEach("GET /invitations", "GET /{userId}")
	c.expectState(map[string]any{"id": invitation.UserID, "status": "active", "active": true, "invitation_id": invitation.ID, "invitation_expires_at": nil})

	c.write(block(`last_name = "Okafor-Lind"`, "phone_number = null", "can_manage_studies = true"))
	c.apply().expectOK().expectQuiet().expectChanges("update " + people.address())
	if bodies := c.bodies("PATCH /{userId}"); !slices.Equal(bodies, []string{`{"canManageStudies":true,"lastName":"Okafor-Lind","phoneNumber":null}`}) {
		t.Errorf("sent %q", bodies)
	}
	c.expectEach("GET /{userId}", "PATCH /{userId}")
	if user := c.user(); user.LastName != "Okafor-Lind" || user.PhoneNumber != "" || !user.CanManageStudies {
		t.Errorf("%+v", user)
	}

	c.write(block(`last_name = "Okafor-Lind"`, "phone_number = null", "can_manage_studies = true", "active = false"))
	c.apply().expectOK().expectQuiet().expectChanges("update " + people.address())
	c.expectWrites("POST /revoke-access")
	if !c.user().Revoked {
		t.Error("the access was not revoked")
	}

	c.write(block(`last_name = "Okafor-Lind"`, "phone_number = null"))
	c.apply().expectOK().expectChanges("update "+people.address()).
		expect("warning", people.object()+" will be reactivated", invitation.UserID, "does not set active")
	c.expectWrites("POST /reactivate", "PATCH /{userId}")
	c.expectState(map[string]any{"status": "active", "active": true, "can_manage_studies": false})

	c.destroy().expectOK().expect("warning", people.object()+" will lose access, not be deleted", invitation.UserID, "import {")
	c.expectWrites("POST /revoke-access")
	if user := c.user(); !user.Revoked || user.ID != invitation.UserID {
		t.Errorf("%+v", user)
	}
}
