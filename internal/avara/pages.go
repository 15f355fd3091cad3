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

// listPage is one page of a list, and the cursor that it was fetched with.
type listPage[T any] struct {
	cursor string
	items  []T
}

// maxStalePages is how many pages in a row may bring nothing new. Pages overlap
// if others write meanwhile, but a listing must end.
const maxStalePages = 3

// all iterates over the items of every page, fetching a page when the one
// before it is used up. The first error ends the iteration.
func (l listing[T]) all(ctx context.Context, c *Client) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		for page, err := range l.pages(ctx, c, "") {
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

// pages iterates over the pages from a cursor on; the empty one is that of the
// first page. Objects that come twice, as they may when others write meanwhile,
// are on the first of their pages only. The first error ends the iteration.
func (l listing[T]) pages(ctx context.Context, c *Client, cursor string) iter.Seq2[listPage[T], error] {
	return func(yield func(listPage[T], error) bool) {
		ids, cursors, stale := map[string]bool{}, map[string]bool{cursor: true}, 0
		for {
			items, next, err := l.page(ctx, c, cursor)
			if err != nil {
				yield(listPage[T]{}, err)
				return
			}
			last, before := next == "" || len(items) == 0, len(ids)
			items = slices.DeleteFunc(items, func(item T) bool {
				id := l.id(item)
				known := ids[id]
				if id != "" {
					ids[id] = true
				}
				return known
			})
			if !yield(listPage[T]{cursor, items}, nil) || last {
				return
			}
			if stale++; len(ids) > before {
				stale = 0
			}
			if cursors[next] || stale == maxStalePages {
				yield(listPage[T]{}, unexpected(operation{method: http.MethodGet, route: l.route}, errEndless))
				return
			}
			cursors[next] = true
			cursor = next
		}
	}
}

var errEndless = errors.New("the API sends the same page again and again, so the listing would never end")

// page fetches one page. The next cursor is empty on the last one: the API
// says so by hasMore or by leaving the cursor out, and the SDKs differ in which
// they heed, so either counts.
func (l listing[T]) page(ctx context.Context, c *Client, cursor string) (items []T, next string, err error) {
	query := url.Values{"limit": {pageSize}}
	maps.Copy(query, l.query)
	if cursor != "" {
		query.Set("cursor", cursor)
	}
	answer := pageAnswer[T]{key: l.key}
	op := operation{method: http.MethodGet, route: l.route, query: query}
	if err := c.do(ctx, op, &answer); err != nil {
		return nil, "", err
	}
	if !answer.found {
		return nil, "", unexpected(op, fmt.Errorf("the answer has no %q", l.key))
	}
	if !answer.more {
		answer.cursor = ""
	}
	return answer.items, answer.cursor, nil
}

// maxPageItems bounds the items that are taken from one page: asked for 100, an
// API may send more, but not without end.
const maxPageItems = 1000

// pageAnswer reads a page. It keeps nothing of what it does not know, and stops
// at too many items: a few bytes each can be many times as much in memory.
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
		return errors.Join(errors.New("it is no object"), err)
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
		return errors.New("it is no list")
	}
	for decoder.More() {
		if len(a.items) == maxPageItems {
			return fmt.Errorf("it holds more than %d items", maxPageItems)
		}
		var item T
		if err := decoder.Decode(&item); err != nil {
			return err
		}
		a.items = append(a.items, item)
	}
	_, err := decoder.Token()
	return err
}
