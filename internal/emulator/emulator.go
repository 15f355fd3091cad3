// SPDX-License-Identifier: MPL-2.0

// Package emulator is the Avara API in memory: an http.Handler that answers like
// https://api.avarasoftware.com, for tests, demos and offline work.
//
// It follows the vendor documentation and the vendor SDKs. Where both leave the answer
// open, it uses our assumption, and has a [Dialect] for each other plausible answer. It is
// strict: a request that the documentation does not allow is an error. A [Fault] makes it
// slow, overloaded or faulty. Methods such as [Emulator.EditCustomer] and
// [Emulator.AcceptInvitation] change objects without an API request, as people in the
// dashboard do. The same functions are available over HTTP under /_emulator/ (see
// control.go), and in a browser by package page.
package emulator

import (
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// DefaultAPIKey is the key that an emulator accepts by default. It has the form of a real
// key but gives access to nothing.
const DefaultAPIKey = "sk_live_0123456789abcdef0123456789abcdef"

// Emulator is one Avara account with the Avara API. It is created by [New] and safe for
// concurrent use.
type Emulator struct {
	apiKey   string
	now      func() time.Time
	pause    pauseFunc
	observe  func(Request)
	dialects atomic.Pointer[dialects]
	router   *router
	control  http.Handler
	log      *requestLog
	edits    editLog
	faults   *faultSet
	hooks    *hookSet
	revision atomic.Uint64

	mu      sync.Mutex // guards account; never held while waiting or writing
	account *account
	changed chan struct{} // holds one token when the account changed
}

// Option is an option of [New].
type Option func(*Emulator)

// New returns an emulator with an empty account.
func New(options ...Option) *Emulator {
	e := &Emulator{
		apiKey:  DefaultAPIKey,
		now:     time.Now,
		pause:   pauseFor,
		observe: func(Request) {},
		hooks:   newHookSet(),
		changed: make(chan struct{}, 1),
	}
	e.log = newRequestLog(e.noteRevision)
	e.account = newAccount(e.noteChange)
	e.router = newRouter(e.routes(), e.exchange)
	e.faults = newFaultSet(e.router.knows, e.noteRevision)
	e.control = e.controlHandler()
	e.SetDialects()
	for _, option := range options {
		option(e)
	}
	return e
}

// WithAPIKey sets the only key that the emulator accepts.
func WithAPIKey(key string) Option {
	return func(e *Emulator) { e.apiKey = key }
}

// WithDialects sets the initial dialects, see [Emulator.SetDialects].
func WithDialects(dialects ...Dialect) Option {
	return func(e *Emulator) { e.SetDialects(dialects...) }
}

// WithClock replaces the clock, which is used for timestamps, the expiry of invitations
// and rate limits.
func WithClock(now func() time.Time) Option {
	return func(e *Emulator) { e.now = now }
}

// WithRequestLog sets a function that is called once for each finished API request, just
// before its answer is written. Calls may be concurrent.
func WithRequestLog(f func(Request)) Option {
	return func(e *Emulator) { e.observe = f }
}

// AcceptsDefaultKey reports whether the key is [DefaultAPIKey], which is not secret.
func (e *Emulator) AcceptsDefaultKey() bool { return e.apiKey == DefaultAPIKey }

// Now is the current time of the emulator's clock.
func (e *Emulator) Now() time.Time { return e.now() }

// ServeHTTP answers API requests, and the control requests below /_emulator/.
func (e *Emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if isControl(r) {
		e.control.ServeHTTP(w, r)
		return
	}
	e.router.ServeHTTP(w, r)
}

// routes lists every operation of the API.
func (e *Emulator) routes() []route {
	routes := slices.Concat(e.customerRoutes(), e.referenceRoutes(), notEmulatedRoutes())
	for _, product := range Products() {
		routes = slices.Concat(routes, e.of(product).routes(), e.sessionRoutes(product))
	}
	return routes
}
