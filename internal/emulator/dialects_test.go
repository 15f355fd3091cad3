// SPDX-License-Identifier: MPL-2.0

package emulator_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// dialectTests has for each dialect a request that is answered differently. It returns
// true only with the dialect, which TestDialects checks.
var dialectTests = map[emulator.Dialect]func(b *bench) bool{
	emulator.ListHidesInactive: func(b *bench) bool {
		b.ok("POST", "/v1/express/"+b.createCustomer("a")+"/deactivate", "")
		list := b.ok("GET", "/v1/express?limit=1", "")
		return len(list["expressCustomers"].([]any)) == 0 && list["hasMore"] == false
	},
	emulator.OldestFirst: func(b *bench) bool {
		for _, name := range []string{"a", "b", "c"} {
			b.createCustomer(name)
			b.createReference(`{"name":` + quote(name) + `,"type":"facility"}`)
			b.clock.Advance(time.Second)
		}
		page := b.ok("GET", references+"?limit=2", "")
		next := b.ok("GET", references+"?limit=2&cursor="+page["cursor"].(string), "")
		return slices.Equal(names(b.ok("GET", "/v1/express", ""), "expressCustomers", "expressCustomerName"), []string{"a", "b", "c"}) &&
			slices.Equal(names(page, "clinicalReferences", "name"), []string{"a", "b"}) &&
			slices.Equal(names(next, "clinicalReferences", "name"), []string{"c"})
	},
	emulator.HasMoreAbsent: func(b *bench) bool {
		b.createCustomer("a")
		b.createCustomer("b")
		page := b.ok("GET", "/v1/express?limit=1", "")
		return lacks(page, "hasMore") && page["cursor"] != nil
	},
	emulator.LastCursorNull: func(b *bench) bool {
		return isNull(b.ok("GET", "/v1/express", ""), "cursor")
	},
	emulator.MetadataNull: func(b *bench) bool {
		return isNull(b.ok("GET", "/v1/express/"+b.createCustomer("a"), ""), "metadata")
	},
	emulator.MetadataEmptyObject: func(b *bench) bool {
		metadata, ok := b.ok("GET", "/v1/express/"+b.createCustomer("a"), "")["metadata"].(map[string]any)
		return ok && len(metadata) == 0
	},
	emulator.NullCreators: func(b *bench) bool {
		customer := b.ok("GET", "/v1/express/"+b.createCustomer("a"), "")
		return isNull(customer, "createdByUserId") && customer["createdByApiKeyId"] != nil
	},
	emulator.UserCountAbsent: func(b *bench) bool {
		_, sent := b.ok("GET", "/v1/express/"+b.createCustomer("a"), "")["userCount"]
		return !sent
	},
	emulator.InviterAlways: func(b *bench) bool {
		first := b.invitation(emulator.Viewer, b.invite(emulator.Viewer, nil))
		second := b.invitation(emulator.AutoScribe, b.invite(emulator.AutoScribe, nil))
		inviter, _ := first["inviterId"].(string)
		return strings.HasPrefix(inviter, "usr_") && len(inviter) == 36 && second["inviterId"] == inviter
	},
	emulator.NullsAbsent: func(b *bench) bool {
		invitation := b.invitation(emulator.Viewer, b.invite(emulator.Viewer, nil))
		return lacks(invitation, "inviterId") && lacks(invitation, "middleName")
	},
	emulator.NullsExplicit: func(b *bench) bool {
		user := b.ok("GET", "/v1/viewer/users/"+b.join(emulator.Viewer, nil), "")
		customer := b.ok("GET", "/v1/express/"+b.createCustomer("a"), "")
		return isNull(user, "suffix1") && isNull(customer, "metadata") && isNull(customer, "createdByUserId")
	},
	emulator.FractionalSeconds: func(b *bench) bool {
		b.clock.Advance(123 * time.Millisecond)
		return b.mustGetCustomer("a")["createdAt"] == "2026-09-02T13:05:41.123Z"
	},
	emulator.TimestampsNull: func(b *bench) bool {
		customer := b.mustGetCustomer("a")
		return isNull(customer, "updatedAt") && customer["createdAt"] != nil
	},
	emulator.ReadLag: func(b *bench) bool {
		one := "/v1/express/" + b.createCustomer("a")
		return b.send("GET", one, "").Status == 404 && b.send("GET", one, "").Status == 200
	},
	emulator.ErrorString: func(b *bench) bool {
		return b.mistake() == `{"error":"expressCustomerName: is required"}`
	},
	emulator.ErrorObject: func(b *bench) bool {
		return b.mistake() == `{"error":{"message":"expressCustomerName: is required"}}`
	},
	emulator.ErrorList: func(b *bench) bool {
		return b.mistake() == `{"errors":[{"field":"expressCustomerName","message":"is required"}]}`
	},
	emulator.ErrorText: func(b *bench) bool {
		return b.mistake() == `expressCustomerName: is required`
	},
	emulator.Validation422: func(b *bench) bool {
		return b.send("POST", "/v1/express", `{}`).Status == 422 && b.send("POST", "/v1/express", `{`).Status == 400
	},
	emulator.ForeignForbidden: func(b *bench) bool {
		return b.send("GET", "/v1/express/cus_0", "").Status == 403 && b.send("GET", "/nowhere", "").Status == 404
	},
	emulator.BadKeyForbidden: func(b *bench) bool {
		r := request("GET", "/v1/express", "")
		r.Header.Del("Authorization")
		return b.do(r).Status == 403
	},
	emulator.ConflictBadRequest: func(b *bench) bool {
		b.invite(emulator.Viewer, nil)
		return b.send("POST", "/v1/viewer/users", inviteBody(emulator.Viewer, nil)).Status == 400
	},
	emulator.ToggleTwiceConflict:   func(b *bench) bool { return b.toggleTwice() == 409 },
	emulator.ToggleTwiceBadRequest: func(b *bench) bool { return b.toggleTwice() == 400 },
	emulator.Create201: func(b *bench) bool {
		return b.send("POST", "/v1/express", `{"expressCustomerName":"a"}`).Status == 201 &&
			b.send("POST", "/v1/viewer/users", inviteBody(emulator.Viewer, nil)).Status == 201 &&
			b.send("GET", "/v1/express", "").Status == 200
	},
	emulator.Success204: func(b *bench) bool {
		path, body := membership(b.createCustomer("a"), b.join(emulator.Viewer, nil))
		answer := b.send("POST", path, body)
		return answer.Status == 204 && answer.Body == "" && answer.Header.Get("Content-Type") == ""
	},
	emulator.PatchInactiveRejected: func(b *bench) bool {
		one := "/v1/express/" + b.createCustomer("a")
		b.ok("POST", one+"/deactivate", "")
		return b.send("PATCH", one, `{"expressCustomerName":"b"}`).Status == 409
	},
	emulator.PatchMetadataMerges: func(b *bench) bool {
		one := "/v1/express/" + b.ok("POST", "/v1/express", `{"expressCustomerName":"a","metadata":{"a":"1","b":"2"}}`)["expressCustomerId"].(string)
		merged := mustText(b.ok("PATCH", one, `{"metadata":{"b":"3","c":"4"}}`)["metadata"])
		b.ok("PATCH", one, `{"metadata":`+pairs(47)+`}`)
		b.send("PATCH", one, `{"metadata":{"d":"5"}}`) // one pair too many
		full := len(b.ok("GET", one, "")["metadata"].(map[string]any))
		return merged == `{"a":"1","b":"3","c":"4"}` && full == 50 && lacks(b.ok("PATCH", one, `{"metadata":null}`), "metadata")
	},
	emulator.DuplicateNameConflict: func(b *bench) bool {
		b.ok("POST", "/v1/express/"+b.createCustomer("a")+"/deactivate", "")
		other := "/v1/express/" + b.createCustomer("b")
		return b.send("POST", "/v1/express", `{"expressCustomerName":"a"}`).Status == 409 &&
			b.send("PATCH", other, `{"expressCustomerName":"a"}`).Status == 409 &&
			b.send("PATCH", other, `{"expressCustomerName":"b"}`).Status == 200 &&
			b.send("POST", "/v1/express", `{"expressCustomerName":"A"}`).Status == 200
	},
	emulator.NamesTrimmed: func(b *bench) bool {
		blank := b.send("POST", "/v1/express", `{"expressCustomerName":"  "}`).Status
		return b.mustGetCustomer(" a ")["expressCustomerName"] == "a" && blank == 400
	},
	emulator.DeactivateDropsMembers: func(b *bench) bool {
		path, body := membership(b.createCustomer("a"), b.join(emulator.Viewer, nil))
		b.ok("POST", path, body)
		return b.ok("POST", strings.TrimSuffix(path, "users")+"deactivate", "")["userCount"] == 0.0
	},
	emulator.NotMemberBadRequest: func(b *bench) bool {
		path, body := membership(b.createCustomer("a"), b.join(emulator.Viewer, nil))
		return b.send("DELETE", path, body).Status == 400
	},
	emulator.AddMemberConflict: func(b *bench) bool {
		path, body := membership(b.createCustomer("a"), b.join(emulator.Viewer, nil))
		b.ok("POST", path, body)
		return b.send("POST", path, body).Status == 409
	},
	emulator.MembershipInactiveAllowed: func(b *bench) bool {
		path, body := membership(b.createCustomer("a"), b.join(emulator.Viewer, nil))
		b.ok("POST", strings.TrimSuffix(path, "users")+"deactivate", "")
		return b.send("POST", path, body).Status == 200
	},
	emulator.PendingMemberRejected: func(b *bench) bool {
		path, body := membership(b.createCustomer("a"), b.invite(emulator.Viewer, nil))
		return b.send("POST", path, body).Status == 400
	},
	emulator.PendingUserReadable: func(b *bench) bool {
		id := b.invite(emulator.Viewer, nil)
		one := "/v1/viewer/users/" + id
		readable := b.send("GET", one, "").Status == 200 && b.send("PATCH", one, `{"firstName":"Ada"}`).Status == 200
		renamed := b.invitation(emulator.Viewer, id)["firstName"] == "Ada"
		b.ExpireInvitation(emulator.Viewer, id)
		return readable && renamed && b.send("PATCH", one, `{"firstName":"Eve"}`).Status == 409
	},
	emulator.ListShowsPendingUsers: func(b *bench) bool {
		id := b.invite(emulator.Viewer, nil)
		return slices.Equal(names(b.ok("GET", "/v1/viewer/users", ""), "users", "userId"), []string{id})
	},
	emulator.RevokedUserMissing: func(b *bench) bool {
		id := b.join(emulator.Viewer, nil)
		b.ok("POST", "/v1/viewer/users/revoke-access", `{"userId":"`+id+`"}`)
		gone := b.send("GET", "/v1/viewer/users/"+id, "").Status == 404 && b.send("PATCH", "/v1/viewer/users/"+id, "{}").Status == 404
		b.ok("POST", "/v1/viewer/users/reactivate", `{"userId":"`+id+`"}`)
		return gone && b.send("GET", "/v1/viewer/users/"+id, "").Status == 200
	},
	emulator.ListHidesRevokedUsers: func(b *bench) bool {
		b.RevokeAccess(emulator.Viewer, b.join(emulator.Viewer, nil))
		return len(b.ok("GET", "/v1/viewer/users", "")["users"].([]any)) == 0
	},
	emulator.RevokeDropsMemberships: func(b *bench) bool {
		customer, user := b.createCustomer("a"), b.join(emulator.Viewer, nil)
		path, body := membership(customer, user)
		b.ok("POST", path, body)
		b.ok("POST", "/v1/viewer/users/revoke-access", body)
		return b.ok("GET", "/v1/express/"+customer, "")["userCount"] == 0.0
	},
	emulator.LastAdminProtected: func(b *bench) bool {
		id := b.join(emulator.Viewer, map[string]any{"level": "admin"})
		demote := func() int { return b.send("PATCH", "/v1/viewer/users/"+id, `{"level":"member"}`).Status }
		revoke := b.send("POST", "/v1/viewer/users/revoke-access", `{"userId":"`+id+`"}`).Status
		alone := demote()
		b.join(emulator.Viewer, map[string]any{"level": "admin", "email": "other@x.example"})
		return alone == 403 && revoke == 403 && demote() == 200
	},
	emulator.EmailLowerCase: func(b *bench) bool {
		id := b.join(emulator.Viewer, map[string]any{"email": "Ines@Lakeside.Example"})
		return b.ok("GET", "/v1/viewer/users/"+id, "")["email"] == "ines@lakeside.example"
	},
	emulator.ExpiryNull: func(b *bench) bool {
		return isNull(b.invitation(emulator.Viewer, b.invite(emulator.Viewer, nil)), "expiry")
	},
	emulator.ExpiredHiddenByDefault: func(b *bench) bool {
		b.ExpireInvitation(emulator.Viewer, b.invite(emulator.Viewer, nil))
		count := func(query string) int {
			return len(b.ok("GET", "/v1/viewer/users/invitations"+query, "")["invitations"].([]any))
		}
		return count("") == 0 && count("?expired=all") == 1
	},
	emulator.RevokedInvitationMissing: func(b *bench) bool {
		user := b.invite(emulator.Viewer, nil)
		one := "/v1/viewer/users/invitations/" + b.invitation(emulator.Viewer, user)["invitationId"].(string)
		b.ok("POST", "/v1/viewer/users/invitations/revoke", `{"userId":"`+user+`"}`)
		list := b.ok("GET", "/v1/viewer/users/invitations", "")["invitations"].([]any)
		return b.send("GET", one, "").Status == 404 && len(list) == 0
	},
	emulator.ReferenceExternalIDNotFreed: func(b *bench) bool {
		const body = `{"name":"a","type":"facility","externalReferenceId":"x"}`
		b.ok("POST", references+"/"+b.createReference(body)+"/delete", "")
		return b.send("POST", references, body).Status == 409
	},
	emulator.ReferenceDetachRejected: func(b *bench) bool {
		id := b.createReference(`{"name":"a","type":"facility","expressCustomerId":"` + b.createCustomer("a") + `"}`)
		return b.send("PATCH", references+"/"+id, `{"expressCustomerId":null}`).Status == 400
	},
	emulator.DeletedReferenceMissing: func(b *bench) bool {
		one := references + "/" + b.createReference(`{"name":"a","type":"facility"}`)
		b.ok("POST", one+"/delete", "")
		list := b.ok("GET", references+"?isActive=", "")["clinicalReferences"].([]any)
		return b.send("GET", one, "").Status == 404 && b.send("PATCH", one, `{}`).Status == 404 && len(list) == 0
	},
	emulator.DeleteTwiceConflict: func(b *bench) bool {
		one := references + "/" + b.createReference(`{"name":"a","type":"facility"}`)
		b.ok("POST", one+"/delete", "")
		return b.send("POST", one+"/delete", "").Status == 409
	},
	emulator.SessionWebhookMissing: func(b *bench) bool {
		return b.send("POST", "/v1/viewer/ephemeral-sessions", `{"retrievalId":"x"}`).Status == 400
	},
}

