// SPDX-License-Identifier: MPL-2.0

package page

import (
	"net/url"
	"strconv"
)

// ask is what the address of the page asks for.
type ask struct {
	View   string
	ID     string // of the one object to show; among the requests, the one route
	Search string
	Filter string // "" is none
	Sort   string // name of a column, with a minus for downwards; "" is newest first
	Page   int    // from 1
}

const defaultView = "customers"

func readAsk(query url.Values) ask {
	a := ask{
		View: query.Get("view"), ID: query.Get("id"), Search: query.Get("q"),
		Filter: query.Get("filter"), Sort: query.Get("sort"), Page: 1,
	}
	if a.View == "" {
		a.View = defaultView
	}
	if n, err := strconv.Atoi(query.Get("page")); err == nil && n > 0 {
		a.Page = n
	}
	return a
}

// URL is the address that asks for the same.
func (a ask) URL() string {
	query := url.Values{}
	set := func(name, value, unless string) {
		if value != unless {
			query.Set(name, value)
		}
	}
	set("view", a.View, defaultView)
	set("id", a.ID, "")
	set("q", a.Search, "")
	set("filter", a.Filter, "")
	set("sort", a.Sort, "")
	set("page", strconv.Itoa(a.Page), "1")
	if len(query) == 0 {
		return "/"
	}
	return "/?" + query.Encode()
}

// at is the same on another page.
func (a ask) at(page int) ask {
	a.Page = page
	return a
}

// by is the same in another order, from its beginning.
func (a ask) by(sort string) ask {
	a.Sort, a.Page = sort, 1
	return a
}

// askOf reads an address that a form names, of which nothing but the query is
// believed: whatever it is, it leads to a view of this page.
func askOf(address string) ask {
	u, err := url.Parse(address)
	if err != nil || u.Host != "" || u.Path != "/" {
		u = &url.URL{}
	}
	return readAsk(u.Query())
}
