// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"encoding/base64"
	"encoding/json"
	"time"
)

// Page sizes. The bounds are from the vendor documentation, the default is in
// the comments of a vendor SDK only.
const (
	defaultPageSize = 20
	largestPage     = 100
)

// offsetCursor is what the cursors of customers, users and invitations decode
// to. Filters binds a cursor to the filters it was made with (our assumption).
// Without filters the cursor looks like the vendor's samples, which go with any.
type offsetCursor struct {
	Offset  int    `json:"offset"`
	Filters string `json:"filters,omitempty"`
}

// keysetCursor is what the cursors of clinical references decode to. The
// vendor's samples hold the time alone; the id tells references of one instant
// apart, all of which are behind a cursor without one.
type keysetCursor struct {
	CreatedAt time.Time `json:"createdAt"`
	ID        string    `json:"clinicalReferenceId,omitempty"`
	Filters   string    `json:"filters,omitempty"`
}

// rows is the part of a list that one page shows.
type rows[T any] struct {
	values []*T
	next   int  // list position at which the next page starts
	more   bool // whether there is anything there
}

// page collects up to limit objects that match, from the given position in the
// list on. It looks at no row before that position, so a page of an unfiltered
// list costs the same wherever it is.
func (t *table[T]) page(start, limit int, d dialects, match func(*T) bool) rows[T] {
	found := rows[T]{next: len(t.order)}
	lag := d[ReadLag]
	for i := start; i < len(t.order); i++ {
		r := t.at(i, d)
		value := r.peek(lag)
		matches := value != nil && match(value)
		if len(found.values) == limit {
			if matches {
				found.next, found.more = i, true
				return found
			}
			continue
		}
		r.unread = false
		if matches {
			found.values = append(found.values, value)
		}
	}
	return found
}

// at returns the row at a position of the list, which is newest first unless a
// dialect says otherwise.
func (t *table[T]) at(position int, d dialects) *row[T] {
	if d[OldestFirst] {
		return t.order[position]
	}
	return t.order[len(t.order)-1-position]
}

// after returns the list position of the first object beyond the given one,
// which need not exist any more, or, without an id, beyond all of that time. The
// table must order by time and id.
func (t *table[T]) after(created time.Time, id string, d dialects) int {
	if id == "" && d[OldestFirst] {
		return t.position(created.Add(1), 0, "")
	}
	at := t.position(created, 0, id)
	if !d[OldestFirst] {
		return len(t.order) - at
	}
	if at < len(t.order) && t.order[at].id == id {
		at++
	}
	return at
}

// listObject is the envelope of a page. A cursor stands in it only when there
// is a next page: vendor SDKs that ignore hasMore would never stop otherwise.
func listObject[T any](d dialects, key string, values []*T, cursor any, wire func(dialects, *T) *object) *object {
	items := make([]*object, len(values))
	for i, value := range values {
		items[i] = wire(d, value)
	}
	list := newObject(d)
	list.add(key, items)
	if !d[HasMoreAbsent] {
		list.add("hasMore", cursor != nil)
	}
	switch {
	case cursor != nil:
		list.add("cursor", encodeCursor(cursor))
	case d[LastCursorNull]:
		list.add("cursor", nil)
	}
	return list
}

// offsetPage is the envelope of a list that counts its rows.
func offsetPage[T any](d dialects, key string, page rows[T], q *query, wire func(dialects, *T) *object) *object {
	var cursor any
	if page.more {
		cursor = offsetCursor{Offset: page.next, Filters: q.fingerprint()}
	}
	return listObject(d, key, page.values, cursor, wire)
}

func encodeCursor(cursor any) string {
	text, _ := json.Marshal(cursor) // cursors hold numbers, text and time only
	return base64.StdEncoding.EncodeToString(text)
}

// decodeCursor reads a cursor back, and reports whether it is one of ours.
func decodeCursor(text string, cursor any) bool {
	raw, err := base64.StdEncoding.DecodeString(text)
	return err == nil && decodeStrictly(raw, cursor) == nil
}
