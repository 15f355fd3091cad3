// SPDX-License-Identifier: MPL-2.0

package page

import (
	"net/http"
	"time"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// screen is what the templates show.
type screen struct {
	Template string // the view's own template
	Status   int    // of the answer
	Title    string
	Ask      ask
	Host     string // what the browser calls this server
	APIKey   string // "" if it is a secret
	Now      time.Time
	Tabs     []tab
	Latest   []entry // of the request log, the latest first

	List list // of the view's table, if it has one
	Rows any
	One  any // the object that the view is about, if it is about one

	state emulator.State
	log   []entry
}

// tab leads to a view.
type tab struct {
	Label   string
	URL     string
	Count   int
	Current bool
}

// latestRequests is how many requests are shown beside every view.
const latestRequests = 30

// views build the part of the screen that differs, and tell whether there is
// what was asked for.
var views = map[string]func(*page, *screen) bool{
	"customers":   (*page).showCustomers,
	"customer":    (*page).showCustomer,
	"users":       (*page).showUsers,
	"invitations": (*page).showInvitations,
	"references":  (*page).showReferences,
	"requests":    (*page).showRequests,
	"faults":      (*page).showFaults,
	"dialects":    (*page).showDialects,
}

// screen gathers what every view shows.
func (p *page) screen(r *http.Request, a ask) *screen {
	s := &screen{Ask: a, Host: r.Host, Now: p.api.Now(), state: p.api.State(), log: p.log()}
	s.Template, s.Status = s.Ask.View, http.StatusOK
	if p.api.AcceptsDefaultKey() {
		s.APIKey = emulator.DefaultAPIKey
	}
	s.Latest = s.log[:min(len(s.log), latestRequests)]

	users, invitations := 0, 0
	for _, product := range emulator.Products() {
		users += len(s.state.Users[product])
		invitations += len(s.state.Invitations[product])
	}
	s.addTab("Customers", "customers", len(s.state.Customers))
	s.addTab("Users", "users", users)
	s.addTab("Invitations", "invitations", invitations)
	s.addTab("References", "references", len(s.state.References))
	s.addTab("Requests", "requests", requestCount(p.api.Counts()))
	s.addTab("Faults", "faults", len(p.api.Faults()))
	s.addTab("Dialects", "dialects", len(p.api.Dialects()))
	return s
}

func (s *screen) addTab(label, view string, count int) {
	current := s.Ask.View == view || s.Ask.View == "customer" && view == "customers"
	s.Tabs = append(s.Tabs, tab{Label: label, URL: ask{View: view, Page: 1}.URL(), Count: count, Current: current})
	if current {
		s.Title = label
	}
}

// fail shows what went wrong instead of the view.
func (s *screen) fail(status int, title, message string) {
	s.Template, s.Status, s.Title, s.One = "problem", status, title, message
}

// Back is the address of what is shown, for the actions to return to.
func (s *screen) Back() string { return s.Ask.URL() }

// Unfiltered is the address of the view with all of its rows.
func (s *screen) Unfiltered() string { return ask{View: s.Ask.View, Page: 1}.URL() }

func requestCount(counts map[string]int) int {
	total := 0
	for _, n := range counts {
		total += n
	}
	return total
}
