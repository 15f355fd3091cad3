// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// The control endpoints control the emulator over HTTP, see [ControlEndpoints]. They need
// no API key, and therefore answer only requests for loopback host names, and no requests
// from web pages of another origin.
const (
	controlPrefix = "/_emulator/"
	sessionPath   = controlPrefix + "sessions/"
)

// largestControlBody is the maximum size of the body of a control request, for example of
// a whole state.
const largestControlBody = 256 << 20

func isControl(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, controlPrefix) }

// ControlEndpoint describes a control endpoint.
type ControlEndpoint struct {
	Method      string
	Path        string // {product} stands for autoScribe and viewer
	Body        string // the body that it accepts, "" for none
	Description string
}

// ControlEndpoints lists the control endpoints. Objects in their bodies have the API's
// field names.
func ControlEndpoints() []ControlEndpoint {
	var list []ControlEndpoint
	for _, p := range New().endpoints() {
		list = append(list, ControlEndpoint{p.method, controlPrefix + p.path, p.body, p.description})
	}
	return list
}

// endpoint is a control endpoint. If its path contains {product}, there is one for each
// product.
type endpoint struct {
	method, path, body, description string
	of                              func(Product) controlFunc
}

// alike is the same endpoint for every product.
func alike(f controlFunc) func(Product) controlFunc { return func(Product) controlFunc { return f } }

func (e *Emulator) controlHandler() http.Handler {
	mux := http.NewServeMux()
	for _, p := range e.endpoints() {
		for _, product := range Products() {
			path := strings.Replace(p.path, "{product}", string(product), 1)
			mux.Handle(p.method+" "+controlPrefix+path, p.of(product))
			if path == p.path {
				break
			}
		}
	}
	return Guard(mux)
}

// controlFunc handles a control request. The answer is the value, 204 for nil, or the
// error.
type controlFunc func(r *http.Request) (any, error)

// ServeHTTP runs the endpoint and writes its answer.
func (f controlFunc) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, largestControlBody)
	value, err := f(r)
	switch {
	case err != nil:
		problemAnswer(dialects{}, err).write(w)
	case value == nil:
		w.WriteHeader(http.StatusNoContent)
	default:
		newAnswer(http.StatusOK, value).write(w)
	}
}

// Guard rejects requests from foreign web pages in a browser on this machine: requests for
// another host name, which an attacker's DNS may resolve to loopback (DNS rebinding), and
// cross-origin requests other than GET.
func Guard(next http.Handler) http.Handler {
	origins := http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isLoopbackHost(r.Host) {
			refuse(w, "the emulator is reached by loopback names and addresses only")
			return
		}
		if origins.Check(r) != nil || !isOwnOrigin(r) {
			refuse(w, "the emulator takes no requests of web pages of another origin")
			return
		}
		next.ServeHTTP(w, r)
	})
}

func refuse(w http.ResponseWriter, message string) {
	problemAnswer(dialects{}, newProblem(forbidden, "%s", message)).write(w)
}

// isOwnOrigin reports whether the request comes from a page of this server, or not from a
// web page.
func isOwnOrigin(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	return origin == "" || origin == "http://"+r.Host
}

// isLoopbackHost reports whether a Host header, with or without a port, names loopback.
func isLoopbackHost(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	if strings.EqualFold(host, "localhost") {
		return true
	}
	address, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && address.Unmap().IsLoopback()
}

// readJSON strictly decodes a control request's body into a value, and returns the body
// too.
func readJSON(r *http.Request, value any) (body []byte, err error) {
	body, err = io.ReadAll(r.Body)
	if err == nil {
		err = decodeStrictly(body, value)
	}
	if err != nil {
		return nil, newProblem(malformed, "the body cannot be read: %v", err)
	}
	return body, nil
}
