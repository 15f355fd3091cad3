// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"maps"
	"sync"
	"time"
)

// loggedRequests bounds the request log, loggedBytes each body in it.
const (
	loggedRequests = 10_000
	loggedBytes    = 64 << 10
)

// Request is one API request as the emulator saw it.
type Request struct {
	Time      time.Time
	Method    string
	Route     string // "POST /v1/express/{expressCustomerId}/reactivate", or NoRoute
	Path      string // percent-encoded, as sent
	Query     string // percent-encoded, as sent
	Body      []byte // at most 64 KiB of it
	Status    int    // 0 while it is handled, and if it was cut before
	RequestID string
	Duration  time.Duration
	Cut       bool // the connection was ended without an answer
}

// requestLog keeps the latest requests and counts all of them.
type requestLog struct {
	changed func()

	mu     sync.Mutex
	ring   []*Request
	oldest int // place of the oldest entry once the ring is full
	counts map[string]int
}

func newRequestLog(changed func()) *requestLog {
	return &requestLog{changed: changed, counts: map[string]int{}}
}

// begin logs a request at its arrival. The entry's identity never changes;
// what is known at the end is filled in by finish.
func (l *requestLog) begin(request Request) *Request {
	defer l.changed()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.counts[request.Route]++
	entry := &request
	if len(l.ring) < loggedRequests {
		l.ring = append(l.ring, entry)
		return entry
	}
	l.ring[l.oldest] = entry
	l.oldest = (l.oldest + 1) % loggedRequests
	return entry
}

func (l *requestLog) finish(entry *Request, status int, duration time.Duration, cut bool) Request {
	defer l.changed()
	l.mu.Lock()
	defer l.mu.Unlock()
	entry.Status, entry.Duration, entry.Cut = status, duration, cut
	return *entry
}

func loggedBody(body []byte) []byte {
	return body[:min(len(body), loggedBytes)]
}

// Requests returns the latest API requests, oldest first, up to 10,000. A
// request is there from its arrival on.
func (e *Emulator) Requests() []Request {
	e.log.mu.Lock()
	defer e.log.mu.Unlock()
	requests := make([]Request, 0, len(e.log.ring))
	for i := range e.log.ring {
		requests = append(requests, *e.log.ring[(e.log.oldest+i)%len(e.log.ring)])
	}
	return requests
}

// Counts returns how many API requests arrived, by route.
func (e *Emulator) Counts() map[string]int {
	e.log.mu.Lock()
	defer e.log.mu.Unlock()
	return maps.Clone(e.log.counts)
}

// ResetRequests forgets all requests and counts.
func (e *Emulator) ResetRequests() {
	defer e.noteRevision()
	e.log.mu.Lock()
	defer e.log.mu.Unlock()
	e.log.ring, e.log.oldest, e.log.counts = nil, 0, map[string]int{}
}
