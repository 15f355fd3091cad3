// SPDX-License-Identifier: MPL-2.0

package emulator_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

const day = 24 * time.Hour

// usersPath is the path of a product's users.
func usersPath(product emulator.Product) string { return "/v1/" + string(product) + "/users" }

// inviteBody is the body of a complete invite, with some fields changed; nil removes a
// field.
func inviteBody(product emulator.Product, changes map[string]any) string {
	body := map[string]any{
		"email": "ines.okafor@lakeside.example", "firstName": "Ines", "lastName": "Okafor", "clinicRole": "Radiologist",
		"level": "member", "canManageStudies": true, "hasDashboardAccess": true,
	}
	if product == emulator.AutoScribe {
		body["canCreateReports"] = true
		body["npiNumber"] = "1674829308"
	}
	maps.Copy(body, changes)
	maps.DeleteFunc(body, func(_ string, value any) bool { return value == nil })
	return mustText(body)
}

// invite invites a person and returns the user id.
func (b *bench) invite(product emulator.Product, changes map[string]any) string {
	b.t.Helper()
	return b.ok("POST", usersPath(product), inviteBody(product, changes))["userId"].(string)
}

// join invites a person, accepts the invitation, and returns the user id.
func (b *bench) join(product emulator.Product, changes map[string]any) string {
	b.t.Helper()
	id := b.invite(product, changes)
	if !b.AcceptInvitation(product, id) {
		b.t.Fatalf("the invitation of %s cannot be accepted", id)
	}
	return id
}

// invitation returns the only invitation of a user from the list.
func (b *bench) invitation(product emulator.Product, userID string) map[string]any {
	b.t.Helper()
	list := b.ok("GET", usersPath(product)+"/invitations?userId="+userID, "")["invitations"].([]any)
	if len(list) != 1 {
		b.t.Fatalf("user %s has %d invitations", userID, len(list))
	}
	return list[0].(map[string]any)
}

// eachProduct runs a test for both products.
func eachProduct(t *testing.T, test func(t *testing.T, product emulator.Product, users string)) {
	t.Helper()
	for _, product := range emulator.Products() {
		t.Run(string(product), func(t *testing.T) {
			t.Parallel()
			test(t, product, usersPath(product))
		})
	}
}

func TestInviteAutoScribe(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	user := b.ok("POST", "/v1/autoScribe/users", inviteBody(emulator.AutoScribe, map[string]any{"suffix1": "MD"}))
	id := user["userId"].(string)
	equalJSON(t, without(user, "userId"), `{"email":"ines.okafor@lakeside.example","firstName":"Ines","lastName":"Okafor",
		"clinicRole":"Radiologist","level":"member","canManageStudies":true,"hasDashboardAccess":true,"canCreateReports":true,
		"npiNumber":"1674829308","suffix1":"MD","invitedSource":"api","createdAt":"2026-09-02T13:05:41Z","lastLoginAt":null}`)

	invitation := b.invitation(emulator.AutoScribe, id)
	if !strings.HasPrefix(invitation["invitationId"].(string), "inv_") || len(invitation["clinicId"].(string)) != 36 ||
		len(invitation["invitedByApiKeyId"].(string)) != 36 {
		t.Errorf("ids of the invitation: %v", invitation)
	}
	equalJSON(t, without(invitation, "invitationId", "clinicId", "invitedByApiKeyId"), `{"userId":"`+id+`",
		"email":"ines.okafor@lakeside.example","firstName":"Ines","lastName":"Okafor","clinicRole":"Radiologist","level":"member",
		"canManageStudies":true,"hasDashboardAccess":true,"canCreateReports":true,"npiNumber":"1674829308","middleName":null,
		"phoneNumber":null,"suffix1":"MD","suffix2":null,"status":"sent","expiry":"2026-10-02T13:05:41Z",
		"createdAt":"2026-09-02T13:05:41Z","updatedAt":"2026-09-02T13:05:41Z","invitedSource":"api","inviterId":null}`)
	equalJSON(t, b.ok("GET", "/v1/autoScribe/users/invitations/"+invitation["invitationId"].(string), ""), mustText(invitation))
}

