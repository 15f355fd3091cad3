// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"bytes"
	"crypto/subtle"
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"time"
)

// largestBody is the maximum size of a request body in bytes.
const largestBody = 1 << 20

// handler runs one operation: it returns the value of the answer, or a *problem.
type handler func(c *call) (any, error)

// call is one request and its data while an operation handles it.
type call struct {
	request  *http.Request
	body     []byte
	dialects dialects
	now      time.Time
	object   Object  // the object of the request
	change   *Change // the change of that object
}

// path returns a path parameter, percent-decoded.
func (c *call) path(name string) string { return c.request.PathValue(name) }

// exchange handles a request from its arrival to its answer: log, faults, key, hooks,
// operation, answer. The log entry is complete before the answer is sent, so that a client
// with the answer finds it in the log.
func (e *Emulator) exchange(w http.ResponseWriter, r *http.Request, operation route) {
	arrived := time.Now()
	body, broken := readBody(w, r)
	c := &call{request: r, body: body}
	c.object = objectOf(c, operation)
	entry := e.log.begin(Request{
		Time: e.now(), Method: r.Method, Route: operation.name, Path: r.URL.EscapedPath(), Query: r.URL.RawQuery,
		UserAgent: r.UserAgent(), CorrelationID: r.Header.Get("X-Correlation-Id"),
		Body: body, RequestID: newID(requestPrefix), Object: c.object,
	})
	finish := func(reply *answer, cut, faulted bool) {
		e.observe(e.log.finish(entry, time.Since(arrived), outcome{reply, cut, faulted, c.object, c.change}))
	}

	plan := e.faults.plan(operation, r.Method, e.now())
	if !e.pause(r.Context(), plan.delay) || plan.cut == CutBefore {
		finish(nil, true, plan.cut == CutBefore)
		cutConnection()
	}
	c.dialects, c.now = *e.dialects.Load(), e.now()
	reply := plan.answer(c.dialects)
	faulted := reply != nil || plan.cut == CutAfter || plan.halfBody
	if reply == nil {
		reply = e.answer(c, operation, broken)
	}
	if plan.cut == CutAfter {
		finish(reply, true, faulted)
		cutConnection()
	}
	if plan.halfBody {
		reply.body = reply.body[:len(reply.body)/2]
	}
	reply.header.Set("X-Request-Id", entry.RequestID)
	finish(reply, false, faulted)
	reply.write(w)
}

// answer checks the request and runs the operation, unless the body could not be read.
func (e *Emulator) answer(c *call, operation route, broken *problem) *answer {
	if p := e.checkKey(c.request); p != nil {
		return problemAnswer(c.dialects, p)
	}
	if broken != nil {
		return problemAnswer(c.dialects, broken)
	}
	if p := operation.body.check(c); p != nil {
		return problemAnswer(c.dialects, p)
	}
	for _, hook := range e.hooks.of(operation.name) {
		request := *c.request
		request.Body = io.NopCloser(bytes.NewReader(c.body))
		hook(&request)
	}
	c.now = e.now()
	before := e.before(c)
	value, err := operation.handle(c)
	e.noteOutcome(c, operation, before, value)
	if err != nil {
		return problemAnswer(c.dialects, err)
	}
	return valueAnswer(c.dialects, operation, value)
}

// checkKey requires "Authorization: Bearer <key>", the only scheme that the vendor
// documents.
func (e *Emulator) checkKey(r *http.Request) *problem {
	scheme, key, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	switch {
	case scheme == "":
		return newProblem(badKey, "the Authorization header is missing: send Bearer and an API key")
	case !strings.EqualFold(scheme, "Bearer"):
		return newProblem(badKey, "the Authorization header must be Bearer and an API key")
	case subtle.ConstantTimeCompare([]byte(key), []byte(e.apiKey)) != 1:
		return newProblem(badKey, "the API key is not valid")
	}
	return nil
}

// readBody reads the whole body, and reports why it can't.
func readBody(w http.ResponseWriter, r *http.Request) (body []byte, broken *problem) {
	if r.Body == nil {
		return nil, nil
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, largestBody))
	switch limit := (*http.MaxBytesError)(nil); {
	case err == nil:
		return body, nil
	case errors.As(err, &limit):
		return body, newProblem(tooLarge, "the body exceeds %d bytes", limit.Limit)
	case errors.Is(err, os.ErrDeadlineExceeded):
		return body, newProblem(tooSlow, "the body did not arrive in time")
	default:
		return body, newProblem(malformed, "the body ended early: %v", err)
	}
}

// cutConnection closes the connection without an answer. On this panic, net/http does so
// and logs nothing.
func cutConnection() {
	panic(http.ErrAbortHandler)
}
