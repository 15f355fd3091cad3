// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// source is where a reader's objects come from.
type source[T any] struct {
	// route is that of get.
	route string
	// get returns one object, nil without an error if there is none.
	get func(context.Context, string) (*T, error)
	// list returns a page of the list, and the cursor of the next page.
	list func(ctx context.Context, cursor string) (items []T, next string, err error)
	// key is the id under which an object is read. With newer, which reports which of
	// two objects counts, it need not be unique in the list. The list is then used only
	// when it has been read to its end.
	key   func(T) string
	newer func(a, b *T) bool
	// hidesSome says that get may answer with 404 or 403 for an object that exists.
	// Callers then look elsewhere before they take the object to be gone, so a 404
	// needs no proof. Once the list shows such an object, it is not used any more.
	hidesSome bool
}

// reader reads objects of one kind one at a time, as Terraform refreshes them. It
// also fetches pages of the list, one after the other, as far as the balance allows:
// a read whose object is on a page costs nothing. While a page is under way, either
// all reads wait for it or all send GETs; the balance decides that, too.
//
// An object that is on no page may still exist: only a GET shows that it is gone. A
// write discards all that was fetched before it ended, since it is not documented what
// else a write changes.
type reader[T any] struct {
	client *Client
	proof  *proof
	source[T]

	mu      sync.Mutex
	memory  memory[T]
	balance balance
	gets    map[string]*sharedGet
	// page is under way, round is the walk through the list that it is part of.
	page   *pageFetch
	round  *round
	hidden map[string]bool
	// unlisted ends the use of the list for good.
	unlisted bool
	// seen is the client's count of writes when memory was last emptied.
	seen uint64
	// reads counts the calls.
	reads int
}

func newReader[T any](c *Client, s source[T]) *reader[T] {
	return &reader[T]{
		client: c, source: s, proof: newProof(s.route),
		memory: memory[T]{newer: s.newer, objects: map[string]*memorized{}}, gets: map[string]*sharedGet{}, hidden: map[string]bool{},
	}
}

// sharedGet is a GET under way, for all reads of its object.
type sharedGet struct {
	fetch
	done chan struct{}
	// err is the result of all these reads. If it is nil, they find the object in
	// memory, or ask again.
	err error
}

// Reading sums up how the objects of one kind have been read so far.
type Reading struct {
	// Route is that of a single GET.
	Route string
	// Reads is how many reads have been served by how many Requests. Attempts
	// that were repeated count once.
	Reads, Requests int
}

// read returns one object. It is the caller's own copy.
func (r *reader[T]) read(ctx context.Context, id string) (*T, error) {
	return r.observed(ctx, id, r.find)
}

// readAlone returns one object by a GET of its own.
func (r *reader[T]) readAlone(ctx context.Context, id string) (*T, error) {
	return r.observed(ctx, id, r.getAlone)
}

// confirm returns one object by a GET that was sent after all writes have had time to
// show. All confirmations of the object share that GET.
func (r *reader[T]) confirm(ctx context.Context, id string) (*T, error) {
	if err := r.client.Settle(ctx); err != nil {
		return nil, err
	}
	return r.observed(ctx, id, r.findConfirmed)
}

func (r *reader[T]) observed(ctx context.Context, id string, look func(context.Context, string) (*T, error)) (*T, error) {
	_ = r.client.settled() // the first read counts
	if !r.client.options.BulkRefresh {
		return r.getProven(ctx, id)
	}
	r.mu.Lock()
	r.reads++
	r.balance.readBegins()
	r.forgetIfWritten()
	object, err := look(ctx, id)
	r.balance.readEnds()
	sum := Reading{Route: r.route, Reads: r.reads, Requests: r.balance.gets + r.balance.pages + int(r.proof.requests.Load())}
	r.mu.Unlock()
	if observe := r.client.options.ObserveReading; observe != nil {
		observe(ctx, sum)
	}
	return object, err
}

