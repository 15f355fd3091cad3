// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Fault disturbs requests: by delays, error answers, cut connections or rate limits. The
// control endpoint and the command line accept its JSON form, and [FaultFields] describes
// its fields. If several faults apply to a request, their delays add up, and of those that
// answer the first added one wins.
type Fault struct {
	// Selection of requests.
	Route      string `json:"route,omitempty"`
	WritesOnly bool   `json:"writesOnly,omitempty"`
	Every      int    `json:"every,omitempty"`
	Times      int    `json:"times,omitempty"`

	// Effect on the selected requests.
	LatencyMS int               `json:"latencyMs,omitempty"`
	Status    int               `json:"status,omitempty"`
	Header    map[string]string `json:"header,omitempty"`
	Body      string            `json:"body,omitempty"`
	Cut       Cut               `json:"cut,omitempty"`
	HalfBody  bool              `json:"halfBody,omitempty"`
	RateLimit *RateLimit        `json:"rateLimit,omitempty"`
}

// Cut is when a connection is closed.
type Cut string

const (
	// CutBefore closes the connection before the request is handled.
	CutBefore Cut = "before"
	// CutAfter closes the connection after the request is handled.
	CutAfter Cut = "after"
)

// RateLimit is a token bucket on the emulator's clock.
type RateLimit struct {
	PerSecond  float64 `json:"perSecond"`
	Burst      int     `json:"burst,omitempty"`
	RetryAfter string  `json:"retryAfter,omitempty"`
}

// FaultStatus is a fault in force, with its counts.
type FaultStatus struct {
	ID      int `json:"id"`
	Matched int `json:"matched"` // number of requests that it selects
	Fired   int `json:"fired"`   // number of requests that it affected
	Fault
}

// installedFault is a fault in force, with its counters.
type installedFault struct {
	Fault
	id      int
	matched int
	fired   int
	bucket  bucket
}

// fires reports whether the fault affects this request.
func (f *installedFault) fires(operation route, method string, now time.Time) bool {
	if !f.concerns(operation, method) {
		return false
	}
	f.matched++
	switch {
	case f.Every > 1 && f.matched%f.Every != 0:
		return false
	case f.Times > 0 && f.fired >= f.Times:
		return false
	case f.RateLimit != nil && f.bucket.take(now):
		return false
	}
	f.fired++
	return true
}

func (f *installedFault) concerns(operation route, method string) bool {
	if f.Route != "" && f.Route != operation.name {
		return false
	}
	return !f.WritesOnly || method != http.MethodGet
}

// faultSet holds the faults in force.
type faultSet struct {
	knowsRoute func(string) bool
	changed    func()
	mu         sync.Mutex
	faults     []*installedFault
	lastID     int
}

func newFaultSet(knowsRoute func(string) bool, changed func()) *faultSet {
	return &faultSet{knowsRoute: knowsRoute, changed: changed}
}

func (s *faultSet) add(f Fault) (id int, err error) {
	if err := f.validate(s.knowsRoute); err != nil {
		return 0, err
	}
	defer s.changed()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lastID++
	installed := &installedFault{Fault: f, id: s.lastID}
	if f.RateLimit != nil {
		installed.bucket = newBucket(*f.RateLimit)
	}
	s.faults = append(s.faults, installed)
	return s.lastID, nil
}

func (s *faultSet) status() []FaultStatus {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := []FaultStatus{}
	for _, f := range s.faults {
		list = append(list, FaultStatus{ID: f.id, Matched: f.matched, Fired: f.fired, Fault: f.Fault})
	}
	return list
}

func (s *faultSet) remove(id int) bool {
	defer s.changed()
	s.mu.Lock()
	defer s.mu.Unlock()
	before := len(s.faults)
	s.faults = slices.DeleteFunc(s.faults, func(f *installedFault) bool { return f.id == id })
	return len(s.faults) < before
}

func (s *faultSet) clear() {
	defer s.changed()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// plan combines the faults that affect a request.
func (s *faultSet) plan(operation route, method string, now time.Time) faultPlan {
	s.mu.Lock()
	defer s.mu.Unlock()
	var plan faultPlan
	for _, f := range s.faults {
		if f.fires(operation, method, now) {
			plan.add(f, now)
		}
	}
	return plan
}

// AddFault adds a fault and returns a function that removes it. It panics on an invalid
// fault, for example on one with an unknown route.
func (e *Emulator) AddFault(f Fault) (remove func()) {
	id, err := e.faults.add(f)
	if err != nil {
		panic("emulator: fault: " + err.Error())
	}
	return func() { e.faults.remove(id) }
}

// CheckFault returns what is wrong with a fault, without adding it.
func (e *Emulator) CheckFault(f Fault) error { return f.validate(e.router.knows) }

// Faults lists the faults in force, in the order in which they were added.
func (e *Emulator) Faults() []FaultStatus { return e.faults.status() }

// RemoveFault removes the fault with that id, and reports whether it existed.
func (e *Emulator) RemoveFault(id int) bool { return e.faults.remove(id) }

// Routes lists the operations that the emulator implements. Faults can be limited to them,
// and to those of [NotEmulated].
func (e *Emulator) Routes() []string {
	names := slices.Sorted(maps.Keys(e.router.routes))
	return slices.DeleteFunc(names, func(name string) bool { return e.router.routes[name].notEmulated })
}

// ClearFaults removes all faults.
func (e *Emulator) ClearFaults() { e.faults.clear() }

// pauseFunc waits for the duration. It returns false if the client closed the connection
// before.
type pauseFunc func(ctx context.Context, d time.Duration) bool

func pauseFor(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
