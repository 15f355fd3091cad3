// SPDX-License-Identifier: MPL-2.0

package page

import (
	"bytes"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// The number of events that are shown beside a view, and of objects that are listed for a
// run there.
const (
	eventsBeside  = 12
	changesBeside = 3
)

// event is a run or an edit.
type event struct {
	Time    time.Time
	When    when
	Run     *run
	Edit    *emulator.Edit
	Changes []change // what the event changed
	Hidden  int      // number of changes that are not listed
	Tally   string   // summary of all changes
}

// Key identifies the event in the page.
func (e event) Key() string {
	if e.Run != nil {
		return e.Run.ID()
	}
	return "edit-" + strconv.Itoa(e.Edit.ID)
}

// Mine reports whether a person made the edit on the page.
func (e event) Mine() bool { return e.Edit != nil && e.Edit.By == emulator.ByPage }

// events merges runs and edits, the latest first.
func (h history) events() []event {
	var all []event
	for _, r := range h.Runs {
		all = append(all, event{Time: r.Begun, Run: r})
	}
	for i := range h.Edits {
		all = append(all, event{Time: h.Edits[i].Time, Edit: &h.Edits[i]})
	}
	slices.SortStableFunc(all, func(a, b event) int { return b.Time.Compare(a.Time) })
	return all
}

// detailed adds the changes of an event, for at most n objects.
func (s *screen) detailed(e event, n int) event {
	e.When = newWhen(s.Now, e.Time)
	changes := []emulator.Change{}
	if e.Run != nil {
		changes, e.Tally = e.Run.Changes, s.tally(e.Run.Changes)
	} else {
		changes = append(changes, e.Edit.Change)
	}
	e.Hidden = max(len(changes)-n, 0)
	for _, c := range changes[:len(changes)-e.Hidden] {
		e.Changes = append(e.Changes, s.describe(c))
	}
	return e
}

// Latest returns the events that are shown beside every view.
func (s *screen) Latest() []event {
	all := s.history.events()
	all = all[:min(len(all), eventsBeside)]
	for i := range all {
		all[i] = s.detailed(all[i], changesBeside)
	}
	return all
}

var eventKind = kind[event]{
	noun:  "events",
	empty: "Nothing has happened yet. Runs of Terraform appear here, and what you click on this page.",
	filters: []filter[event]{{"result", "Everything", []option[event]{
		{"runs", "Runs", func(e event) bool { return e.Run != nil }},
		{"changes", "Runs that changed something", func(e event) bool { return e.Run != nil && len(e.Run.Changes) > 0 }},
		{"edits", "Edits", func(e event) bool { return e.Edit != nil }},
	}}},
	text: func(e event) []string {
		var texts []string
		if e.Run != nil {
			texts = append(texts, e.Run.Title(), e.Run.Client, e.Run.Summary())
		}
		for _, c := range e.Changes {
			texts = append(texts, c.Name)
			for _, d := range c.Details {
				texts = append(texts, d.Verb, d.What)
			}
		}
		return texts
	},
}

func (p *page) showActivity(s *screen) bool {
	all := s.history.events()
	for i := range all {
		all[i] = s.detailed(all[i], 10)
	}
	var rows []event
	s.List, rows = eventKind.of(all, s.Address)
	s.Rows = rows
	return true
}

// moment is a request or an edit that concerns one object.
type moment struct {
	Entry  *entry
	Edit   *emulator.Edit
	Time   time.Time
	When   when
	Change *change
}

// objectHistory is the history of one object.
type objectHistory struct {
	Moments  []moment // writes, failures and edits, the latest first
	Reads    int
	LastRead when
}

// longestHistory bounds the history of an object on its page.
const longestHistory = 50

// Story is the history of the object of the view: the requests that name it in their path
// or body, and its edits.
func (s *screen) Story() objectHistory {
	var h objectHistory
	var read time.Time
	for _, e := range s.history.Entries {
		switch {
		case !s.concerns(e):
		case e.Method == http.MethodGet && !e.worthRetrying():
			if h.Reads++; h.Reads == 1 {
				read = e.Time
			}
		default:
			m := moment{Entry: e, Time: e.Time}
			if e.Change != nil {
				described := s.describe(*e.Change)
				m.Change = &described
			}
			h.Moments = append(h.Moments, m)
		}
	}
	for i := range s.history.Edits {
		edit := &s.history.Edits[i]
		if slices.Contains(s.About, edit.Object) {
			described := s.describe(edit.Change)
			h.Moments = append(h.Moments, moment{Edit: edit, Time: edit.Time, Change: &described})
		}
	}
	slices.SortStableFunc(h.Moments, func(a, b moment) int { return b.Time.Compare(a.Time) })
	h.Moments = h.Moments[:min(len(h.Moments), longestHistory)]
	for i := range h.Moments {
		h.Moments[i].When = newWhen(s.Now, h.Moments[i].Time)
	}
	h.LastRead = newWhen(s.Now, read)
	return h
}

// concerns reports whether a request is about one of the objects of the view, or names
// one.
func (s *screen) concerns(e *entry) bool {
	return slices.ContainsFunc(s.About, func(o emulator.Object) bool {
		return e.Object == o || o.ID != "" && (strings.Contains(e.Path, o.ID) || bytes.Contains(e.Body, []byte(o.ID)))
	})
}