func TestInviteViewer(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	user := b.ok("POST", "/v1/viewer/users", `{"email":"tom.reyes@lakeside.example","firstName":"Tom","lastName":"Reyes",
		"clinicRole":"IT Support","level":"admin","canManageStudies":false,"hasDashboardAccess":true,"phoneNumber":"3125550147"}`)
	id := user["userId"].(string)
	equalJSON(t, without(user, "userId"), `{"email":"tom.reyes@lakeside.example","firstName":"Tom","lastName":"Reyes",
		"clinicRole":"IT Support","level":"admin","canManageStudies":false,"hasDashboardAccess":true,"phoneNumber":"3125550147",
		"invitedSource":"api","createdAt":"2026-09-02T13:05:41Z","lastLoginAt":null}`)
	invitation := b.invitation(emulator.Viewer, id)
	for _, key := range []string{"canCreateReports", "npiNumber"} {
		if _, there := invitation[key]; there {
			t.Errorf("a Viewer invitation has %s", key)
		}
	}
	b.wantError(400, "npiNumber: is not a field of this request", "POST", "/v1/viewer/users",
		inviteBody(emulator.Viewer, map[string]any{"npiNumber": "1674829308"}))
	b.wantError(400, "canCreateReports: is not a field of this request", "PATCH", "/v1/viewer/users/"+id, `{"canCreateReports":false}`)
}

// personMistakes are errors in an invite and in an update.
var personMistakes = []struct {
	change map[string]any
	want   string
}{
	{map[string]any{"firstName": ""}, "firstName: must have 1 to 255"},
	{map[string]any{"lastName": strings.Repeat("x", 256)}, "lastName: must have 1 to 255"},
	{map[string]any{"lastName": 7}, "lastName: must be a string"},
	{map[string]any{"clinicRole": "PACS Administrator"}, "clinicRole: must be a clinic role"},
	{map[string]any{"clinicRole": "radiologist"}, "clinicRole: must be a clinic role"},
	{map[string]any{"level": "owner"}, "level: must be one of admin, member"},
	{map[string]any{"canManageStudies": "true"}, "canManageStudies: must be true or false"},
	{map[string]any{"middleName": ""}, "middleName: must have 1 to 255"},
	{map[string]any{"suffix1": ""}, "suffix1: must have 1 to 255"},
	{map[string]any{"suffix2": ""}, "suffix2: must have 1 to 255"},
	{map[string]any{"phoneNumber": "312555014"}, "phoneNumber: must be 10 to 15 digits"},
	{map[string]any{"phoneNumber": "1234567890123456"}, "phoneNumber: must be 10 to 15 digits"},
	{map[string]any{"phoneNumber": "+13125550147"}, "phoneNumber: must be 10 to 15 digits"},
	{map[string]any{"level": "admin", "hasDashboardAccess": false}, "hasDashboardAccess: must be true when level is admin"},
	{map[string]any{"isActive": true}, "isActive: is not a field of this request"},
}

func TestInviteConstraints(t *testing.T) {
	t.Parallel()
	eachProduct(t, func(t *testing.T, product emulator.Product, users string) {
		b := newBench(t)
		for _, mistake := range personMistakes {
			b.wantError(400, mistake.want, "POST", users, inviteBody(product, mistake.change))
		}
		for _, field := range []string{
			"email", "firstName", "lastName", "clinicRole", "level", "canManageStudies", "hasDashboardAccess",
		} {
			b.wantError(400, field+": is required", "POST", users, inviteBody(product, map[string]any{field: nil}))
		}
		for _, field := range []string{"middleName", "phoneNumber", "suffix1", "suffix2"} {
			body := strings.Replace(inviteBody(product, nil), "{", `{"`+field+`":null,`, 1)
			b.wantError(400, field+": must not be null", "POST", users, body)
		}
		for _, email := range []string{"", "x", "x@y", "x@y.z", "a b@c.de", "@c.de", "x@c.de ", "x@c.de, y@c.de"} {
			b.wantError(400, "email: must be an email address", "POST", users, inviteBody(product, map[string]any{"email": email}))
		}
		if got := b.Users(product); len(got) > 0 {
			t.Errorf("users were created: %v", got)
		}
	})
}

