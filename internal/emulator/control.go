// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// The control endpoints steer the emulator over HTTP. They take no API key, so
// they answer on loopback names only, and to no web page of another origin.
//
//	GET                /_emulator/health
//	GET DELETE         /_emulator/requests            the request log
//	GET                /_emulator/counts              requests by route
//	GET PUT            /_emulator/dialects            {"dialects":["…"]}
//	GET POST DELETE    /_emulator/faults              a Fault; DELETE …/{id} for one
//	GET PUT            /_emulator/state               a State
//	POST               /_emulator/customers           a Customer
//	PATCH DELETE       /_emulator/customers/{id}
//	POST               /_emulator/references          a Reference
//	PATCH DELETE       /_emulator/references/{id}
//	POST               /_emulator/{product}/users     a User
//	PATCH DELETE       /_emulator/{product}/users/{id}
//	POST               /_emulator/{product}/invitations
//	PATCH DELETE       /_emulator/{product}/invitations/{id}
//	POST               /_emulator/{product}/invitations/{id}/accept|reject|expire|revoke
//
// Objects have the JSON names of the API. PATCH edits as somebody in the
// dashboard would, null being none, and DELETE makes the object vanish.
const (
	controlPrefix = "/_emulator/"
	sessionPath   = controlPrefix + "sessions/"
)

// largestControlBody bounds what a control request may send, a whole state for
// example.
const largestControlBody = 256 << 20

func isControl(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, controlPrefix) }

// controlEndpoint answers a control request: with the value, with 204 for nil,
// or with the error.
type controlEndpoint func(r *http.Request) (any, error)

func (e *Emulator) controlHandler() http.Handler {
	mux := http.NewServeMux()
	for pattern, endpoint := range e.controlEndpoints() {
		method, path, _ := strings.Cut(pattern, " ")
		mux.Handle(method+" "+controlPrefix+path, endpoint)
	}
	return Guard(mux)
}

// ServeHTTP runs the endpoint and writes its answer.
func (endpoint controlEndpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, largestControlBody)
	value, err := endpoint(r)
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

// isOwnOrigin tells whether the request comes from no web page or from one of
// this very server.
func isOwnOrigin(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	return origin == "" || origin == "http://"+r.Host
}

// isLoopbackHost tells whether a Host header, with a port or without, names
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

// readJSON reads a control request's body into a value, strictly.
func readJSON(r *http.Request, value any) error {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return newProblem(malformed, "the body cannot be read: %v", err)
	}
	return decodeStrictly(raw, value)
}

func decodeStrictly(raw []byte, value any) error {
	decoder := json.NewDecoder(strings.NewReader(string(raw)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(value); err != nil {
		return newProblem(malformed, "the body cannot be read: %v", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return newProblem(malformed, "the body holds more than one JSON value")
	}
	return nil
}
