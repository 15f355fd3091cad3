// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
)

const (
	testUserID       = "usr_3b71e0c95a244fd8a6e1947c02bd58f3"
	testInvitationID = "inv_c04d8a6f7e1b4923951fe2b0647a8d35"

	sentInvite = "POST /autoScribe/users"
	sentLook   = "GET /autoScribe/users/invitations"

	sentLookUsers = "GET /autoScribe/users"
)

var ines = Person{
	Email: "ines@lakeside.example", FirstName: "Ines", LastName: "Okafor", ClinicRole: "Radiologist", Level: LevelMember,
	HasDashboardAccess: new(true), CanManageStudies: new(false), CanCreateReports: new(true), NPINumber: "1674829308", Suffix1: "MD",
}

const inesFields = `"email":"Ines@lakeside.example","firstName":"Ines","lastName":"Okafor","clinicRole":"Radiologist","level":"member",
	"hasDashboardAccess":true,"canManageStudies":false,"canCreateReports":true,"npiNumber":"1674829308","suffix1":"MD","suffix2":null`

func userAnswer(lastName string) answer {
	fields := strings.Replace(inesFields, "Okafor", lastName, 1)
	return answer{status: 200, body: fmt.Sprintf(`{"userId":%q,%s,"lastLoginAt":null,"future":[]}`, testUserID, fields)}
}

func invitationJSON(id, status, createdAt string) string {
	return fmt.Sprintf(`{"invitationId":%q,"userId":%q,%s,"status":%q,"createdAt":%q,"invitedSource":"api","expiry":null,"inviterId":null}`,
		id, testUserID, inesFields, status, createdAt)
}

func userJSON(createdAt string) string {
	return fmt.Sprintf(`{"userId":%q,%s,"createdAt":%q,"invitedSource":"api"}`, testUserID, inesFields, createdAt)
}

func userPage(users ...string) answer {
	return answer{status: 200, body: `{"users":[` + strings.Join(users, ",") + `],"hasMore":false}`}
}

func invitationPage(invitations ...string) answer {
	return answer{status: 200, body: `{"invitations":[` + strings.Join(invitations, ",") + `],"hasMore":false}`}
}

// The fake clock of scripted tests starts at this time.
const now = "2000-01-01T00:00:00Z"