func TestReportsNeedAnNPI(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	const product, users = emulator.AutoScribe, "/v1/autoScribe/users"
	b.wantError(400, "canCreateReports: is required", "POST", users, inviteBody(product, map[string]any{"canCreateReports": nil}))
	b.wantError(400, "npiNumber: is required when canCreateReports is true", "POST", users,
		inviteBody(product, map[string]any{"npiNumber": nil}))
	for _, npi := range []any{"", "167482930", "16748293081", "167482930x"} {
		b.wantError(400, "npiNumber: must be 10 digits", "POST", users, inviteBody(product, map[string]any{"npiNumber": npi}))
	}
	user := users + "/" + b.join(product, map[string]any{"canCreateReports": false, "npiNumber": nil})
	b.wantError(400, "npiNumber: is required", "PATCH", user, `{"canCreateReports":true}`)
	b.ok("PATCH", user, `{"npiNumber":"1674829308"}`)
	b.ok("PATCH", user, `{"canCreateReports":true}`)
	b.wantError(400, "npiNumber: is required", "PATCH", user, `{"npiNumber":null}`)
	got := b.ok("PATCH", user, `{"npiNumber":null,"canCreateReports":false}`)
	if _, there := got["npiNumber"]; there || got["canCreateReports"] != false {
		t.Errorf("after the NPI was cleared: %v", got)
	}
}

func TestUserUpdate(t *testing.T) {
	t.Parallel()
	eachProduct(t, func(t *testing.T, product emulator.Product, users string) {
		b := newBench(t)
		id := b.join(product, map[string]any{"suffix1": "MD", "middleName": "A"})
		before := b.ok("GET", users+"/"+id, "")
		b.clock.Advance(time.Hour)
		after := b.ok("PATCH", users+"/"+id, `{"lastName":"Okafor-Lind","phoneNumber":"3125550162","suffix1":null}`)
		want := without(before, "suffix1")
		want["lastName"], want["phoneNumber"] = "Okafor-Lind", "3125550162"
		equalJSON(t, after, mustText(want))
		equalJSON(t, b.ok("GET", users+"/"+id, ""), mustText(want))
		equalJSON(t, b.ok("PATCH", users+"/"+id, `{}`), mustText(want))
		for _, mistake := range personMistakes {
			b.wantError(400, mistake.want, "PATCH", users+"/"+id, mustText(mistake.change))
		}
		for _, field := range []string{"firstName", "lastName", "clinicRole", "level", "canManageStudies", "hasDashboardAccess"} {
			b.wantError(400, field+": must not be null", "PATCH", users+"/"+id, `{"`+field+`":null}`)
		}
		b.wantError(400, "email: is not a field", "PATCH", users+"/"+id, `{"email":"x@y.example"}`)
		equalJSON(t, b.ok("GET", users+"/"+id, ""), mustText(want))
		b.wantError(404, "was not found", "PATCH", users+"/usr_0", `{}`)

		b.ok("PATCH", users+"/"+id, `{"level":"admin"}`)
		b.wantError(400, "hasDashboardAccess", "PATCH", users+"/"+id, `{"hasDashboardAccess":false}`)
		b.ok("PATCH", users+"/"+id, `{"level":"member","hasDashboardAccess":false}`)
		b.wantError(400, "hasDashboardAccess", "PATCH", users+"/"+id, `{"level":"admin"}`)
	})
}

