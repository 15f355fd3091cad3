// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"slices"
	"sort"
	"strings"
	"time"
)

// table keeps the objects of one kind by id, and in the order of their creation. It is not
// safe for concurrent use: the emulator's lock guards it.
type table[T any] struct {
	created func(*T) time.Time
	// tieByID orders objects of the same time by id instead of insertion, which cursors of
	// time and id require.
	tieByID  bool
	indexes  []*index[T]
	changed  func()
	rows     map[string]*row[T]
	order    []*row[T] // oldest first
	sequence uint64
}

// row is one object. With the read-lag dialect it also keeps the state that the next read
// still shows.
type row[T any] struct {
	id       string
	sequence uint64
	value    *T
	unread   bool // the next read shows stale, not value
	stale    *T   // nil: did not exist yet
}

func newTable[T any](changed func(), created func(*T) time.Time, indexes ...*index[T]) *table[T] {
	return &table[T]{created: created, indexes: indexes, changed: changed, rows: map[string]*row[T]{}}
}

// get returns the current object.
func (t *table[T]) get(id string) (*T, bool) {
	r, ok := t.rows[id]
	if !ok {
		return nil, false
	}
	return r.value, true
}

// read returns the object as an API read shows it. With lag, the first read after a write
// shows the state before it.
func (t *table[T]) read(id string, lag bool) (*T, bool) {
	r, ok := t.rows[id]
	if !ok {
		return nil, false
	}
	value := r.peek(lag)
	r.unread = false
	return value, value != nil
}

// peek returns what the next read shows; nil if it does not find the object.
func (r *row[T]) peek(lag bool) *T {
	if lag && r.unread {
		return r.stale
	}
	return r.value
}

// put stores an object. With lag the next read does not show it yet.
func (t *table[T]) put(id string, value *T, lag bool) {
	defer t.changed()
	r, ok := t.rows[id]
	if !ok {
		t.sequence++
		r = &row[T]{id: id, sequence: t.sequence, value: value, unread: lag}
		t.rows[id] = r
		t.place(r)
		return
	}
	moved := !t.created(r.value).Equal(t.created(value))
	t.displace(r, moved)
	r.stale, r.unread = r.value, lag
	r.value = value
	if moved {
		t.insert(r)
	}
	t.index(r)
}

// remove removes an object, and reports whether it existed.
func (t *table[T]) remove(id string) bool {
	r, ok := t.rows[id]
	if !ok {
		return false
	}
	t.displace(r, true)
	delete(t.rows, id)
	t.changed()
	return true
}

func (t *table[T]) place(r *row[T]) {
	t.insert(r)
	t.index(r)
}

// displace removes a row from the indexes and, if fromOrder is set, from the order.
func (t *table[T]) displace(r *row[T], fromOrder bool) {
	for _, index := range t.indexes {
		index.remove(r.id, r.value)
	}
	if fromOrder {
		at := t.position(t.created(r.value), r.sequence, r.id)
		t.order = slices.Delete(t.order, at, at+1)
	}
}

func (t *table[T]) insert(r *row[T]) {
	at := t.position(t.created(r.value), r.sequence, r.id)
	t.order = slices.Insert(t.order, at, r)
}

func (t *table[T]) index(r *row[T]) {
	for _, index := range t.indexes {
		index.add(r.id, r.value)
	}
}

// position returns the index in the order of the first row that is not before the given
// key.
func (t *table[T]) position(created time.Time, sequence uint64, id string) int {
	return sort.Search(len(t.order), func(i int) bool {
		r := t.order[i]
		if c := t.created(r.value).Compare(created); c != 0 {
			return c > 0
		}
		if t.tieByID {
			return strings.Compare(r.id, id) >= 0
		}
		return r.sequence >= sequence
	})
}

// all returns copies of the pointers to all objects, oldest first.
func (t *table[T]) all() []*T {
	values := make([]*T, len(t.order))
	for i, r := range t.order {
		values[i] = r.value
	}
	return values
}

// index finds objects by a key, which several objects may share.
type index[T any] struct {
	key func(*T) string // objects with key "" are not indexed
	ids map[string][]string
}

func newIndex[T any](key func(*T) string) *index[T] {
	return &index[T]{key: key, ids: map[string][]string{}}
}

// find returns the ids of the objects with that key, oldest entry first.
func (x *index[T]) find(key string) []string { return x.ids[key] }

func (x *index[T]) add(id string, value *T) {
	if key := x.key(value); key != "" {
		x.ids[key] = append(x.ids[key], id)
	}
}

func (x *index[T]) remove(id string, value *T) {
	key := x.key(value)
	ids := x.ids[key]
	at := slices.Index(ids, id)
	switch {
	case at < 0:
	case len(ids) == 1:
		delete(x.ids, key)
	default:
		x.ids[key] = slices.Delete(slices.Clone(ids), at, at+1)
	}
}
