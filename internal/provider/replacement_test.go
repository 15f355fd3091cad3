// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// keyed is a resource with for_each over the given keys. All instances have the same body.
func keyed(typeName, body string, keys ...string) string {
	return fmt.Sprintf("resource %q \"test\" {\n  for_each = toset(%s)\n%s\n}\n", typeName, jsonOf(keys), body)
}

func body(block string) string {
	_, inner, _ := strings.Cut(block, "{\n")
	return strings.TrimSuffix(strings.TrimSpace(inner), "}")
}

// A delete never removes what the same run has created: the member stays, in whichever
// order Terraform creates and destroys.
func TestAccExpressCustomerUser_replacedByItsEqual(t *testing.T) {
	t.Parallel()
	const before = "\n  lifecycle {\n    create_before_destroy = true\n  }\n"
	t.Run("create_before_destroy", func(t *testing.T) {
		t.Parallel()
		a := newStaff(t)
		block := keyed(membershipType, body(membership())+before, "a")
		w := newWorkspace(a, block)
		w.apply().expectOK()
		a.ResetRequests()
		w.apply(`-replace=` + membershipAddress + `["a"]`).expectOK()
		a.expectRequests(allBut(getRoute), addMemberRoute)
		a.expectMembers(lakesideID, inesID)
		w.plan().expectOK().expectQuiet().expectChanges()
		// Another run removes the member.
		w.destroy().expectOK()
		a.expectMembers(lakesideID)
	})
	t.Run("replaced in the usual order", func(t *testing.T) {
		t.Parallel()
		a := newStaff(t)
		w := newWorkspace(a, membership())
		w.apply().expectOK()
		a.ResetRequests()
		w.apply("-replace=" + membershipAddress).expectOK()
		a.expectRequests(allBut(getRoute), removeMemberRoute, addMemberRoute)
		a.expectMembers(lakesideID, inesID)
	})
	t.Run("renamed keys", func(t *testing.T) {
		t.Parallel()
		a := newClinic(t)
		users := `{ %s }`
		var old, renamed, all []string
		for i := range 6 {
			id := fmt.Sprintf("usr_%032d", i)
			a.addUser(emulator.AutoScribe, id)
			all = append(all, id)
			old, renamed = append(old, fmt.Sprintf("old%d = %q", i, id)), append(renamed, fmt.Sprintf("new%d = %q", i, id))
		}
		block := func(keys []string) string {
			return strings.Replace(keyed(membershipType, body(membership("user_id = each.value")), "x"), `toset(["x"])`, fmt.Sprintf(users, strings.Join(keys, ", ")), 1)
		}
		w := newWorkspace(a, block(old))
		w.apply().expectOK()
		for i := range 3 {
			keys := [][]string{renamed, old}[i%2]
			w.write(block(keys))
			w.apply().expectOK()
			a.expectMembers(lakesideID, slices.Clone(all)...)
		}
	})
}

// If the create of a replacement fails, the old object stays.
func TestAccReplacementKeepsWhatItCanNotCreate(t *testing.T) {
	t.Parallel()
	t.Run("membership", func(t *testing.T) {
		t.Parallel()
		a := newStaff(t)
		w := newWorkspace(a, keyed(membershipType, body(membership()), "old"))
		w.apply().expectOK()
		a.AddFault(emulator.Fault{Route: addMemberRoute, Status: 400})
		w.write(keyed(membershipType, body(membership())+"\n  lifecycle {\n    create_before_destroy = true\n  }\n", "old"))
		w.apply("-replace=" + membershipAddress + `["old"]`).expectFailed()
		a.expectMembers(lakesideID, inesID)
	})
	// Terraform chooses whether the delete or the create comes first.
	t.Run("reference", func(t *testing.T) {
		t.Parallel()
		a := newClinic(t)
		w := newWorkspace(a, "")
		block := func(key string) string { return keyed(clinicalReferenceType, body(facility("Lakeside")), key) }
		w.write(block("old"))
		w.apply().expectOK()
		w.write(block("new"))
		const summary = "Clinical reference will be created again"
		w.plan().expectOK().expect("warning", summary, "moved {")
		holder := "new"
		if r := w.apply(); r.failed {
			holder = "old"
			r.expect("error", "Clinical reference was not destroyed", "moved block")
			if state, _ := w.state(referenceAddress + `["old"]`); state == nil {
				t.Error("the old resource left the state")
			}
		}
		// The advice of the warning and of the error works.
		w.write(block("moved") + fmt.Sprintf("moved {\n  from = %[1]s[%[2]q]\n  to   = %[1]s[\"moved\"]\n}\n", referenceAddress, holder))
		id := a.reference().ID
		w.apply().expectOK().expectQuiet().expectChanges(`move ` + referenceAddress + `["moved"]`)
		if a.reference().ID != id {
			t.Error("the move led to another reference")
		}
	})
}

