// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"context"
	"time"
)

// round is one way through a list from its beginning.
type round struct {
	began  time.Time
	cursor string
	ended  bool
}

// promising tells that reads had better wait for pages than GET: three of four have
// shown an object each that was asked for, before the page came or after, but for a
// few. Of one that has, more will be asked for as long as reads go on.
func (r *reader[T]) promising() bool { return r.pages < r.useful+r.pages/4+fewPages }

// patience is how many pages a read waits for before it GETs. That of a promising
// list grows with its length, so that few reads run out of it.
func (r *reader[T]) patience() int {
	if !r.promising() {
		return 0
	}
	return trialPages + r.pages/2 + r.useful/max(1, r.pages)
}

// startPage has the next page fetched, if there is one and it is due. What it
// returns is closed when the page is there.
func (r *reader[T]) startPage(ctx context.Context) <-chan struct{} {
	now := time.Now()
	if r.page != nil || r.unlisted || r.gotten < plainReads || r.pages >= r.useful+max(trialPages, 1+r.reads/readsPerPage) {
		return nil
	}
	if r.round != nil && r.round.ended {
		if now.Before(r.round.began.Add(memoryLife)) {
			return nil // what it did not show, a second look would not either
		}
		r.round = nil
	}
	if r.round == nil {
		r.round = &round{began: now}
	}
	r.pages++
	r.page = make(chan struct{})
	go r.fetchPage(ctx, &fetch{began: now, round: r.round}, r.seen)
	return r.page
}

func (r *reader[T]) fetchPage(ctx context.Context, f *fetch, written uint64) {
	items, next, err := r.list.page(ctx, r.client, f.round.cursor)
	r.mu.Lock()
	defer r.mu.Unlock()
	close(r.page)
	r.page = nil
	switch {
	case ctx.Err() != nil:
		return // another read may fetch it
	case err != nil, next != "" && next == f.round.cursor:
		r.unlisted = true // GETs do without the list
		return
	case r.unlisted, r.client.writes.Load() != written:
		return
	}
	f.round.cursor = next
	f.round.ended = next == "" || len(items) == 0
	for i := range items {
		id := r.key(items[i])
		if r.memory.gotten(id) {
			r.useful++
		}
		r.memory.keep(id, &items[i], f)
		if r.mistrustList(id); r.unlisted {
			return
		}
	}
}

// mistrustList ends the use of the list if it shows an object that the API hides
// when it is asked for alone.
func (r *reader[T]) mistrustList(id string) {
	if r.hidden[id] && r.memory.lists(id) {
		r.unlisted = true
		r.memory.forget()
	}
}
