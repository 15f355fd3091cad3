// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"maps"
	"sync"
	"time"
)

// Limits of the request log: the number of requests, the bytes of one body, and the bytes
// of all bodies. When the log is full it drops the oldest bodies first and keeps their
// requests.
const (
	loggedRequests = 10_000
	loggedBytes    = 64 << 10
	loggedInAll    = 16 << 20
)

// Request is one API request as the emulator received it, and its answer.
type Request struct {
	Time          time.Time
	Method        string
	Route         string // "POST /v1/express/{expressCustomerId}/reactivate", or NoRoute
	Path          string // percent-encoded, as sent
	Query         string // percent-encoded, as sent
	UserAgent     string
	CorrelationID string  // header X-Correlation-Id, "" if there is none
	Body          []byte  // the first 64 KiB; must not be modified
	BodySize      int     // size of the whole body in bytes
	Object        Object  // the object of the request, if it is about one
	Change        *Change // the change of that object, nil if there is none

	Status     int // 0 while the request is handled, and if it was cut before that
	RequestID  string
	Duration   time.Duration
	Cut        bool   // the connection was closed without an answer
	Faulted    bool   // a fault determined the answer, or cut the connection
	Message    string // full message of an error answer
	Answer     []byte // the first 64 KiB of the answer's body; must not be modified
	AnswerSize int    // size of the answer's whole body in bytes
	BodiesGone bool   // the log dropped Body and Answer to save memory
}

// requestLog keeps the latest requests and counts all of them.
type requestLog struct {
	changed func()

	mu     sync.Mutex
	ring   []*logged // request n is at n modulo its full length
	begun  int       // number of requests so far
	bare   int       // the bodies of requests before this number were dropped
	bytes  int       // size of all bodies in the log
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

// begin logs a request at its arrival. finish adds the result later.
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

// outcome is the result of a request.
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

// makeRoom drops the oldest bodies until the log is within its limit.
func (l *requestLog) makeRoom() {
	l.bare = max(l.bare, l.begun-len(l.ring))
	for ; l.bytes > loggedInAll && l.bare < l.begun; l.bare++ {
		l.strip(l.ring[l.bare%loggedRequests])
	}
}

// strip drops the bodies of an entry.
func (l *requestLog) strip(entry *logged) {
	l.bytes -= cap(entry.Body) + cap(entry.Answer)
	entry.Body, entry.Answer, entry.BodiesGone = nil, nil, true
}

// loggedBody is the part of a body that the log keeps. It is a copy if the body is cut, so
// that the rest is not kept in memory.
func loggedBody(body []byte) []byte {
	if len(body) <= loggedBytes {
		return body
	}
	return append([]byte(nil), body[:loggedBytes]...)
}

// Requests returns the latest API requests, oldest first, up to 10,000. It includes
// requests that are still being handled.
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

// ResetRequests clears the log of requests and the counts.
func (e *Emulator) ResetRequests() {
	defer e.noteRevision()
	e.log.mu.Lock()
	defer e.log.mu.Unlock()
	for _, entry := range e.log.ring {
		e.log.strip(entry) // also those that are still being handled
	}
	e.log.ring, e.log.begun, e.log.bare, e.log.counts = nil, 0, 0, map[string]int{}
}
