// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"context"
	"errors"
	"time"
)

const (
	// memoryLife is how long an object that was read may be served again.
	memoryLife = 10 * time.Minute
	// maxWait is how long a read waits for pages at most. It never waits for more than a
	// quarter of the time that it has left, so that there is enough for a GET.
	maxWait = 30 * time.Second
)

// round is one walk through a list from its beginning.
type round struct {
	began  time.Time
	cursor string
	ended  bool
}

// pageFetch is a page that is under way.
type pageFetch struct {
	fetch
	arrived chan struct{}
	// alone says that no GET was under way when it was requested.
	alone bool
	// awaited says that reads have waited for the page.
	awaited bool
	// waitable says that reads may wait for it instead of sending GETs.
	waitable bool
}

// nextPage returns the page in flight. If there is none, it requests the next one, unless
// the list has ended or the balance does not afford it: then it returns nil.
func (r *reader[T]) nextPage(ctx context.Context) *pageFetch {
	now := time.Now()
	switch {
	case r.page != nil || r.unlisted || !r.balance.affordsPage():
		return r.page
	case r.round == nil, r.round.ended && now.Sub(r.round.began) >= memoryLife:
		r.round = &round{began: now}
	case r.round.ended:
		return nil // what it did not show, a second walk would not either
	}
	r.balance.pages++
	r.page = &pageFetch{
		fetch:    fetch{began: now, round: r.round},
		arrived:  make(chan struct{}),
		alone:    r.balance.getting == 0,
		waitable: r.balance.affordsWait(),
	}
	go r.fetchPage(ctx, r.page, r.seen)
	return r.page
}

// fetchPage requests a page. It may go on after the read that needs the page has ended,
// until that read's deadline.
func (r *reader[T]) fetchPage(ctx context.Context, p *pageFetch, written uint64) {
	detached, cancel := context.WithCancel(context.WithoutCancel(ctx))
	if deadline, ok := ctx.Deadline(); ok {
		detached, cancel = context.WithDeadline(detached, deadline)
	}
	defer cancel()
	items, next, err := r.list(detached, p.round.cursor)

	r.mu.Lock()
	defer r.mu.Unlock()
	r.page = nil
	close(p.arrived)
	if p.awaited {
		r.balance.pageArrives(time.Since(p.began), p.alone)
	}
	switch {
	case err != nil:
		r.unlisted = r.unlisted || endsList(err)
		return
	case next != "" && next == p.round.cursor:
		r.unlisted = true
		return
	case r.unlisted, r.client.writes.Load() != written:
		return
	}
	r.proof.give()
	p.round.cursor = next
	p.round.ended = next == "" || len(items) == 0
	for i := range items {
		id := r.key(items[i])
		r.memory.keep(id, &items[i], &p.fetch)
		if r.mistrustList(id); r.unlisted {
			return
		}
	}
}

// endsList reports whether a page failed in a way in which the next one would fail,
// too. Then reads do without the list.
func endsList(err error) bool {
	var unexpected *UnexpectedAnswerError
	return !isShortOfTime(err) && (isRefusal(err) || errors.As(err, &unexpected))
}

// ranOutOfTime reports whether a request failed because its own operation had too
// little time: others may have more.
func ranOutOfTime(ctx context.Context, err error) bool {
	return ctx.Err() != nil || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) || isShortOfTime(err)
}

// waitForPage waits for a page, but not beyond a given time.
func (r *reader[T]) waitForPage(ctx context.Context, p *pageFetch, until time.Time) error {
	p.awaited = true
	waiting, cancel := context.WithDeadline(ctx, until)
	defer cancel()
	_ = r.wait(waiting, p.arrived)
	return ctx.Err()
}

// patience is until when a read waits for pages.
func patience(ctx context.Context) time.Time {
	now := time.Now()
	wait := maxWait
	if deadline, ok := ctx.Deadline(); ok {
		wait = min(wait, deadline.Sub(now)/4)
	}
	return now.Add(wait)
}

// mistrustList ends the use of the list if it shows an object that the API hides
// when it is asked for alone.
func (r *reader[T]) mistrustList(id string) {
	if r.hidden[id] && r.memory.lists(id) {
		r.unlisted = true
		r.memory.forget()
	}
}
