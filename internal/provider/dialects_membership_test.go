// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"slices"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

const (
	membershipTestAddress = "avara_express_customer_user.test"
	unableToAddMember     = "Unable to add user to Express customer"
)

// membershipStory adds a member and deactivates the customer for a while. Others add
// members too. An inactive customer rejects the member. Others end the membership, and at
// last the customer is gone.
func membershipStory(s *story) {
	const at = membershipTestAddress
	customer := map[string]any{"name": "Lakeside"}
	cus := text(s.apply(address, customer).expectQuiet().state["id"])
	usr := text(s.apply(viewerPeople.address(), viewerPeople.values(testEmail)).expectQuiet().state["id"])
	config := map[string]any{"express_customer_id": cus, "user_id": usr}

	added := s.apply(at, config)
	if s.under(emulator.PendingMemberRejected) {
		added.expectError(unableToAddMember, "accepted the invitation")
		s.a.AcceptInvitation(emulator.Viewer, usr)
		added = s.apply(at, config)
	}
	added.expectQuiet().expectAction("create").expectState(map[string]any{"express_customer_id": cus, "user_id": usr, "deletion_policy": "remove"})
	s.expectMember(cus, usr, true)
	s.expectSettled(at, config)
	s.a.AcceptInvitation(emulator.Viewer, usr)
	s.expectSettled(at, config)

	s.apply(address, with(customer, map[string]any{"active": false})).expectQuiet()
	s.expectSettled(at, config)
	s.apply(address, customer).expectOK()
	again := s.apply(at, config).expectQuiet()
	dropped := s.under(emulator.DeactivateDropsMembers)
	if dropped && !s.under(emulator.UserCountAbsent) {
		again.expectAction("create")
		dropped = false
	} else {
		again.expectAction("no-op")
	}
	s.expectMember(cus, usr, !dropped)

	// Others have added the user already, and then another user too.
	delete(s.objects, at)
	s.apply(at, config).expectQuiet().expectAction("create")
	s.a.EditCustomer(cus, func(c *emulator.Customer) { c.Members = append(c.Members, "usr_00000000000000000000000000000000") })
	delete(s.objects, at)
	s.imported(at, cus+"/"+usr).expectOK().expectWarning("Membership is not verified", usr, "-replace")
	s.expectSettled(at, config)
	s.destroy(at).expectQuiet().expectAction("delete")
	s.expectMember(cus, usr, false)
	if c, _ := s.a.Customer(cus); len(c.Members) != 1 {
		s.t.Errorf("members %q, want the other one", c.Members)
	}

	s.importedForNobody(usr)
	s.joinInactive(cus, config)
	s.endedByOthers(cus, usr, config)
}

// importedForNobody imports a membership of a customer without members, which fails if the
// API shows that there are none.
func (s *story) importedForNobody(usr string) {
	s.t.Helper()
	empty := s.a.AddCustomer(emulator.Customer{Name: "Empty", IsActive: true})
	if s.under(emulator.UserCountAbsent) {
		s.imported(membershipTestAddress, empty+"/"+usr).expectOK().expectWarning("Membership is not verified", usr)
		return
	}
	refused := s.imported(membershipTestAddress, empty+"/"+usr).expectError("Membership does not exist", usr)
	if refused.state != nil {
		s.t.Errorf("rejected, but in the state: %v", refused.state)
	}
}

func (s *story) expectMember(cus, usr string, want bool) {
	s.t.Helper()
	if c, _ := s.a.Customer(cus); slices.Contains(c.Members, usr) != want {
		s.t.Errorf("members %q, want %s there: %t", c.Members, usr, want)
	}
}

// joinInactive adds a member to an inactive customer, which fails unless the API allows
// it.
func (s *story) joinInactive(cus string, config map[string]any) {
	s.a.EditCustomer(cus, func(c *emulator.Customer) { c.IsActive = false })
	joined := s.apply(membershipTestAddress, config)
	if s.under(emulator.MembershipInactiveAllowed) {
		joined.expectQuiet()
	} else {
		joined.expectError(unableToAddMember, "inactive", "active = true")
	}
	s.a.EditCustomer(cus, func(c *emulator.Customer) { c.IsActive = true })
	s.apply(membershipTestAddress, config).expectQuiet()
}

// endedByOthers expects that removing a member is not an error if the membership has ended
// between plan and apply, and that a membership is gone with its customer.
func (s *story) endedByOthers(cus, usr string, config map[string]any) {
	const at = membershipTestAddress
	steps, _ := s.steps(at, nil)
	s.a.EditCustomer(cus, func(c *emulator.Customer) { c.Members = nil })
	if diagnostics := s.carryOut(at, steps[0]); len(diagnostics) > 0 {
		s.t.Error(texts(diagnostics))
	}
	s.apply(at, config).expectQuiet().expectAction("create")
	s.a.EditCustomer(cus, func(c *emulator.Customer) { c.Members = nil })
	if s.under(emulator.UserCountAbsent) {
		s.apply(at, config).expectQuiet().expectAction("no-op") // the API does not show that it has ended
	} else {
		s.apply(at, config).expectQuiet().expectAction("create")
		s.expectMember(cus, usr, true)
	}

	s.a.RemoveCustomer(cus)
	gone := s.plan(at, config)
	if s.under(emulator.ForeignForbidden) {
		gone.expectError("Unable to read membership", "403")
		return
	}
	gone.expectOK().expectAction("create")
}
