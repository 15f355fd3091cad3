// SPDX-License-Identifier: MPL-2.0

package page

import (
	"net/url"
	"strconv"
)

// address is what an address of the page leads to.
type address struct {
	View    string
	ID      string // of the one object to show; among the requests, the one route
	Search  string
	Filters map[string]string // chosen options by the name of the filter
	Sort    string            // name of a column, with a minus for descending; "" is newest first
	Page    int               // from 1
	Done    int               // the edit that the page has just made, 0 for none
}

const defaultView = "customers"

// filterNames are the filters of all lists, as they are called in addresses.
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

// at is the same on another page.
func (a address) at(page int) address {
	a.Page = page
	return a
}

// by is the same in another order, from its beginning.
func (a address) by(sort string) address {
	a.Sort, a.Page = sort, 1
	return a
}

// after is the same, with word of an edit.
func (a address) after(edit int) address {
	a.Done = edit
	return a
}

// parseAddress reads an address that a form names. Only its query counts, so
// that it leads to a view of this page whatever it is.
func parseAddress(text string) address {
	u, err := url.Parse(text)
	if err != nil || u.Host != "" || u.Path != "/" {
		u = &url.URL{}
	}
	a := readAddress(u.Query())
	a.Done = 0
	return a
}
