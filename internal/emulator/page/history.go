// SPDX-License-Identifier: MPL-2.0

package page

import (
	"hash/maphash"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// retryWindow is the time after a failure in which an equal request counts as a retry (our
// choice: clients seldom wait longer).
const retryWindow = time.Minute

// entry is a request in the log, with the information that the page adds.
type entry struct {
	*emulator.Request
	Attempt int    // 1, or more for a retry
	Earlier *entry // the attempt before this one
	Later   *entry // the attempt after this one
	Run     *run
}

// history is the activity of the account, the latest first.
type history struct {
	Entries []*entry
	Runs    []*run
	Edits   []emulator.Edit
}

func newHistory(requests []emulator.Request, edits []emulator.Edit, now time.Time) history {
	h := history{Entries: make([]*entry, len(requests)), Edits: newestFirst(edits)}
	entries := make([]entry, len(requests))
	for i := range requests {
		entries[i] = entry{Request: &requests[i], Attempt: 1}
		h.Entries[i] = &entries[i]
	}
	findRetries(h.Entries)
	h.Runs = newestFirst(findRuns(h.Entries, now))
	h.Entries = newestFirst(h.Entries)
	return h
}

// findRetries links each request to its previous attempt: an equal request that failed in
// a way that clients retry.
func findRetries(entries []*entry) {
	failed := map[uint64][]*entry{} // failed requests without a retry, by identity
	seed := maphash.MakeSeed()
	for _, e := range entries {
		if len(failed) == 0 && !e.worthRetrying() {
			continue // the most frequent case
		}
		what := e.identity(seed)
		earlier := failed[what]
		for len(earlier) > 0 && e.Time.Sub(earlier[0].end()) > retryWindow {
			earlier = earlier[1:]
		}
		if len(earlier) > 0 {
			e.Earlier, earlier[0].Later = earlier[0], e
			e.Attempt, earlier = earlier[0].Attempt+1, earlier[1:]
		}
		if e.worthRetrying() {
			earlier = append(earlier, e)
		}
		if failed[what] = earlier; len(earlier) == 0 {
			delete(failed, what)
		}
	}
}

// identity is equal for requests with the same method, target and body.
func (e *entry) identity(seed maphash.Seed) uint64 {
	var h maphash.Hash
	h.SetSeed(seed)
	for _, part := range []string{e.Method, e.Path, e.Query} {
		_, _ = h.WriteString(part + "\n")
	}
	_, _ = h.Write(e.Body)
	return h.Sum64()
}

// worthRetrying reports whether the request failed in a way that clients retry.
func (e *entry) worthRetrying() bool {
	switch e.Status {
	case http.StatusRequestTimeout, http.StatusTooManyRequests:
		return true
	default:
		return e.Cut || e.Status >= 500
	}
}

// Retry reports whether this is not the first attempt.
func (e *entry) Retry() bool { return e.Attempt > 1 }

// Failed reports whether the request failed.
func (e *entry) Failed() bool { return e.Cut || e.Status >= 400 }

// UnderWay reports whether the request is still being handled.
func (e *entry) UnderWay() bool { return e.Status == 0 && !e.Cut }

func (e *entry) end() time.Time { return e.Time.Add(e.Duration) }

// Operation is the route without its method.
func (e *entry) Operation() string {
	if e.Route == emulator.NoRoute {
		return e.Path
	}
	return strings.TrimPrefix(e.Route, e.Method+" ")
}

// Address is the path and the query as sent.
func (e *entry) Address() string {
	if e.Query == "" {
		return e.Path
	}
	return e.Path + "?" + e.Query
}

// URL is the address of the request's page.
func (e *entry) URL() string { return to("request", e.RequestID).URL() }

// Result is the status in words short enough for a table.
func (e *entry) Result() string {
	switch {
	case e.Cut:
		return "connection cut"
	case e.UnderWay():
		return "being handled"
	default:
		return statusText(e.Status)
	}
}

// Says is the message of an error answer.
func (e *entry) Says() string {
	if e.Message == http.StatusText(e.Status) {
		return ""
	}
	return e.Message
}

// Mood returns the CSS class of the result: good, odd for client errors, bad for server
// errors, wait while there is no result.
func (e *entry) Mood() string {
	switch {
	case e.UnderWay():
		return "wait"
	case e.worthRetrying():
		return "bad"
	case e.Status >= 400:
		return "odd"
	default:
		return "good"
	}
}

// entry finds a request by its id.
func (h history) entry(id string) *entry {
	at := slices.IndexFunc(h.Entries, func(e *entry) bool { return e.RequestID == id })
	if at < 0 {
		return nil
	}
	return h.Entries[at]
}
