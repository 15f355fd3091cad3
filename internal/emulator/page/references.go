// SPDX-License-Identifier: MPL-2.0

package page

import (
	"strings"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// referenceRow is a clinical reference with the name of its customer.
type referenceRow struct {
	emulator.Reference
	CustomerName string // "" for none
}

// Kind is the type for display.
func (r referenceRow) Kind() string { return strings.ReplaceAll(r.Type, "_", " ") }

var referenceKind = kind[referenceRow]{
	noun:  "references",
	empty: "There are no clinical references yet.",
	columns: []column[referenceRow]{
		{name: "name", label: "Reference", compare: byText(func(r referenceRow) string { return r.Name })},
		{name: "type", label: "Type", compare: byText(func(r referenceRow) string { return r.Type })},
		{name: "customer", label: "Customer", compare: byText(func(r referenceRow) string { return r.CustomerName })},
		{name: "state", label: "State", compare: func(a, b referenceRow) int { return falseFirst(a.IsActive, b.IsActive) }},
		{name: "metadata", label: "Metadata"},
		{name: "updated", label: "Updated", compare: func(a, b referenceRow) int { return a.UpdatedAt.Compare(b.UpdatedAt) }},
	},
	filters: []filter[referenceRow]{
		{"state", "All states", []option[referenceRow]{
			{"active", "Active", func(r referenceRow) bool { return r.IsActive }},
			{"deleted", "Deleted", func(r referenceRow) bool { return !r.IsActive }},
		}},
		{"owner", "All owners", []option[referenceRow]{
			{"clinic", "Of the whole clinic", func(r referenceRow) bool { return r.ExpressCustomerID == "" }},
			{"customer", "Of a customer", func(r referenceRow) bool { return r.ExpressCustomerID != "" }},
		}},
	},
	text: func(r referenceRow) []string {
		return append(metadataTexts(r.Metadata), r.Name, r.ID, r.ExternalReferenceID, r.Kind(), r.Type, r.CustomerName)
	},
}

func (p *page) showReferences(s *screen) bool {
	all := make([]referenceRow, 0, len(s.state.References))
	for _, reference := range s.state.References {
		all = append(all, s.referenceRow(reference))
	}
	s.List, s.Rows = rowsOf(referenceKind, all, s.Address)
	return true
}

func (s *screen) referenceRow(r emulator.Reference) referenceRow {
	row := referenceRow{Reference: r}
	if r.ExpressCustomerID != "" {
		row.CustomerName = s.customerName(r.ExpressCustomerID)
	}
	return row
}

type referenceDetail struct {
	referenceRow
	Import *importBlock // nil for a deleted one
}

func (p *page) showReference(s *screen) bool {
	reference, found := find(s.state.References, s.Address.ID, func(r emulator.Reference) string { return r.ID })
	if !found {
		return false
	}
	s.About = []emulator.Object{{Kind: emulator.ReferenceKind, ID: reference.ID}}
	detail := referenceDetail{referenceRow: s.referenceRow(reference)}
	if reference.IsActive {
		block := newImport("avara_clinical_reference", reference.Name, reference.ID)
		detail.Import = &block
	}
	s.Title, s.One = label(reference.Name), detail
	return true
}
