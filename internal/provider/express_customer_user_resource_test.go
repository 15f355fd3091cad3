// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

func TestAccExpressCustomerUser_lifecycle(t *testing.T) {
	t.Parallel()
	a := newStaff(t)
	// A member that somebody else added stays.
	a.EditCustomer(lakesideID, func(c *emulator.Customer) { c.Members = []string{tomID} })
	step := func(config string, calls []string, action plancheck.ResourceActionType, members ...string) resource.TestStep {
		return resource.TestStep{
			Config: a.config(config),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction(membershipAddress, action),
			}},
			Check: a.check(func() {
				a.expectRequests(allBut(getRoute), calls...)
				a.expectMembers(lakesideID, members...)
			}),
		}
	}
	harbor := `express_customer_id = "` + harborID + `"`
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: providers(),
		CheckDestroy: a.check(func() {
			a.expectMembers(harborID)
			a.expectMembers(lakesideID, tomID)
		}),
		Steps: []resource.TestStep{
			step(membership(), []string{addMemberRoute}, plancheck.ResourceActionCreate, tomID, inesID),
			step(membership(), nil, plancheck.ResourceActionNoop, tomID, inesID),
			{
				ResourceName: membershipAddress, ImportState: true, ImportStateId: lakesideID + "/" + inesID,
				ImportStateVerify: true, ImportStateVerifyIdentifierAttribute: "user_id",
			},
			step(membership(`deletion_policy = "abandon"`), nil, plancheck.ResourceActionUpdate, tomID, inesID),
			step(membership(`deletion_policy = "remove"`), nil, plancheck.ResourceActionUpdate, tomID, inesID),
			step(membership(harbor), []string{removeMemberRoute, addMemberRoute}, plancheck.ResourceActionReplace, tomID),
		},
	})
}

// Malformed ids are rejected before any request, and not quoted: the value may be an email
// address.
func TestExpressCustomerUser_malformedIDs(t *testing.T) {
	t.Parallel()
	a := newStaff(t)
	w := newCoreWorkspace(a, membership(`user_id = "`+testEmail+`"`))
	w.plan().expectFailed().expect("error", "Invalid attribute value", "user_id must be usr_ followed by 32 hex characters")
	w.write(membership(`express_customer_id = "../x"`))
	w.plan().expectFailed().expect("error", "Invalid attribute value", "express_customer_id must be cus_ followed by 32 hex characters")
	w.write(membership())
	for _, id := range []string{lakesideID, inesID + "/" + lakesideID, lakesideID + "/" + inesID + "/", lakesideID + "/../" + inesID} {
		if imported := w.run("import", "-no-color", membershipAddress, id).expectFailed(); !strings.Contains(oneLine(imported.log), "Malformed import id") {
			t.Errorf("%s: %s", id, imported.log)
		}
	}
	a.expectRequests(allBut())
}

// A read right after the first member was added may still show no members. The membership
// stays in the state.
func TestExpressCustomerUser_readLag(t *testing.T) {
	t.Parallel()
	a := newStaff(t, emulator.ReadLag)
	w := newCoreWorkspace(a, membership())
	w.apply().expectOK()
	w.plan().expectOK().expectQuiet().expectChanges()
	a.expectRequests(allBut(), addMemberRoute, getRoute, getRoute)
}

// Adding a user who is a member already succeeds, and so does removing a user who is not a
// member.
func TestExpressCustomerUser_alreadyThere(t *testing.T) {
	t.Parallel()
	a := newStaff(t, emulator.AddMemberConflict, emulator.ConflictBadRequest)
	a.EditCustomer(lakesideID, func(c *emulator.Customer) { c.Members = []string{inesID} })
	w := newCoreWorkspace(a, membership())
	w.apply().expectOK().expectQuiet()
	a.expectRequests(allBut(getRoute), addMemberRoute)

	a.SetDialects(emulator.NotMemberBadRequest)
	a.EditCustomer(lakesideID, func(c *emulator.Customer) { c.Members = []string{tomID} })
	w.destroy().expectOK().expectQuiet()
	a.expectRequests(allBut(getRoute), removeMemberRoute)
	a.expectMembers(lakesideID, tomID)
}

func TestExpressCustomerUser_drift(t *testing.T) {
	t.Parallel()
	a := newStaff(t)
	w := newCoreWorkspace(a, membership())
	w.apply().expectOK()

	// The API shows when a customer has no members left.
	a.EditCustomer(lakesideID, func(c *emulator.Customer) { c.Members = nil })
	w.plan().expectOK().expectChanges("create " + membershipAddress)
	w.apply().expectOK()
	a.expectMembers(lakesideID, inesID)

	// An inactive customer without members may only hide them.
	a.EditCustomer(lakesideID, func(c *emulator.Customer) { c.Members, c.IsActive = nil, false })
	w.plan().expectOK().expectChanges()
	a.setActive(lakesideID, true)
	w.apply().expectOK().expectChanges("create " + membershipAddress)

	// A failed read does not remove the membership from the state.
	a.ResetRequests()
	repair := a.AddFault(emulator.Fault{Route: getRoute, Status: 403})
	w.plan().expectFailed().expect("error", "Unable to read membership", "403", "Membership of user "+inesID, lakesideID)
	repair()
	a.RemoveCustomer(lakesideID)
	w.plan().expectOK().expectChanges("create " + membershipAddress)
}

