// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"fmt"
	"slices"
	"strings"
)

// Dialect switches one answer of the emulator from its default to another one that the
// real API might give. The vendor documentation and the vendor SDKs leave each of these
// questions open, so both answers are our assumption. A client that works under every
// dialect works with the real API, whichever answers it gives.
type Dialect string

// AllDialects lists all dialects, grouped by topic.
func AllDialects() []DialectInfo { return slices.Clone(dialectTable) }

// contradictions are sets of dialects that exclude each other.
var contradictions = [][]Dialect{
	{ErrorString, ErrorObject, ErrorList, ErrorText},
	{ToggleTwiceConflict, ToggleTwiceBadRequest},
	{MetadataNull, MetadataEmptyObject},
	{NullsAbsent, NullsExplicit},
	{NullsAbsent, MetadataNull},
	{NullsAbsent, NullCreators},
}

// ParseDialects reads dialect names separated by commas.
func ParseDialects(names string) ([]Dialect, error) {
	var parsed []Dialect
	for name := range strings.SplitSeq(names, ",") {
		name = strings.TrimSpace(name)
		if name == "" {
			continue
		}
		if !isDialect(Dialect(name)) {
			return nil, fmt.Errorf("%q is not a dialect", name)
		}
		parsed = append(parsed, Dialect(name))
	}
	return parsed, nil
}

func isDialect(d Dialect) bool {
	return slices.ContainsFunc(dialectTable, func(info DialectInfo) bool { return info.Dialect == d })
}

// dialects is the set in force. It is immutable, so that a request uses one set from start
// to end.
type dialects map[Dialect]bool

// newDialects makes the set. If two dialects contradict each other, the later one wins.
func newDialects(list []Dialect) dialects {
	set := dialects{}
	for _, d := range list {
		for _, group := range contradictions {
			if !slices.Contains(group, d) {
				continue
			}
			for _, other := range group {
				delete(set, other)
			}
		}
		set[d] = true
	}
	return set
}

// names lists the dialects in force in the order of AllDialects.
func (d dialects) names() []Dialect {
	names := []Dialect{}
	for _, info := range dialectTable {
		if d[info.Dialect] {
			names = append(names, info.Dialect)
		}
	}
	return names
}

// SetDialects replaces the dialects in force. Without arguments it restores the default
// answers. If two dialects contradict each other, the later one wins. It panics on a name
// that [AllDialects] does not list.
func (e *Emulator) SetDialects(dialects ...Dialect) {
	for _, d := range dialects {
		if !isDialect(d) {
			panic(fmt.Sprintf("emulator: %q is not a dialect", d))
		}
	}
	set := newDialects(dialects)
	e.dialects.Store(&set)
	e.noteRevision()
}

// Dialects lists the dialects in force.
func (e *Emulator) Dialects() []Dialect { return e.dialects.Load().names() }
