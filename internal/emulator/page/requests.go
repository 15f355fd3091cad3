// SPDX-License-Identifier: MPL-2.0

package page

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
)

var requestKind = kind[*entry]{
	noun:  "requests",
	empty: "The API has had no requests yet.",
	columns: []column[*entry]{
		{name: "time", label: "Time", compare: func(a, b *entry) int { return a.Time.Compare(b.Time) }},
		{name: "route", label: "Request", compare: byText(func(e *entry) string { return e.Route })},
		{name: "status", label: "Result", compare: func(a, b *entry) int { return a.Status - b.Status }},
		{name: "duration", label: "Took", compare: func(a, b *entry) int { return cmp.Compare(a.Duration, b.Duration) }, amount: true},
	},
	filters: []filter[*entry]{
		{"method", "All methods", []option[*entry]{
			{"writes", "Writes", func(e *entry) bool { return e.Method != http.MethodGet }},
			{"reads", "Reads", func(e *entry) bool { return e.Method == http.MethodGet }},
		}},
		{"result", "All results", []option[*entry]{
			{"failures", "Failures", (*entry).Failed},
			{"retries", "Retries", (*entry).Retry},
			{"changes", "Changed something", func(e *entry) bool { return e.Change != nil }},
		}},
	},
	text: func(e *entry) []string {
		return []string{e.Route, e.Method + " " + e.Address(), e.Result(), e.RequestID, e.Message, e.Object.ID}
	},
}

// routeCount is the number of requests of a route.
type routeCount struct {
	Route string
	Count int
	URL   string // address of those requests
}

// showRequests shows the log, or the requests of one route.
func (p *page) showRequests(s *screen) bool {
	asked := s.history.Entries
	if s.Address.ID != "" {
		asked = slices.DeleteFunc(slices.Clone(asked), func(e *entry) bool { return e.Route != s.Address.ID })
	}
	var rows []*entry
	s.List, rows = requestKind.of(asked, s.Address)
	s.Rows = rows
	var counts []routeCount
	all := p.api.Counts()
	for _, route := range slices.Sorted(maps.Keys(all)) {
		counts = append(counts, routeCount{route, all[route], to("requests", route).URL()})
	}
	slices.SortStableFunc(counts, func(a, b routeCount) int { return b.Count - a.Count })
	s.One = counts
	return true
}