func TestUserLifecycle(t *testing.T) {
	t.Parallel()
	eachProduct(t, func(t *testing.T, product emulator.Product, users string) {
		b := newBench(t)
		id := b.invite(product, nil)
		one, named := users+"/"+id, `{"userId":"`+id+`"}`

		// While the user is pending, GET does not find the user.
		b.wantError(404, "was not found", "GET", one, "")
		b.wantError(404, "was not found", "PATCH", one, `{"firstName":"x"}`)
		b.wantError(404, "was not found", "POST", users+"/revoke-access", named)
		b.wantError(404, "was not found", "POST", users+"/reactivate", named)
		if list := b.ok("GET", users, ""); len(list["users"].([]any)) != 0 {
			t.Errorf("the list shows a pending user: %v", list)
		}

		// After the invitation is accepted.
		b.clock.Advance(time.Hour)
		if !b.AcceptInvitation(product, id) || b.AcceptInvitation(product, id) || b.RejectInvitation(product, id) {
			t.Error("an invitation must be accepted exactly once")
		}
		if got := b.invitation(product, id); got["status"] != "accepted" || got["updatedAt"] != "2026-09-02T14:05:41Z" {
			t.Errorf("the invitation is %v", got)
		}
		active := b.ok("GET", one, "")
		equalJSON(t, b.ok("GET", users, ""), `{"users":[`+mustText(active)+`],"hasMore":false}`)

		// The access is revoked and restored, each twice.
		for range 2 {
			equalJSON(t, b.ok("POST", users+"/revoke-access", named), `{"success":true,"message":"access removed"}`)
			if got, _ := b.User(product, id); !got.Revoked {
				t.Error("the user still has access")
			}
		}
		equalJSON(t, b.ok("GET", one, ""), mustText(active))
		b.ok("PATCH", one, `{"firstName":"Ina"}`)
		for range 2 {
			b.ok("POST", users+"/reactivate", named)
			if got, _ := b.User(product, id); got.Revoked || got.FirstName != "Ina" {
				t.Errorf("the user is %+v", got)
			}
		}
		b.wantError(400, "userId: is required", "POST", users+"/revoke-access", `{}`)
		b.wantError(400, "userId: must be", "POST", users+"/reactivate", `{"userId":"x"}`)
	})
}

func TestProductsAreSeparate(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	id := b.join(emulator.AutoScribe, nil)
	b.wantError(404, "was not found", "GET", "/v1/viewer/users/"+id, "")
	b.invite(emulator.Viewer, nil)
	if got := len(b.Users(emulator.AutoScribe)); got != 1 {
		t.Errorf("%d AutoScribe users", got)
	}
}

func TestInviteTwice(t *testing.T) {
	t.Parallel()
	eachProduct(t, func(t *testing.T, product emulator.Product, users string) {
		b := newBench(t)
		first := b.invite(product, nil)
		again := func() string {
			b.clock.Advance(time.Minute)
			return b.invite(product, map[string]any{"email": "INES.okafor@lakeside.example"})
		}
		taken := inviteBody(product, map[string]any{"email": "Ines.Okafor@Lakeside.example"})
		b.wantError(409, "is invited already", "POST", users, taken)

		b.ok("POST", users+"/invitations/revoke", `{"userId":"`+first+`"}`)
		second := again()
		if second == first {
			t.Error("a new invitation has the old user id")
		}
		b.RejectInvitation(product, second)
		third := again()
		b.ExpireInvitation(product, third)
		fourth := again()
		b.AcceptInvitation(product, fourth)
		b.wantError(409, "is a user already", "POST", users, taken)
		b.RevokeAccess(product, fourth)
		b.wantError(409, "is a user already", "POST", users, taken)

		statuses := names(b.ok("GET", users+"/invitations", ""), "invitations", "status")
		if want := []string{"accepted", "sent", "rejected", "revoked"}; !slices.Equal(statuses, want) {
			t.Errorf("statuses %v, want %v", statuses, want)
		}
	})
}

