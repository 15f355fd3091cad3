// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"encoding/json"
	"strings"
	"time"
)

// fetch is the request that brought an object.
type fetch struct {
	began time.Time
	// round is the way through the list that the request was part of; nil for a
	// GET.
	round *round
}

// blockSize is that of a page of the list, more or less.
const blockSize = 32 << 10

// memory holds objects by id. They are kept encoded: that takes less than half
// of the space, and who recalls one gets a copy. And they are kept together in
// large blocks: the garbage collector looks at each thing in memory, again and
// again, and of 100,000 objects it would have 200,000 to look at.
type memory[T any] struct {
	// newer, if set, tells which of two objects with the same id counts.
	newer func(a, b *T) bool
	held  map[string]memorized
	block *strings.Builder
}

type memorized struct {
	encoded string
	by      *fetch
}

func (m *memory[T]) forget() { m.held, m.block = nil, nil }

// keep takes an object in, unless it holds one that counts more or was asked
// for later.
func (m *memory[T]) keep(id string, object *T, by *fetch) {
	if held, ok := m.held[id]; ok && (held.by.began.After(by.began) || m.countsMore(held, object)) {
		return
	}
	encoded, err := json.Marshal(object)
	if err != nil || id == "" {
		return
	}
	if m.held == nil {
		m.held = map[string]memorized{}
	}
	m.held[m.store(id)] = memorized{encoded: m.store(string(encoded)), by: by}
}

// store returns a copy of text that is part of a block.
func (m *memory[T]) store(text string) string {
	if m.block == nil || m.block.Len()+len(text) > m.block.Cap() {
		m.block = &strings.Builder{}
		m.block.Grow(max(blockSize, len(text)))
	}
	m.block.WriteString(text)
	return m.block.String()[m.block.Len()-len(text):]
}

func (m *memory[T]) countsMore(held memorized, object *T) bool {
	if m.newer == nil {
		return false
	}
	var other T
	return json.Unmarshal([]byte(held.encoded), &other) == nil && m.newer(&other, object)
}

// lists tells whether a page brought an object.
func (m *memory[T]) lists(id string) bool {
	held, ok := m.held[id]
	return ok && held.by.round != nil
}

// gotten tells whether a GET brought an object.
func (m *memory[T]) gotten(id string) bool {
	held, ok := m.held[id]
	return ok && held.by.round == nil
}

// recall returns a copy of an object, nil if it is not held or no longer to be
// trusted, and whether a page brought it.
func (m *memory[T]) recall(id string, now time.Time) (object *T, listed bool) {
	held, ok := m.held[id]
	if !ok {
		return nil, false
	}
	listed = held.by.round != nil
	if !now.Before(held.by.began.Add(memoryLife)) || listed && m.newer != nil && !held.by.round.ended {
		return nil, false
	}
	object = new(T)
	if json.Unmarshal([]byte(held.encoded), object) != nil {
		return nil, false
	}
	return object, listed
}