func TestDialects(t *testing.T) {
	t.Parallel()
	for _, info := range emulator.AllDialects() {
		t.Run(string(info.Dialect), func(t *testing.T) {
			t.Parallel()
			shows, ok := dialectTests[info.Dialect]
			if !ok {
				t.Fatal("the dialect has no test")
			}
			if info.Description == "" {
				t.Error("the dialect has no description")
			}
			if !shows(newBench(t, info.Dialect)) {
				t.Error("the dialect has no effect")
			}
			if shows(newBench(t)) {
				t.Error("the default answer is the dialect's")
			}
		})
	}
	if len(dialectTests) != len(emulator.AllDialects()) {
		t.Errorf("%d tests for %d dialects", len(dialectTests), len(emulator.AllDialects()))
	}
}

func lacks(object map[string]any, key string) bool {
	_, there := object[key]
	return !there
}

func isNull(object map[string]any, key string) bool {
	value, there := object[key]
	return there && value == nil
}

// mustGetCustomer creates a customer and reads it.
func (b *bench) mustGetCustomer(name string) map[string]any {
	b.t.Helper()
	return b.ok("GET", "/v1/express/"+b.createCustomer(name), "")
}

// mistake sends a create without a name and returns the error body.
func (b *bench) mistake() string {
	return strings.TrimSpace(b.send("POST", "/v1/express", `{}`).Body)
}

