// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

func TestUserData(t *testing.T) {
	t.Parallel()
	for _, p := range bothProducts {
		t.Run(p.label, func(t *testing.T) {
			t.Parallel()
			a := newAccount(t)
			person := func(email string) emulator.Person {
				return emulator.Person{Email: email, FirstName: "Ines", LastName: "Okafor", ClinicRole: "Radiologist", NPINumber: "1674829308", CanCreateReports: true}
			}
			login := time.Date(2026, 9, 8, 6, 0, 0, 0, time.UTC)
			accepted := a.AddUser(p.product, emulator.User{Person: person(testEmail), InvitedSource: "dashboard", LastLoginAt: login})
			pendingInvitation := a.AddInvitation(p.product, emulator.Invitation{Person: person("ida@lakeside.example"), Expiry: time.Now().Add(time.Hour)})
			expired := a.AddInvitation(p.product, emulator.Invitation{Person: person("eve@lakeside.example"), Expiry: time.Now().Add(-time.Hour)})
			rejected := a.AddInvitation(p.product, emulator.Invitation{Person: person("rex@lakeside.example"), Status: "rejected"})
			idOf := func(invitation string) string {
				i, _ := a.Invitation(p.product, invitation)
				return i.UserID
			}
			twins := []string{a.AddUser(p.product, emulator.User{Person: person("twin@lakeside.example")}), a.AddUser(p.product, emulator.User{Person: person("Twin@lakeside.example")})}
			s := configured(a)
			name := "avara_" + p.typeName
			for _, tc := range []struct{ argument, value, id, status, active, invitation string }{
				{"id", accepted, accepted, "active", "true", ""},
				{"email", strings.ToUpper(testEmail), accepted, "active", "true", ""},
				{"id", idOf(pendingInvitation), idOf(pendingInvitation), "pending", "false", pendingInvitation},
				{"email", "Ida@lakeside.example", idOf(pendingInvitation), "pending", "false", pendingInvitation},
				{"email", "eve@lakeside.example", idOf(expired), "expired", "false", expired},
				{"id", idOf(rejected), idOf(rejected), "rejected", "false", rejected},
			} {
				got, diagnostics := s.readData(name, map[string]any{tc.argument: tc.value})
				if len(diagnostics) > 0 {
					t.Fatal(texts(diagnostics))
				}
				if text(got["id"]) != tc.id || text(got["status"]) != tc.status || flagOf(got["active"]) != tc.active || text(got["first_name"]) != "Ines" {
					t.Errorf("%s %s: %v", tc.argument, tc.value, got)
				}
				if tc.invitation != "" && text(got["invitation_id"]) != tc.invitation {
					t.Errorf("%s: invitation %v", tc.value, got["invitation_id"])
				}
				if tc.argument == "email" && text(got["email"]) != tc.value {
					t.Errorf("email %v, asked for %s", got["email"], tc.value)
				}
				if p.reports() && (text(got["npi_number"]) != "1674829308" || flagOf(got["can_create_reports"]) != "true") {
					t.Errorf("%s: %v", tc.value, got)
				}
				if tc.id == accepted && (text(got["invited_source"]) != "dashboard" || text(got["last_login_at"]) != "2026-09-08T06:00:00Z") {
					t.Errorf("%s: %v", tc.value, got)
				}
			}
			for value, want := range map[string][]string{
				"nobody@lakeside.example":        {p.label + " user not found", "neither a user nor an invitation"},
				"rex@lakeside.example":           {p.label + " user not found"},
				"usr_" + strings.Repeat("0", 32): {p.label + " user not found", "neither a user usr_00"},
				"TWIN@lakeside.example":          {"Several " + p.label + " users", twins[0] + " (active", twins[1] + " (active"},
				"Ines":                           {"must be an email address"},
				"ines@":                          {"must be an email address"},
			} {
				argument := "email"
				if strings.HasPrefix(value, "usr_") {
					argument = "id"
				}
				_, diagnostics := s.readData(name, map[string]any{argument: value})
				got := texts(diagnostics)
				for _, text := range want {
					if !strings.Contains(got, text) {
						t.Errorf("%s: no %q in %s", value, text, got)
					}
				}
				if strings.Contains(strings.ToLower(got), "lakeside.example") || strings.Contains(got, "Okafor") {
					t.Errorf("contains personal data: %s", got)
				}
			}
			if _, diagnostics := s.readData(name, nil); !strings.Contains(texts(diagnostics), "[id,email]") {
				t.Error(texts(diagnostics))
			}
			a.AddFault(emulator.Fault{Status: 403, Body: `{"message":"not your ` + testEmail + `"}`})
			_, diagnostics := s.readData(name, map[string]any{"email": testEmail})
			if got := texts(diagnostics); !strings.Contains(got, "Unable to look up") || strings.Contains(got, testEmail) {
				t.Error(got)
			}
		})
	}
}

