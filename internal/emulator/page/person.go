// SPDX-License-Identifier: MPL-2.0

package page

import (
	"slices"
	"strings"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// fact is a value of an object, with its name.
type fact struct{ Name, Value string }

// personFacts returns all values of a person in a fixed order.
func personFacts(p emulator.Person) []fact {
	return []fact{
		{"Email", p.Email},
		{"First name", p.FirstName},
		{"Middle name", p.MiddleName},
		{"Last name", p.LastName},
		{"Suffix 1", p.Suffix1},
		{"Suffix 2", p.Suffix2},
		{"Clinic role", p.ClinicRole},
		{"Level", p.Level},
		{"Phone number", p.PhoneNumber},
		{"NPI number", p.NPINumber},
		{"Manages studies", yesNo(p.CanManageStudies)},
		{"Creates reports", yesNo(p.CanCreateReports)},
		{"Has dashboard access", yesNo(p.HasDashboardAccess)},
	}
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

type personDetail struct {
	Facts       []fact
	User        *userRow       // nil if there is none
	Invitation  *invitationRow // the invitation of the page
	Invitations []invitationRow
	Customers   []emulator.Customer // customers that have the user as a member
	Import      *importBlock
}

func (p *page) showUser(s *screen) bool {
	product, id := splitKey(s.Address.ID)
	user, found := find(s.state.Users[product], id, func(u emulator.User) string { return u.ID })
	if !found {
		return false
	}
	s.About = []emulator.Object{{Kind: emulator.UserKind, Product: product, ID: id}}
	detail := s.personDetail(product, id, user.Person)
	detail.User = &userRow{user, product}
	s.Title, s.One = personName(user.Person), detail
	return true
}

func (p *page) showInvitation(s *screen) bool {
	product, id := splitKey(s.Address.ID)
	invitation, found := find(s.state.Invitations[product], id, func(i emulator.Invitation) string { return i.ID })
	if !found {
		return false
	}
	s.About = []emulator.Object{
		{Kind: emulator.InvitationKind, Product: product, ID: id},
		{Kind: emulator.UserKind, Product: product, ID: invitation.UserID},
	}
	detail := s.personDetail(product, invitation.UserID, invitation.Person)
	detail.Invitation = &invitationRow{invitation, product, invitation.State(s.Now)}
	if user, ok := find(s.state.Users[product], invitation.UserID, func(u emulator.User) string { return u.ID }); ok {
		detail.User = &userRow{user, product}
	}
	s.Title, s.One = personName(invitation.Person), detail
	return true
}

// personDetail gathers what the pages of users and of invitations have in common.
func (s *screen) personDetail(product emulator.Product, userID string, person emulator.Person) personDetail {
	var detail personDetail
	for _, f := range personFacts(person) {
		if f.Value != "" && (product == emulator.AutoScribe || f.Name != "Creates reports") {
			detail.Facts = append(detail.Facts, f)
		}
	}
	for _, i := range newestFirst(slices.Clone(s.state.Invitations[product])) {
		if i.UserID == userID {
			detail.Invitations = append(detail.Invitations, invitationRow{i, product, i.State(s.Now)})
			s.About = append(s.About, emulator.Object{Kind: emulator.InvitationKind, Product: product, ID: i.ID})
		}
	}
	for _, c := range s.state.Customers {
		if slices.Contains(c.Members, userID) {
			detail.Customers = append(detail.Customers, c)
		}
	}
	resource := "avara_" + strings.ToLower(string(product)) + "_user"
	block := newImport(resource, personName(person), userID)
	detail.Import = &block
	return detail
}

// splitKey reads the product and the id of a user or an invitation.
func splitKey(key string) (emulator.Product, string) {
	product, id, _ := strings.Cut(key, " ")
	return emulator.Product(product), id
}

func userURL(product emulator.Product, id string) string {
	return to("user", string(product)+" "+id).URL()
}
