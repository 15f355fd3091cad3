// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"context"
	"sync"
	"time"
)

const (
	// plainReads is how many GETs are made before a list is thought of: who has
	// few objects never pays for a list.
	plainReads = 10
	// trialPages are fetched before it is known whether pages save GETs.
	trialPages = 10
	// fewPages without anything that was asked for may be bad luck.
	fewPages = 3
	// readsPerPage rations pages after the trial: one for so many reads, and one
	// more for each object of a page that was asked for. So a list of which hardly
	// anything is read costs at most 1/16 more requests than plain GETs, or ten.
	readsPerPage = 16
	// memoryLife is how long what was read may be served again.
	memoryLife = time.Minute
)

// source is where a reader's objects come from.
type source[T any] struct {
	// route is that of get.
	route string
	// get returns one object, nil without an error if there is none.
	get  func(context.Context, string) (*T, error)
	list listing[T]
	// key is the id under which an object is read. It need not be unique in the
	// list if newer tells which of two counts; then the list has to be known to
	// its end before any of it counts.
	key   func(T) string
	newer func(a, b *T) bool
	// hides tells an error of get that says of an object what the list does not.
	// Once the list shows an object of such an error, it is not used any more.
	hides func(error) bool
}

// reader reads objects of one kind one at a time, as Terraform refreshes them,
// and fetches them a page of the list at a time where that is cheaper.
//
// It knows neither how many reads will come nor how long the list is. So it buys
// pages as one buys skis after hiring them for a while: a read that is on no page
// so far GETs, and that GET pays for the next page, fetched beside it. Pages come
// one after the other, and those that save no GETs are rationed. Before a read
// GETs, it waits for a page, without a GET beside, as long as most pages have shown
// something that was asked for.
//
// What is on no page may exist all the same: only a GET tells that an object is
// gone. Whatever was fetched before or during a write is forgotten, all of it,
// for what else a write changes is not documented.
type reader[T any] struct {
	client *Client
	source[T]

	mu     sync.Mutex
	memory memory[T]
	gets   map[string]*sharedGet
	page   chan struct{} // closed when the page in flight is there; else nil
	round  *round
	hidden map[string]bool
	// unlisted ends the use of the list for good.
	unlisted bool
	// seen is how much of the client's writes memory and the rest are after.
	seen uint64

	reads, gotten, pages int
	// useful counts the reads that a page served, and the objects that a page
	// brought after a GET had: those show what pages would have saved.
	useful int
}

func newReader[T any](c *Client, s source[T]) *reader[T] {
	return &reader[T]{client: c, source: s, memory: memory[T]{newer: s.newer}, gets: map[string]*sharedGet{}, hidden: map[string]bool{}}
}

// sharedGet is a GET in flight, for all who read its object meanwhile.
type sharedGet struct {
	done chan struct{}
	// err is what they all get. Without it they find the object in memory, or
	// have to ask again.
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
	return r.observed(ctx, id, r.getShared)
}

func (r *reader[T]) observed(ctx context.Context, id string, look func(context.Context, string) (*T, error)) (*T, error) {
	if !r.client.bulkRefresh {
		return r.get(ctx, id)
	}
	object, sum, err := r.locked(ctx, id, look)
	if r.client.observeReading != nil {
		r.client.observeReading(ctx, sum)
	}
	return object, err
}

func (r *reader[T]) locked(ctx context.Context, id string, look func(context.Context, string) (*T, error)) (*T, Reading, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.reads++
	r.forgetIfWritten()
	object, err := look(ctx, id)
	return object, Reading{Route: r.route, Reads: r.reads, Requests: r.gotten + r.pages}, err
}

// find looks in memory, then on the page in flight, then GETs. A page that comes
// during a write brings nothing, so amid writes it does not wait for another.
func (r *reader[T]) find(ctx context.Context, id string) (*T, error) {
	began := r.seen
	for waited := 0; ; r.forgetIfWritten() {
		if object, listed := r.memory.recall(id, time.Now()); object != nil {
			if listed {
				r.useful++
			}
			return object, nil
		}
		if get := r.gets[id]; get != nil {
			if err := r.wait(ctx, get.done); err != nil {
				return nil, err
			}
			if get.err != nil {
				return nil, get.err
			}
			continue
		}
		patient := waited < r.patience() && r.seen == began
		if patient && r.page == nil && r.promising() {
			r.startPage(ctx)
		}
		if !patient || r.page == nil {
			return r.getShared(ctx, id)
		}
		if err := r.wait(ctx, r.page); err != nil {
			return nil, err
		}
		waited++
	}
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

// getShared makes a GET, and beside it has the page fetched that it pays for. No
// request outlives the read that sent it.
func (r *reader[T]) getShared(ctx context.Context, id string) (*T, error) {
	page := r.startPage(ctx)
	object, err := r.getOnce(ctx, id)
	if page != nil {
		_ = r.wait(ctx, page) // its outcome is for others
	}
	return object, err
}

func (r *reader[T]) getOnce(ctx context.Context, id string) (*T, error) {
	get := &sharedGet{done: make(chan struct{})}
	defer close(get.done)
	r.gets[id] = get
	r.gotten++
	began, written := time.Now(), r.seen

	r.mu.Unlock()
	object, err := r.get(ctx, id)
	r.mu.Lock()

	if r.gets[id] == get {
		delete(r.gets, id)
	}
	if r.hides != nil && r.hides(err) {
		r.hidden[id] = true
		r.mistrustList(id)
	}
	switch {
	case ctx.Err() != nil || isShortOfTime(err): // one reader's end is not the others'
	case err != nil:
		get.err = err
	case object != nil && r.client.writes.Load() == written:
		r.memory.keep(id, object, &fetch{began: began})
	}
	return object, err
}

// forgetIfWritten forgets what was fetched, and what is still being fetched,
// before the latest write has begun or ended.
func (r *reader[T]) forgetIfWritten() {
	if writes := r.client.writes.Load(); writes != r.seen {
		r.seen = writes
		r.memory.forget()
		r.gets = map[string]*sharedGet{}
		r.round = nil
	}
}