// toggleTwice returns the status of a repeated deactivation or reactivation, which must be
// the same for customers and users.
func (b *bench) toggleTwice() int {
	one := "/v1/express/" + b.createCustomer("a")
	user := `{"userId":"` + b.join(emulator.Viewer, nil) + `"}`
	statuses := []int{
		b.send("POST", one+"/reactivate", "").Status,
		b.send("POST", "/v1/viewer/users/reactivate", user).Status,
	}
	b.ok("POST", one+"/deactivate", "")
	b.ok("POST", "/v1/viewer/users/revoke-access", user)
	statuses = append(
		statuses,
		b.send("POST", one+"/deactivate", "").Status,
		b.send("POST", "/v1/viewer/users/revoke-access", user).Status,
	)
	if len(slices.Compact(slices.Clone(statuses))) != 1 {
		b.t.Errorf("statuses %v", statuses)
	}
	return statuses[0]
}

func TestContradictingDialects(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ set, want []emulator.Dialect }{
		{nil, []emulator.Dialect{}},
		{[]emulator.Dialect{emulator.ErrorText, emulator.ErrorList}, []emulator.Dialect{emulator.ErrorList}},
		{[]emulator.Dialect{emulator.ErrorList, emulator.ErrorText}, []emulator.Dialect{emulator.ErrorText}},
		{[]emulator.Dialect{emulator.NullCreators, emulator.MetadataNull, emulator.NullsAbsent}, []emulator.Dialect{emulator.NullsAbsent}},
		{
			[]emulator.Dialect{emulator.NullsAbsent, emulator.NullCreators, emulator.MetadataNull},
			[]emulator.Dialect{emulator.MetadataNull, emulator.NullCreators},
		},
		{[]emulator.Dialect{emulator.ReadLag, emulator.ReadLag}, []emulator.Dialect{emulator.ReadLag}},
		{
			[]emulator.Dialect{emulator.ToggleTwiceBadRequest, emulator.ErrorText, emulator.ToggleTwiceConflict},
			[]emulator.Dialect{emulator.ErrorText, emulator.ToggleTwiceConflict},
		},
	} {
		b := newBench(t, test.set...)
		if got := b.Dialects(); !slices.Equal(got, test.want) {
			t.Errorf("%v: got %v, want %v", test.set, got, test.want)
		}
	}
}

