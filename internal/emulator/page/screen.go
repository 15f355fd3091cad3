// SPDX-License-Identifier: MPL-2.0

package page

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// screen is the data of the templates.
type screen struct {
	Template string // the view's own template
	Status   int    // of the answer
	Title    string
	Address  address
	Instance string // id of this emulator process
	Host     string // host name that the browser used
	APIKey   string // "" if it is a secret
	Now      time.Time
	Tabs     []tab
	InForce  inForce // faults and dialects
	Done     *done   // confirmation of the action that was just run
	Problem  string  // why the action failed
	Form     form    // the rejected form

	List  list // of the view's table, if it has one
	Rows  any
	One   any               // the object of the view, if it shows one
	About []emulator.Object // objects whose history the view shows, the main one first

	state   emulator.State
	names   map[emulator.Object]string // names of all objects, never ""
	history history
}

// tab is a link to a view.
type tab struct {
	Label   string
	URL     string
	Count   int
	Current bool
}

// views fill in the part of the screen that differs between views, and report whether the
// requested object exists.
var views = map[string]func(*page, *screen) bool{
	"customers":   (*page).showCustomers,
	"customer":    (*page).showCustomer,
	"users":       (*page).showUsers,
	"user":        (*page).showUser,
	"invitations": (*page).showInvitations,
	"invitation":  (*page).showInvitation,
	"references":  (*page).showReferences,
	"reference":   (*page).showReference,
	"activity":    (*page).showActivity,
	"run":         (*page).showRun,
	"requests":    (*page).showRequests,
	"request":     (*page).showRequest,
	"faults":      (*page).showFaults,
	"dialects":    (*page).showDialects,
}

// parentViews are the tabs to which the views of single objects belong.
var parentViews = map[string]string{
	"customer": "customers", "user": "users", "invitation": "invitations", "reference": "references", "run": "activity", "request": "requests",
}

// screen gathers the data that all views have in common.
func (p *page) screen(r *http.Request, a address) *screen {
	now := p.api.Now()
	s := &screen{
		Template: a.View, Status: http.StatusOK, Address: a, Instance: p.instance, Host: r.Host, Now: now,
		InForce: p.inForce(), state: p.api.State(), history: newHistory(p.api.Requests(), p.api.Edits(), now),
	}
	if p.api.AcceptsDefaultKey() {
		s.APIKey = emulator.DefaultAPIKey
	}
	s.gatherNames()
	s.Done = s.done(p.api, a.Done)

	users, invitations := 0, 0
	for _, product := range emulator.Products() {
		users += len(s.state.Users[product])
		invitations += len(s.state.Invitations[product])
	}
	s.addTab("Customers", "customers", len(s.state.Customers))
	s.addTab("Users", "users", users)
	s.addTab("Invitations", "invitations", invitations)
	s.addTab("References", "references", len(s.state.References))
	s.addTab("Activity", "activity", len(s.history.Runs)+len(s.history.Edits))
	s.addTab("Requests", "requests", total(p.api.Counts()))
	s.addTab("Faults", "faults", len(s.InForce.Faults))
	s.addTab("Dialects", "dialects", len(s.InForce.Dialects))
	return s
}

// build fills in the view of the address.
func (p *page) build(s *screen) {
	if build, ok := views[s.Address.View]; !ok || !build(p, s) {
		s.Template, s.Status, s.Title = "problem", http.StatusNotFound, "There is nothing here"
	}
}

func (s *screen) addTab(label, view string, count int) {
	current := s.Address.View == view || parentViews[s.Address.View] == view
	s.Tabs = append(s.Tabs, tab{Label: label, URL: to(view, "").URL(), Count: count, Current: current})
	if current {
		s.Title = label
	}
}

// Back is the current address, to which actions return.
func (s *screen) Back() string { return s.Address.after(0).URL() }

// Unfiltered is the address of the view without filters.
func (s *screen) Unfiltered() string { return to(s.Address.View, "").URL() }

// gatherNames collects the names of all objects.
func (s *screen) gatherNames() {
	s.names = make(map[emulator.Object]string, len(s.state.Customers)+len(s.state.References))
	for _, c := range s.state.Customers {
		s.names[emulator.Object{Kind: emulator.CustomerKind, ID: c.ID}] = label(c.Name)
	}
	for _, r := range s.state.References {
		s.names[emulator.Object{Kind: emulator.ReferenceKind, ID: r.ID}] = label(r.Name)
	}
	for product, users := range s.state.Users {
		for _, u := range users {
			s.names[emulator.Object{Kind: emulator.UserKind, Product: product, ID: u.ID}] = personName(u.Person)
		}
	}
	for product, invitations := range s.state.Invitations {
		for _, i := range invitations {
			s.names[emulator.Object{Kind: emulator.InvitationKind, Product: product, ID: i.ID}] = personName(i.Person)
		}
	}
}

// NameOf is the name of an object, or its id if it is gone.
func (s *screen) NameOf(o emulator.Object) string { return cmp.Or(s.names[o], o.ID) }

// URLOf is the address of an object, "" if it is gone.
func (s *screen) URLOf(o emulator.Object) string {
	switch {
	case o.Kind == emulator.FaultsKind || o.Kind == emulator.DialectsKind:
		return to(string(o.Kind), "").URL()
	case s.names[o] == "":
		return ""
	case o.Product != "":
		return to(string(o.Kind), string(o.Product)+" "+o.ID).URL()
	default:
		return to(string(o.Kind), o.ID).URL()
	}
}

// changedName is the name of an object after a change, or before it.
func changedName(c emulator.Change) string {
	if c.Kind == emulator.FaultsKind || c.Kind == emulator.DialectsKind {
		return ""
	}
	for _, state := range []any{c.After, c.Before} {
		switch o := state.(type) {
		case *emulator.Customer:
			return label(o.Name)
		case *emulator.Reference:
			return label(o.Name)
		case *emulator.User:
			return personName(o.Person)
		case *emulator.Invitation:
			return personName(o.Person)
		}
	}
	return c.ID
}

// userName is the name of a user of either product.
func (s *screen) userName(id string) string {
	for _, product := range emulator.Products() {
		if name := s.names[emulator.Object{Kind: emulator.UserKind, Product: product, ID: id}]; name != "" {
			return name
		}
	}
	return id
}

// customerName is the name of a customer, or "whole clinic" for the id "".
func (s *screen) customerName(id string) string {
	if id == "" {
		return "whole clinic"
	}
	return s.NameOf(emulator.Object{Kind: emulator.CustomerKind, ID: id})
}

// find finds an object of a list by its id.
func find[T any](list []T, id string, of func(T) string) (found T, ok bool) {
	i := slices.IndexFunc(list, func(one T) bool { return of(one) == id })
	if i < 0 {
		return found, false
	}
	return list[i], true
}
