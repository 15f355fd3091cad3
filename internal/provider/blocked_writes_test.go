// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// destroyable is an object that a destroy ends.
type destroyable struct {
	address, id, summary string
	// read is the route by which the object, or what shows it, is read.
	read string
	// shown is what the error says of the object.
	shown string
}

// everyKind returns an account with one object of every kind that a destroy ends, all of
// them in the state of the core.
func everyKind(t *testing.T) (*account, *core, []destroyable) {
	t.Helper()
	a := newAccount(t)
	a.Seed(emulator.Seed{Customers: 1, Users: 1, References: 1})
	user := usersOf(a)[0]
	customer := a.AddCustomer(emulator.Customer{Name: "One", IsActive: true, Members: []string{user}})
	c := newCore(a, newProtocol(t))
	pending := c.apply("avara_viewer_user.test", map[string]any{
		"email": "ida@lakeside.example", "first_name": "Ida", "last_name": "Lind", "clinic_role": "Radiologist", "level": "member",
	}).expectOK()
	objects := []destroyable{
		{address, customer, "Unable to deactivate Express customer", getRoute, "the customer is still active"},
		{membershipAddress, customer + "/" + user, "Unable to remove user from Express customer", getRoute, "the customer has members"},
		{autoScribePeople.address(), user, "Unable to revoke access of AutoScribe user", "GET /v1/autoScribe/users/{userId}", "the user is still there"},
		{"avara_viewer_user.test", text(pending.state["id"]), "Unable to revoke invitation of Viewer user", "GET /v1/viewer/users/invitations", "the invitation is still open"},
		{referenceAddress, a.References()[0].ID, "Unable to delete clinical reference", getReferenceRoute, "the clinical reference is still there"},
	}
	for _, o := range objects {
		if o.address != "avara_viewer_user.test" {
			c.imported(o.address, o.id).expectOK()
		}
	}
	return a, c, objects
}

// A proxy may let reads through and answer 404 to all writes. An object that is still
// there has not been ended, and stays in the state.
func TestADestroyThatIsNotFoundKeepsAnObjectThatIs(t *testing.T) {
	t.Parallel()
	a, c, objects := everyKind(t)
	for _, o := range objects {
		for _, status := range []int{404, 410} {
			for _, body := range []string{"<html><body><h1>Not here</h1><p>This path is not served.</p></body></html>", `{"message":"Cannot DELETE /v1/express/` + o.id + `/users"}`} {
				repair := a.AddFault(emulator.Fault{WritesOnly: true, Status: status, Body: body})
				steps, _ := c.steps(o.address, nil)
				a.ResetRequests()
				refused := &outcome{t: t, diagnostics: c.carryOut(o.address, steps[0])}
				refused.expectError(o.summary, fmt.Sprint(status), o.shown, "proxy", a.url)
				if sent := a.sent(allBut()); len(sent) > 2 {
					t.Errorf("%s: %v", o.address, sent)
				}
				if c.attributes(o.address, c.object(o.address).state) == nil {
					t.Fatalf("%s has left the state after %d %s", o.address, status, body)
				}
				repair()
			}
		}
	}
	for _, o := range objects {
		c.destroy(o.address).expectOK()
	}
}

// If the object can't be read after a 404, it may still be there.
func TestADestroyThatIsNotFoundKeepsAnObjectThatCanNotBeRead(t *testing.T) {
	t.Parallel()
	a, c, objects := everyKind(t)
	c.protocol = newProtocol(t)
	if d := c.configure(map[string]any{"base_url": a.url, "api_key": emulator.DefaultAPIKey, "max_retries": 0}); len(d) > 0 {
		t.Fatal(texts(d))
	}
	for _, o := range objects {
		repairWrites := a.AddFault(emulator.Fault{WritesOnly: true, Status: 404, Body: "<html></html>"})
		repairReads := a.AddFault(emulator.Fault{Route: o.read, Status: 503})
		steps, _ := c.steps(o.address, nil)
		refused := &outcome{t: t, diagnostics: c.carryOut(o.address, steps[0])}
		refused.expectError(o.summary, "404", "503")
		if c.attributes(o.address, c.object(o.address).state) == nil {
			t.Errorf("%s has left the state", o.address)
		}
		repairReads()
		repairWrites()
	}
}

// With a wrong base path, a destroy with -refresh=false gets a 404 for each object. The
// objects must stay in the state.
func TestADestroyAtAWrongBasePathKeepsTheState(t *testing.T) {
	t.Parallel()
	a, c, objects := everyKind(t)
	for _, o := range objects {
		steps, _ := c.steps(o.address, nil)
		c.protocol = newProtocol(t)
		if d := c.configure(map[string]any{"base_url": a.url + "/elsewhere", "api_key": emulator.DefaultAPIKey}); len(d) > 0 {
			t.Fatal(texts(d))
		}
		a.ResetRequests()
		refused := &outcome{t: t, diagnostics: c.carryOut(o.address, steps[0])}
		refused.expectError(o.summary, "does not seem to be the Avara API", a.url+"/elsewhere")
		if text := texts(refused.diagnostics); strings.Contains(text, policyAbandon) {
			t.Errorf("%s: %s", o.address, text)
		}
		if requests := len(a.Requests()); requests > 3 {
			t.Errorf("%s: %d requests", o.address, requests)
		}
		if c.attributes(o.address, c.object(o.address).state) == nil {
			t.Errorf("%s has left the state", o.address)
		}
		c.protocol = configured(a)
	}
}
