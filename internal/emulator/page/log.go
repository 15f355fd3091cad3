// SPDX-License-Identifier: MPL-2.0

package page

import (
	"cmp"
	"hash/maphash"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// retryWindow is how long after a failure the same request counts as a retry
// and not as a new question (our choice: clients seldom wait longer).
const retryWindow = time.Minute

// entry is a request of the log with what the page tells about it.
type entry struct {
	emulator.Request
	Retry bool // the same request again, after one that failed
}

// Operation is the route without its method.
func (e entry) Operation() string {
	if e.Route == emulator.NoRoute {
		return e.Path
	}
	return strings.TrimPrefix(e.Route, e.Method+" ")
}

// Address is the path and the query as sent.
func (e entry) Address() string {
	if e.Query == "" {
		return e.Path
	}
	return e.Path + "?" + e.Query
}

// Result is the status in words short enough for a table.
func (e entry) Result() string {
	switch {
	case e.Cut:
		return "cut"
	case e.Status == 0:
		return "…"
	default:
		return statusText(e.Status)
	}
}

// Mood classes the result: good, bad, or nothing yet.
func (e entry) Mood() string {
	switch {
	case e.Cut, e.Status >= 500, e.Status == http.StatusTooManyRequests:
		return "bad"
	case e.Status >= 400:
		return "odd"
	case e.Status == 0:
		return ""
	default:
		return "good"
	}
}

// log returns the request log, the latest first.
func (p *page) log() []entry {
	requests := p.api.Requests()
	entries := make([]entry, len(requests))
	failed := map[uint64][]time.Time{} // when the like of a request failed and was not sent again
	seed := maphash.MakeSeed()
	for i, r := range requests {
		what := identity(seed, r)
		entries[i] = entry{Request: r}
		ends := failed[what]
		for len(ends) > 0 && r.Time.Sub(ends[0]) > retryWindow {
			ends = ends[1:]
		}
		if len(ends) > 0 {
			entries[i].Retry, ends = true, ends[1:]
		}
		failed[what] = ends
		if worthRetrying(r) {
			failed[what] = append(failed[what], r.Time.Add(r.Duration))
		}
	}
	return newestFirst(entries)
}

// identity is the same for requests that ask the same.
func identity(seed maphash.Seed, r emulator.Request) uint64 {
	var h maphash.Hash
	h.SetSeed(seed)
	for _, part := range []string{r.Method, r.Path, r.Query} {
		_, _ = h.WriteString(part + "\n")
	}
	_, _ = h.Write(r.Body)
	return h.Sum64()
}

// worthRetrying tells failures after which clients send a request again.
func worthRetrying(r emulator.Request) bool {
	switch r.Status {
	case http.StatusRequestTimeout, http.StatusTooManyRequests:
		return true
	default:
		return r.Cut || r.Status >= 500
	}
}

var requestKind = kind[entry]{
	noun:  "requests",
	empty: "The API was not asked anything yet.",
	columns: []column[entry]{
		{name: "time", label: "Time", compare: func(a, b entry) int { return a.Time.Compare(b.Time) }},
		{name: "route", label: "Request", compare: byText(func(e entry) string { return e.Route })},
		{name: "status", label: "Status", compare: func(a, b entry) int { return a.Status - b.Status }},
		{name: "duration", label: "Duration", compare: func(a, b entry) int { return cmp.Compare(a.Duration, b.Duration) }, amount: true},
		{label: "Retry"},
	},
	filters: []filter[entry]{
		{"writes", "Writes", func(e entry) bool { return e.Method != http.MethodGet }},
		{"reads", "Reads", func(e entry) bool { return e.Method == http.MethodGet }},
		{"failures", "Failures", func(e entry) bool { return e.Cut || e.Status >= 400 }},
		{"retries", "Retries", func(e entry) bool { return e.Retry }},
	},
	text: func(e entry) []string {
		return []string{e.Route, e.Method + " " + e.Address(), statusText(e.Status), e.RequestID}
	},
}

// routeCount is how often a route was asked for.
type routeCount struct {
	Route string
	Count int
	URL   string // shows those requests
}

// showRequests shows the log, or that of one route.
func (p *page) showRequests(s *screen) bool {
	var rows []entry
	asked := s.log
	if s.Ask.ID != "" {
		asked = slices.DeleteFunc(slices.Clone(asked), func(e entry) bool { return e.Route != s.Ask.ID })
	}
	s.List, rows = requestKind.of(asked, s.Ask)
	s.Rows = rows
	var counts []routeCount
	all := p.api.Counts()
	for _, route := range slices.Sorted(maps.Keys(all)) {
		counts = append(counts, routeCount{route, all[route], ask{View: "requests", ID: route, Page: 1}.URL()})
	}
	slices.SortStableFunc(counts, func(a, b routeCount) int { return b.Count - a.Count })
	s.One = counts
	return true
}
