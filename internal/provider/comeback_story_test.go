// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"testing"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// If this run has failed to create an equal object under another address, the existing
// object is not destroyed: otherwise neither would exist. Terraform orders the two calls
// at random, so this test makes them itself.
func TestNothingIsDestroyedThatCouldNotBeCreatedAgain(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		address, second string
		config          func(*account) map[string]any
		create          string
	}{
		"reference": {
			referenceAddress, "avara_clinical_reference.second",
			func(*account) map[string]any { return map[string]any{"name": "North", "type": "facility"} },
			createReferenceRoute,
		},
		"pending user": {
			viewerPeople.address(), "avara_viewer_user.second",
			func(*account) map[string]any { return viewerPeople.values(testEmail) },
			viewerPeople.route("POST"),
		},
		"membership": {
			membershipAddress, membershipType + ".second",
			func(*account) map[string]any {
				return map[string]any{"express_customer_id": lakesideID, "user_id": inesID}
			},
			addMemberRoute,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newStaff(t)
			c := newCore(a, newProtocol(t))
			config := tc.config(a)
			c.apply(tc.address, config).expectOK()
			c.protocol = configured(a)
			repair := a.AddFault(emulator.Fault{Route: tc.create, Status: 409})
			if !c.apply(tc.second, config).failed() {
				t.Fatal("it was created twice")
			}
			repair()
			a.ResetRequests()
			destroyed := c.destroy(tc.address)
			if !destroyed.failed() || destroyed.state == nil {
				t.Errorf("destroyed: %s", texts(destroyed.diagnostics))
			}
			for _, call := range a.Requests() {
				if call.Method != "GET" {
					t.Errorf("sent %s", call.Route)
				}
			}
			// The next run does not know about the failed create.
			c.protocol = configured(a)
			c.destroy(tc.address).expectOK()
		})
	}
}

// If a person accepted and was then removed from the account, a destroy without a refresh
// succeeds without a warning.
func TestUser_destroyedUnseen(t *testing.T) {
	t.Parallel()
	for _, p := range bothInProcess {
		t.Run(p.label, func(t *testing.T) {
			t.Parallel()
			c := p.invited(t, p.block())
			c.accept()
			c.RemoveUser(p.product, c.user().ID)
			c.destroy("-refresh=false").expectOK()
			c.expectWrites("POST /invitations/revoke", "POST /revoke-access")
		})
	}
}

// Some APIs reject changes of users without access. The error says why, and its advice
// works.
func TestUser_changedWithoutAccess(t *testing.T) {
	t.Parallel()
	p := viewerPeople.inProcess()
	c := p.joined(t, p.block(), emulator.WithDialects(emulator.RevokedUserMissing))
	c.write(p.block("active = false"))
	c.apply().expectOK()
	c.write(p.block("active = false", `last_name = "Lind"`))
	c.apply().expectFailed().expect("error", "Unable to update Viewer user", "has no access", "active = true")
	c.expectState(map[string]any{"status": "deactivated", "last_name": "Okafor"})
	c.write(p.block("active = true", `last_name = "Lind"`))
	c.apply().expectOK()
	c.write(p.block("active = false", `last_name = "Lind"`))
	c.apply().expectOK()
	c.expectState(map[string]any{"status": "deactivated", "last_name": "Lind"})
	if user := c.user(); !user.Revoked || user.LastName != "Lind" {
		t.Errorf("%+v", user)
	}
}

// An inactive customer can be changed and stays inactive, even if the change fails.
func TestExpressCustomer_changedWhileInactive(t *testing.T) {
	t.Parallel()
	a := newAccount(t, emulator.WithDialects(emulator.PatchInactiveRejected))
	w := newCoreWorkspace(a, customerConfig("One", "active = false"))
	w.apply().expectOK()
	a.ResetRequests()
	w.write(customerConfig("Two", "active = false"))
	w.apply().expectOK().expectQuiet()
	a.expectRequests(allBut(getRoute), patchRoute, reactivateRoute, patchRoute, deactivateRoute)
	w.plan().expectOK().expectQuiet().expectChanges()

	repair := a.AddFault(emulator.Fault{Route: patchRoute, Status: 422, Body: `{"message":"too odd"}`, Every: 2})
	w.write(customerConfig("Three", "active = false"))
	w.apply().expectFailed().expect("error", "Unable to rename Express customer", "too odd")
	if c := a.customer(); c.IsActive || c.Name != "Two" {
		t.Errorf("%+v", c)
	}
	repair()
	repair = a.AddFault(emulator.Fault{Route: deactivateRoute, Status: 403, Body: `{"message":"not now"}`})
	w.apply().expectFailed().expect("error", "Unable to rename Express customer", "deactivating it again failed", "not now")
	if state, _ := w.state(address); state["active"] != true || state["name"] != "Three" {
		t.Errorf("the state does not show what was reached: %v", state)
	}
	repair()
	w.apply().expectOK().expectChanges("update " + address)
	if c := a.customer(); c.IsActive || c.Name != "Three" {
		t.Errorf("%+v", c)
	}

	// A rejection for another reason causes no further requests.
	a.ResetRequests()
	a.AddFault(emulator.Fault{Route: patchRoute, Status: 400, Body: `{"message":"expressCustomerName is too long"}`})
	w.write(customerConfig("Four", "active = false"))
	w.apply().expectFailed()
	a.expectRequests(allBut(getRoute), patchRoute)
}