// An invite must not send two mails. It is sent again only if neither the invitations nor
// the users contain the address, in several searches.
func TestInvitesWhoseAnswerIsLost(t *testing.T) {
	t.Parallel()
	none := invitationPage()
	fresh := invitationJSON(testInvitationID, "sent", now)
	noUser, user := userPage(), userPage(userJSON(now))
	looks := func(n int) []string { return slices.Repeat([]string{sentLook, sentLookUsers}, n) }
	again := append(looks(4), sentInvite)
	for name, tc := range map[string]struct {
		invites []answer
		look    []answer
		users   answer
		sent    []string
		unknown bool
		id      string
	}{
		"answered":                  {[]answer{userAnswer("Okafor")}, nil, noUser, nil, false, testUserID},
		"lost, and made":            {[]answer{{err: io.ErrUnexpectedEOF}}, []answer{invitationPage(fresh)}, noUser, []string{sentLook}, false, testUserID},
		"lost, made, shown late":    {[]answer{{err: io.EOF}}, []answer{none, none, invitationPage(fresh)}, noUser, append(looks(2), sentLook), false, testUserID},
		"cut, and made":             {[]answer{{status: 200, body: "{}{}", cut: true}}, []answer{invitationPage(fresh)}, noUser, []string{sentLook}, false, testUserID},
		"503, and made":             {[]answer{status(503)}, []answer{invitationPage(fresh)}, noUser, []string{sentLook}, false, testUserID},
		"success without id":        {[]answer{{status: 204}}, []answer{invitationPage(fresh)}, noUser, []string{sentLook}, false, testUserID},
		"made, accepted at once":    {[]answer{status(503)}, []answer{invitationPage(invitationJSON(testInvitationID, "accepted", now))}, noUser, []string{sentLook}, false, testUserID},
		"made, shown as a user":     {[]answer{status(503)}, []answer{none}, user, looks(1), false, testUserID},
		"success, but not there":    {[]answer{{status: 204}}, []answer{none}, noUser, looks(4), true, ""},
		"503, and not made":         {[]answer{status(503), userAnswer("Okafor")}, []answer{none}, noUser, again, false, testUserID},
		"lost, and not made":        {[]answer{{err: io.EOF}, userAnswer("Okafor")}, []answer{none}, noUser, append(looks(8), sentInvite), false, testUserID},
		"lost, refused, shown late": {[]answer{status(503), status(409)}, []answer{none, none, none, none, invitationPage(fresh)}, noUser, append(again, sentLook), false, testUserID},
		"lost, look fails":          {[]answer{{hang: true}}, []answer{status(403)}, noUser, []string{sentLook}, true, ""},
		"lost, look at users fails": {[]answer{{hang: true}}, []answer{none}, status(403), looks(1), true, ""},
		"an older one is not ours":  {[]answer{status(503), status(409)}, []answer{invitationPage(invitationJSON(testInvitationID, "sent", "1999-12-31T23:00:00Z"))}, noUser, append(again, looks(4)...), false, ""},
		"an older user is not ours": {[]answer{status(503), status(409)}, []answer{none}, userPage(userJSON("1999-01-01T00:00:00Z")), append(again, looks(4)...), false, ""},
		"a user of unknown age":     {[]answer{status(503)}, []answer{none}, userPage(userJSON("")), looks(4), true, ""},
		"under another name":        {[]answer{status(503)}, []answer{invitationPage(strings.Replace(fresh, `"Ines"`, `"Ida"`, 1))}, noUser, looks(4), true, ""},
		"revoked at once":           {[]answer{status(503)}, []answer{invitationPage(invitationJSON(testInvitationID, "revoked", now))}, noUser, looks(4), true, ""},
		"the dashboard's":           {[]answer{status(503)}, []answer{invitationPage(strings.Replace(fresh, `"api"`, `"dashboard"`, 1))}, noUser, looks(4), true, ""},
		"without a user's id":       {[]answer{status(503)}, []answer{invitationPage(strings.Replace(fresh, `"`+testUserID+`"`, "null", 1))}, noUser, looks(4), true, ""},
		"another person's":          {[]answer{status(503), userAnswer("Okafor")}, []answer{invitationPage(strings.Replace(fresh, "Ines@", "Ida@", 1))}, noUser, again, false, testUserID},
		"the older of several":      {[]answer{status(503)}, []answer{invitationPage(strings.ReplaceAll(invitationJSON("inv_2", "sent", "2000-01-01T00:00:01Z"), testUserID, "usr_2"), fresh)}, noUser, []string{sentLook}, false, testUserID},
		"refused":                   {[]answer{status(409)}, nil, noUser, nil, false, ""},
		"429, sent again":           {[]answer{status(429), userAnswer("Okafor")}, nil, noUser, []string{sentInvite}, false, testUserID},
		"no connection, again":      {[]answer{{refused: true}, userAnswer("Okafor")}, nil, noUser, []string{sentInvite}, false, testUserID},
	} {
		t.Run(name, func(t *testing.T) {
			answers := map[string][]answer{"POST /users": tc.invites, "GET /invitations": tc.look, "GET /users": {tc.users}}
			scripted(t, answers, func(t *testing.T, c *Client, s *script) {
				user, err := c.InviteUser(t.Context(), AutoScribe, ines)
				var unknown *OutcomeUnknownError
				if errors.As(err, &unknown) != tc.unknown || (user == nil) != (tc.id == "") || user != nil && user.ID != tc.id {
					t.Errorf("got %+v, %v", user, err)
				}
				s.expectSent(append([]string{sentInvite}, tc.sent...)...)
			})
		})
	}
}

