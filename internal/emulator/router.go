// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"net/http"
	"path"
	"strings"
)

// NoRoute is the route of a request that matches no operation.
const NoRoute = "(no route)"

// route is one operation of the API.
type route struct {
	// name is the method and the path with the vendor documentation's parameter names. It
	// is a pattern of http.ServeMux.
	name    string
	handle  handler
	body    bodyRule
	creates bool // the status of a success may be 201
	// notEmulated is set for operations that the emulator does not implement.
	notEmulated bool
}

// exchange handles a request whose route is known.
type exchange func(w http.ResponseWriter, r *http.Request, operation route)

// router finds the operation for a request.
type router struct {
	mux      *http.ServeMux
	routes   map[string]route
	exchange exchange
}

func newRouter(routes []route, exchange exchange) *router {
	rt := &router{mux: http.NewServeMux(), routes: map[string]route{}, exchange: exchange}
	for _, operation := range routes {
		rt.routes[operation.name] = operation
		rt.mux.HandleFunc(operation.name, func(w http.ResponseWriter, r *http.Request) {
			exchange(w, r, operation)
		})
	}
	return rt
}

// ServeHTTP runs the operation. Requests that the mux would redirect or answer in plain
// text are exchanges too, so that they are logged and answered like all others.
func (rt *router) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if rt.match(r, r.Method) {
		rt.mux.ServeHTTP(w, r)
		return
	}
	rt.exchange(w, r, route{name: NoRoute, handle: rt.unmatched, body: anyBody})
}

// match reports whether there is an operation for the path under that method.
func (rt *router) match(r *http.Request, method string) bool {
	escaped := r.URL.EscapedPath()
	if path.Clean(escaped) != escaped || method == http.MethodHead {
		return false
	}
	probe := &http.Request{Method: method, URL: r.URL, Host: r.Host}
	_, pattern := rt.mux.Handler(probe)
	return pattern != ""
}

// unmatched returns the error for a wrong path or a wrong method.
func (rt *router) unmatched(c *call) (any, error) {
	var allowed []string
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPatch, http.MethodDelete} {
		if rt.match(c.request, method) {
			allowed = append(allowed, method)
		}
	}
	if len(allowed) == 0 {
		return nil, newProblem(noRoute, "there is no operation at %s", c.request.URL.EscapedPath())
	}
	p := newProblem(wrongMethod, "%s is not allowed at %s, only %s",
		c.request.Method, c.request.URL.EscapedPath(), strings.Join(allowed, ", "))
	p.allow = allowed
	return nil, p
}

func (rt *router) knows(name string) bool {
	_, ok := rt.routes[name]
	return ok
}
