// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"errors"
	"fmt"
	"slices"
)

// stateVersion is the version of the JSON form of [State].
const stateVersion = 1

// State is the content of an account, in the form of a data file. Lists are oldest first.
type State struct {
	Version     int                      `json:"version"`
	APIKeyID    string                   `json:"apiKeyId"`
	ClinicID    string                   `json:"clinicId"`
	Customers   []Customer               `json:"expressCustomers"`
	Users       map[Product][]User       `json:"users"`
	Invitations map[Product][]Invitation `json:"invitations"`
	References  []Reference              `json:"clinicalReferences"`
}

// State returns a copy of the account's content.
func (e *Emulator) State() State {
	e.mu.Lock()
	defer e.mu.Unlock()
	state := State{
		Version: stateVersion, APIKeyID: e.account.apiKeyID, ClinicID: e.account.clinicID,
		Customers:   clones(e.account.customers.all()),
		Users:       map[Product][]User{},
		Invitations: map[Product][]Invitation{},
		References:  clones(e.account.references.all()),
	}
	for product, people := range e.account.people {
		state.Users[product] = clones(people.users.all())
		state.Invitations[product] = clones(people.invitations.all())
	}
	return state
}

// Restore replaces the account's content.
func (e *Emulator) Restore(state State) error {
	if state.Version != stateVersion {
		return fmt.Errorf("the state has version %d, only %d can be read", state.Version, stateVersion)
	}
	if err := errors.Join(checkProducts("users", state.Users), checkProducts("invitations", state.Invitations)); err != nil {
		return err
	}
	restored := newAccount(e.noteChange)
	if state.APIKeyID != "" {
		restored.apiKeyID = state.APIKeyID
	}
	if state.ClinicID != "" {
		restored.clinicID = state.ClinicID
	}
	errs := []error{
		fill(restored.customers.table, state.Customers, "Express customer", func(c *Customer) string { return c.ID }),
		fill(restored.references.table, state.References, "clinical reference", func(r *Reference) string { return r.ID }),
	}
	for product, people := range restored.people {
		errs = append(errs,
			fill(people.users.table, state.Users[product], "user", func(u *User) string { return u.ID }),
			fill(people.invitations.table, state.Invitations[product], "invitation", func(i *Invitation) string { return i.ID }),
		)
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.account = restored
	e.noteChange()
	return nil
}

// checkProducts checks that the products exist.
func checkProducts[T any](name string, byProduct map[Product][]T) error {
	for product := range byProduct {
		if !slices.Contains(Products(), product) {
			return fmt.Errorf("%s: there is no product %q", name, product)
		}
	}
	return nil
}

// fill adds objects to an empty table.
func fill[T cloner[T]](t *table[T], values []T, what string, id func(*T) string) error {
	for i := range values {
		value := values[i].clone()
		if id(&value) == "" {
			return fmt.Errorf("%s %d has no id", what, i+1)
		}
		if _, taken := t.get(id(&value)); taken {
			return fmt.Errorf("there are two of %s %s", what, id(&value))
		}
		t.put(id(&value), &value, false)
	}
	return nil
}

// ParseState strictly decodes a state from JSON. Its errors contain the line and the
// column.
func ParseState(text []byte) (state State, err error) {
	err = decodeStrictly(text, &state)
	return state, err
}
