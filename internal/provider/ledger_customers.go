// SPDX-License-Identifier: MPL-2.0

package provider

import "slices"

// customerLedger is the part of the ledger that decides whether customers take new
// members: an inactive one takes none.
type customerLedger struct {
	// active says, by id, whether a customer that the plan keeps is to be active. It is true
	// also if that is not known yet.
	active map[string]bool
	// joining holds the ids of the customers that the plan adds a member to. It is false if
	// the plan only may add one, because the id of the user is not known yet.
	joining map[string]bool
	// shownInactive holds the ids of the customers that a data source has shown as
	// inactive.
	shownInactive map[string]bool
	// newInactive describes the customers that the plan creates inactive, until a
	// diagnostic has named them. newActive is set if it also creates one that is to be
	// active, or may be.
	newInactive []string
	newActive   bool
}

// planCustomer records whether a customer that the plan keeps is to be active, or may be.
// It reports whether the plan adds a member to it, or only may.
func (l *ledger) planCustomer(id string, active bool) (joins, mayJoin bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.customers.active[id] = active
	isSure, found := l.customers.joining[id]
	return isSure, found
}

// planMember records that the plan adds a member to a customer, or may if it is not
// sure, and reports whether the customer is to be inactive.
func (l *ledger) planMember(customer string, isSure bool) (inactive bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.customers.joining[customer] = l.customers.joining[customer] || isSure
	active, planned := l.customers.active[customer]
	return planned && !active
}

// showCustomer records what a data source shows of a customer.
func (l *ledger) showCustomer(id string, active bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !active {
		l.customers.shownInactive[id] = true
	}
}

// wasShownInactive reports whether a data source has shown a customer as inactive. The plan
// may make it active, but a member that does not refer to its resource may be added before.
func (l *ledger) wasShownInactive(id string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.customers.shownInactive[id]
}

// planNewCustomer records that the plan creates a customer that is to be active or not.
func (l *ledger) planNewCustomer(customer string, active bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if active {
		l.customers.newActive = true
	} else {
		l.customers.newInactive = append(l.customers.newInactive, customer)
	}
}

// onlyInactive describes the customers that the plan creates, if all of them are to be
// inactive, and leaves out those that it has returned before. The id of a new customer is
// not known in a plan, so a new member may be that of any of them. Terraform plans a
// customer before what refers to it, so the member's own customer is among them if the plan
// creates it.
func (l *ledger) onlyInactive() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.customers.newActive {
		return nil
	}
	all := l.customers.newInactive
	l.customers.newInactive = nil
	slices.Sort(all)
	return all
}
