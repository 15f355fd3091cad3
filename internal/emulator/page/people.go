// SPDX-License-Identifier: MPL-2.0

package page

import (
	"slices"
	"strings"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// userRow is a user of one of the products.
type userRow struct {
	emulator.User
	Product emulator.Product
}

// Key identifies the row in forms.
func (u userRow) Key() string { return string(u.Product) + " " + u.ID }

// Access describes in one word whether the user can log in.
func (u userRow) Access() string {
	switch {
	case u.Pending:
		return "pending"
	case u.Revoked:
		return "no access"
	default:
		return "active"
	}
}

// Mood returns the CSS class for the access.
func (u userRow) Mood() string {
	return map[string]string{"pending": "wait", "no access": "off", "active": "good"}[u.Access()]
}

var userKind = kind[userRow]{
	noun:  "users",
	empty: "There are no users yet. People who are invited appear here, pending.",
	columns: []column[userRow]{
		{name: "name", label: "User", compare: byText(func(u userRow) string { return personName(u.Person) })},
		{name: "email", label: "Email, product and role", compare: byText(func(u userRow) string { return u.Email })},
		{name: "access", label: "Access", compare: byText(userRow.Access)},
		{name: "created", label: "Created", compare: func(a, b userRow) int { return a.CreatedAt.Compare(b.CreatedAt) }},
	},
	filters: []filter[userRow]{
		productFilter(func(u userRow) emulator.Product { return u.Product }),
		{"state", "All states", []option[userRow]{
			{"active", "Active", func(u userRow) bool { return u.Access() == "active" }},
			{"pending", "Pending", func(u userRow) bool { return u.Pending }},
			{"revoked", "No access", func(u userRow) bool { return u.Access() == "no access" }},
		}},
	},
	text: func(u userRow) []string { return append(personTexts(u.Person), u.ID, string(u.Product), u.Access()) },
}

func (p *page) showUsers(s *screen) bool {
	var all []userRow
	for _, product := range emulator.Products() {
		for _, user := range s.state.Users[product] {
			all = append(all, userRow{user, product})
		}
	}
	slices.SortStableFunc(all, func(a, b userRow) int { return a.CreatedAt.Compare(b.CreatedAt) })
	s.List, s.Rows = rowsOf(userKind, all, s.Address)
	return true
}

// invitationRow is an invitation to one of the products.
type invitationRow struct {
	emulator.Invitation
	Product emulator.Product
	Is      string // the status, or expired
}

// Key identifies the row in forms.
func (i invitationRow) Key() string { return string(i.Product) + " " + i.ID }

// Mood returns the CSS class for the status.
func (i invitationRow) Mood() string {
	switch i.Is {
	case "sent":
		return "wait"
	case "accepted":
		return "good"
	default:
		return "off"
	}
}

// Open reports whether the invitation can still be accepted.
func (i invitationRow) Open() bool { return i.Is == "sent" }

var invitationKind = kind[invitationRow]{
	noun:  "invitations",
	empty: "There are no invitations yet.",
	columns: []column[invitationRow]{
		{name: "name", label: "Invited", compare: byText(func(i invitationRow) string { return personName(i.Person) })},
		{name: "email", label: "Email, product and role", compare: byText(func(i invitationRow) string { return i.Email })},
		{name: "status", label: "Status", compare: byText(func(i invitationRow) string { return i.Is })},
		{name: "expires", label: "Expires", compare: func(a, b invitationRow) int { return a.Expiry.Compare(b.Expiry) }},
	},
	filters: []filter[invitationRow]{
		productFilter(func(i invitationRow) emulator.Product { return i.Product }),
		{"state", "All states", []option[invitationRow]{
			{"open", "Sent", invitationRow.Open},
			{"accepted", "Accepted", func(i invitationRow) bool { return i.Is == "accepted" }},
			{"closed", "Expired, rejected, revoked", func(i invitationRow) bool { return !i.Open() && i.Is != "accepted" }},
		}},
	},
	text: func(i invitationRow) []string {
		return append(personTexts(i.Person), i.ID, i.UserID, string(i.Product), i.Is)
	},
}

func (p *page) showInvitations(s *screen) bool {
	var all []invitationRow
	for _, product := range emulator.Products() {
		for _, invitation := range s.state.Invitations[product] {
			all = append(all, invitationRow{invitation, product, invitation.State(s.Now)})
		}
	}
	slices.SortStableFunc(all, func(a, b invitationRow) int { return a.CreatedAt.Compare(b.CreatedAt) })
	s.List, s.Rows = rowsOf(invitationKind, all, s.Address)
	return true
}

// rowsOf selects from rows that are oldest first.
func rowsOf[T any](k kind[T], rows []T, a address) (list, any) {
	l, shown := k.of(newestFirst(rows), a)
	return l, shown
}

// productFilter keeps the rows of one product.
func productFilter[T any](product func(T) emulator.Product) filter[T] {
	f := filter[T]{name: "product", all: "Both products"}
	for _, one := range emulator.Products() {
		f.options = append(f.options, option[T]{string(one), productName(one), func(row T) bool { return product(row) == one }})
	}
	return f
}

func productName(product emulator.Product) string {
	if product == emulator.AutoScribe {
		return "AutoScribe"
	}
	return "Viewer"
}

// personName returns a visible name, never "".
func personName(p emulator.Person) string {
	parts := []string{p.FirstName, p.MiddleName, p.LastName, p.Suffix1, p.Suffix2}
	name := strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), " ")
	if name == "" && p.Email != "" {
		return p.Email
	}
	return label(name)
}

func personTexts(p emulator.Person) []string {
	return []string{personName(p), p.Email, p.ClinicRole, p.Level, p.PhoneNumber, p.NPINumber}
}
