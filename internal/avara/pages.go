// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"net/url"
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

// all iterates over the items of every page, fetching a page when the one
// before it is used up. Objects that come twice, as they may when others write
// meanwhile, are yielded once. The first error ends the iteration.
func (l listing[T]) all(ctx context.Context, c *Client) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		ids, cursors := map[string]bool{}, map[string]bool{}
		for cursor := ""; ; {
			items, next, err := l.page(ctx, c, cursor)
			if err != nil {
				yield(none, err)
				return
			}
			for _, item := range items {
				if id := l.id(item); ids[id] {
					continue
				} else {
					ids[id] = true
				}
				if !yield(item, nil) {
					return
				}
			}
			if next == "" || len(items) == 0 {
				return
			}
			if cursors[next] {
				yield(none, fmt.Errorf("GET %s: the API sends the same page cursor twice, the listing would never end", l.route))
				return
			}
			cursors[next] = true
			cursor = next
		}
	}
}

// page fetches one page. The next cursor is empty on the last one: the API
// says so by hasMore or by leaving the cursor out, and the SDKs differ in which
// they heed, so either counts.
func (l listing[T]) page(ctx context.Context, c *Client, cursor string) (items []T, next string, err error) {
	query := url.Values{"limit": {pageSize}}
	maps.Copy(query, l.query)
	if cursor != "" {
		query.Set("cursor", cursor)
	}
	var envelope map[string]json.RawMessage
	if err := c.do(ctx, operation{method: http.MethodGet, route: l.route, query: query}, &envelope); err != nil {
		return nil, "", err
	}
	raw, ok := envelope[l.key]
	if !ok {
		return nil, "", fmt.Errorf("GET %s: the answer has no %q", l.route, l.key)
	}
	if err := json.Unmarshal(raw, &items); err != nil {
		return nil, "", fmt.Errorf("GET %s: reading %q: %w", l.route, l.key, err)
	}
	more := true
	for name, target := range map[string]any{"hasMore": &more, "cursor": &next} {
		if raw, ok := envelope[name]; ok {
			if err := json.Unmarshal(raw, target); err != nil {
				return nil, "", fmt.Errorf("GET %s: reading %q: %w", l.route, name, err)
			}
		}
	}
	if !more {
		next = ""
	}
	return items, next, nil
}
