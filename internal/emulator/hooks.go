// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"fmt"
	"net/http"
	"slices"
	"sync"
)

// hookSet holds the hooks of tests.
type hookSet struct {
	mu    sync.Mutex
	hooks []*hook
}

type hook struct {
	route string
	call  func(*http.Request)
}

func newHookSet() *hookSet { return &hookSet{} }

// of returns the hooks of a route in the order in which they were added.
func (s *hookSet) of(route string) []func(*http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var calls []func(*http.Request)
	for _, h := range s.hooks {
		if h.route == route {
			calls = append(calls, h.call)
		}
	}
	return calls
}

// OnRequest calls f before each request of that route is handled. By then the request is
// logged, authenticated, and the form of its body is checked. No lock is held: f may
// change the account, wait, or send requests. Each f can read the body. It panics on a
// route that does not exist.
func (e *Emulator) OnRequest(route string, f func(*http.Request)) (remove func()) {
	if !e.router.knows(route) {
		panic(fmt.Sprintf("emulator: no route %q", route))
	}
	added := &hook{route: route, call: f}
	s := e.hooks
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hooks = append(s.hooks, added)
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.hooks = slices.DeleteFunc(s.hooks, func(h *hook) bool { return h == added })
	}
}
