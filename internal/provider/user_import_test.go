// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// The first plan after the import of a generated configuration is empty.
func TestAccUser_importOfGeneratedConfiguration(t *testing.T) {
	t.Parallel()
	full := emulator.Person{
		Email: "Ines.Okafor@lakeside.example", FirstName: "Ines", MiddleName: "A", LastName: "Okafor", Suffix1: "MD", Suffix2: "PhD",
		PhoneNumber: "3125550147", ClinicRole: "PACS Administrator", Level: "admin", HasDashboardAccess: true,
	}
	for _, p := range bothProducts {
		person := full
		if p.reports() {
			person.CanCreateReports, person.NPINumber = true, "1674829308"
		}
		t.Run(p.label, func(t *testing.T) {
			t.Parallel()
			c := p.newCrew(t, "")
			owner := person
			owner.Email, owner.Level = "olu@lakeside.example", "owner"
			invited := person
			invited.Email = "ida@lakeside.example"
			accepted := person
			accepted.Email = "tom@lakeside.example"
			c.AddUser(p.product, emulator.User{Person: person})
			c.AddUser(p.product, emulator.User{Person: owner})
			c.AddInvitation(p.product, emulator.Invitation{Person: invited, Expiry: time.Now().Add(time.Hour)})
			c.AddInvitation(p.product, emulator.Invitation{Person: accepted, Status: "accepted"})
			var blocks strings.Builder
			for i, user := range c.Users(p.product) {
				id := user.ID
				if i%2 == 1 {
					id = strings.ToUpper(user.Email)
				}
				fmt.Fprintf(&blocks, "import {\n  to = avara_%s.p%d\n  id = %q\n}\n", p.typeName, i, id)
			}
			c.write(blocks.String())
			c.plan("-generate-config-out=generated.tf").expectOK()
			c.apply().expectOK()
			c.write("")
			c.plan().expectOK().expectChanges()
			c.expectWrites()
			for i, want := range []string{"active", "active", "pending", "active"} {
				state, _ := c.state(fmt.Sprintf("avara_%s.p%d", p.typeName, i))
				if state["status"] != want || (state["invitation_expires_at"] != nil) != (want == "pending") {
					t.Errorf("%d: %v", i, state)
				}
			}
			generated, err := os.ReadFile(filepath.Join(c.dir, "generated.tf"))
			if err != nil || strings.Contains(string(generated), "status") {
				t.Errorf("%v in %s", err, generated)
			}
		})
	}
}

