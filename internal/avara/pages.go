// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"slices"
)

// pageSize is the largest that the API allows (vendor documentation).
const pageSize = "100"

// listing names a list operation and how to read its items.
type listing[T any] struct {
	route string
	query url.Values
	// key is the JSON name of the array in the answer.
	key string
	id  func(T) string
}

// queryOf returns a query of the values that are not empty.
func queryOf(values map[string]string) url.Values {
	query := url.Values{}
	for name, value := range values {
		if value != "" {
			query.Set(name, value)
		}
	}
	return query
}

// listPage is one page of a list: the cursor that it was fetched with, that of the
// next page, which is empty on the last one, and when the page was made.
type listPage[T any] struct {
	cursor, next string
	items        []T
	shown        moment
}

// all iterates over the items of every page, fetching a page when the one
// before it is used up. The first error ends the iteration.
func (l listing[T]) all(ctx context.Context, c *Client) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		for p := l.from(""); !p.ended; {
			page, err := p.next(ctx, c)
			if err != nil {
				yield(none, err)
				return
			}
			for _, item := range page.items {
				if !yield(item, nil) {
					return
				}
			}
		}
	}
}

// maxStalePages is how many pages in a row may bring nothing new. Pages overlap
// if others write meanwhile, but a listing must end.
const maxStalePages = 3

// pager fetches the pages of a list, one after the other.
type pager[T any] struct {
	listing[T]
	cursor string
	// ended says that there is no further page, endless that there would be one for ever.
	ended, endless bool
	// ids and cursors are those that have been seen, and stale is how many pages in a
	// row have brought nothing new.
	ids, cursors map[string]bool
	stale        int
}

// from returns a pager that begins at a cursor; the empty one is that of the first page.
func (l listing[T]) from(cursor string) *pager[T] {
	return &pager[T]{listing: l, cursor: cursor, ids: map[string]bool{}, cursors: map[string]bool{cursor: true}}
}

// next fetches the next page. Objects that come twice, as they may when others write
// meanwhile, are on the first of their pages only. After an error next can be called
// again, for the same page.
func (p *pager[T]) next(ctx context.Context, c *Client) (listPage[T], error) {
	if p.endless {
		return listPage[T]{}, unexpected(operation{method: http.MethodGet, route: p.route},
			errors.New("the API sends the same page again and again, so the listing would never end"))
	}
	page, err := p.fetch(ctx, c, p.cursor)
	if err != nil {
		return page, err
	}
	p.ended = page.next == "" || len(page.items) == 0
	before := len(p.ids)
	page.items = slices.DeleteFunc(page.items, func(item T) bool {
		id := p.id(item)
		known := p.ids[id]
		if id != "" {
			p.ids[id] = true
		}
		return known
	})
	if p.stale++; len(p.ids) > before {
		p.stale = 0
	}
	p.endless = !p.ended && (p.cursors[page.next] || p.stale == maxStalePages)
	p.cursor, p.cursors[page.next] = page.next, true
	return page, nil
}

// fetch fetches one page. The API says that it is the last one by hasMore or by
// leaving the cursor out. The SDKs differ in which of the two they use, so either counts.
func (l listing[T]) fetch(ctx context.Context, c *Client, cursor string) (listPage[T], error) {
	query := queryOf(map[string]string{"limit": pageSize, "cursor": cursor})
	maps.Copy(query, l.query)
	answer := pageAnswer[T]{key: l.key}
	shown, err := c.send(ctx, operation{
		method: http.MethodGet, route: l.route, query: query,
		valid: func() error {
			if !answer.found {
				return fmt.Errorf("the answer has no %q", l.key)
			}
			return nil
		},
	}, &answer)
	if !answer.more {
		answer.cursor = ""
	}
	return listPage[T]{cursor: cursor, next: answer.cursor, items: answer.items, shown: shown}, err
}

// maxPageItems bounds the items that are taken from one page: asked for 100, an
// API may send more, but not without end.
const maxPageItems = 1000

// pageAnswer reads a page. It skips unknown fields, and stops after maxPageItems, because
// a small body can decode into much memory.
type pageAnswer[T any] struct {
	key    string
	found  bool
	items  []T
	more   bool
	cursor string
}

func (a *pageAnswer[T]) UnmarshalJSON(raw []byte) error {
	a.more = true
	decoder := json.NewDecoder(bytes.NewReader(raw))
	if token, err := decoder.Token(); err != nil || token != json.Delim('{') {
		return errors.Join(errors.New("it is not a JSON object"), err)
	}
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return err
		}
		switch name {
		case a.key:
			a.found, err = true, a.readItems(decoder)
		case "hasMore":
			err = decoder.Decode(&a.more)
		case "cursor":
			err = decoder.Decode(&a.cursor)
		default:
			var unknown json.RawMessage
			err = decoder.Decode(&unknown)
		}
		if err != nil {
			return fmt.Errorf("reading %q: %w", printable(fmt.Sprint(name), 100), err)
		}
	}
	return nil
}

func (a *pageAnswer[T]) readItems(decoder *json.Decoder) error {
	switch token, err := decoder.Token(); {
	case err != nil || token == nil:
		return err
	case token != json.Delim('['):
		return errors.New("it is not a list")
	}
	for decoder.More() {
		if len(a.items) == maxPageItems {
			return fmt.Errorf("it holds more than %d items", maxPageItems)
		}
		item := assumed[T]()
		if err := decoder.Decode(&item); err != nil {
			return err
		}
		a.items = append(a.items, item)
	}
	_, err := decoder.Token()
	return err
}
