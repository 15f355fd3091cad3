// SPDX-License-Identifier: MPL-2.0

package page

import (
	"slices"
	"strings"
)

// rowsAtOnce is how many rows a list shows on one page.
const rowsAtOnce = 100

// kind describes a list of objects: its columns, and how it is searched, filtered and
// sorted.
type kind[T any] struct {
	noun    string // "customers"
	empty   string // text of an empty list
	columns []column[T]
	filters []filter[T]
	text    func(T) []string // texts that the search looks at
}

// column is a column of a list. It can be sorted if it has compare.
type column[T any] struct {
	name    string // in the address
	label   string
	compare func(a, b T) int
	amount  bool // has numbers
}

// filter selects rows by one of its options. A row must pass all filters.
type filter[T any] struct {
	name    string // in the address, one of filterNames
	all     string // label for all rows
	options []option[T]
}

type option[T any] struct {
	name  string // in the address
	label string
	keep  func(T) bool
}

// list is what the templates need of a list besides its rows.
type list struct {
	Noun    string
	Empty   string
	Columns []heading
	Filters []chooser
	Sorts   []choice
	Total   int // number of rows without search and filters
	Matched int
	From    int // number of the first row shown, from 1
	To      int
	Prev    string // addresses of the previous and next page, "" if there is none
	Next    string
	Newest  string // address of the list in its default order, "" if it is in that order
}

// heading is the head of a column.
type heading struct {
	Name   string
	Label  string
	Amount bool
	URL    string // address of the list sorted by it; "" if it can't be sorted
	Sorted string // ascending, descending or ""
}

// chooser is a filter with its options.
type chooser struct {
	Name    string
	Choices []choice
}

type choice struct {
	Value  string
	Label  string
	Chosen bool
}

// of returns the rows to show. rows must be in default order.
func (k kind[T]) of(rows []T, a address) (list, []T) {
	l := list{Noun: k.noun, Empty: k.empty, Total: len(rows)}
	rows = k.search(rows, a.Search)
	rows = k.filter(rows, a, &l)
	rows = k.sort(rows, a, &l)
	l.Matched = len(rows)

	pages := max((len(rows)+rowsAtOnce-1)/rowsAtOnce, 1)
	page := min(a.Page, pages)
	from, to := (page-1)*rowsAtOnce, min(page*rowsAtOnce, len(rows))
	l.From, l.To = from+1, to
	if page > 1 {
		l.Prev = a.at(page - 1).URL()
	}
	if page < pages {
		l.Next = a.at(page + 1).URL()
	}
	return l, rows[from:to]
}

// search keeps the rows that contain all words of the text, in any order.
func (k kind[T]) search(rows []T, text string) []T {
	words := strings.Fields(strings.ToLower(text))
	if len(words) == 0 {
		return rows
	}
	var found []T
	for _, row := range rows {
		all := strings.ToLower(strings.Join(k.text(row), "\n"))
		if !slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(all, word) }) {
			found = append(found, row)
		}
	}
	return found
}

// filter keeps the rows that pass all filters, and adds the filters with their options to
// the list.
func (k kind[T]) filter(rows []T, a address, l *list) []T {
	for _, f := range k.filters {
		chosen := a.Filters[f.name]
		shown := chooser{Name: f.name, Choices: []choice{{"", f.all, true}}}
		for _, o := range f.options {
			is := o.name == chosen
			shown.Choices = append(shown.Choices, choice{o.name, o.label, is})
			if is {
				shown.Choices[0].Chosen = false
				rows = slices.DeleteFunc(slices.Clone(rows), func(row T) bool { return !o.keep(row) })
			}
		}
		l.Filters = append(l.Filters, shown)
	}
	return rows
}

// sort returns a copy of the rows, sorted by the requested column, and adds the column
// heads to the list.
func (k kind[T]) sort(rows []T, a address, l *list) []T {
	l.Sorts = append(l.Sorts, choice{"", "Newest first", a.Sort == ""})
	for _, c := range k.columns {
		head := heading{Name: c.name, Label: c.label, Amount: c.amount}
		if c.compare != nil {
			up, down := a.Sort == c.name, a.Sort == "-"+c.name
			l.Sorts = append(l.Sorts, choice{c.name, c.label, up}, choice{"-" + c.name, c.label + ", descending", down})
			head.URL = a.by(c.name).URL()
			switch {
			case up:
				head.Sorted, head.URL = "ascending", a.by("-"+c.name).URL()
				rows = slices.SortedStableFunc(slices.Values(rows), c.compare)
			case down:
				head.Sorted = "descending"
				rows = slices.SortedStableFunc(slices.Values(rows), func(x, y T) int { return c.compare(y, x) })
			}
			if up || down {
				l.Newest = a.by("").URL()
			}
		}
		l.Columns = append(l.Columns, head)
	}
	return rows
}

// newestFirst reverses the rows, which the emulator keeps oldest first.
func newestFirst[T any](rows []T) []T {
	slices.Reverse(rows)
	return rows
}

// byText compares texts case-insensitively.
func byText[T any](text func(T) string) func(a, b T) int {
	return func(a, b T) int { return strings.Compare(strings.ToLower(text(a)), strings.ToLower(text(b))) }
}
