// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"context"
	"sync/atomic"
)

// search finds in a list what lost creates have made. All looks share a bookmark, and one
// scan of the whole list.
type search[T any] struct {
	list listing[T]

	// bookmark is the cursor of the page with the object that was found last. Where new
	// objects are in the list is not documented; the next is likely to be near the last.
	bookmark atomic.Value

	// scanning is the turn to use scan. Each look sees what the one before has fetched,
	// and goes on from there.
	scanning turn
	scan     *scan[T]
}

// searchOf returns the client's search of a list.
func searchOf[T any](c *Client, list listing[T]) *search[T] {
	s, _ := c.searches.LoadOrStore(list.route+"?"+list.query.Encode(), &search[T]{list: list, scanning: newTurn()})
	return s.(*search[T])
}

// look calls see for objects of the list until enough reports true. The first look and
// the last scan the whole list.
func (s *search[T]) look(ctx context.Context, c *Client, e effort, see func(T, moment), enough func() bool) error {
	if !e.last {
		whole, err := s.glance(ctx, c, see, enough)
		if whole || err != nil || enough() || !e.first {
			return err
		}
	}
	if err := s.scanning.take(ctx); err != nil {
		return err
	}
	defer s.scanning.pass()
	if s.scan == nil || s.scan.began.Before(e.since) {
		s.scan = newScan(s.list)
		// What is older than the client is older than all of its creates.
		s.scan.skip = func(item T, shown moment) bool {
			return shown.ageOf(s.list.createdAt(item), c.began) == madeBefore
		}
	}
	for page, err := range s.scan.all(ctx, c) {
		if err != nil || s.show(page, see, enough) {
			return err
		}
	}
	return nil
}

// glance looks at the page with the bookmark and the one after it. It reports whether
// that was the whole list.
func (s *search[T]) glance(ctx context.Context, c *Client, see func(T, moment), enough func() bool) (whole bool, err error) {
	start, _ := s.bookmark.Load().(string)
	p := s.list.from(start)
	for range 2 {
		page, err := p.next(ctx, c)
		switch {
		case err != nil && start != "": // a cursor may have expired
			s.bookmark.Store("")
			return false, ctx.Err()
		case err != nil || s.show(page, see, enough):
			return false, err
		case p.ended:
			return start == "", nil
		}
	}
	return false, nil
}

// show calls see for the objects of a page, and returns what enough reports then.
func (s *search[T]) show(page listPage[T], see func(T, moment), enough func() bool) bool {
	for _, item := range page.items {
		see(item, page.shown)
	}
	if enough() {
		s.bookmark.Store(page.cursor)
	}
	return enough()
}
