// SPDX-License-Identifier: MPL-2.0

package page_test

import (
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

var rowName = regexp.MustCompile(`<th scope="row"[^>]*>(?:<a [^>]*>)?<bdi>([^<]*)</bdi>`)

// names lists the names in the rows of a page.
func names(page string) (list []string) {
	for _, match := range rowName.FindAllStringSubmatch(page, -1) {
		list = append(list, html.UnescapeString(match[1]))
	}
	return list
}

// link returns the address of the link that matches a pattern.
func link(t *testing.T, page, pattern string) string {
	t.Helper()
	match := regexp.MustCompile(`<a [^>]*href="([^"]*)"[^>]*>` + pattern).FindStringSubmatch(page)
	if match == nil {
		t.Fatalf("no link %q in\n%s", pattern, page)
	}
	return html.UnescapeString(match[1])
}

func equal(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}

func TestCustomersInOrder(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	at := func(minutes int) time.Time { return noon.Add(time.Duration(minutes) * time.Minute) }
	d.AddCustomer(emulator.Customer{Name: "bravo", IsActive: true, CreatedAt: at(1), UpdatedAt: at(9), Members: []string{"usr_1", "usr_2"}})
	d.AddCustomer(emulator.Customer{Name: "Alpha", CreatedAt: at(2), Metadata: map[string]string{"tier": "Gold", "contract": "C-1"}})
	d.AddCustomer(emulator.Customer{Name: "charlie", IsActive: true, CreatedAt: at(3), Members: []string{"usr_1"}})

	equal(t, "newest first", names(d.see("/")), "charlie", "Alpha", "bravo")
	byName := d.see(link(t, d.see("/"), "Customer<"))
	equal(t, "by name", names(byName), "Alpha", "bravo", "charlie")
	wants(t, byName, `aria-sort="ascending"`)
	down := d.see(link(t, byName, "Customer<"))
	equal(t, "by name, descending", names(down), "charlie", "bravo", "Alpha")
	wants(t, down, `aria-sort="descending"`)
	equal(t, "newest again", names(d.see(link(t, down, "newest first"))), "charlie", "Alpha", "bravo")
	equal(t, "by users", names(d.see("/?sort=users")), "Alpha", "charlie", "bravo")
	equal(t, "by state", names(d.see("/?sort=active")), "Alpha", "charlie", "bravo")
	equal(t, "by change", names(d.see("/?sort=-updated")), "bravo", "charlie", "Alpha")
	equal(t, "by nothing known", names(d.see("/?sort=klingon")), "charlie", "Alpha", "bravo")

	equal(t, "active ones", names(d.see("/?state=active")), "charlie", "bravo")
	equal(t, "inactive ones", names(d.see("/?state=inactive")), "Alpha")
	equal(t, "search by name", names(d.see("/?q=ALPH")), "Alpha")
	equal(t, "search by metadata", names(d.see("/?q=tier%3Dgold")), "Alpha")
	equal(t, "search by words", names(d.see("/?q=gold+alpha")), "Alpha")
	equal(t, "search and filter", names(d.see("/?q=a&state=active&sort=name")), "bravo", "charlie")
	none := d.see("/?q=nobody")
	wants(t, none, "No customers match.", "Show all 3")
	equal(t, "all again", names(d.see(link(t, none, "Show all 3"))), "charlie", "Alpha", "bravo")
}

func TestManyCustomers(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.Seed(emulator.Seed{Customers: 1234})
	newest := d.Customers()[1233].Name
	page := d.see("/")
	if got := names(page); len(got) != 100 || got[0] != newest {
		t.Errorf("%d rows, the first is %q", len(got), got[0])
	}
	wants(t, page, "1–100 of 1,234 customers")
	seen := map[string]bool{}
	for pages := 1; ; pages++ {
		for _, id := range regexp.MustCompile(`id="row-cus_[^"]*"`).FindAllString(page, -1) {
			seen[id] = true
		}
		if !strings.Contains(page, `rel="next"`) {
			break
		}
		page = d.see(link(t, page, "Next"))
		if pages > 13 {
			t.Fatal("the pages do not end")
		}
	}
	if len(seen) != 1234 {
		t.Errorf("%d customers on all pages", len(seen))
	}
	wants(t, page, "1,201–1,234 of 1,234 customers", `rel="prev"`)
	if got := names(d.see("/?page=999999")); len(got) != 34 {
		t.Errorf("%d rows on a page beyond the end", len(got))
	}
	wants(t, d.see("/?q=c-01"), "among 1,234")
}

func TestPeopleOfBothProducts(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for i, product := range emulator.Products() {
		person := emulator.Person{FirstName: "Ines", LastName: string(product), Email: fmt.Sprint(i, "@x.example"), ClinicRole: "Radiologist"}
		d.AddUser(product, emulator.User{Person: person, CreatedAt: noon.Add(time.Duration(i) * time.Hour)})
		d.AddInvitation(product, emulator.Invitation{Person: person, CreatedAt: noon.Add(-time.Duration(i) * time.Hour), Expiry: noon})
	}
	equal(t, "users", names(d.see("/?view=users"))[:2], "Ines viewer", "Ines autoScribe")
	equal(t, "viewer users", names(d.see("/?view=users&product=viewer&state=active")), "Ines viewer")
	equal(t, "invitations", names(d.see("/?view=invitations")), "Ines autoScribe", "Ines viewer")
	equal(t, "by email", names(d.see("/?view=invitations&sort=-email")), "Ines viewer", "Ines autoScribe")
	equal(t, "by role", names(d.see("/?view=invitations&q=radiologist&product=viewer")), "Ines viewer")
	equal(t, "expired", names(d.see("/?view=invitations&state=closed&product=autoScribe")), "Ines autoScribe")
}

func TestReferences(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	customer := d.AddCustomer(emulator.Customer{Name: "Lakeside"})
	d.AddReference(emulator.Reference{Name: "North", Type: "referring_provider", IsActive: true, ExternalReferenceID: "EXT-1", CreatedAt: noon.Add(-time.Hour)})
	d.AddReference(emulator.Reference{Name: "South", Type: "facility", ExpressCustomerID: customer})
	page := d.see("/?view=references")
	wants(t, page, "South", "facility", "Lakeside", "Deleted", "North", "referring provider", "EXT-1", "whole clinic", "Active")
	wants(t, d.see(link(t, page, "<bdi>Lakeside")), "<h1><bdi>Lakeside</bdi></h1>")
	equal(t, "of a customer", names(d.see("/?view=references&q=lakeside")), "South")
	equal(t, "active ones", names(d.see("/?view=references&state=active")), "North")
}
