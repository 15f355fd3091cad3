// SPDX-License-Identifier: MPL-2.0

package page

import (
	"net/url"
	"strconv"
)

// address is a parsed address of the page.
type address struct {
	View    string
	ID      string // of the object to show; for the list of requests, the route
	Search  string
	Filters map[string]string // selected options by name of the filter
	Sort    string            // name of a column, with a minus for descending; "" is newest first
	Page    int               // from 1
	Done    int               // id of the edit that the page has just made, 0 for none
}

const defaultView = "customers"

// filterNames are the query parameters of the filters of all lists.
var filterNames = []string{"product", "state", "owner", "method", "result"}

func readAddress(query url.Values) address {
	a := address{
		View: query.Get("view"), ID: query.Get("id"), Search: query.Get("q"), Sort: query.Get("sort"),
		Filters: map[string]string{}, Page: 1,
	}
	if a.View == "" {
		a.View = defaultView
	}
	for _, name := range filterNames {
		if value := query.Get(name); value != "" {
			a.Filters[name] = value
		}
	}
	if n, err := strconv.Atoi(query.Get("page")); err == nil && n > 0 {
		a.Page = n
	}
	if n, err := strconv.Atoi(query.Get("done")); err == nil {
		a.Done = n
	}
	return a
}

// URL is the address as text.
func (a address) URL() string {
	query := url.Values{}
	set := func(name, value, unless string) {
		if value != unless {
			query.Set(name, value)
		}
	}
	set("view", a.View, defaultView)
	set("id", a.ID, "")
	set("q", a.Search, "")
	for name, value := range a.Filters {
		set(name, value, "")
	}
	set("sort", a.Sort, "")
	set("page", strconv.Itoa(a.Page), "1")
	set("done", strconv.Itoa(a.Done), "0")
	if len(query) == 0 {
		return "/"
	}
	return "/?" + query.Encode()
}

// to is the address of a view, or of one object in it.
func to(view, id string) address { return address{View: view, ID: id, Page: 1} }

// at is the address of another page of the list.
func (a address) at(page int) address {
	a.Page = page
	return a
}

// by is the address of the list in another order, from its first page.
func (a address) by(sort string) address {
	a.Sort, a.Page = sort, 1
	return a
}

// after is the address with the confirmation of an edit.
func (a address) after(edit int) address {
	a.Done = edit
	return a
}

// parseAddress parses an address from a form. It uses only the query, so that the result
// is always a view of this page.
func parseAddress(text string) address {
	u, err := url.Parse(text)
	if err != nil || u.Host != "" || u.Path != "/" {
		u = &url.URL{}
	}
	a := readAddress(u.Query())
	a.Done = 0
	return a
}
