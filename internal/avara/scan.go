// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"context"
	"iter"
	"slices"
	"time"
)

// scan is one walk through a whole list. It keeps its pages, so that it can go on where
// it stopped, and can be iterated over again. It is not safe for concurrent use.
type scan[T any] struct {
	*pager[T]
	// began is when the scan began, fetched when its latest page arrived.
	began, fetched time.Time
	// skip, if set, reports items that need not be kept.
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

// lookups is what all calls of FindExpressCustomers share.
type lookups struct {
	turn turn
	scan *scan[ExpressCustomer]
	// writes is how many the client had made when the scan began.
	writes uint64
}

// FindExpressCustomers returns the customers that match, in no particular order. The API
// has no filter for customers, so this reads the whole list. Calls share one scan of it
// until the client writes, and for a minute at most after its latest page: match must not
// change what it is shown.
func (c *Client) FindExpressCustomers(ctx context.Context, match func(*ExpressCustomer) bool) (found []ExpressCustomer, err error) {
	l, asked := &c.customerLookups, time.Now()
	if err := l.turn.take(ctx); err != nil {
		return nil, err
	}
	defer l.turn.pass()
	if l.scan == nil || l.writes != c.writes.Load() || asked.Sub(l.scan.fetched) > lookupLife {
		l.scan, l.writes = newScan(customerList), c.writes.Load()
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
func (l *lookups) forgetLater(used *scan[ExpressCustomer]) {
	time.AfterFunc(lookupLife+time.Second, func() {
		l.turn <- struct{}{}
		defer l.turn.pass()
		if l.scan == used && time.Since(used.fetched) > lookupLife {
			l.scan = nil
		}
	})
}
