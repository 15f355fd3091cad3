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

// link returns the address behind a link that matches a pattern.
func link(t *testing.T, page, pattern string) string {
	t.Helper()
	match := regexp.MustCompile(`<a href="([^"]*)"[^>]*>` + pattern).FindStringSubmatch(page)
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

	equal(t, "active ones", names(d.see("/?filter=active")), "charlie", "bravo")
	equal(t, "inactive ones", names(d.see("/?filter=inactive")), "Alpha")
	equal(t, "search by name", names(d.see("/?q=ALPH")), "Alpha")
	equal(t, "search by metadata", names(d.see("/?q=tier%3Dgold")), "Alpha")
	equal(t, "search by words", names(d.see("/?q=gold+alpha")), "Alpha")
	equal(t, "search and filter", names(d.see("/?q=a&filter=active&sort=name")), "bravo", "charlie")
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
		t.Errorf("%d rows on a page that is none", len(got))
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
	equal(t, "viewer users", names(d.see("/?view=users&filter=viewer&q=active")), "Ines viewer")
	equal(t, "invitations", names(d.see("/?view=invitations")), "Ines autoScribe", "Ines viewer")
	equal(t, "by email", names(d.see("/?view=invitations&sort=-email")), "Ines viewer", "Ines autoScribe")
	equal(t, "by role", names(d.see("/?view=invitations&q=radiologist+viewer")), "Ines viewer")
	equal(t, "expired", names(d.see("/?view=invitations&q=expired&filter=autoScribe")), "Ines autoScribe")
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
	equal(t, "active ones", names(d.see("/?view=references&filter=active")), "North")
}

func TestRequestLog(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.AddFault(emulator.Fault{Route: "POST /v1/express", Times: 1, Status: 503})
	create := func(name string) { d.call("POST", "/v1/express", `{"expressCustomerName":"`+name+`"}`) }
	create("Lakeside")
	create("Harbor") // another body: no retry
	create("Lakeside")
	create("Lakeside") // the failure was made up for already: no retry
	d.call("POST", "/v1/express/"+d.Customers()[0].ID+"/deactivate", "")
	d.call("GET", "/v1/express/cus_nobody?x=%3Cb%3E", "")

	page := d.see("/?view=requests")
	wants(t, page, "GET", "/v1/express/{expressCustomerId}", "/v1/express/cus_nobody?x=%3Cb%3E", "404 Not Found", "POST", "/deactivate",
		"POST", "200 OK", "503 Service Unavailable", "By route", "POST /v1/express<", ">4<", "GET /v1/express/{", ">1<")
	if got := strings.Count(page, `class="tag">retry`); got != 1 {
		t.Errorf("%d retries", got)
	}
	for query, want := range map[string]int{
		"": 6, "&filter=writes": 5, "&filter=reads": 1, "&filter=failures": 2, "&filter=retries": 1, "&q=503+service": 1, "&q=cus_nobody": 1,
	} {
		if got := strings.Count(d.see("/?view=requests"+query), `id="row-req_`); got != want {
			t.Errorf("%q: %d requests, want %d", query, got, want)
		}
	}
	if got := strings.Count(d.see(link(t, page, "POST /v1/express<")), `id="row-req_`); got != 4 {
		t.Errorf("%d requests of the route", got)
	}
	wants(t, d.see("/"), "Latest requests", "404 Not Found", "retry")

	d.press("requests/clear")
	wants(t, d.see("/?view=requests"), "The API was not asked anything yet.")
}

func TestRetriesEnd(t *testing.T) {
	t.Parallel()
	now := noon
	d := newDesk(t, emulator.WithClock(func() time.Time { return now }))
	d.AddFault(emulator.Fault{Times: 1, Status: 429})
	d.call("GET", "/v1/express", "")
	now = now.Add(time.Minute + time.Second)
	d.call("GET", "/v1/express", "")
	lacks(t, d.see("/?view=requests"), `class="tag">retry`)
}
