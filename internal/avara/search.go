// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"context"
	"slices"
	"sync"
)

// search finds objects in a list for several who look at the same time. Those
// who come while pages are being fetched wait for the next round: what they
// look for may be younger than the pages of this one.
type search[T any] struct {
	list listing[T]
	// lead goes to the one who fetches the pages for all.
	lead chan struct{}
	// start is the cursor of the page where the latest find was. Where new
	// objects stand is not documented, but the next will be near the last.
	start string

	mu             sync.Mutex
	waiting, round []*seeker[T]
}

// seeker is one who looks.
type seeker[T any] struct {
	see    func(T)
	enough func() bool
	served chan struct{}
	err    error
}

// searches holds the search of each list, by its address.
type searches struct {
	mu     sync.Mutex
	byList map[string]any
}

func searchOf[T any](c *Client, list listing[T]) *search[T] {
	c.searches.mu.Lock()
	defer c.searches.mu.Unlock()
	key := list.route + "?" + list.query.Encode()
	s, ok := c.searches.byList[key].(*search[T])
	if !ok {
		s = &search[T]{list: list, lead: make(chan struct{}, 1)}
		c.searches.byList[key] = s
	}
	return s
}

// find shows the objects of the list to see, page by page until it is enough.
func (s *search[T]) find(ctx context.Context, c *Client, see func(T), enough func() bool) error {
	me := &seeker[T]{see: see, enough: enough, served: make(chan struct{})}
	s.mu.Lock()
	s.waiting = append(s.waiting, me)
	s.mu.Unlock()
	for {
		select {
		case <-me.served:
			return me.err
		case <-ctx.Done():
			s.drop(me)
			return ctx.Err()
		case s.lead <- struct{}{}:
			s.serve(ctx, c)
			<-s.lead
		}
	}
}

// drop makes sure that nothing more is shown to a seeker.
func (s *search[T]) drop(gone *seeker[T]) {
	s.mu.Lock()
	defer s.mu.Unlock()
	isGone := func(other *seeker[T]) bool { return other == gone }
	s.waiting = slices.DeleteFunc(s.waiting, isGone)
	s.round = slices.DeleteFunc(s.round, isGone)
}

// serve fetches pages for all who wait by now: first from where the latest find
// was, and then, as only the whole list can show that something is not there,
// from the top.
func (s *search[T]) serve(ctx context.Context, c *Client) {
	s.mu.Lock()
	s.round, s.waiting = s.waiting, nil
	done := len(s.round) == 0
	s.mu.Unlock()
	if !done && s.start != "" {
		// A cursor may have expired: an error of this pass counts for nothing.
		done, _ = s.pass(ctx, c, s.start)
	}
	var err error
	if !done {
		_, err = s.pass(ctx, c, "")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if ctx.Err() != nil {
		// Only the one who led has run out of time.
		s.waiting = append(s.waiting, s.round...)
		s.round = nil
		return
	}
	for _, served := range s.round {
		served.err = err
		close(served.served)
	}
	s.round = nil
}

// pass shows the pages from a cursor on, and tells whether nobody is left who
// looks.
func (s *search[T]) pass(ctx context.Context, c *Client, start string) (done bool, err error) {
	for page, err := range s.list.pages(ctx, c, start) {
		if err != nil {
			return false, err
		}
		if s.show(page) {
			return true, nil
		}
	}
	return false, nil
}

// show shows one page to the round, and lets those go who have seen enough. It
// tells whether that were the last.
func (s *search[T]) show(page listPage[T]) (done bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.round = slices.DeleteFunc(s.round, func(one *seeker[T]) bool {
		for _, item := range page.items {
			one.see(item)
		}
		if one.enough() {
			s.start = page.cursor
			close(one.served)
		}
		return one.enough()
	})
	return len(s.round) == 0
}
