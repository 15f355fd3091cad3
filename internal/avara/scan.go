// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"context"
	"iter"
	"slices"
	"time"
)

// scan is one walk through a whole list. It keeps its pages, so that it can go on where
// it stopped, and be seen again from the start. One user at a time.
type scan[T any] struct {
	*pager[T]
	// began is when the scan did, fetched when its latest page came.
	began, fetched time.Time
	// skip, if set, reports items that nobody is interested in.
	skip  func(T, moment) bool
	pages []listPage[T]
}

func newScan[T any](list listing[T]) *scan[T] {
	return &scan[T]{pager: list.from(""), began: time.Now()}
}

// all iterates over the pages, from the first one on. The first error ends the
// iteration, but not the scan.
func (s *scan[T]) all(ctx context.Context, c *Client) iter.Seq2[listPage[T], error] {
	return func(yield func(listPage[T], error) bool) {
		for n := 0; n < len(s.pages) || !s.ended; n++ {
			if n == len(s.pages) {
				page, err := s.next(ctx, c)
				if err != nil {
					yield(page, err)
					return
				}
				if s.skip != nil {
					page.items = slices.DeleteFunc(page.items, func(item T) bool { return s.skip(item, page.shown) })
				}
				s.pages, s.fetched = append(s.pages, page), time.Now()
			}
			if !yield(s.pages[n], nil) {
				return
			}
		}
	}
}

// lookupLife is how long look-ups may use a scan after its latest page.
const lookupLife = time.Minute

// lookups finds objects in a list that the API can't filter. Look-ups share a scan, until
// the client writes.
type lookups[T any] struct {
	list listing[T]
	turn turn
	scan *scan[T]
	// writes is how many the client had made when the scan began.
	writes uint64
}

func newLookups[T any](list listing[T]) *lookups[T] {
	return &lookups[T]{list: list, turn: newTurn()}
}

// find returns the objects that match, from the whole list.
func (l *lookups[T]) find(ctx context.Context, c *Client, match func(*T) bool) (found []T, err error) {
	asked := time.Now()
	if err := l.turn.take(ctx); err != nil {
		return nil, err
	}
	defer l.turn.pass()
	if l.scan == nil || l.writes != c.writes.Load() || asked.Sub(l.scan.fetched) > lookupLife {
		l.scan, l.writes = newScan(l.list), c.writes.Load()
	}
	defer l.forgetLater(l.scan)
	for page, err := range l.scan.all(ctx, c) {
		if err != nil {
			return nil, err
		}
		for i := range page.items {
			if match(&page.items[i]) {
				found = append(found, page.items[i])
			}
		}
	}
	return found, nil
}

// forgetLater frees the memory of a scan that no look-up may use any more.
func (l *lookups[T]) forgetLater(used *scan[T]) {
	time.AfterFunc(lookupLife+time.Second, func() {
		l.turn <- struct{}{}
		defer l.turn.pass()
		if l.scan == used && time.Since(used.fetched) > lookupLife {
			l.scan = nil
		}
	})
}
