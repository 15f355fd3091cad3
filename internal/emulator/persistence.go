// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// stateVersion is the version of the form of [State].
const stateVersion = 1

// saveDelay is how long [Emulator.Keep] lets changes gather before it saves, at
// least. After a save that took long it waits saveShare times as long, so that
// saving a large account leaves most of the machine to others.
const (
	saveDelay = 200 * time.Millisecond
	saveShare = 5
)

// State is everything that an account holds, as it is kept in files. Lists are
// oldest first.
type State struct {
	Version     int                      `json:"version"`
	APIKeyID    string                   `json:"apiKeyId"`
	ClinicID    string                   `json:"clinicId"`
	Customers   []Customer               `json:"expressCustomers"`
	Users       map[Product][]User       `json:"users"`
	Invitations map[Product][]Invitation `json:"invitations"`
	References  []Reference              `json:"clinicalReferences"`
}

// State returns a copy of everything that the account holds.
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

// Restore replaces everything that the account holds.
func (e *Emulator) Restore(state State) error {
	if state.Version != stateVersion {
		return fmt.Errorf("the state has version %d, only %d can be read", state.Version, stateVersion)
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

// fill puts objects into an empty table.
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

// LoadFile restores the state from a file. A file that does not exist is an
// empty account.
func (e *Emulator) LoadFile(path string) error {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var state State
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&state); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if err := e.Restore(state); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// SaveFile writes the state to a file, which is either the old or the new one
// at any moment.
func (e *Emulator) SaveFile(path string) error {
	text, err := json.MarshalIndent(e.State(), "", "  ")
	if err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	_, err = file.Write(append(text, '\n'))
	err = errors.Join(err, file.Sync(), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	return nil
}

// Keep saves the state to a file shortly after each change, until the context
// ends, and then a last time. It reports what goes wrong in between and goes
// on. Only one Keep may run.
func (e *Emulator) Keep(ctx context.Context, path string, report func(error)) error {
	delay := saveDelay
	for {
		select {
		case <-e.changed:
		case <-ctx.Done():
			return e.SaveFile(path)
		}
		if !e.pause(ctx, delay) {
			return e.SaveFile(path)
		}
		started := time.Now()
		if err := e.SaveFile(path); err != nil {
			report(err)
		}
		delay = max(saveDelay, saveShare*time.Since(started))
	}
}