// A replacement by the same person would only revoke the access of a person who has
// accepted. The plan rejects it in every case, and the advice of the error works.
func TestAccUser_replacedByTheSamePerson(t *testing.T) {
	t.Parallel()
	moved := func(p people) string {
		return fmt.Sprintf("moved {\n  from = avara_%[1]s.test[\"old\"]\n  to   = avara_%[1]s.test[\"new\"]\n}\n", p.typeName)
	}
	for _, p := range bothProducts {
		again := p.object() + " would be invited again"
		block := func(key string) string { return keyed("avara_"+p.typeName, body(p.block()), key) }
		t.Run(p.label+" replaced", func(t *testing.T) {
			t.Parallel()
			c := p.joined(t, p.block())
			c.apply("-replace="+c.address()).expectFailed().expect("error", p.object()+" can't be replaced", c.user().ID, "active = false")
			c.expectWrites()
			c.expectState(withStatus("active"))
		})
		t.Run(p.label+" tainted", func(t *testing.T) {
			t.Parallel()
			c := p.joined(t, p.block())
			c.run("taint", c.address()).expectOK()
			c.apply().expectFailed().expect("error", again, c.user().ID, "terraform untaint")
			c.expectWrites()
			// Without a refresh the plan does not see the tainted object. The apply fails
			// before it sends anything.
			c.apply("-refresh=false").expectFailed().expect("error", p.object()+" can't be replaced", "terraform untaint")
			c.expectWrites()
			c.run("untaint", c.address()).expectOK()
			c.apply().expectOK().expectQuiet().expectChanges()
			if c.user().Revoked {
				t.Error("the access was revoked")
			}
		})
		t.Run(p.label+" tainted while the state says pending", func(t *testing.T) {
			t.Parallel()
			c := p.invited(t, p.block())
			c.accept()
			c.run("taint", c.address()).expectOK()
			c.apply("-refresh=false").expectFailed().expect("error", p.object()+" can't be replaced", "terraform untaint")
			if c.user().Revoked {
				t.Error("the access was revoked")
			}
		})
		t.Run(p.label+" under another key", func(t *testing.T) {
			t.Parallel()
			c := p.invited(t, block("old"))
			c.accept()
			c.write(block("new"))
			c.apply().expectFailed().expect("error", again, c.user().ID, "moved {")
			c.write(block("old"))
			c.apply().expectOK().expectChanges()
			c.write(block("new"))
			c.apply("-refresh=false").expectFailed().expect("error", again, c.user().ID, "moved {")
			c.expectWrites()
			c.write(block("new") + moved(p))
			c.apply().expectOK().expectQuiet().expectChanges("move " + strings.Replace(c.address(), ".test", `.test["new"]`, 1))
			if c.user().Revoked {
				t.Error("the access was revoked")
			}
		})
		t.Run(p.label+" pending, under another key", func(t *testing.T) {
			t.Parallel()
			c := p.invited(t, block("old"))
			c.write(block("new"))
			c.plan().expectOK().expect("warning", p.object()+" will be invited again", c.invitation().UserID, "moved {")
			c.write(block("new") + moved(p))
			c.apply().expectOK().expectQuiet().expectChanges("move " + strings.Replace(c.address(), ".test", `.test["new"]`, 1))
			c.expectWrites()
		})
		t.Run(p.label+" accepted unseen, under another key", func(t *testing.T) {
			t.Parallel()
			c := p.invited(t, block("old"))
			c.accept()
			c.write(block("new"))
			c.apply("-refresh=false").expectFailed().expect("error", "Unable to invite "+p.object(), "import {", c.user().ID)
			if c.user().Revoked {
				t.Error("the access was revoked")
			}
			c.write(block("new") + fmt.Sprintf("import {\n  to = avara_%s.test[\"new\"]\n  id = %q\n}\n", p.typeName, c.user().ID))
			if state, _ := c.state(strings.Replace(c.address(), ".test", `.test["old"]`, 1)); state != nil {
				c.write(block("new") + moved(p)) // the create came first, so nothing was destroyed
			}
			c.apply().expectOK()
			c.expectStateOf(strings.Replace(c.address(), ".test", `.test["new"]`, 1), withStatus("active"))
		})
		t.Run(p.label+" pending, tainted", func(t *testing.T) {
			t.Parallel()
			c := p.invited(t, p.block())
			c.run("taint", c.address()).expectOK()
			c.plan().expectOK().expect("warning", p.object()+" will be invited again", "terraform untaint")
			c.run("untaint", c.address()).expectOK()
			c.plan().expectOK().expectQuiet().expectChanges()
		})
		t.Run(p.label+" swaps the address with another", func(t *testing.T) {
			t.Parallel()
			other := strings.Replace(p.block(`email = "ida@lakeside.example"`), `"test"`, `"other"`, 1)
			c := p.invited(t, p.block()+other)
			for _, invitation := range c.Invitations(p.product) {
				c.AcceptInvitation(p.product, invitation.ID)
			}
			c.apply().expectOK()
			c.ResetRequests()
			swapped := p.block(`email = "ida@lakeside.example"`) + strings.Replace(p.block(), `"test"`, `"other"`, 1)
			c.write(swapped)
			c.plan().expectFailed().expect("error", again)
			c.expectWrites()
		})
	}
}