func TestUser_importByEmail(t *testing.T) {
	t.Parallel()
	p := autoScribePeople.inProcess()
	const first, second = "usr_11111111111111111111111111111111", "usr_22222222222222222222222222222222"
	person := func(email string) emulator.Person {
		return emulator.Person{Email: email, FirstName: "Ines", LastName: "Okafor", ClinicRole: "Radiologist"}
	}
	later, earlier := time.Now().Add(time.Hour), time.Now().Add(-time.Hour)
	for name, tc := range map[string]struct {
		dialects []emulator.Dialect
		fill     func(c *crew)
		id       string
		summary  string
		texts    []string
	}{
		"user": {nil, func(c *crew) {
			c.AddUser(p.product, emulator.User{ID: first, Person: person("INES.okafor@lakeside.example")})
			c.AddUser(p.product, emulator.User{ID: second, Person: person("x" + testEmail)})
		}, first, "", nil},
		"a user goes before an invitation": {[]emulator.Dialect{emulator.ListShowsPendingUsers}, func(c *crew) {
			c.AddUser(p.product, emulator.User{ID: first, Person: person(testEmail)})
			c.AddInvitation(p.product, emulator.Invitation{UserID: second, Person: person(testEmail), Status: "revoked"})
		}, first, "", nil},
		"open invitation, on the second page": {nil, func(c *crew) {
			c.AddInvitation(p.product, emulator.Invitation{UserID: first, Person: person(strings.ToLower(testEmail)), Expiry: later})
			for i := range 101 {
				c.AddInvitation(p.product, emulator.Invitation{Person: person(fmt.Sprintf("p%d@lakeside.example", i))})
			}
		}, first, "", nil},
		"an open invitation goes before an expired one": {[]emulator.Dialect{emulator.ExpiredHiddenByDefault}, func(c *crew) {
			c.AddInvitation(p.product, emulator.Invitation{UserID: first, Person: person(testEmail), Expiry: later})
			c.AddInvitation(p.product, emulator.Invitation{UserID: second, Person: person(testEmail), Expiry: earlier})
		}, first, "", nil},
		"expired invitation": {nil, func(c *crew) {
			c.AddInvitation(p.product, emulator.Invitation{UserID: first, Person: person(testEmail), Expiry: earlier})
		}, first, "", nil},
		"several users": {nil, func(c *crew) {
			c.AddUser(p.product, emulator.User{ID: first, Person: person(testEmail)})
			c.AddUser(p.product, emulator.User{ID: second, Person: person(strings.ToLower(testEmail))})
		}, "", "Several AutoScribe users have this email address", []string{first + " (active user, member, created 2", second}},
		"several invitations": {nil, func(c *crew) {
			c.AddInvitation(p.product, emulator.Invitation{UserID: first, Person: person(testEmail)})
			c.AddInvitation(p.product, emulator.Invitation{UserID: second, Person: person(testEmail)})
		}, "", "Several AutoScribe users have this email address", []string{first + " (pending invitation inv_", second}},
		"nobody": {nil, func(c *crew) {
			c.AddInvitation(p.product, emulator.Invitation{UserID: first, Person: person(testEmail), Status: "rejected"})
		}, "", "AutoScribe user not found", []string{"neither a user nor an invitation", "base_url", "by the id, usr_"}},
		"error": {nil, func(c *crew) {
			c.AddFault(emulator.Fault{Status: 403, Body: `{"message":"not your ` + testEmail + `"}`})
		}, "", "Unable to look up AutoScribe user by email address", []string{"403", "not your (email)"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := p.newCrew(t, p.block(), emulator.WithDialects(tc.dialects...))
			tc.fill(c)
			imported := c.run("import", p.address(), testEmail)
			if tc.id == "" {
				imported.expectFailed().expect("error", tc.summary, tc.texts...)
				return
			}
			c.apply().expectOK()
			c.expectState(map[string]any{"id": tc.id, "deletion_policy": "revoke", "active": true})
			c.expectWrites()
		})
	}
}

func TestUser_importOfNothing(t *testing.T) {
	t.Parallel()
	p := viewerPeople.inProcess()
	c := p.newCrew(t, p.block())
	for id, text := range map[string]string{
		"usr_" + strings.Repeat("0", 32): "Cannot import non-existent remote object",
		"inv_" + strings.Repeat("0", 32): "Malformed import id",
		"Ines":                           "or an email address",
	} {
		r := c.run("import", "-no-color", "-input=false", p.address(), id).expectFailed()
		if !strings.Contains(oneLine(r.log), text) {
			t.Errorf("%s: %s", id, r.log)
		}
	}
	c.expectEach("GET /invitations", "GET /{userId}")
}

func TestUserImportByIdentity(t *testing.T) {
	t.Parallel()
	for _, p := range bothProducts {
		t.Run(p.label, func(t *testing.T) {
			t.Parallel()
			const id = "usr_3B71e0c95a244fd8a6e1947c02bd58f3"
			server := NewServer("test")
			object := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"id": tftypes.String}}
			identity, err := tfprotov6.NewDynamicValue(object, tftypes.NewValue(object, map[string]tftypes.Value{"id": tftypes.NewValue(tftypes.String, id)}))
			if err != nil {
				t.Fatal(err)
			}
			resp, err := server.ImportResourceState(context.Background(), &tfprotov6.ImportResourceStateRequest{
				TypeName: "avara_" + p.typeName, Identity: &tfprotov6.ResourceIdentityData{IdentityData: &identity},
			})
			if err != nil || len(resp.Diagnostics) > 0 || len(resp.ImportedResources) != 1 {
				t.Fatalf("%v, %+v", err, resp)
			}
			imported, err := resp.ImportedResources[0].Identity.IdentityData.Unmarshal(object)
			if err != nil || !strings.Contains(imported.String(), id) {
				t.Errorf("%v, %v", imported, err)
			}
		})
	}
}
