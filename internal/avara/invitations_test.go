// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestNewestInvitation(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		page answer
		want string
	}{
		"none":                        {invitationPage(), ""},
		"newest, whatever the order":  {invitationPage(invitationJSON("inv_1", "revoked", "2026-01-01T00:00:00Z"), invitationJSON("inv_3", "sent", "2026-01-02T09:00:00.5+09:00"), invitationJSON("inv_2", "sent", "2026-01-02T00:00:00Z")), "inv_3"},
		"a filter that is not heeded": {invitationPage(`{"invitationId":"inv_9","userId":"usr_9","createdAt":"2027-01-01T00:00:00Z"}`, invitationJSON("inv_1", "sent", "2026-01-01")), "inv_1"},
		"an id in other letters":      {invitationPage(strings.Replace(invitationJSON("inv_1", "sent", ""), testUserID, strings.ToUpper(testUserID), 1)), "inv_1"},
		"without timestamps":          {invitationPage(invitationJSON("inv_1", "sent", "")), "inv_1"},
	} {
		t.Run(name, func(t *testing.T) {
			scripted(t, map[string][]answer{"GET /invitations": {tc.page}}, func(t *testing.T, c *Client, _ *script) {
				newest, err := c.NewestInvitation(t.Context(), AutoScribe, testUserID)
				if err != nil || (newest == nil) != (tc.want == "") || newest != nil && newest.ID != tc.want {
					t.Errorf("got %+v, %v, want %q", newest, err, tc.want)
				}
			})
		})
	}
}

// If invitations don't say whose they are, nobody is taken for a person without one.
func TestInvitationsWithoutTheirUser(t *testing.T) {
	page := invitationPage(`{"invitationId":"inv_1","status":"sent"}`)
	scripted(t, map[string][]answer{"GET /invitations": {page}}, func(t *testing.T, c *Client, _ *script) {
		newest, err := c.NewestInvitation(t.Context(), AutoScribe, testUserID)
		if unexpected, ok := errors.AsType[*UnexpectedAnswerError](err); !ok || !strings.Contains(unexpected.Error(), "whose they are") {
			t.Errorf("%+v, %v", newest, err)
		}
	})
}

func TestRevokingAnInvitation(t *testing.T) {
	t.Parallel()
	const revoke = "POST /autoScribe/users/invitations/revoke"
	expired := answer{status: 200, body: `{"invitations":[{"invitationId":"inv_1","userId":"` + testUserID + `","status":"sent","expiry":"1999-12-31T00:00:00Z"}]}`}
	for name, tc := range map[string]struct {
		revokes, look []answer
		sent          []string
		failed        bool
		accepted      bool
	}{
		"done":                       {[]answer{{status: 200, body: `{"success":true}`}}, nil, []string{revoke}, false, false},
		"lost, then revoked already": {[]answer{status(503), status(409)}, []answer{invitationPage(invitationJSON("inv_1", "revoked", now))}, []string{revoke, revoke, sentLook}, false, false},
		"rejected already":           {[]answer{status(400)}, []answer{invitationPage(invitationJSON("inv_1", "rejected", now))}, []string{revoke, sentLook}, false, false},
		"expired already":            {[]answer{status(409)}, []answer{expired}, []string{revoke, sentLook}, false, false},
		"accepted already":           {[]answer{status(409)}, []answer{invitationPage(invitationJSON("inv_1", "accepted", now))}, []string{revoke, sentLook}, true, true},
		"refused, though open":       {[]answer{status(403)}, []answer{invitationPage(invitationJSON("inv_1", "sent", now))}, []string{revoke, sentLook}, true, false},
		"gone":                       {[]answer{status(404)}, []answer{invitationPage()}, []string{revoke, sentLook}, false, false},
		"404, though open":           {[]answer{status(404)}, []answer{invitationPage(invitationJSON("inv_1", "sent", now))}, []string{revoke, sentLook}, true, false},
		"404, and the look too":      {[]answer{status(404)}, []answer{status(404)}, []string{revoke, sentLook}, true, false},
		"404, and no look":           {[]answer{status(404)}, []answer{status(403)}, []string{revoke, sentLook}, true, false},
		"not shown, not gone":        {[]answer{status(403)}, []answer{invitationPage()}, []string{revoke, sentLook}, true, false},
		"refused, and the look too":  {[]answer{status(409)}, []answer{status(403)}, []string{revoke, sentLook}, true, false},
		"503 for good":               {[]answer{status(503)}, nil, []string{revoke, revoke, revoke}, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			scripted(t, map[string][]answer{"POST /revoke": tc.revokes, "GET /invitations": tc.look}, func(t *testing.T, c *Client, s *script) {
				err := c.RevokeInvitation(t.Context(), AutoScribe, testUserID)
				if (err != nil) != tc.failed || errors.Is(err, ErrInvitationAccepted) != tc.accepted {
					t.Error(err)
				}
				if IsNotFound(err) {
					t.Errorf("a 404 that does not count: %v", err)
				}
				s.expectSent(tc.sent...)
				if s.bodies[0] != `{"userId":"`+testUserID+`"}` {
					t.Errorf("not exactly one id: %s", s.bodies[0])
				}
			})
		})
	}
}

func TestExpiry(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC)
	for expiry, want := range map[string]bool{
		"": false, "never": false, "2026-09-01T12:00:00Z": true, "2026-09-01T12:00:00.001Z": false,
		"2026-09-01T11:59:59.999Z": true, "2026-09-01T13:30:00+02:00": true, "2026-09-01T12:00:01": false, "2026-09-01": true,
	} {
		if got := (&Invitation{Status: InvitationSent, Expiry: expiry}).Expired(at); got != want {
			t.Errorf("%q: %t, want %t", expiry, got, want)
		}
	}
	if (&Invitation{Status: InvitationAccepted, Expiry: "2026-01-01"}).Expired(at) {
		t.Error("an accepted invitation can't expire")
	}
}
