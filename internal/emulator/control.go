// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// The control endpoints steer the emulator over HTTP, see [ControlEndpoints].
// They take no API key, so they answer on loopback names only, and to no web
// page of another origin.
const (
	controlPrefix = "/_emulator/"
	sessionPath   = controlPrefix + "sessions/"
)

// largestControlBody bounds what a control request may send, a whole state for
// example.
const largestControlBody = 256 << 20

func isControl(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, controlPrefix) }

// ControlEndpoint describes a control endpoint.
type ControlEndpoint struct {
	Method      string
	Path        string // {product} stands for autoScribe and viewer
	Body        string // what it takes, "" for nothing
	Description string
}

// ControlEndpoints lists the control endpoints. Objects have the names of the
// API in them.
func ControlEndpoints() []ControlEndpoint {
	var list []ControlEndpoint
	for _, p := range New().endpoints() {
		list = append(list, ControlEndpoint{p.method, controlPrefix + p.path, p.body, p.description})
	}
	return list
}

// endpoint is a control endpoint, for each product if its path names one.
type endpoint struct {
	method, path, body, description string
	of                              func(Product) controlFunc
}

// alike is an endpoint that no product has its own of.
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

// controlFunc answers a control request: with the value, with 204 for nil, or
// with the error.
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

// Guard keeps web pages out that a browser on this machine happens to show:
// those reached under another name, whose owner let it point to this machine
// (DNS rebinding), and those of another origin that send more than a GET.
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

// isOwnOrigin reports whether the request comes from no web page or from one of
// this very server.
func isOwnOrigin(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	return origin == "" || origin == "http://"+r.Host
}

// isLoopbackHost reports whether a Host header, with a port or without, names
// this machine to itself.
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

// readJSON reads a control request's body into a value, strictly, and returns
// the body too.
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
