// SPDX-License-Identifier: MPL-2.0

package page

import (
	"strings"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// referenceRow is a clinical reference with the name of its customer.
type referenceRow struct {
	emulator.Reference
	CustomerName string
}

// Kind is the type in words.
func (r referenceRow) Kind() string { return strings.ReplaceAll(r.Type, "_", " ") }

var referenceKind = kind[referenceRow]{
	noun:  "references",
	empty: "There are no clinical references yet.",
	columns: []column[referenceRow]{
		{name: "name", label: "Reference", compare: byText(func(r referenceRow) string { return r.Name })},
		{name: "type", label: "Type", compare: byText(func(r referenceRow) string { return r.Type })},
		{name: "customer", label: "Customer", compare: byText(func(r referenceRow) string { return r.CustomerName })},
		{name: "state", label: "State", compare: func(a, b referenceRow) int { return falseFirst(a.IsActive, b.IsActive) }},
		{label: "Metadata"},
		{name: "updated", label: "Updated", compare: func(a, b referenceRow) int { return a.UpdatedAt.Compare(b.UpdatedAt) }},
	},
	filters: []filter[referenceRow]{
		{"active", "Active", func(r referenceRow) bool { return r.IsActive }},
		{"deleted", "Deleted", func(r referenceRow) bool { return !r.IsActive }},
		{"clinic", "Of the whole clinic", func(r referenceRow) bool { return r.ExpressCustomerID == "" }},
	},
	text: func(r referenceRow) []string {
		return append(metadataTexts(r.Metadata), r.Name, r.ID, r.ExternalReferenceID, r.Kind(), r.Type, r.CustomerName)
	},
}

func (p *page) showReferences(s *screen) bool {
	names := map[string]string{}
	for _, customer := range s.state.Customers {
		names[customer.ID] = customer.Name
	}
	all := make([]referenceRow, 0, len(s.state.References))
	for _, reference := range s.state.References {
		all = append(all, referenceRow{reference, names[reference.ExpressCustomerID]})
	}
	s.List, s.Rows = rowsOf(referenceKind, all, s.Ask)
	return true
}