// find looks in memory, then on the next pages, and then sends a GET. A page that
// arrives during a write is not used, so find does not wait for one then.
func (r *reader[T]) find(ctx context.Context, id string) (*T, error) {
	began, until := r.seen, patience(ctx)
	for ; ; r.forgetIfWritten() {
		if known := r.memory.recall(id, time.Now().Add(-memoryLife)); known != nil {
			if known.by.round != nil && !known.served {
				r.balance.serves()
			}
			return r.memory.serve(known)
		}
		if get := r.gets[id]; get != nil {
			if err := r.waitForGet(ctx, get); err != nil {
				return nil, err
			}
			continue
		}
		page := r.nextPage(ctx)
		if page == nil || !page.waitable || r.seen != began || !time.Now().Before(until) {
			return r.getAlone(ctx, id)
		}
		if err := r.waitForPage(ctx, page, until); err != nil {
			return nil, err
		}
	}
}

func (r *reader[T]) findConfirmed(ctx context.Context, id string) (*T, error) {
	for ; ; r.forgetIfWritten() {
		since := r.client.settled()
		if known := r.memory.recall(id, since); known != nil && known.by.confirms {
			return r.memory.serve(known)
		}
		get := r.gets[id]
		if get == nil || !get.confirms || get.began.Before(since) {
			return r.getOnce(ctx, id, true)
		}
		if err := r.waitForGet(ctx, get); err != nil {
			return nil, err
		}
	}
}

func (r *reader[T]) waitForGet(ctx context.Context, get *sharedGet) error {
	if err := r.wait(ctx, get.done); err != nil {
		return err
	}
	return get.err
}

// wait lets go of the lock until done is closed.
func (r *reader[T]) wait(ctx context.Context, done <-chan struct{}) error {
	r.mu.Unlock()
	defer r.mu.Lock()
	select {
	case <-done:
	case <-ctx.Done():
	}
	return ctx.Err()
}

func (r *reader[T]) getAlone(ctx context.Context, id string) (*T, error) {
	return r.getOnce(ctx, id, false)
}

func (r *reader[T]) getOnce(ctx context.Context, id string, confirms bool) (*T, error) {
	get := &sharedGet{fetch: fetch{began: time.Now(), confirms: confirms}, done: make(chan struct{})}
	defer close(get.done)
	r.gets[id] = get
	r.balance.getBegins()
	written := r.seen

	r.mu.Unlock()
	object, err := r.getProven(ctx, id)
	r.mu.Lock()

	r.balance.getEnds(time.Since(get.began))
	if r.gets[id] == get {
		delete(r.gets, id)
	}
	if r.hidesSome && (IsNotFound(err) || StatusOf(err) == http.StatusForbidden) {
		r.hidden[id] = true
		r.mistrustList(id)
	}
	overtaken := r.client.writes.Load() != written
	switch {
	case ranOutOfTime(ctx, err): // the others may have more time
	case err != nil:
		get.err = err
		if confirms && IsNotFound(err) && !overtaken {
			r.memory.keepAbsent(id, err, &get.fetch)
		}
	case object != nil && !overtaken:
		r.memory.keep(id, object, &get.fetch)
	}
	return object, err
}

// getProven is get, but a 404 counts only if the API itself answers.
func (r *reader[T]) getProven(ctx context.Context, id string) (*T, error) {
	object, err := r.get(ctx, id)
	switch {
	case err == nil:
		r.proof.give()
	case IsNotFound(err) && !r.hidesSome:
		return nil, r.believe(ctx, err)
	}
	return object, err
}

// believe returns a 404 as it is if the API itself answers: see proof. Other errors stay
// as they are.
func (r *reader[T]) believe(ctx context.Context, err error) error {
	if !IsNotFound(err) {
		return err
	}
	return r.proof.check(ctx, err, func() error {
		_, _, err := r.list(ctx, "")
		return err
	})
}

// forgetIfWritten forgets what was fetched, and what is still being fetched,
// before the latest write has begun or ended.
func (r *reader[T]) forgetIfWritten() {
	writes := r.client.writes.Load()
	if writes == r.seen {
		return
	}
	r.seen = writes
	r.memory.forget()
	r.gets = map[string]*sharedGet{}
	r.round = nil
	if r.page != nil {
		r.page.waitable = false
	}
}