func TestInvitesSendWhatTheProductKnows(t *testing.T) {
	t.Parallel()
	for product, want := range map[Product]string{
		AutoScribe: `{"canCreateReports":true,"canManageStudies":false,"clinicRole":"Radiologist","email":"ines@lakeside.example","firstName":"Ines",` +
			`"hasDashboardAccess":true,"lastName":"Okafor","level":"member","npiNumber":"1674829308","suffix1":"MD"}`,
		Viewer: `{"canManageStudies":false,"clinicRole":"Radiologist","email":"ines@lakeside.example","firstName":"Ines",` +
			`"hasDashboardAccess":true,"lastName":"Okafor","level":"member","suffix1":"MD"}`,
	} {
		t.Run(string(product), func(t *testing.T) {
			scripted(t, map[string][]answer{"POST /users": {userAnswer("Okafor")}}, func(t *testing.T, c *Client, s *script) {
				if _, err := c.InviteUser(t.Context(), product, ines); err != nil {
					t.Error(err)
				}
				if s.bodies[0] != want {
					t.Errorf("sent %s\nwant %s", s.bodies[0], want)
				}
				s.expectSent("POST /" + string(product) + "/users")
			})
		})
	}
}

func TestPersonChangesSendOnlyWhatChanges(t *testing.T) {
	t.Parallel()
	yes, name, none := true, "Lind", ""
	change := PersonChange{LastName: &name, CanManageStudies: &yes, CanCreateReports: &yes, NPINumber: &none, Suffix1: &none}
	for product, want := range map[Product]string{
		AutoScribe: `{"canCreateReports":true,"canManageStudies":true,"lastName":"Lind","npiNumber":null,"suffix1":null}`,
		Viewer:     `{"canManageStudies":true,"lastName":"Lind","suffix1":null}`,
	} {
		t.Run(string(product), func(t *testing.T) {
			scripted(t, map[string][]answer{
				"PATCH /" + testUserID:       {userAnswer("Lind")},
				"PATCH /" + testInvitationID: {{status: 200, body: invitationJSON(testInvitationID, "sent", now)}},
			}, func(t *testing.T, c *Client, s *script) {
				if user, err := c.UpdateUser(t.Context(), product, testUserID, change); err != nil || user.LastName != "Lind" {
					t.Error(user, err)
				}
				if invitation, err := c.UpdateInvitation(t.Context(), product, testInvitationID, change); err != nil || invitation.UserID != testUserID {
					t.Error(invitation, err)
				}
				if !slices.Equal(s.bodies, []string{want, want}) {
					t.Errorf("sent %q, want %s", s.bodies, want)
				}
			})
		})
	}
}

func TestLostPatchesOfPeopleAreLookedAfter(t *testing.T) {
	t.Parallel()
	name := "Lind"
	change := PersonChange{LastName: &name}
	renamed := strings.Replace(invitationJSON(testInvitationID, "sent", now), "Okafor", "Lind", 1)
	t.Run("user: made", func(t *testing.T) {
		scripted(t, map[string][]answer{"PATCH /" + testUserID: {{err: io.EOF}}, "GET /" + testUserID: {userAnswer("Lind")}},
			func(t *testing.T, c *Client, s *script) {
				if user, err := c.UpdateUser(t.Context(), Viewer, testUserID, change); err != nil || user.LastName != "Lind" {
					t.Error(user, err)
				}
				s.expectSent("PATCH /viewer/users/"+testUserID, "GET /viewer/users/"+testUserID)
			})
	})
	t.Run("user: not made, sent again", func(t *testing.T) {
		scripted(t, map[string][]answer{"PATCH /" + testUserID: {status(503), userAnswer("Lind")}, "GET /" + testUserID: {userAnswer("Okafor")}},
			func(t *testing.T, c *Client, s *script) {
				if _, err := c.UpdateUser(t.Context(), Viewer, testUserID, change); err != nil {
					t.Error(err)
				}
				s.expectSent("PATCH /viewer/users/"+testUserID, "GET /viewer/users/"+testUserID, "PATCH /viewer/users/"+testUserID)
			})
	})
	t.Run("user: success without a body", func(t *testing.T) {
		scripted(t, map[string][]answer{"PATCH /" + testUserID: {{status: 204}}, "GET /" + testUserID: {userAnswer("Lind")}},
			func(t *testing.T, c *Client, _ *script) {
				if user, err := c.UpdateUser(t.Context(), Viewer, testUserID, change); err != nil || user.LastName != "Lind" {
					t.Error(user, err)
				}
			})
	})
	t.Run("invitation: made", func(t *testing.T) {
		scripted(t, map[string][]answer{"PATCH /" + testInvitationID: {{hang: true}}, "GET /" + testInvitationID: {{status: 200, body: renamed}}},
			func(t *testing.T, c *Client, s *script) {
				if invitation, err := c.UpdateInvitation(t.Context(), AutoScribe, testInvitationID, change); err != nil || invitation.LastName != "Lind" {
					t.Error(invitation, err)
				}
				s.expectSent("PATCH /autoScribe/users/invitations/"+testInvitationID, "GET /autoScribe/users/invitations/"+testInvitationID)
			})
	})
	t.Run("invitation: accepted meanwhile", func(t *testing.T) {
		scripted(t, map[string][]answer{"PATCH /" + testInvitationID: {status(409)}}, func(t *testing.T, c *Client, s *script) {
			if _, err := c.UpdateInvitation(t.Context(), AutoScribe, testInvitationID, change); StatusOf(err) != 409 {
				t.Error(err)
			}
			s.expectSent("PATCH /autoScribe/users/invitations/" + testInvitationID)
		})
	})
}

