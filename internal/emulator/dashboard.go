// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"errors"
	"time"
)

// errNothingToDo ends a change that leaves its object as it is.
var errNothingToDo = errors.New("nothing to do")

// alreadyDone is the answer where the object is in the wanted state already.
func alreadyDone(d dialects, format string, id string) error {
	if d[ToggleTwiceConflict] || d[ToggleTwiceBadRequest] {
		return newProblem(repeated, format, id)
	}
	return errNothingToDo
}

// cloner is an object of the account.
type cloner[T any] interface{ clone() T }

// cloneOf copies an object for a caller who may change it.
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

// fillTimes sets the timestamps that are empty.
func fillTimes(created, updated *time.Time, now time.Time) {
	if created.IsZero() {
		*created = now
	}
	if updated.IsZero() {
		*updated = *created
	}
}

// touch sets the time of the last change, unless the editor did.
func touch(updated *time.Time, before, now time.Time) {
	if updated.Equal(before) {
		*updated = now
	}
}
