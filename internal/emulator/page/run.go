// SPDX-License-Identifier: MPL-2.0

package page

import (
	"slices"
	"time"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// longestChanges is the maximum length of the lists of changes on a run's page.
const longestChanges = 200

type runDetail struct {
	*run
	Picture  picture
	Tally    string
	Did      []change
	Since    []change // changes made by others after the run
	Statuses []statusCount
}

// statusCount is the number of requests of a run with the same result.
type statusCount struct {
	Result string
	Mood   string
	Count  int
}

func (p *page) showRun(s *screen) bool {
	r := s.history.run(s.Address.ID)
	if r == nil {
		return false
	}
	s.Title = r.Title()
	s.One = runDetail{
		run: r, Picture: timeline(r), Tally: s.tally(r.Changes), Statuses: r.statuses(),
		Did: s.describeAll(r.Changes), Since: s.describeAll(s.history.since(r)),
	}
	k := requestKind
	k.columns = append(slices.Clone(k.columns), column[*entry]{label: "In the run"})
	var rows []*entry
	s.List, rows = k.of(slices.Clone(r.Requests), s.Address)
	s.Rows = rows
	return true
}

// describeAll describes changes, without those that made no difference.
func (s *screen) describeAll(changes []emulator.Change) (described []change) {
	for _, c := range changes {
		if one := s.describe(c); len(one.Details) > 0 && len(described) < longestChanges {
			described = append(described, one)
		}
	}
	return described
}

// since lists the changes in the account after a run, one per object.
func (h history) since(r *run) []emulator.Change {
	type dated struct {
		at     time.Time
		change *emulator.Change
	}
	var later []dated
	note := func(at time.Time, change *emulator.Change) {
		if change != nil && at.After(r.Ended) && change.Kind != emulator.FaultsKind && change.Kind != emulator.DialectsKind {
			later = append(later, dated{at, change})
		}
	}
	for _, e := range h.Entries {
		if e.Run != r {
			note(e.end(), e.Change)
		}
	}
	for i := range h.Edits {
		note(h.Edits[i].Time, &h.Edits[i].Change)
	}
	slices.SortStableFunc(later, func(a, b dated) int { return a.at.Compare(b.at) })
	changes := make([]*emulator.Change, len(later))
	for i, one := range later {
		changes[i] = one.change
	}
	return mergeChanges(changes)
}

// statuses counts the results of a run, the most frequent first.
func (r *run) statuses() (counts []statusCount) {
	for _, e := range r.Requests {
		at := slices.IndexFunc(counts, func(c statusCount) bool { return c.Result == e.Result() })
		if at < 0 {
			counts = append(counts, statusCount{e.Result(), e.Mood(), 0})
			at = len(counts) - 1
		}
		counts[at].Count++
	}
	slices.SortStableFunc(counts, func(a, b statusCount) int { return b.Count - a.Count })
	return counts
}
