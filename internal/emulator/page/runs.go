// SPDX-License-Identifier: MPL-2.0

package page

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// The pauses that end a run: for clients that send a correlation id, and for those that do
// not.
const (
	namedPause   = 2 * time.Minute
	unnamedPause = 5 * time.Second
)

// run is the group of API requests that one Terraform command made, as far as the emulator
// can detect it.
//
// Requests with the same User-Agent and the same X-Correlation-Id belong to one run. The
// provider derives that id from the Terraform process that started it: concurrent runs
// have different ids, and the plan and the apply of one command have the same one. Process
// ids are reused, so a pause of two minutes ends a run. Other clients send no such id. For
// them, a pause of five seconds ends a run.
type run struct {
	Client   string
	Requests []*entry // oldest first
	Begun    time.Time
	Ended    time.Time
	Retries  int
	Failures int
	Writes   int
	Running  bool              // a request is being handled
	Changes  []emulator.Change // one per object: before and after the run
}

// runKey identifies a client and its run.
type runKey struct{ userAgent, correlationID string }

// findRuns groups requests into runs. The requests must be oldest first.
func findRuns(entries []*entry, now time.Time) []*run {
	var runs []*run
	latest := map[runKey]*run{}
	for _, e := range entries {
		key := runKey{e.UserAgent, e.CorrelationID}
		r := latest[key]
		if r == nil || e.Time.Sub(r.Ended) > r.pause() {
			r = &run{Client: clientName(e.UserAgent), Begun: e.Time, Ended: e.Time}
			runs, latest[key] = append(runs, r), r
		}
		r.add(e, now)
	}
	for _, r := range runs {
		r.Changes = mergeChanges(changesOf(r.Requests))
	}
	return runs
}

func (r *run) pause() time.Duration {
	if r.Requests[0].CorrelationID != "" {
		return namedPause
	}
	return unnamedPause
}

func (r *run) add(e *entry, now time.Time) {
	e.Run = r
	r.Requests = append(r.Requests, e)
	end := e.end()
	if e.UnderWay() {
		r.Running, end = true, now
	}
	if end.After(r.Ended) {
		r.Ended = end
	}
	if e.Retry() {
		r.Retries++
	}
	if e.Failed() {
		r.Failures++
	}
	if e.Method != http.MethodGet {
		r.Writes++
	}
}

// mergeChanges merges all changes of an object, in order, into one.
func mergeChanges(changes []*emulator.Change) []emulator.Change {
	var merged []emulator.Change
	place := map[emulator.Object]int{}
	for _, c := range changes {
		if at, known := place[c.Object]; known {
			merged[at].After = c.After
			continue
		}
		place[c.Object] = len(merged)
		merged = append(merged, *c)
	}
	return slices.DeleteFunc(merged, func(c emulator.Change) bool { return c.Before == nil && c.After == nil })
}

func changesOf(entries []*entry) (changes []*emulator.Change) {
	for _, e := range entries {
		if e.Change != nil {
			changes = append(changes, e.Change)
		}
	}
	return changes
}

// ID identifies the run in addresses: the id of its first request.
func (r *run) ID() string { return r.Requests[0].RequestID }

// URL is the address of the run's page.
func (r *run) URL() string { return to("run", r.ID()).URL() }

// Took is the duration of the run.
func (r *run) Took() time.Duration { return r.Ended.Sub(r.Begun) }

// IsTerraform reports whether the provider made the requests.
func (r *run) IsTerraform() bool { return strings.HasPrefix(r.Client, "Terraform") }

// Title describes the kind of run. Providers can't see which command Terraform runs: a run
// with reads only may also be a refresh or an import, and `terraform destroy` is an apply.
func (r *run) Title() string {
	switch {
	case !r.IsTerraform():
		return r.Client
	case r.Writes > 0:
		return "Apply"
	default:
		return "Plan"
	}
}

// Mood returns the CSS class of the run: bad if its last attempt at something failed.
func (r *run) Mood() string {
	if r.Running {
		return "wait"
	}
	for _, e := range r.Requests {
		if e.Failed() && e.Later == nil && (e.Method != http.MethodGet || e.worthRetrying()) {
			return "bad"
		}
	}
	return "good"
}

// Summary counts the requests: "14 requests, 3 retried".
func (r *run) Summary() string {
	parts := []string{plural(len(r.Requests), "request", "requests")}
	if r.Retries > 0 {
		parts = append(parts, number(r.Retries)+" retried")
	}
	return strings.Join(parts, ", ")
}

// clientName reads the name of the client from the User-Agent.
func clientName(userAgent string) string {
	products := strings.Fields(userAgent)
	for _, product := range products {
		if version, ok := strings.CutPrefix(product, "terraform/"); ok {
			return "Terraform " + short(40, version)
		}
	}
	if len(products) == 0 {
		return "unknown client"
	}
	return short(60, strings.Replace(products[0], "/", " ", 1))
}

// run finds a run by the id of one of its requests.
func (h history) run(id string) *run {
	if e := h.entry(id); e != nil {
		return e.Run
	}
	return nil
}