// Two cases are told apart by the invitations: users whom the API hides because their
// access was revoked, and people whom it lists before they have accepted.
func TestUsersDataJoinsInvitations(t *testing.T) {
	t.Parallel()
	p := autoScribePeople
	person := func(email string) emulator.Person {
		return emulator.Person{Email: email, FirstName: "A", LastName: "B"}
	}
	for _, dialects := range [][]emulator.Dialect{nil, {emulator.ListShowsPendingUsers}, {emulator.ListHidesRevokedUsers}} {
		a := newAccount(t, emulator.WithDialects(dialects...))
		a.AddUser(p.product, emulator.User{Person: person("a@x.example")})
		a.AddInvitation(p.product, emulator.Invitation{Person: person("b@x.example"), Status: "accepted"})
		a.AddInvitation(p.product, emulator.Invitation{Person: person("c@x.example"), Expiry: time.Now().Add(time.Hour)})
		a.AddInvitation(p.product, emulator.Invitation{Person: person("d@x.example"), Expiry: time.Now().Add(-time.Hour)})
		gone := a.AddInvitation(p.product, emulator.Invitation{Person: person("e@x.example"), Status: "accepted"})
		invitation, _ := a.Invitation(p.product, gone)
		a.RevokeAccess(p.product, invitation.UserID)
		got, diagnostics := configured(a).readData("avara_autoscribe_users", nil)
		if len(diagnostics) > 0 {
			t.Fatal(texts(diagnostics))
		}
		want := []string{"active", "active", "pending", "expired", "active"}
		if slices.Contains(dialects, emulator.ListHidesRevokedUsers) {
			want = want[:4]
		}
		if statuses := column(objects(t, got["users"]), "status"); !slices.Equal(statuses, want) {
			t.Errorf("%v: %q, want %q", dialects, statuses, want)
		}
	}
}

func TestUsersData(t *testing.T) {
	t.Parallel()
	for _, p := range bothProducts {
		t.Run(p.label, func(t *testing.T) {
			t.Parallel()
			a := newAccount(t)
			a.Seed(emulator.Seed{Users: 160})
			a.AddUser(p.product, emulator.User{Person: emulator.Person{Email: "Olu@lakeside.example", FirstName: "Olu", LastName: "Adeyemi", Level: "owner"}, InvitedSource: "dashboard"})
			s := configured(a)
			list, invitations := p.route("GET"), p.route("GET /invitations")
			tests := map[string]struct {
				arguments map[string]any
				count     int
				users     int // pages
				query     string
			}{
				"all":              {nil, 161, 2, "limit=100"},
				"accepted":         {map[string]any{"active": true}, 129, 2, "limit=100"},
				"not accepted":     {map[string]any{"active": false}, 32, 2, "limit=100"},
				"active":           {map[string]any{"status": "active"}, 129, 2, "limit=100"},
				"pending":          {map[string]any{"status": "pending"}, 32, 2, "limit=100"},
				"expired":          {map[string]any{"status": "expired"}, 0, 2, "limit=100"},
				"name":             {map[string]any{"name_contains": "olu ADE"}, 1, 2, "limit=100"},
				"email":            {map[string]any{"email": "olu@Lakeside.example"}, 1, 1, "email=olu%40Lakeside.example"},
				"pending by email": {map[string]any{"email": "priya.moreau.5@LAKESIDE.example"}, 1, 2, "email=priya.moreau.5%40lakeside.example"},
				"first name":       {map[string]any{"first_name": "ol"}, 1, 1, "firstName=ol"},
				"last name":        {map[string]any{"last_name": "deye"}, 1, 1, "lastName=deye"},
				"level":            {map[string]any{"level": "admin"}, 23, 1, "level=admin"},
				"source":           {map[string]any{"invited_source": "dashboard"}, 1, 1, "invitedSource=dashboard"},
			}
			if p.reports() {
				tests["reports"] = struct {
					arguments map[string]any
					count     int
					users     int
					query     string
				}{map[string]any{"can_create_reports": true}, 32, 1, "canCreateReports=true"}
			}
			for name, tc := range tests {
				a.ResetRequests()
				got, diagnostics := s.readData("avara_"+p.typeName+"s", tc.arguments)
				if len(diagnostics) > 0 {
					t.Fatal(texts(diagnostics))
				}
				users := objects(t, got["users"])
				if len(users) != tc.count {
					t.Errorf("%s: %d users, want %d", name, len(users), tc.count)
				}
				emails := column(users, "email")
				for i := range emails {
					emails[i] = strings.ToLower(emails[i])
				}
				if !slices.IsSorted(emails) {
					t.Errorf("%s: not sorted", name)
				}
				for _, user := range users {
					if (text(user["status"]) == "active") != (flagOf(user["active"]) == "true") || text(user["id"]) == "" {
						t.Errorf("%s: %v", name, user)
					}
				}
				if last := a.Requests()[len(a.Requests())-1]; !strings.Contains(last.Query, tc.query) {
					t.Errorf("%s: query %s, want %s", name, last.Query, tc.query)
				}
				a.expectRequests(allBut(), append([]string{invitations, invitations}, slices.Repeat([]string{list}, tc.users)...)...)
			}
			a.AddFault(emulator.Fault{Route: list, Status: 403, Body: `{"message":"not your olu@lakeside.example"}`})
			_, diagnostics := s.readData("avara_"+p.typeName+"s", map[string]any{"email": "olu@lakeside.example"})
			if got := texts(diagnostics); !strings.Contains(got, "Unable to list "+p.label+" users") || strings.Contains(got, "olu@") {
				t.Error(got)
			}
		})
	}
}

// The provider's log contains no names or addresses of looked-up people, even at TRACE.
func TestAccUserData_logNamesNobody(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	a.Seed(emulator.Seed{Users: 5})
	w := newWorkspace(a, `
data "avara_viewer_user" "ines" {
  email = "ines.okafor.1@lakeside.example"
}

data "avara_autoscribe_users" "all" {
  name_contains = "okafor"
}
`)
	w.env = append(w.env, "TF_LOG_PROVIDER=TRACE")
	r := w.plan().expectOK().expectQuiet()
	if !strings.Contains(r.log, "/v1/viewer/users") {
		t.Fatal("no log of requests")
	}
	for _, name := range []string{"lakeside.example", "kafor", "Ines"} {
		if strings.Contains(r.log, name) {
			t.Errorf("the log contains %q", name)
		}
	}
}
