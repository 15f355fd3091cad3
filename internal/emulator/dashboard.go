// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"errors"
	"time"
)

// errNothingToDo aborts a change that leaves its object unchanged.
var errNothingToDo = errors.New("nothing to do")

// alreadyDone is the answer if the object is in the wanted state already.
func alreadyDone(d dialects, format string, id string) error {
	if d[ToggleTwiceConflict] || d[ToggleTwiceBadRequest] {
		return newProblem(repeated, format, id)
	}
	return errNothingToDo
}

// cloner is an object of the account.
type cloner[T any] interface{ clone() T }

// cloneOf returns a copy of an object that the caller may change.
func cloneOf[T cloner[T]](stored *T, ok bool) (T, bool) {
	if !ok {
		var none T
		return none, false
	}
	return (*stored).clone(), true
}

func clones[T cloner[T]](stored []*T) []T {
	copies := make([]T, len(stored))
	for i, value := range stored {
		copies[i] = (*value).clone()
	}
	return copies
}

// dashboard changes objects that have an update time as a person in the vendor's dashboard
// would: immediately, regardless of the dialects.
type dashboard[T cloner[T]] struct {
	*Emulator
	prefix string
	table  func(*account) *table[T]
	fields func(*T) (id *string, created, updated *time.Time)
}

func (d dashboard[T]) all() []T {
	d.mu.Lock()
	defer d.mu.Unlock()
	return clones(d.table(d.account).all())
}

func (d dashboard[T]) one(id string) (T, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return cloneOf(d.table(d.account).get(id))
}

// add stores an object, with a new id and new times if it has none.
func (d dashboard[T]) add(object T) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	object = object.clone()
	id, created, updated := d.fields(&object)
	if *id == "" {
		*id = newID(d.prefix)
	}
	fillTimes(created, updated, d.now())
	d.table(d.account).put(*id, &object, false)
	return *id
}

// edit changes an object except for its id, and sets the update time unless the edit did.
// It reports whether the object exists.
func (d dashboard[T]) edit(id string, edit func(*T)) bool {
	found, _ := d.try(id, func(object *T) error {
		edit(object)
		return nil
	})
	return found
}

// try is edit for a change that can fail. If it fails, nothing changes.
func (d dashboard[T]) try(id string, edit func(*T) error) (found bool, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	changed, ok := cloneOf(d.table(d.account).get(id))
	if !ok {
		return false, nil
	}
	_, _, updated := d.fields(&changed)
	before := *updated
	if err := edit(&changed); err != nil {
		return true, err
	}
	changed = changed.clone()
	own, _, updated := d.fields(&changed)
	*own = id
	touch(updated, before, d.now())
	d.table(d.account).put(id, &changed, false)
	return true, nil
}

func (d dashboard[T]) remove(id string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.table(d.account).remove(id)
}

// fillTimes sets the timestamps that are zero.
func fillTimes(created, updated *time.Time, now time.Time) {
	if created.IsZero() {
		*created = now
	}
	if updated.IsZero() {
		*updated = *created
	}
}

// touch sets the update time unless the edit did.
func touch(updated *time.Time, before, now time.Time) {
	if updated.Equal(before) {
		*updated = now
	}
}
