// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"encoding/json"
	"time"
)

// fetch is the request that brought an object.
type fetch struct {
	began time.Time
	// confirms says that it is a GET that confirms an earlier answer.
	confirms bool
	// round is the walk through the list that the page belongs to; nil for a GET.
	round *round
}

// memory holds objects by the key of their id. They are kept encoded: that takes less than half of the
// space, and each read gets a copy of its own.
type memory[T any] struct {
	// newer, if set, reports which of two objects with the same id counts.
	newer   func(a, b *T) bool
	objects map[string]*memorized
}

type memorized struct {
	// encoded is the object as JSON. It is empty if there is no such object; absent is then
	// the API's error.
	encoded string
	absent  error
	by      *fetch
	// served says that a read has been served from here.
	served bool
}

func (m *memory[T]) forget() { m.objects = map[string]*memorized{} }

// keep stores an object, unless memory holds one that counts more or was requested later.
func (m *memory[T]) keep(id string, object *T, by *fetch) {
	if m.holdsLater(id, by) || m.newer != nil && m.holdsNewer(id, object) {
		return
	}
	encoded, err := json.Marshal(object)
	if err != nil || id == "" {
		return
	}
	m.objects[idKey(id)] = &memorized{encoded: string(encoded), by: by}
}

// keepAbsent stores that there is no such object.
func (m *memory[T]) keepAbsent(id string, absent error, by *fetch) {
	if !m.holdsLater(id, by) {
		m.objects[idKey(id)] = &memorized{absent: absent, by: by}
	}
}

func (m *memory[T]) holdsLater(id string, by *fetch) bool {
	known := m.objects[idKey(id)]
	return known != nil && known.by.began.After(by.began)
}

func (m *memory[T]) holdsNewer(id string, object *T) bool {
	var other T
	known := m.objects[idKey(id)]
	return known != nil && json.Unmarshal([]byte(known.encoded), &other) == nil && m.newer(&other, object)
}

// lists reports whether a page brought an object.
func (m *memory[T]) lists(id string) bool {
	known := m.objects[idKey(id)]
	return known != nil && known.by.round != nil
}

// recall returns what is known of an object, nil if that was requested before since.
func (m *memory[T]) recall(id string, since time.Time) *memorized {
	known := m.objects[idKey(id)]
	if known == nil {
		return nil
	}
	asOf := known.by.began
	if known.by.round != nil && m.newer != nil {
		// Only the whole list shows which object counts.
		if !known.by.round.ended {
			return nil
		}
		asOf = known.by.round.began
	}
	if asOf.Before(since) {
		return nil
	}
	return known
}

// serve returns a copy of what was recalled.
func (m *memory[T]) serve(known *memorized) (*T, error) {
	known.served = true
	if known.absent != nil {
		return nil, known.absent
	}
	object := new(T)
	return object, json.Unmarshal([]byte(known.encoded), object)
}
