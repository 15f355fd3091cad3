// SPDX-License-Identifier: MPL-2.0

package emulator_test

import (
	"slices"
	"testing"
	"time"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// membership is the path of a new customer's members, and a body with the id of a user.
func membership(customer, user string) (path, body string) {
	return "/v1/express/" + customer + "/users", `{"userId":"` + user + `"}`
}

func TestMemberBody(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	path, _ := membership(b.createCustomer("Lakeside"), "")
	for body, want := range map[string]string{
		``:                "needs a JSON body",
		`{}`:              "userId: is required",
		`{"userId":null}`: "userId: must not be null",
		`{"userId":"x"}`:  `userId: must be "usr_" and 32 hexadecimal digits`,
		`{"userId":1}`:    "userId: must be a string",
		`{"id":"usr_0"}`:  "id: is not a field",
		`{"userId":"cus_00000000000000000000000000000000"}`: "userId: must be",
	} {
		b.wantError(400, want, "POST", path, body)
		b.wantError(400, want, "DELETE", path, body)
	}
}

func TestMembers(t *testing.T) {
	t.Parallel()
	eachProduct(t, func(t *testing.T, product emulator.Product, _ string) {
		b := newBench(t)
		customer := b.createCustomer("Lakeside")
		user := b.join(product, nil)
		path, body := membership(customer, user)
		b.clock.Advance(time.Hour)
		for range 2 {
			equalJSON(t, b.ok("POST", path, body), `{"success":true,"message":"user added"}`)
			got := b.ok("GET", "/v1/express/"+customer, "")
			if got["userCount"] != 1.0 || got["updatedAt"] != "2026-09-02T14:05:41Z" {
				t.Errorf("the customer is %v", got)
			}
		}
		pending := b.invite(product, map[string]any{"email": "pending@x.example"})
		_, pendingBody := membership(customer, pending)
		b.ok("POST", path, pendingBody)
		if got := b.mustCustomer(customer).Members; !slices.Equal(got, []string{user, pending}) {
			t.Errorf("members %v", got)
		}

		b.ok("POST", "/v1/express/"+customer+"/deactivate", "")
		equalJSON(t, b.ok("DELETE", path, body), `{"success":true,"message":"user removed"}`)
		b.wantError(404, "is not a member", "DELETE", path, body)
		b.wantError(400, "is inactive", "POST", path, body)
		if got := b.ok("POST", "/v1/express/"+customer+"/reactivate", ""); got["userCount"] != 1.0 {
			t.Errorf("the customer is %v", got)
		}

		_, unknown := membership(customer, "usr_00000000000000000000000000000000")
		b.wantError(404, "was not found", "POST", path, unknown)
		b.wantError(404, "is not a member", "DELETE", path, unknown)
		b.RevokeAccess(product, user)
		b.wantError(400, "userId: names a user without access", "POST", path, body)
		b.RestoreAccess(product, user)
		b.ok("POST", path, body)
	})
}

func TestUserOfSeveralCustomers(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	user := b.join(emulator.AutoScribe, nil)
	for _, name := range []string{"Lakeside", "Harbor"} {
		customer := b.createCustomer(name)
		path, body := membership(customer, user)
		b.ok("POST", path, body)
		if got := b.mustCustomer(customer).Members; !slices.Equal(got, []string{user}) {
			t.Errorf("members of %s: %v", name, got)
		}
	}
}
