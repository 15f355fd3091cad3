// SPDX-License-Identifier: MPL-2.0

package page

import (
	"slices"
	"strings"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

var customerKind = kind[emulator.Customer]{
	noun:  "customers",
	empty: "There are no customers yet.",
	columns: []column[emulator.Customer]{
		{name: "name", label: "Customer", compare: byText(func(c emulator.Customer) string { return c.Name })},
		{name: "active", label: "State", compare: func(a, b emulator.Customer) int { return falseFirst(a.IsActive, b.IsActive) }},
		{name: "users", label: "Users", compare: func(a, b emulator.Customer) int { return len(a.Members) - len(b.Members) }, amount: true},
		{label: "Metadata"},
		{name: "updated", label: "Updated", compare: func(a, b emulator.Customer) int { return a.UpdatedAt.Compare(b.UpdatedAt) }},
	},
	filters: []filter[emulator.Customer]{
		{"active", "Active", func(c emulator.Customer) bool { return c.IsActive }},
		{"inactive", "Inactive", func(c emulator.Customer) bool { return !c.IsActive }},
	},
	text: func(c emulator.Customer) []string { return append(metadataTexts(c.Metadata), c.Name, c.ID) },
}

func (p *page) showCustomers(s *screen) bool {
	var rows []emulator.Customer
	s.List, rows = customerKind.of(newestFirst(s.state.Customers), s.Ask)
	s.Rows = rows
	return true
}

// member is a user as a customer's page shows it.
type member struct {
	ID      string
	Name    string // "" if there is no such user
	Product emulator.Product
}

// customerDetail is a customer's page.
type customerDetail struct {
	emulator.Customer
	Members []member
}

// Spare are empty rows for new pairs.
func (customerDetail) Spare() []pair { return make([]pair, 3) }

func (p *page) showCustomer(s *screen) bool {
	at := slices.IndexFunc(s.state.Customers, func(c emulator.Customer) bool { return c.ID == s.Ask.ID })
	if at < 0 {
		return false
	}
	customer := s.state.Customers[at]
	detail := customerDetail{Customer: customer}
	for _, id := range customer.Members {
		detail.Members = append(detail.Members, s.member(id))
	}
	s.Title, s.One = customer.Name, detail
	return true
}

func (s *screen) member(id string) member {
	for _, product := range emulator.Products() {
		for _, user := range s.state.Users[product] {
			if user.ID == id {
				return member{id, personName(user.Person), product}
			}
		}
	}
	return member{ID: id}
}

func metadataTexts(metadata map[string]string) []string {
	texts := make([]string, 0, len(metadata)+3)
	for key, value := range metadata {
		texts = append(texts, key+"="+value)
	}
	return texts
}

func falseFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	default:
		return 1
	}
}

// pair is a key of a metadata map with its value.
type pair struct{ Key, Value string }

// pairs lists a metadata map in the order of its keys.
func pairs(metadata map[string]string) []pair {
	list := make([]pair, 0, len(metadata))
	for key, value := range metadata {
		list = append(list, pair{key, value})
	}
	slices.SortFunc(list, func(a, b pair) int { return strings.Compare(a.Key, b.Key) })
	return list
}
