// SPDX-License-Identifier: MPL-2.0

package emulator_test

import (
	"slices"
	"testing"
	"time"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

func TestInvitationUpdate(t *testing.T) {
	t.Parallel()
	eachProduct(t, func(t *testing.T, product emulator.Product, users string) {
		b := newBench(t)
		userID := b.invite(product, map[string]any{"suffix1": "MD"})
		before := b.invitation(product, userID)
		one := users + "/invitations/" + before["invitationId"].(string)
		b.clock.Advance(time.Hour)
		after := b.ok("PATCH", one, `{"clinicRole":"Cardiologist","suffix1":null,"phoneNumber":"3125550199"}`)
		want := without(before)
		want["clinicRole"], want["suffix1"], want["phoneNumber"] = "Cardiologist", nil, "3125550199"
		want["updatedAt"] = "2026-09-02T14:05:41Z"
		equalJSON(t, after, mustText(want))
		equalJSON(t, b.ok("GET", one, ""), mustText(want))
		b.clock.Advance(time.Hour)
		equalJSON(t, b.ok("PATCH", one, ``), mustText(want))
		for _, mistake := range personMistakes {
			b.wantError(400, mistake.want, "PATCH", one, mustText(mistake.change))
		}
		b.wantError(400, "email: is not a field", "PATCH", one, `{"email":"x@y.example"}`)
		b.wantError(400, "expiry: is not a field", "PATCH", one, `{"expiry":null}`)
		equalJSON(t, b.ok("GET", one, ""), mustText(want))

		b.AcceptInvitation(product, userID)
		if user := b.ok("GET", users+"/"+userID, ""); user["clinicRole"] != "Cardiologist" || user["phoneNumber"] != "3125550199" {
			t.Errorf("the user that was invited as %v became %v", after, user)
		}
		b.wantError(409, "is accepted and cannot be updated", "PATCH", one, `{"firstName":"x"}`)
		b.wantError(404, "was not found", "PATCH", users+"/invitations/inv_0", `{}`)
		b.wantError(404, "was not found", "GET", users+"/invitations/inv_0", "")
		b.wantError(404, "was not found", "GET", users+"/invitations/"+userID, "")
	})
}

func TestInvitationExpires(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	const product, users = emulator.Viewer, "/v1/viewer/users"
	userID := b.invite(product, nil)
	one := users + "/invitations/" + b.invitation(product, userID)["invitationId"].(string)
	b.clock.Advance(30*day - time.Second)
	b.ok("PATCH", one, `{"firstName":"Ina"}`)
	b.clock.Advance(time.Second)
	b.wantError(409, "is expired and cannot be updated", "PATCH", one, `{"firstName":"Ira"}`)
	b.wantError(409, "is expired and cannot be revoked", "POST", users+"/invitations/revoke", `{"userId":"`+userID+`"}`)
	if got := b.ok("GET", one, ""); got["status"] != "sent" || got["firstName"] != "Ina" {
		t.Errorf("the expired invitation is %v", got)
	}
	if b.AcceptInvitation(product, userID) || b.ExpireInvitation(product, userID) {
		t.Error("an expired invitation can still be accepted or expired")
	}
}

func TestInvitationRevoke(t *testing.T) {
	t.Parallel()
	eachProduct(t, func(t *testing.T, product emulator.Product, users string) {
		b := newBench(t)
		userID := b.invite(product, nil)
		other := b.invite(product, map[string]any{"email": "other@lakeside.example"})
		id := b.invitation(product, userID)["invitationId"].(string)
		revoke := users + "/invitations/revoke"

		b.wantError(400, "one of invitationId and userId is required", "POST", revoke, `{}`)
		b.wantError(400, "invitationId: must be", "POST", revoke, `{"invitationId":"x"}`)
		b.wantError(400, "userId: must not be null", "POST", revoke, `{"userId":null}`)
		b.wantError(400, "userId: does not belong", "POST", revoke, `{"invitationId":"`+id+`","userId":"`+other+`"}`)
		b.wantError(404, "was not found", "POST", revoke, `{"invitationId":"inv_00000000000000000000000000000000"}`)
		b.wantError(404, "was not found", "POST", revoke, `{"userId":"usr_00000000000000000000000000000000"}`)

		equalJSON(t, b.ok("POST", revoke, `{"invitationId":"`+id+`","userId":"`+userID+`"}`),
			`{"success":true,"message":"invitation revoked"}`)
		if got := b.invitation(product, userID); got["status"] != "revoked" {
			t.Errorf("the invitation is %v", got)
		}
		b.wantError(409, "is revoked and cannot be revoked", "POST", revoke, `{"invitationId":"`+id+`"}`)
		b.wantError(409, "is revoked and cannot be updated", "PATCH", users+"/invitations/"+id, `{"firstName":"x"}`)
		b.AcceptInvitation(product, other)
		b.wantError(409, "is accepted and cannot be revoked", "POST", revoke, `{"userId":"`+other+`"}`)
	})
}

func TestInvitationFilters(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	const product = emulator.AutoScribe
	var ids []string // of the 2nd, 3rd, 4th and 5th of September
	for _, name := range []string{"sent", "accepted", "rejected", "expired"} {
		ids = append(ids, b.invite(product, map[string]any{"email": name + "@x.example"}))
		b.clock.Advance(day)
	}
	b.AcceptInvitation(product, ids[1])
	b.RejectInvitation(product, ids[2])
	b.ExpireInvitation(product, ids[3])
	for query, want := range map[string][]int{
		"":                            {3, 2, 1, 0},
		"status=sent":                 {3, 0},
		"status=sent%2Caccepted":      {3, 1, 0},
		"status=sent,rejected":        {3, 2, 0},
		"status=accepted&status=sent": {3, 1, 0},
		"status[]=sent":               {3, 0},
		"status%5B%5D=sent&status%5B%5D=rejected&status=accepted": {3, 2, 1, 0},
		"status=":              {3, 2, 1, 0},
		"status=revoked":       {},
		"expired=all":          {3, 2, 1, 0},
		"expired=expired":      {3},
		"expired=not-expired":  {2, 1, 0},
		"startDate=2026-09-04": {3, 2},
		"endDate=2026-09-03":   {1, 0},
		"startDate=2026-09-03&endDate=2026-09-03": {1},
		"userId=" + ids[2]:                        {2},
		"userId=" + ids[2] + "&status=sent":       {},
		"email=sent@x.example":                    {3, 2, 1, 0},
	} {
		wanted := []string{}
		for _, i := range want {
			wanted = append(wanted, ids[i])
		}
		got := names(b.ok("GET", "/v1/autoScribe/users/invitations?"+query, ""), "invitations", "userId")
		if !slices.Equal(got, wanted) {
			t.Errorf("%s: got %v, want %v", query, got, wanted)
		}
	}
	for query, want := range map[string]string{
		"status=expired":        `status: "expired" is not one of sent, accepted, rejected, revoked`,
		"status=sent,,accepted": `status: "" is not one of`,
		"status[]=no":           `status: "no" is not one of`,
		"expired=yes":           "expired: must be one of all, expired, not-expired",
		"startDate=04.09.2026":  "startDate: must be a date of the form YYYY-MM-DD",
		"endDate=2026-02-30":    "endDate: must be a date",
		"userId=x":              "userId: must be",
	} {
		b.wantError(400, want, "GET", "/v1/autoScribe/users/invitations?"+query, "")
	}
}

func TestInvitationsFromTheDashboard(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	const product = emulator.Viewer
	id := b.AddInvitation(product, emulator.Invitation{
		Person:    emulator.Person{Email: "a@x.example", FirstName: "A", LastName: "B"},
		InviterID: "usr_0000000000000000000000000000000a",
	})
	got := b.ok("GET", "/v1/viewer/users/invitations/"+id, "")
	if got["invitedSource"] != "dashboard" || got["inviterId"] != "usr_0000000000000000000000000000000a" || got["expiry"] != nil {
		t.Errorf("the invitation is %v", got)
	}
	if _, there := got["invitedByApiKeyId"]; there {
		t.Errorf("the invitation has a key: %v", got)
	}
	b.clock.Advance(1000 * day)
	if !b.EditInvitation(product, id, func(i *emulator.Invitation) { i.FirstName = "Ada" }) || !b.AcceptInvitation(product, id) {
		t.Error("an invitation without expiry cannot be edited and accepted")
	}
	user := got["userId"].(string)
	if found := b.ok("GET", "/v1/viewer/users/"+user, ""); found["firstName"] != "Ada" {
		t.Errorf("the user is %v", found)
	}
	if !b.RemoveInvitation(product, user) || b.RemoveInvitation(product, user) || !b.RemoveUser(product, user) || b.RemoveUser(product, user) {
		t.Error("an object must be removable exactly once")
	}
	b.wantError(404, "was not found", "GET", "/v1/viewer/users/"+user, "")
	if b.AcceptInvitation(product, id) || b.EditUser(product, user, func(*emulator.User) {}) {
		t.Error("a removed object can be edited")
	}
}

func TestEditOfAPendingUserReachesTheInvitation(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	id := b.invite(emulator.Viewer, nil)
	b.EditUser(emulator.Viewer, id, func(u *emulator.User) { u.FirstName = "Ada" })
	if got := b.invitation(emulator.Viewer, id); got["firstName"] != "Ada" {
		t.Errorf("the invitation is %v", got)
	}
}