func TestParseDialects(t *testing.T) {
	t.Parallel()
	got, err := emulator.ParseDialects(" read-lag,,error-text ")
	if err != nil || !slices.Equal(got, []emulator.Dialect{emulator.ReadLag, emulator.ErrorText}) {
		t.Errorf("got %v, %v", got, err)
	}
	if _, err := emulator.ParseDialects("read-lag,klingon"); err == nil || !strings.Contains(err.Error(), "klingon") {
		t.Errorf("error %v", err)
	}
	defer func() {
		if recover() == nil {
			t.Error("an unknown dialect was set")
		}
	}()
	newBench(t).SetDialects("klingon")
}

func TestReadLag(t *testing.T) {
	t.Parallel()
	b := newBench(t, emulator.ReadLag)
	id := b.createCustomer("a")
	one := "/v1/express/" + id
	active := func() any { return b.ok("GET", one, "")["isActive"] }

	if list := b.ok("GET", "/v1/express", ""); len(list["expressCustomers"].([]any)) != 0 {
		t.Errorf("the list shows the new customer: %v", list)
	}
	if got := active(); got != true {
		t.Errorf("isActive %v after the list was read", got)
	}
	if got := b.ok("POST", one+"/deactivate", "")["isActive"]; got != false {
		t.Errorf("the write itself answers %v", got)
	}
	if first, second := active(), active(); first != true || second != false {
		t.Errorf("isActive %v, then %v", first, second)
	}
	b.ok("POST", one+"/deactivate", "") // changes nothing
	if got := active(); got != false {
		t.Errorf("isActive %v after no write", got)
	}
	b.ok("POST", one+"/reactivate", "")
	stale := b.ok("GET", "/v1/express", "")["expressCustomers"].([]any)[0].(map[string]any)["isActive"]
	if stale != false || active() != true {
		t.Errorf("the list shows isActive %v", stale)
	}
	b.EditCustomer(id, func(c *emulator.Customer) { c.IsActive = false })
	if got := active(); got != false {
		t.Errorf("isActive %v after a change in the dashboard", got)
	}
	b.ok("PATCH", one, `{"expressCustomerName":"b"}`)
	b.SetDialects()
	if got := b.ok("GET", one, "")["expressCustomerName"]; got != "b" {
		t.Errorf("name %v without the dialect", got)
	}
	b.SetDialects(emulator.ReadLag)
	if got := b.ok("GET", one, "")["expressCustomerName"]; got != "b" {
		t.Errorf("name %v with the dialect again", got)
	}
}

func TestReadLagOfUsers(t *testing.T) {
	t.Parallel()
	b := newBench(t, emulator.ReadLag)
	id := b.invite(emulator.Viewer, nil)
	list := func() int {
		return len(b.ok("GET", "/v1/viewer/users/invitations?userId="+id, "")["invitations"].([]any))
	}
	if first, second := list(), list(); first != 0 || second != 1 {
		t.Errorf("%d invitations, then %d", first, second)
	}
}

func TestDialectsCanChangeBetweenRequests(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.wantError(http.StatusNotFound, "was not found", "GET", "/v1/express/cus_0", "")
	b.SetDialects(emulator.ForeignForbidden)
	b.wantError(http.StatusForbidden, "was not found", "GET", "/v1/express/cus_0", "")
}