func TestAccess(t *testing.T) {
	t.Parallel()
	says := func(code int, message string) answer {
		return answer{status: code, body: fmt.Sprintf(`{"message":%q}`, message)}
	}
	done := answer{status: 200, body: `{"success":true,"message":"access removed"}`}
	for name, tc := range map[string]struct {
		answers []answer
		sent    int
		err     string
	}{
		"done":                             {[]answer{done}, 1, ""},
		"without a body":                   {[]answer{{status: 204}}, 1, ""},
		"lost, sent again":                 {[]answer{{err: io.EOF}, done}, 2, ""},
		"lost, then done already":          {[]answer{status(503), says(409, "the user has no access already")}, 2, ""},
		"already, as 400":                  {[]answer{says(400, "Already revoked")}, 1, ""},
		"already, as 422":                  {[]answer{says(422, "User already revoked")}, 1, ""},
		"last admin":                       {[]answer{says(409, "the last admin can't lose access")}, 1, "last admin"},
		"forbidden is never done already":  {[]answer{says(403, "already forbidden")}, 1, "403"},
		"unknown is for the caller to say": {[]answer{says(404, "already gone")}, 1, "404 Not Found: already gone"},
		"success that is none":             {[]answer{{status: 200, body: `{"success":false,"message":"it is Sunday"}`}}, 1, "it is Sunday"},
	} {
		t.Run(name, func(t *testing.T) {
			for action, call := range map[string]func(*Client, context.Context, Product, string) error{
				"/revoke-access": (*Client).RevokeAccess,
				"/reactivate":    (*Client).ReactivateUser,
			} {
				t.Run(action, func(t *testing.T) {
					sent := slices.Repeat([]string{"POST /autoScribe/users" + action}, tc.sent)
					if strings.HasPrefix(tc.err, "404") && action == "/revoke-access" {
						// The user is not found either, and the list shows that the API answers.
						sent = append(sent, "GET /autoScribe/users/"+testUserID, sentLook)
					}
					scripted(t, map[string][]answer{"POST " + action: slices.Clone(tc.answers), "GET /" + testUserID: {status(404)}, "GET /invitations": {invitationPage()}}, func(t *testing.T, c *Client, s *script) {
						err := call(c, t.Context(), AutoScribe, testUserID)
						if tc.err == "" && err != nil || tc.err != "" && (err == nil || !strings.Contains(err.Error(), tc.err)) {
							t.Errorf("error %v, want %q", err, tc.err)
						}
						s.expectSent(sent...)
						if s.bodies[0] != `{"userId":"`+testUserID+`"}` {
							t.Errorf("body %s", s.bodies[0])
						}
					})
				})
			}
		})
	}
}

