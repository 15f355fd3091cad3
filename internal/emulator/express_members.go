// SPDX-License-Identifier: MPL-2.0

package emulator

import "slices"

// addMember adds a user to a customer. A member counts at once, even before the user has
// accepted the invitation (our assumption).
func (e *Emulator) addMember(c *call) (any, error) {
	userID, err := readUserID(c)
	if err != nil {
		return nil, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	_, err = e.changeCustomer(c, func(customer *Customer) error {
		if !customer.IsActive && !c.dialects[MembershipInactiveAllowed] {
			return newProblem(invalid, "Express customer %q is inactive and takes no users", customer.ID)
		}
		if err := e.account.checkNewMember(c.dialects, userID); err != nil {
			return err
		}
		if slices.Contains(customer.Members, userID) {
			if c.dialects[AddMemberConflict] {
				return newProblem(conflict, "user %q is a member of Express customer %q already", userID, customer.ID)
			}
			return errNothingToDo
		}
		customer.Members = append(slices.Clone(customer.Members), userID)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return done("user added"), nil
}

// removeMember removes a user from a customer, whether it is active or not.
func (e *Emulator) removeMember(c *call) (any, error) {
	userID, err := readUserID(c)
	if err != nil {
		return nil, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	_, err = e.changeCustomer(c, func(customer *Customer) error {
		at := slices.Index(customer.Members, userID)
		if at < 0 {
			return newProblem(notMember, "user %q is not a member of Express customer %q", userID, customer.ID)
		}
		customer.Members = slices.Delete(slices.Clone(customer.Members), at, at+1)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return done("user removed"), nil
}

// readUserID reads a body that contains a user's id and nothing else.
func readUserID(c *call) (string, error) {
	body, err := readFields(c.body)
	if err != nil {
		return "", err
	}
	userID := body.text("userId", required, identifier(userPrefix))
	return userID.value, body.problem()
}
