// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"encoding/base64"
	"encoding/json"
	"time"
)

// Page sizes. The limits are from the vendor documentation. The default is documented only
// in the comments of a vendor SDK.
const (
	defaultPageSize = 20
	largestPage     = 100
)

// offsetCursor is the content of the cursors of customers, users and invitations. Filters
// binds a cursor to the filters that it was made with (our assumption). Without filters
// the cursor equals the vendor's samples and works with any filters.
type offsetCursor struct {
	Offset  int    `json:"offset"`
	Filters string `json:"filters,omitempty"`
}

// keysetCursor is the content of the cursors of clinical references. The vendor's samples
// contain only the time. The id distinguishes references of the same time. A cursor
// without an id is after all of them.
type keysetCursor struct {
	CreatedAt time.Time `json:"createdAt"`
	ID        string    `json:"clinicalReferenceId,omitempty"`
	Filters   string    `json:"filters,omitempty"`
}

// rows is one page of a list.
type rows[T any] struct {
	values []*T
	next   int  // list position at which the next page starts
	more   bool // whether there is a next page
}

// page collects up to limit matching objects, starting at the given position of the list.
// It does not scan earlier rows, so each page of an unfiltered list costs the same.
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

// at returns the row at a position of the list, which is newest first unless the dialect
// OldestFirst is in force.
func (t *table[T]) at(position int, d dialects) *row[T] {
	if d[OldestFirst] {
		return t.order[position]
	}
	return t.order[len(t.order)-1-position]
}

// after returns the list position after the given object, which may have been removed.
// Without an id, it is the position after all objects of that time. The table must be
// ordered by time and id.
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

// listObject is the JSON object of a page. It contains a cursor only if there is a next
// page, since vendor SDKs that ignore hasMore would not stop otherwise.
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

// offsetPage is the JSON object of a page of a list with offset cursors.
func offsetPage[T any](d dialects, key string, page rows[T], q *query, wire func(dialects, *T) *object) *object {
	var cursor any
	if page.more {
		cursor = offsetCursor{Offset: page.next, Filters: q.fingerprint()}
	}
	return listObject(d, key, page.values, cursor, wire)
}

func encodeCursor(cursor any) string {
	text, _ := json.Marshal(cursor) // numbers, texts and times: encoding can't fail
	return base64.StdEncoding.EncodeToString(text)
}

// decodeCursor decodes a cursor, and reports whether it is valid.
func decodeCursor(text string, cursor any) bool {
	raw, err := base64.StdEncoding.DecodeString(text)
	return err == nil && decodeStrictly(raw, cursor) == nil
}
