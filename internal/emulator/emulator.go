// SPDX-License-Identifier: MPL-2.0

// Package emulator is the Avara API in memory: an http.Handler that answers
// like https://api.avarasoftware.com does, for tests, demos and offline work.
//
// It follows the vendor documentation and the vendor SDKs. Where both are
// silent it answers with our assumption, and has a [Dialect] for each other
// answer that is plausible. It is strict: whatever the documentation does not
// allow in a request is an error here. [Fault] makes it slow, busy or broken
// on purpose, and the methods named after a person's work in the dashboard
// ([Emulator.EditCustomer], [Emulator.AcceptInvitation] and so on) change
// objects behind an API client's back. The same is offered over HTTP under
// /_emulator/, see control.go, and to people in a browser by package page.
package emulator

import (
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// DefaultAPIKey is the key that an emulator accepts unless told otherwise. It
// has the form of a real key and opens nothing.
const DefaultAPIKey = "sk_live_0123456789abcdef0123456789abcdef"

// Emulator is one Avara account behind the Avara API. Make it with [New]; it
// is safe for concurrent use.
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

// Option sets up an [Emulator].
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

// WithDialects starts the emulator with the given dialects, see
// [Emulator.SetDialects].
func WithDialects(dialects ...Dialect) Option {
	return func(e *Emulator) { e.SetDialects(dialects...) }
}

// WithClock replaces the clock that stamps objects, expires invitations and
// fills rate limits.
func WithClock(now func() time.Time) Option {
	return func(e *Emulator) { e.now = now }
}

// WithRequestLog has f called once for each finished API request, just before
// its answer is written. Calls may come concurrently.
func WithRequestLog(f func(Request)) Option {
	return func(e *Emulator) { e.observe = f }
}

// AcceptsDefaultKey reports whether [DefaultAPIKey] is the key. If it is,
// it is not secret.
func (e *Emulator) AcceptsDefaultKey() bool { return e.apiKey == DefaultAPIKey }

// Now is the time by the emulator's clock.
func (e *Emulator) Now() time.Time { return e.now() }

// ServeHTTP answers API requests, and those below /_emulator/ that control the
// emulator itself.
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
