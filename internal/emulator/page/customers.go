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
		{name: "metadata", label: "Metadata"},
		{name: "updated", label: "Updated", compare: func(a, b emulator.Customer) int { return a.UpdatedAt.Compare(b.UpdatedAt) }},
	},
	filters: []filter[emulator.Customer]{{"state", "All states", []option[emulator.Customer]{
		{"active", "Active", func(c emulator.Customer) bool { return c.IsActive }},
		{"inactive", "Inactive", func(c emulator.Customer) bool { return !c.IsActive }},
	}}},
	text: func(c emulator.Customer) []string { return append(metadataTexts(c.Metadata), c.Name, c.ID) },
}

func (p *page) showCustomers(s *screen) bool {
	var rows []emulator.Customer
	s.List, rows = customerKind.of(newestFirst(s.state.Customers), s.Address)
	s.Rows = rows
	return true
}

type customerDetail struct {
	emulator.Customer
	NameForm nameForm
	Pairs    pairForm
	Members  []member
	Adding   addForm
	Import   importBlock
}

// member is a user on a customer's page.
type member struct {
	ID      string
	Name    string // "" if there is no such user
	Product emulator.Product
}

func (p *page) showCustomer(s *screen) bool {
	customer, found := find(s.state.Customers, s.Address.ID, func(c emulator.Customer) string { return c.ID })
	if !found {
		return false
	}
	s.About = []emulator.Object{{Kind: emulator.CustomerKind, ID: customer.ID}}
	detail := customerDetail{
		Customer: customer, NameForm: s.nameForm(customer), Pairs: s.pairForm(customer), Adding: s.addForm(customer),
		Import: newImport("avara_express_customer", customer.Name, customer.ID),
	}
	for _, id := range customer.Members {
		detail.Members = append(detail.Members, s.member(id))
	}
	s.Title, s.One = label(customer.Name), detail
	return true
}

func (s *screen) member(id string) member {
	for _, product := range emulator.Products() {
		if name := s.names[emulator.Object{Kind: emulator.UserKind, Product: product, ID: id}]; name != "" {
			return member{id, name, product}
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

// pairs lists a metadata map, sorted by key.
func pairs(metadata map[string]string) []pair {
	list := make([]pair, 0, len(metadata))
	for key, value := range metadata {
		list = append(list, pair{key, value})
	}
	slices.SortFunc(list, func(a, b pair) int { return strings.Compare(a.Key, b.Key) })
	return list
}
