// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"strings"
	"testing"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// Where the create of its equal has failed, an object is not destroyed.
func TestAFailedCreateDestroysNothing(t *testing.T) {
	t.Parallel()
	a := newStaff(t)
	c := newCore(a, newProtocol(t))
	customer := a.AddCustomer(emulator.Customer{Name: "One", IsActive: true, Members: []string{usersOf(a)[0]}})
	membership := map[string]any{"express_customer_id": customer, "user_id": usersOf(a)[0]}
	for at, config := range map[string]map[string]any{
		address:           {"name": "New"},
		membershipAddress: membership,
		referenceAddress:  {"name": "North", "type": "facility", "external_reference_id": "LNC-77"},
	} {
		c.apply(at, config).expectOK()
		c.protocol = configured(a) // another run of Terraform
		again, _ := c.steps(at+"_again", config)
		repair := a.AddFault(emulator.Fault{WritesOnly: true, Status: 400, Body: `{"message":"no such luck"}`})
		if d := c.carryOut(at+"_again", again[0]); len(d) == 0 {
			t.Errorf("%s was created again", at)
		}
		repair()
		a.ResetRequests()
		destroy, _ := c.steps(at, nil)
		if said := texts(c.carryOut(at, destroy[0])); !strings.Contains(said, "was not destroyed") {
			t.Errorf("%s: %s", at, said)
		}
		a.expectRequests(writes)
	}
}

// A tainted customer is kept, whatever its deletion policy: the next one would be a second
// one for good.
func TestATaintedCustomerIsKept(t *testing.T) {
	t.Parallel()
	for _, policy := range []string{"deactivate", policyAbandon, policyPrevent} {
		a := newAccount(t)
		c := newCore(a, newProtocol(t))
		config := map[string]any{"name": "New", "deletion_policy": policy}
		c.apply(address, config).expectOK()
		c.protocol = configured(a) // another run of Terraform
		c.object(address).tainted = true
		a.ResetRequests()
		if out := c.apply(address, config); !out.failed() || !strings.Contains(texts(out.diagnostics), "terraform untaint") {
			t.Errorf("%s: %s", policy, texts(out.diagnostics))
		}
		a.expectRequests(writes)
	}
}

// If two resources create the same object, the error of the second must not suggest an
// import: the object would be in the state twice.
func TestCreatedTwiceInOneRun(t *testing.T) {
	t.Parallel()
	a := newStaff(t, emulator.DuplicateNameConflict)
	c := newCore(a, newProtocol(t))
	for at, config := range map[string]map[string]any{
		autoScribePeople.address(): autoScribePeople.values("new@lakeside.example"),
		viewerPeople.address():     viewerPeople.values("new@lakeside.example"),
		address:                    {"name": "New"},
		referenceAddress:           {"name": "North", "type": "facility", "external_reference_id": "LNC-77"},
	} {
		first, _ := c.steps(at, config)
		second, _ := c.steps(at+"_again", config)
		if d := c.carryOut(at, first[0]); len(d) > 0 {
			t.Errorf("%s: %s", at, texts(d))
		}
		said := texts(c.carryOut(at+"_again", second[0]))
		if !strings.Contains(said, "Another resource has just created") || strings.Contains(said, "import {") {
			t.Errorf("%s: %s", at, said)
		}
	}
}
