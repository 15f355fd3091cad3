// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
)

// FaultField describes a field of a [Fault].
type FaultField struct {
	Name        string // JSON name; "rateLimit.burst" is the field burst of the object rateLimit
	Value       string // the values that it accepts
	Description string
}

// FaultFields lists the fields of a fault: first those that select requests, then those
// that describe the effect.
func FaultFields() []FaultField {
	return []FaultField{
		{"route", `such as "POST /v1/express"`, "only requests of that operation; without it, all"},
		{"writesOnly", "true", "only requests that are not a GET"},
		{"every", "a number n", "only each n-th of these requests"},
		{"times", "a number", "at most this many times; without it, no limit"},
		{"latencyMs", fmt.Sprintf("0 to %d", largestLatency), "delays the request by so many milliseconds, before it is handled"},
		{"status", "200 to 599", "answers with that status instead of handling the request"},
		{"header", `such as {"Retry-After":"1"}`, "headers of the answer of status or rateLimit"},
		{"body", "a text", "body of that answer; without it, an error body like the API's"},
		{"cut", `"before" or "after"`, "ends the connection without an answer, before the request is handled or after"},
		{"halfBody", "true", "sends only the first half of the answer's body, as if it were the whole"},
		{"rateLimit", "an object", "answers 429 to requests beyond a rate; every and times choose among the requests that count"},
		{"rateLimit.perSecond", "0.001 to 1000000", "requests a second that are let through on average"},
		{"rateLimit.burst", "1 to 1000000", "requests that are let through at once; without it, one"},
		{"rateLimit.retryAfter", `a text, or "none"`, "header Retry-After of a 429; without it, the seconds until the next request is let through"},
	}
}

// Limits of a fault's numbers. The latency is in milliseconds, the rates are in requests
// per second.
const (
	largestLatency = 60 * 60 * 1000
	slowestRate    = 0.001
	largestRate    = 1_000_000
)

// ParseFault decodes a fault from JSON. [Emulator.CheckFault] checks its values.
func ParseFault(text string) (f Fault, err error) {
	if err := decodeStrictly([]byte(text), &f); err != nil {
		return Fault{}, fmt.Errorf("a fault is a JSON object such as {\"every\":10,\"status\":503}: %w", err)
	}
	return f, nil
}

// validate returns what is wrong with the fault.
func (f Fault) validate(knowsRoute func(string) bool) error {
	answers := f.Status != 0 || f.RateLimit != nil
	switch {
	case f.Route != "" && !knowsRoute(f.Route):
		return fmt.Errorf("route: there is no operation %q", f.Route)
	case f.Every < 0 || f.Times < 0:
		return errors.New("every and times must not be negative")
	case f.LatencyMS < 0 || f.LatencyMS > largestLatency:
		return fmt.Errorf("latencyMs: must be from 0 to %d", largestLatency)
	case f.Status != 0 && (f.Status < 200 || f.Status > 599):
		return errors.New("status: must be from 200 to 599")
	case f.Cut != "" && f.Cut != CutBefore && f.Cut != CutAfter:
		return fmt.Errorf("cut: must be %q or %q", CutBefore, CutAfter)
	case f.Status != 0 && (f.Cut != "" || f.RateLimit != nil):
		return errors.New("status: cannot go with cut or rateLimit")
	case !answers && (f.Body != "" || len(f.Header) > 0):
		return errors.New("body and header: need a status")
	case !answers && f.LatencyMS == 0 && f.Cut == "" && !f.HalfBody:
		return errors.New("the fault does nothing: it needs latencyMs, status, cut, halfBody or rateLimit")
	}
	return errors.Join(f.RateLimit.validate(), checkHeader(f.Header))
}

func (r *RateLimit) validate() error {
	switch {
	case r == nil:
		return nil
	case r.PerSecond < slowestRate || r.PerSecond > largestRate:
		return fmt.Errorf("rateLimit.perSecond: must be from %g to %d", slowestRate, largestRate)
	case r.Burst < 0 || r.Burst > largestRate:
		return fmt.Errorf("rateLimit.burst: must be from 1 to %d", largestRate)
	}
	return checkHeader(map[string]string{"Retry-After": r.RetryAfter})
}

// checkHeader requires headers that net/http sends unchanged.
func checkHeader(header map[string]string) error {
	for name, value := range header {
		if name == "" || strings.ContainsFunc(name, func(r rune) bool {
			return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("!#$%&'*+-.^_`|~", r)
		}) {
			return fmt.Errorf("header: %q is not the name of a header", name)
		}
		if strings.ContainsFunc(value, unicode.IsControl) {
			return fmt.Errorf("header: the value of %s has control characters", name)
		}
	}
	return nil
}
