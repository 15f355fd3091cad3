// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"slices"
	"time"
)

// account is everything that the emulator stores. Its tables hold immutable values: a
// change replaces the value. Values that were read under the lock may therefore be used
// after it is released.
type account struct {
	apiKeyID   string
	clinicID   string
	customers  *customerTable
	people     map[Product]productPeople
	references *referenceTable
	sessions   map[string]session // by token; not saved to files
}

// productPeople are the users and invitations of one product. We assume that the products
// share neither.
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

// checkNewMember returns an error if a user, of either product, can't be added to a
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