func TestOwner(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	id := b.AddUser(emulator.Viewer, emulator.User{Person: emulator.Person{
		Email: "owner@lakeside.example", FirstName: "Ola", LastName: "Owner", Level: "owner", HasDashboardAccess: true,
	}})
	user := b.ok("GET", "/v1/viewer/users/"+id, "")
	if user["level"] != "owner" || user["invitedSource"] != "dashboard" || user["clinicRole"] != "Other" {
		t.Errorf("the owner is %v", user)
	}
	b.wantError(403, "is the owner", "PATCH", "/v1/viewer/users/"+id, `{"level":"member"}`)
	b.wantError(403, "is the owner", "POST", "/v1/viewer/users/revoke-access", `{"userId":"`+id+`"}`)
}

func TestUserFilters(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	const product = emulator.AutoScribe
	ines := b.join(product, nil)
	b.clock.Advance(time.Second)
	tom := b.join(product, map[string]any{
		"email": "tom@lakeside.example", "firstName": "Tomás", "lastName": "Reyes", "level": "admin", "canCreateReports": false,
	})
	b.clock.Advance(time.Second)
	zoe := b.AddUser(product, emulator.User{Person: emulator.Person{
		Email: "zoe@lakeside.example", FirstName: "Zoe", LastName: "Okafor-Lind", Level: "owner",
	}})
	for query, want := range map[string][]string{
		"":                                       {zoe, tom, ines},
		"email=Ines.Okafor%40lakeside.example":   {ines},
		"email=okafor":                           {},
		"firstName=om":                           {tom},
		"firstName=TOM%C3%81":                    {tom},
		"lastName=okafor":                        {zoe, ines},
		"level=owner":                            {zoe},
		"level=admin":                            {tom},
		"invitedSource=api":                      {tom, ines},
		"invitedSource=dashboard":                {zoe},
		"canCreateReports=true":                  {ines},
		"canCreateReports=false&lastName=reyes":  {tom},
		"canCreateReports=&level=&email=&other=": {zoe, tom, ines},
	} {
		got := names(b.ok("GET", "/v1/autoScribe/users?"+query, ""), "users", "userId")
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", query, got, want)
		}
	}
	for query, want := range map[string]string{
		"level=boss":            "level: must be one of owner, admin, member",
		"invitedSource=x":       "invitedSource: must be one of",
		"canCreateReports=1":    "canCreateReports: must be one of true, false",
		"canCreateReports=TRUE": "canCreateReports: must be one of",
		"limit=0":               "limit: must be",
	} {
		b.wantError(400, want, "GET", "/v1/autoScribe/users?"+query, "")
	}
	b.ok("GET", "/v1/viewer/users?canCreateReports=perhaps", "") // not a parameter of this product
}

func TestUserPages(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for i := range 9 {
		b.clock.Advance(time.Second)
		b.join(emulator.Viewer, map[string]any{"email": fmt.Sprintf("u%d@x.example", i), "lastName": fmt.Sprint("Name", i%3)})
	}
	first := b.ok("GET", "/v1/viewer/users?lastName=Name1&limit=2", "")
	if got := names(first, "users", "email"); !slices.Equal(got, []string{"u7@x.example", "u4@x.example"}) {
		t.Errorf("first page %v", got)
	}
	cursor := fmt.Sprint(first["cursor"])
	second := b.ok("GET", "/v1/viewer/users?lastName=Name1&limit=2&cursor="+cursor, "")
	if got := names(second, "users", "email"); !slices.Equal(got, []string{"u1@x.example"}) || second["hasMore"] != false {
		t.Errorf("second page %v", second)
	}
	b.wantError(400, "cursor: belongs to a query with other filters", "GET", "/v1/viewer/users?lastName=Name2&cursor="+cursor, "")
	b.wantError(400, "cursor: belongs to a query with other filters", "GET", "/v1/viewer/users?cursor="+cursor, "")
	sample := b.ok("GET", "/v1/viewer/users?lastName=Name1&cursor=eyJvZmZzZXQiOjJ9", "") // {"offset":2}, as in the vendor's sample
	if got := names(sample, "users", "email"); !slices.Equal(got, []string{"u4@x.example", "u1@x.example"}) {
		t.Errorf("from a cursor without filters: %v", got)
	}
}
