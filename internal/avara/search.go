// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"context"
	"iter"
	"sync/atomic"
	"time"

	"golang.org/x/sync/semaphore"
)

// search finds objects in a list that has no filter for them: what lost creates have made,
// and customers by name. All who look share a bookmark, and one scan of the whole list.
type search[T any] struct {
	list listing[T]

	// bookmark is the cursor of the page with the object that was found last. Where new
	// objects are in the list is not documented; the next is likely to be near the last.
	bookmark atomic.Value

	// turn is held while scan is in use. The next look goes on from its pages.
	turn *semaphore.Weighted
	scan *scan[T]
}

// searchOf returns the client's search of a list.
func searchOf[T any](c *Client, list listing[T]) *search[T] {
	s, _ := c.searches.LoadOrStore(list.route+"?"+list.query.Encode(), &search[T]{list: list, turn: newTurn()})
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
	if err := s.turn.Acquire(ctx, 1); err != nil {
		return err
	}
	defer s.turn.Release(1)
	if s.scan == nil || s.scan.began.Before(e.since) {
		s.scan = newScan(c, s.list)
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

// scan is one walk through a whole list. It keeps its pages, so that it can go on where
// it stopped, and can be iterated over again. It is not safe for concurrent use.
type scan[T any] struct {
	*pager[T]
	// began is when the scan began, fetched when its latest page arrived.
	began, fetched time.Time
	// writes is how many the client had made when the scan began.
	writes uint64
	pages  []listPage[T]
}

func newScan[T any](c *Client, list listing[T]) *scan[T] {
	return &scan[T]{pager: list.from(""), began: time.Now(), writes: c.writes.Load()}
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

// FindExpressCustomers returns the customers that match, in no particular order. The API
// has no filter for customers, so this reads the whole list. Calls share one scan of it
// until the client writes, and for a minute at most after its latest page: match must not
// change what it is shown.
func (c *Client) FindExpressCustomers(ctx context.Context, match func(*ExpressCustomer) bool) (found []ExpressCustomer, err error) {
	s, asked := searchOf(c, customerList), time.Now()
	if err := s.turn.Acquire(ctx, 1); err != nil {
		return nil, err
	}
	defer s.turn.Release(1)
	if s.scan == nil || s.scan.writes != c.writes.Load() || asked.Sub(s.scan.fetched) > lookupLife {
		s.scan = newScan(c, s.list)
	}
	for page, err := range s.scan.all(ctx, c) {
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