// If one apply reactivates the customer and adds the user, the customer is reactivated
// first.
func TestAccExpressCustomerUser_inactiveCustomer(t *testing.T) {
	t.Parallel()
	a := newStaff(t)
	w := newWorkspace(a, customerConfig("Lakeside", "active = false"))
	w.apply().expectOK()
	a.ResetRequests()
	referring := membership("express_customer_id = " + address + ".id")

	w.write(customerConfig("Lakeside", "active = false") + referring)
	// The plan fails already, before anybody is invited for the membership.
	w.apply().expectFailed().expect("error", "Inactive Express customer takes no members", "active = true")
	a.expectRequests(allBut(getRoute))

	w.write(customerConfig("Lakeside", "active = false") + membership(`express_customer_id = "`+a.customerNamed("Lakeside").ID+`"`))
	w.apply().expectFailed().expect("error", "Inactive Express customer takes no members")
	a.expectRequests(allBut(getRoute))

	// If the customer is managed elsewhere, only the API knows that it is inactive.
	a.setActive(lakesideID, false)
	w.write(customerConfig("Lakeside", "active = false") + membership())
	w.apply().expectFailed().
		expect("error", "Unable to add user to Express customer", "The Express customer is inactive", inesID, "active = true", "in the right order")
	a.expectRequests(allBut(getRoute), addMemberRoute)

	w.write(customerConfig("Lakeside", "active = true") + referring)
	w.apply().expectOK().expectQuiet()
	a.expectRequests(allBut(getRoute), reactivateRoute, addMemberRoute)
	w.plan().expectOK().expectQuiet().expectChanges()

	// In a destroy, the member is removed before the customer is deactivated.
	w.destroy().expectOK()
	a.expectRequests(allBut(getRoute), removeMemberRoute, deactivateRoute)
}

// If the customer may turn out to be inactive, the plan warns.
func TestAccExpressCustomerUser_mayJoinInactive(t *testing.T) {
	t.Parallel()
	a := newStaff(t)
	inactive := a.AddCustomer(emulator.Customer{Name: "Hillside"})
	w := newWorkspace(a, customerConfig("New", "active = false")+membership("express_customer_id = "+address+".id"))
	w.plan().expectOK().expect("warning", mayTakeNoMembers, `creates Express customer "New" as inactive`)
	for block, id := range map[string]string{
		"data \"avara_express_customer\" \"some\" {\n  name = \"Hillside\"\n}\n": "data.avara_express_customer.some.id",
		"data \"avara_express_customers\" \"some\" {}\n":                         `one([for c in data.avara_express_customers.some.customers : c.id if c.name == "Hillside"])`,
	} {
		w.write(block + membership("express_customer_id = "+id))
		w.plan().expectOK().expect("warning", mayTakeNoMembers, "A data source shows", inactive)
		a.setActive(inactive, true)
		w.plan().expectOK().expectQuiet()
		a.setActive(inactive, false)
	}
	a.expectRequests(writes)
}

// If a membership moves to another address, Terraform may remove it before it adds it. If
// adding fails then, the error says that the user is not a member now.
func TestMembershipThatIsLostForNow(t *testing.T) {
	t.Parallel()
	a := newStaff(t)
	c := newCore(a, newProtocol(t))
	config := map[string]any{"express_customer_id": lakesideID, "user_id": inesID}
	c.apply(membershipAddress, config).expectQuiet()
	c.protocol = configured(a) // another run
	create, _ := c.steps(membershipType+".renamed", config)
	remove, _ := c.steps(membershipAddress, nil)
	if d := c.carryOut(membershipAddress, remove[0]); len(d) > 0 {
		t.Fatal(texts(d))
	}
	repair := a.AddFault(emulator.Fault{Route: addMemberRoute, Status: 403})
	refused := &outcome{t: t, diagnostics: c.carryOut(membershipType+".renamed", create[0])}
	refused.expectError("Unable to add user to Express customer", "the user is no member now", "Apply again")
	repair()
	c.apply(membershipType+".renamed", config).expectQuiet()
	a.expectMembers(lakesideID, inesID)
}