// A second customer can't be deleted, so the plan warns that there will be a second one.
// Where Terraform would drop the warning, the plan fails.
func TestAccExpressCustomer_replacedByItsNamesake(t *testing.T) {
	t.Parallel()
	const second = "Second Express customer of the same name"
	block := func(key string) string { return keyed("avara_express_customer", body(customerConfig("One")), key) }
	t.Run("replaced", func(t *testing.T) {
		t.Parallel()
		a := newAccount(t)
		w := newWorkspace(a, customerConfig("One"))
		w.apply().expectOK()
		a.ResetRequests()
		w.apply("-replace="+address).expectFailed().expect("error", "Express customer can't be replaced", a.customer().ID, "apply once without the resource")
		a.expectRequests(allBut(getRoute))
		// The advice of the error: two applies.
		w.write("")
		w.apply().expectOK()
		w.write(customerConfig("One"))
		w.apply().expectOK().expectQuiet()
		if n := len(a.Customers()); n != 2 {
			t.Errorf("%d customers", n)
		}
	})
	t.Run("tainted", func(t *testing.T) {
		t.Parallel()
		a := newAccount(t)
		w := newWorkspace(a, customerConfig("One"))
		w.apply().expectOK()
		w.run("taint", address).expectOK()
		w.plan().expectOK().expect("warning", second, a.customer().ID, "terraform untaint")
		w.run("untaint", address).expectOK()
		w.plan().expectOK().expectQuiet().expectChanges()
	})
	// With create_before_destroy and another name, the plan shows nothing that the provider
	// could warn of. The apply says how to take the first customer back.
	t.Run("tainted and renamed", func(t *testing.T) {
		t.Parallel()
		const before = "lifecycle {\n    create_before_destroy = true\n  }"
		a := newAccount(t)
		w := newWorkspace(a, customerConfig("One", before))
		w.apply().expectOK()
		first := a.customer().ID
		w.run("taint", address).expectOK()
		w.write(customerConfig("Two", before))
		w.apply().expectOK().expect("warning", "Express customer will be deactivated, not deleted", first, "import {")
		if n := len(a.Customers()); n != 2 {
			t.Errorf("%d customers", n)
		}
		w.plan().expectOK().expectQuiet().expectChanges()
	})
	t.Run("under another key", func(t *testing.T) {
		t.Parallel()
		a := newAccount(t)
		w := newWorkspace(a, block("old"))
		w.apply().expectOK()
		w.write(block("new"))
		w.plan().expectOK().expect("warning", second, a.customer().ID, "moved {")
		w.plan("-refresh=false").expectOK().expect("warning", second)
		w.write(block("new") + "moved {\n  from = avara_express_customer.test[\"old\"]\n  to   = avara_express_customer.test[\"new\"]\n}\n")
		w.apply().expectOK().expectQuiet().expectChanges(`move avara_express_customer.test["new"]`)
		a.customer()
	})
	t.Run("inactive, destroyed", func(t *testing.T) {
		t.Parallel()
		a := newAccount(t)
		w := newWorkspace(a, customerConfig("One", "active = false"))
		w.apply().expectOK()
		a.ResetRequests()
		w.destroy().expectOK().expect("warning", "Express customer will be forgotten, and stays inactive", a.customer().ID, "import {")
		a.expectRequests(allBut(getRoute))
	})
}

