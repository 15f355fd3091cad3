// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"maps"
	"sync"
	"time"
)

// Bounds of the request log: its length, what it keeps of a single body, and of
// all bodies together. The oldest bodies go first, their requests stay.
const (
	loggedRequests = 10_000
	loggedBytes    = 64 << 10
	loggedInAll    = 16 << 20
)

// Request is one API request as the emulator saw it, and its answer.
type Request struct {
	Time          time.Time
	Method        string
	Route         string // "POST /v1/express/{expressCustomerId}/reactivate", or NoRoute
	Path          string // percent-encoded, as sent
	Query         string // percent-encoded, as sent
	UserAgent     string
	CorrelationID string  // header X-Correlation-Id, "" if there is none
	Body          []byte  // at most 64 KiB of it; must not be changed
	BodySize      int     // bytes of the whole body
	Object        Object  // that the request is about, if it is about one
	Change        *Change // of that object, nil if there is none

	Status     int // 0 while it is handled, and if it was cut before
	RequestID  string
	Duration   time.Duration
	Cut        bool   // the connection was ended without an answer
	Faulted    bool   // a fault that is switched on gave the answer, or cut the connection
	Message    string // of an error answer, in full
	Answer     []byte // at most 64 KiB of the body of the answer; must not be changed
	AnswerSize int    // bytes of the whole body of the answer
	BodiesGone bool   // the log had no more room for Body and Answer
}

// requestLog keeps the latest requests and counts all of them.
type requestLog struct {
	changed func()

	mu     sync.Mutex
	ring   []*logged // request n is at n modulo its full length
	begun  int       // requests so far
	bare   int       // requests before this one have lost their bodies
	bytes  int       // of all bodies in the log
	counts map[string]int
}

// logged is a request in the log, with its number.
type logged struct {
	Request
	number int
}

func newRequestLog(changed func()) *requestLog {
	return &requestLog{changed: changed, counts: map[string]int{}}
}

// begin logs a request at its arrival. The entry's identity never changes;
// what is known at the end is filled in by finish.
func (l *requestLog) begin(request Request) *logged {
	defer l.changed()
	request.BodySize = len(request.Body)
	request.Body = loggedBody(request.Body)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.counts[request.Route]++
	entry := &logged{Request: request, number: l.begun}
	l.begun++
	if len(l.ring) < loggedRequests {
		l.ring = append(l.ring, entry)
	} else {
		at := entry.number % loggedRequests
		l.strip(l.ring[at])
		l.ring[at] = entry
	}
	l.bytes += cap(entry.Body)
	l.makeRoom()
	return entry
}

// outcome is what is known of a request at its end.
type outcome struct {
	answer  *answer // nil if the connection was cut before
	cut     bool
	faulted bool
	object  Object
	change  *Change
}

func (l *requestLog) finish(entry *logged, took time.Duration, end outcome) Request {
	defer l.changed()
	l.mu.Lock()
	defer l.mu.Unlock()
	entry.Duration, entry.Cut, entry.Faulted = took, end.cut, end.faulted
	entry.Object, entry.Change = end.object, end.change
	if a := end.answer; a != nil {
		entry.Status, entry.Message, entry.AnswerSize = a.status, a.message, len(a.body)
		if !entry.BodiesGone {
			entry.Answer = loggedBody(a.body)
			l.bytes += cap(entry.Answer)
			l.makeRoom()
		}
	}
	return entry.Request
}

// makeRoom drops the oldest bodies until the others keep the bound.
func (l *requestLog) makeRoom() {
	l.bare = max(l.bare, l.begun-len(l.ring))
	for ; l.bytes > loggedInAll && l.bare < l.begun; l.bare++ {
		l.strip(l.ring[l.bare%loggedRequests])
	}
}

// strip takes the bodies off an entry.
func (l *requestLog) strip(entry *logged) {
	l.bytes -= cap(entry.Body) + cap(entry.Answer)
	entry.Body, entry.Answer, entry.BodiesGone = nil, nil, true
}

// loggedBody is what the log keeps of a body. What it leaves out is not kept in
// memory either.
func loggedBody(body []byte) []byte {
	if len(body) <= loggedBytes {
		return body
	}
	return append([]byte(nil), body[:loggedBytes]...)
}

// Requests returns the latest API requests, oldest first, up to 10,000. A
// request is there from its arrival on.
func (e *Emulator) Requests() []Request {
	e.log.mu.Lock()
	defer e.log.mu.Unlock()
	requests := make([]Request, 0, len(e.log.ring))
	for n := e.log.begun - len(e.log.ring); n < e.log.begun; n++ {
		requests = append(requests, e.log.ring[n%loggedRequests].Request)
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
	for _, entry := range e.log.ring {
		e.log.strip(entry) // also those that are still being handled
	}
	e.log.ring, e.log.begun, e.log.bare, e.log.counts = nil, 0, 0, map[string]int{}
}