// A proxy that lets only reads through answers 404 to a revocation. The API may answer so,
// too, where the user has no access left.
func TestAccessThatIsNotFoundIsNotRevokedFromAUserWhoIs(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		revoke, user     answer
		done, stillThere bool
	}{
		"shown":        {status(404), answer{status: 200, body: `{"userId":"` + testUserID + `"}`}, true, false},
		"a page":       {answer{status: 404, body: "<html></html>"}, answer{status: 200, body: `{"userId":"` + testUserID + `"}`}, false, true},
		"not readable": {status(404), status(403), false, false},
	} {
		t.Run(name, func(t *testing.T) {
			scripted(t, map[string][]answer{"POST /revoke-access": {tc.revoke}, "GET /" + testUserID: {tc.user}}, func(t *testing.T, c *Client, s *script) {
				err := c.RevokeAccess(t.Context(), AutoScribe, testUserID)
				if tc.done != (err == nil) || err != nil && (IsNotFound(err) || !strings.Contains(err.Error(), "404 Not Found") || errors.Is(err, ErrStillThere) != tc.stillThere) {
					t.Error(err)
				}
				s.expectSent("POST /autoScribe/users/revoke-access", "GET /autoScribe/users/"+testUserID)
			})
		})
	}
}

func TestUserListsAreFiltered(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var queries []string
		c, err := New(Options{APIKey: testKey, BaseURL: "https://api.test", Transport: roundTrip(func(req *http.Request) (*http.Response, error) {
			queries = append(queries, req.URL.RawQuery)
			return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader(`{"users":[{"userId":"a"}],"invitations":[]}`))}, nil
		})})
		if err != nil {
			t.Fatal(err)
		}
		no := false
		for _, filter := range []UserFilter{{}, {Email: "a+b@x.org"}, {FirstName: "A", LastName: "B", Level: LevelOwner, InvitedSource: InvitedByAPI, CanCreateReports: &no}} {
			for user, err := range c.Users(t.Context(), Viewer, filter) {
				if err != nil || user.ID != "a" {
					t.Error(user, err)
				}
			}
		}
		for _, filter := range []InvitationFilter{{}, {UserID: "usr_1", Statuses: []string{InvitationSent, InvitationAccepted}, StartDate: "2000-01-01", EndDate: "2000-01-02"}} {
			for _, err := range c.Invitations(t.Context(), Viewer, filter) {
				t.Error(err)
			}
		}
		want := []string{
			"limit=100",
			"email=a%2Bb%40x.org&limit=100",
			"canCreateReports=false&firstName=A&invitedSource=api&lastName=B&level=owner&limit=100",
			"expired=all&limit=100",
			"endDate=2000-01-02&expired=all&limit=100&startDate=2000-01-01&status=sent%2Caccepted&userId=usr_1",
		}
		if !slices.Equal(queries, want) {
			t.Errorf("queries %q\nwant %q", queries, want)
		}
	})
}

func TestAnswersOfAnotherKindAreNoUsers(t *testing.T) {
	scripted(t, map[string][]answer{"GET /" + testUserID: {{status: 200, body: "{}"}}, "GET /" + testInvitationID: {{status: 200, body: "{}"}}},
		func(t *testing.T, c *Client, _ *script) {
			if _, err := c.GetUser(t.Context(), Viewer, testUserID); err == nil || !strings.Contains(err.Error(), "success, but not with a user") {
				t.Error(err)
			}
			if _, err := c.GetInvitation(t.Context(), Viewer, testInvitationID); err == nil || !strings.Contains(err.Error(), "success, but not with an invitation") {
				t.Error(err)
			}
		})
}

// Observed attempts, which are logged, contain no personal data.
func TestObservedAttemptsNameNobody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log strings.Builder
		c, err := New(Options{
			APIKey: testKey, BaseURL: "https://api.test", MaxRetries: 1,
			Transport: roundTrip(func(*http.Request) (*http.Response, error) { return nil, io.ErrUnexpectedEOF }),
			Observe:   func(_ context.Context, a Attempt) { fmt.Fprintf(&log, "%+v\n", a) },
		})
		if err != nil {
			t.Fatal(err)
		}
		_, inviteErr := c.InviteUser(t.Context(), AutoScribe, ines)
		for _, listErr := range c.Users(t.Context(), AutoScribe, UserFilter{Email: ines.Email, LastName: ines.LastName}) {
			fmt.Fprintln(&log, inviteErr, listErr)
		}
		if inviteErr == nil || !strings.Contains(log.String(), "/v1/autoScribe/users") {
			t.Errorf("nothing was observed: %s", log.String())
		}
		for _, secret := range []string{"lakeside", "Okafor", ines.NPINumber} {
			if strings.Contains(log.String(), secret) {
				t.Errorf("the log contains %q: %s", secret, log.String())
			}
		}
	})
}