// A deposed object is left behind by an interrupted replacement. If its deletion policy is
// prevent, one environment variable makes Terraform forget it, and nothing else.
func TestAccExpressCustomer_deposed(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	block := customerConfig("One", `deletion_policy = "prevent"`, "lifecycle {\n    create_before_destroy = true\n  }")
	w := newWorkspace(a, block)
	w.apply().expectOK()
	first := a.customer().ID
	w.run("taint", address).expectOK()
	w.plan().expectOK().expect("warning", "Second Express customer of the same name", "terraform untaint")
	const summary = "Express customer must not be destroyed"
	w.apply().expectFailed().expect("error", summary, first, "AVARA_ABANDON="+first)
	w.plan().expectFailed().expect("error", summary, first)
	a.ResetRequests()

	w.env = append(w.env, "AVARA_ABANDON="+first)
	w.apply().expectOK().expect("warning", "Express customer will be forgotten, not changed", first)
	a.expectRequests(allBut(getRoute))
	w.env = w.env[:len(w.env)-1]
	w.plan().expectOK().expectQuiet().expectChanges()
	for _, customer := range a.Customers() {
		if !customer.IsActive {
			t.Errorf("%s is inactive", customer.ID)
		}
	}
	if state, _ := w.state(address); state["id"] == first {
		t.Error("the state still holds the first customer")
	}
}

// Two resources may hold the same object, for example after a second import. Destroying
// one of them would remove what the other declares.
func TestAccObjectThatIsHeldTwice(t *testing.T) {
	t.Parallel()
	a := newStaff(t)
	other := strings.Replace(membership(), `"test"`, `"other"`, 1)
	w := newWorkspace(a, membership()+other)
	w.apply().expectOK()
	a.ResetRequests()
	w.write(membership())
	w.plan().expectFailed().expect("error", "Object is both kept and destroyed", lakesideID, inesID, "destroy = false")
	a.expectRequests(allBut(getRoute))
	// `terraform state rm` is the older way and works in every version.
	w.run("state", "rm", membershipType+".other").expectOK()
	w.plan().expectOK().expectQuiet().expectChanges()
	a.expectMembers(lakesideID, inesID)
}

