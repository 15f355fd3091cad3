// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"slices"
	"time"
)

// account is everything the emulator stores. Its tables hold values that are
// replaced and never changed in place, so that a value taken out under the lock
// may still be read afterwards.
type account struct {
	apiKeyID   string
	clinicID   string
	customers  *customerTable
	people     map[Product]productPeople
	references *referenceTable
	sessions   map[string]session // by token; not kept in files
}

// productPeople are the users and invitations of one product. That the products
// share neither is our assumption.
type productPeople struct {
	users       *userTable
	invitations *invitationTable
}

func newAccount(changed func()) *account {
	a := &account{
		apiKeyID:   newUUID(),
		clinicID:   newUUID(),
		customers:  newCustomerTable(changed),
		people:     map[Product]productPeople{},
		references: newReferenceTable(changed),
		sessions:   map[string]session{},
	}
	for _, product := range Products() {
		a.people[product] = productPeople{newUserTable(changed), newInvitationTable(changed)}
	}
	return a
}

// checkNewMember says why a user, of whichever product, cannot be added to a
// customer.
func (a *account) checkNewMember(d dialects, userID string) error {
	for _, product := range Products() {
		user, ok := a.people[product].users.get(userID)
		switch {
		case !ok:
			continue
		case user.Revoked:
			return fieldProblem("userId", "names a user without access")
		case user.Pending && d[PendingMemberRejected]:
			return fieldProblem("userId", "names a user who has not accepted the invitation yet")
		}
		return nil
	}
	return userNotFound(userID)
}

// dropMemberships removes a user from all customers.
func (a *account) dropMemberships(userID string, now time.Time) {
	for _, customer := range a.customers.all() {
		if at := slices.Index(customer.Members, userID); at >= 0 {
			changed := *customer
			changed.Members = slices.Delete(slices.Clone(customer.Members), at, at+1)
			changed.UpdatedAt = now
			a.customers.put(changed.ID, &changed, false)
		}
	}
}
