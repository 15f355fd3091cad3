// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"slices"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// ledger records what one run of Terraform reads, plans and does. Terraform calls the
// provider for one resource at a time and mentions no other, so only the ledger can see
// that one resource destroys what another one creates.
//
// It lives as long as the provider's configuration, which is one plan or one apply:
// an apply does not know what its plan has seen.
type ledger struct {
	mu      sync.Mutex
	entries map[equality]*entry
	// kept and ended hold the ids of the objects that the plan keeps, and of those
	// that it destroys or replaces.
	kept, ended map[string]bool
	// customers is what decides whether a customer takes new members.
	customers customerLedger
	// made is set once this run has created an object.
	made bool
	// keyRejected is set once a diagnostic has said that the API does not accept the key.
	keyRejected bool
}

// equality is what makes one object of the API the same as another to people: a
// user's email address, a customer's name, the keys of a reference, the two ids of
// a membership.
type equality struct{ kind, key string }

// entry is what the ledger knows of equal objects.
type entry struct {
	// held are those in the state.
	held []privateRecord
	// created is set if the plan creates one, reported once a diagnostic has named
	// both.
	created, reported bool
	// turn lets one create or delete through at a time.
	turn chan struct{}
	// made is set once this run has created one, refused once it has failed to.
	made, refused bool
	// revoked is the id of a user whose access, or of a membership that this run has
	// ended.
	revoked string
}

func newLedger() *ledger {
	return &ledger{
		entries: map[equality]*entry{},
		kept:    map[string]bool{}, ended: map[string]bool{},
		customers: customerLedger{active: map[string]bool{}, joining: map[string]bool{}, shownInactive: map[string]bool{}},
	}
}

func (l *ledger) entry(e equality) *entry {
	found := l.entries[e]
	if found == nil {
		found = &entry{turn: make(chan struct{}, 1)}
		l.entries[e] = found
	}
	return found
}

// hold records an object that is in the state.
func (l *ledger) hold(o managedObject) {
	l.mu.Lock()
	defer l.mu.Unlock()
	entry := l.entry(o.equality())
	entry.held = append(entry.held, o.record())
}

// planDestroy records that the plan destroys an object, and reports whether it
// also creates an equal one, unless that has been reported.
func (l *ledger) planDestroy(o managedObject) (created bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	entry := l.entry(o.equality())
	entry.held = append(entry.held, o.record())
	created = entry.created && !entry.reported
	entry.reported = entry.reported || created
	return created
}

// planCreate records that the plan creates an object, and returns an equal one
// that the state holds, as it was seen last, unless that has been reported. replaced is
// the id of the object that this create replaces, if any.
func (l *ledger) planCreate(o managedObject, replaced string) (held privateRecord, found bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	entry := l.entry(o.equality())
	entry.created = true
	for _, held := range slices.Backward(entry.held) {
		if held.ID != replaced && !entry.reported {
			entry.reported = true
			return held, true
		}
	}
	return privateRecord{}, false
}

// replaces reports whether the plan destroys an object and creates an equal one.
func (l *ledger) replaces(o managedObject) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.ended[o.record().ID] && l.entry(o.equality()).created
}

// keep records that the plan keeps an object, and reports whether another
// resource destroys it.
func (l *ledger) keep(id string) (ended bool) { return l.pair(l.kept, l.ended, id) }

// end records that the plan destroys an object, and reports whether another
// resource keeps it.
func (l *ledger) end(id string) (kept bool) { return l.pair(l.ended, l.kept, id) }

// pair adds an id to one set, and reports whether the other has it.
func (l *ledger) pair(one, other map[string]bool, id string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	one[id] = true
	return other[id]
}

// firstRejectedKey reports whether nothing has been said of a rejected key so far.
func (l *ledger) firstRejectedKey() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	first := !l.keyRejected
	l.keyRejected = true
	return first
}

// turn waits until no other create or delete of an equal object is under way. The
// error is that of the context.
func (l *ledger) turn(ctx context.Context, e equality) (done func(), err error) {
	l.mu.Lock()
	turn := l.entry(e).turn
	l.mu.Unlock()
	select {
	case turn <- struct{}{}:
		return func() { <-turn }, nil
	case <-ctx.Done():
		return func() {}, ctx.Err()
	}
}

// created records how a create has ended, and returns its error.
func (l *ledger) created(e equality, err error) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	entry := l.entry(e)
	if err == nil {
		entry.made, l.made = true, true
	} else {
		entry.refused = true
	}
	return err
}

// revoke records that this run has revoked the access of a user, or ended a membership.
func (l *ledger) revoke(o managedObject) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.entry(o.equality()).revoked = o.record().ID
}

// revoked returns the id of what this run has revoked or ended, empty if there is none.
func (l *ledger) revoked(e equality) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.entry(e).revoked
}

// creates reports whether this run has created an equal object, or has only failed to.
func (l *ledger) creates(e equality) (made, refused bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	entry := l.entry(e)
	return entry.made, entry.refused && !entry.made
}

// hasCreated reports whether this run has created anything: then it is an apply.
func (l *ledger) hasCreated() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.made
}

// createdTwice is the advice where the API refuses an object as taken, and another resource
// has created its equal in this run; empty if none has. To import that one would put it
// into the state twice.
func (l *ledger) createdTwice(o managedObject) string {
	if made, _ := l.creates(o.equality()); !made {
		return ""
	}
	return "Another resource has just created the same object. Remove one of the two resources from the configuration."
}

// destroyedElsewhere is the error for an object that two resources manage, of which the
// plan destroys one: the other would be left with nothing.
func destroyedElsewhere(object string) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Object is both kept and destroyed",
		object+" is in the state twice. This plan keeps one of the two resources and destroys the other, so the object would be gone although one resource still declares it. "+
			"If the address of a resource has changed, use a moved block in place of an import. Otherwise remove one resource from the state alone: "+
			"take it out of the configuration and add a removed block with lifecycle { destroy = false }, or run terraform state rm with its address.")
}

// notDestroyed is the error for an object whose equal this run has failed to create
// under another address: to destroy it would leave neither.
func notDestroyed(o managedObject) diag.Diagnostic {
	return diag.NewErrorDiagnostic(capitalized(o.noun())+" was not destroyed",
		o.String()+" stays as it is, and nothing was sent to Avara: the same plan creates its equal under another address, and that has failed. "+
			"If the address of the resource has changed, add a moved block, and the object stays.")
}