func TestExpressCustomerUser_refused(t *testing.T) {
	t.Parallel()
	a := newStaff(t)
	w := newCoreWorkspace(a, membership(`user_id = "usr_`+strings.Repeat("0", 32)+`"`))
	w.apply().expectFailed().expect("error", "Unable to add user to Express customer", "404", lakesideID, "exist in this account")

	w.write(membership())
	w.apply().expectOK()
	a.AddFault(emulator.Fault{Route: removeMemberRoute, Status: 400, Body: `{"errors":[{"field":"userId","message":"required"}]}`})
	w.destroy().expectFailed().expect("error", "Unable to remove user from Express customer", "userId: required", "body of DELETE requests", `deletion_policy = "abandon"`)
	w.write(membership(`deletion_policy = "abandon"`))
	w.apply().expectOK()
	a.ResetRequests()
	w.destroy().expectOK().expect("warning", "Membership will be forgotten, not changed", lakesideID, inesID)
	a.expectRequests(allBut(getRoute))
	a.expectMembers(lakesideID, inesID)
}

// An API may answer 403 for what is gone. Then nothing is taken for gone, and what the
// errors advise makes Terraform forget the membership: both ways are walked to the end.
func TestAccExpressCustomerUser_goneAndForbidden(t *testing.T) {
	t.Parallel()
	a := newStaff(t, emulator.ForeignForbidden)
	w := newWorkspace(a, membership())
	w.apply().expectOK()
	state, err := os.ReadFile(filepath.Join(w.dir, "terraform.tfstate"))
	if err != nil {
		t.Fatal(err)
	}
	a.RemoveCustomer(lakesideID)
	w.plan().expectFailed().expect("error", "Unable to read membership", "If the object no longer exists", "terraform state rm")
	w.run("state", "rm", membershipAddress).expectOK()
	w.write("")
	w.plan().expectOK().expectQuiet().expectChanges()

	writeFile(t, filepath.Join(w.dir, "terraform.tfstate"), string(state))
	w.destroy("-refresh=false").expectFailed().
		expect("error", "Unable to remove user from Express customer", `set deletion_policy = "abandon", apply that, and destroy again`, "add -refresh=false to both")
	w.write(membership(`deletion_policy = "abandon"`))
	w.apply().expectFailed().expect("error", "Unable to read membership")
	w.apply("-refresh=false").expectOK()
	w.destroy("-refresh=false").expectOK()
	if state, _ := w.state(membershipAddress); state != nil {
		t.Errorf("state %v", state)
	}
}

// An answer with success: false is an error.
func TestExpressCustomerUser_unsuccessful(t *testing.T) {
	t.Parallel()
	a := newStaff(t)
	a.AddFault(emulator.Fault{Route: addMemberRoute, Status: 200, Body: `{"success":false,"message":"seats are full"}`})
	w := newCoreWorkspace(a, membership())
	w.apply().expectFailed().expect("error", "Unable to add user to Express customer", "seats are full")
	if state, _ := w.state(membershipAddress); state != nil {
		t.Errorf("state %v", state)
	}
}

// The bodies of POST and DELETE contain the user's id and nothing else.
func TestExpressCustomerUser_bodies(t *testing.T) {
	t.Parallel()
	a := newStaff(t)
	w := newCoreWorkspace(a, membership())
	w.apply().expectOK()
	w.plan().expectOK().expectChanges()
	w.destroy().expectOK()
	for _, route := range []string{addMemberRoute, removeMemberRoute} {
		if got := strings.Join(a.bodiesOf(route), " "); got != fmt.Sprintf(`{"userId":%q}`, inesID) {
			t.Errorf("%s: %s", route, got)
		}
	}
}

func TestMembershipImportByIdentity(t *testing.T) {
	t.Parallel()
	a := newStaff(t)
	a.EditCustomer(lakesideID, func(c *emulator.Customer) { c.Members = []string{inesID} })
	p := configured(a)
	identityType := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"express_customer_id": tftypes.String, "user_id": tftypes.String}}
	imported, err := p.ImportResourceState(t.Context(), &tfprotov6.ImportResourceStateRequest{
		TypeName: membershipType,
		Identity: &tfprotov6.ResourceIdentityData{IdentityData: p.value(identityType, map[string]any{"express_customer_id": lakesideID, "user_id": inesID})},
	})
	if err != nil || failed(imported.Diagnostics) {
		t.Fatal(err, texts(imported.Diagnostics))
	}
	one := imported.ImportedResources[0]
	state, diagnostics := p.read(membershipType, one.State, one.Identity, one.Private)
	if len(diagnostics) > 0 || text(state["express_customer_id"]) != lakesideID || text(state["user_id"]) != inesID || text(state["deletion_policy"]) != "remove" {
		t.Errorf("%v %s", state, texts(diagnostics))
	}
}

func TestExpressCustomerUser_importOfNothing(t *testing.T) {
	t.Parallel()
	w := newCoreWorkspace(newStaff(t), membership())
	w.run("import", membershipAddress, "cus_"+strings.Repeat("0", 32)+"/"+inesID).expectFailed().expect("error", "Membership does not exist")
}