// A user gets a new id in an apply, and a membership refers to the user. The same apply
// updates the membership. If both ids are known in the plan, the plan replaces the
// membership.
func TestAccExpressCustomerUser_followsItsUser(t *testing.T) {
	t.Parallel()
	p := autoScribePeople
	member := func(arguments ...string) string {
		return p.block(arguments...) + membership("user_id = "+p.address()+".id")
	}
	for name, tc := range map[string]struct {
		accepts bool
		dialect emulator.Dialect
	}{
		"pending":                        {false, emulator.FractionalSeconds},
		"accepted":                       {true, emulator.FractionalSeconds},
		"revoked people are not members": {true, emulator.RevokeDropsMemberships},
		"not a member is 400":            {true, emulator.NotMemberBadRequest},
		"revoked people are hidden":      {true, emulator.RevokedUserMissing},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newClinic(t, tc.dialect)
			w := newWorkspace(a, member())
			w.apply().expectOK().expectQuiet()
			first := a.Invitations(p.product)[0]
			if tc.accepts {
				a.AcceptInvitation(p.product, first.ID)
			}
			w.write(member(`email = "ida@lakeside.example"`))
			w.apply().expectOK().expectChanges("replace "+p.address(), "update "+membershipAddress)
			invitations := a.Invitations(p.product)
			second := invitations[slices.IndexFunc(invitations, func(i emulator.Invitation) bool { return i.UserID != first.UserID })]
			a.expectMembers(lakesideID, second.UserID)
			if state, _ := w.state(membershipAddress); state["user_id"] != second.UserID {
				t.Errorf("%v", state)
			}
			w.plan().expectOK().expectQuiet().expectChanges()
			w.write(p.block(`email = "ida@lakeside.example"`))
			w.apply().expectOK().expectChanges("delete " + membershipAddress)
			a.expectMembers(lakesideID)
		})
	}
	t.Run("of an inactive customer", func(t *testing.T) {
		t.Parallel()
		a := newClinic(t)
		blocks := func(active, email string) string {
			return customerConfig("New", "active = "+active) + p.block("email = "+email) +
				membership("express_customer_id = "+address+".id", "user_id = "+p.address()+".id")
		}
		w := newWorkspace(a, blocks("true", `"ines@lakeside.example"`))
		w.apply().expectOK().expectQuiet()
		w.write(blocks("false", `"ida@lakeside.example"`))
		w.plan().expectOK().expect("warning", mayTakeNoMembers, "After this plan", a.customerNamed("New").ID)
		w.write(blocks("false", `"ines@lakeside.example"`))
		w.apply().expectOK()
		w.plan().expectOK().expectQuiet()
		w.write(blocks("false", `"ida@lakeside.example"`))
		w.plan().expectOK().expect("warning", mayTakeNoMembers, "After this plan")
		w.write(blocks("true", `"ida@lakeside.example"`))
		w.apply().expectOK()
		state, _ := w.state(p.address())
		a.expectMembers(a.customerNamed("New").ID, state["id"].(string))
	})
	t.Run("the old one can't be removed", func(t *testing.T) {
		t.Parallel()
		a := newClinic(t)
		w := newWorkspace(a, member())
		w.apply().expectOK()
		w.write(member(`email = "ida@lakeside.example"`))
		repair := a.AddFault(emulator.Fault{Route: removeMemberRoute, Status: 403, Body: `{"message":"not yours"}`})
		w.apply().expectFailed().expect("error", "Unable to remove user from Express customer", "not yours", "no longer this one", "dashboard")
		repair()
		w.plan().expectOK().expectQuiet().expectChanges()
	})
	t.Run("known", func(t *testing.T) {
		t.Parallel()
		a := newStaff(t)
		w := newWorkspace(a, membership())
		w.apply().expectOK()
		w.write(membership(fmt.Sprintf("user_id = %q", tomID)))
		w.apply().expectOK().expectQuiet().expectChanges("replace " + membershipAddress)
		a.expectMembers(lakesideID, tomID)
	})
}
