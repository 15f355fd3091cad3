// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"
)

// outcome is how one attempt to send a request ended.
type outcome struct {
	// status is 0 if there was no answer.
	status int
	header http.Header
	body   []byte
	moment moment
	// wait is how long the API asks to wait, if the answer hasRetryAfter.
	wait          time.Duration
	hasRetryAfter bool
	// connections is how many the request was sent on.
	connections int
	// sent says that there was a connection to write to, and no 429: the request may
	// have had its effect.
	sent bool
	// broken is why there is no complete answer, nil if there is one.
	broken error
	// err is nil after a success that could be read.
	err error
}

func isSuccess(status int) bool { return status >= 200 && status <= 299 }

// leavesOpen reports whether a status says nothing about whether a write was made.
func leavesOpen(status int) bool {
	return status == http.StatusRequestTimeout || status >= 500
}

// redirects reports whether the answer names another address.
func (o *outcome) redirects() bool {
	return o.broken == nil && o.status >= 300 && o.status <= 399 && o.header.Get("Location") != ""
}

// limited reports whether the API has rejected the request because of the rate of
// requests, and may be asked again.
func (o *outcome) limited() bool {
	return o.status == http.StatusTooManyRequests && o.transient()
}

// transient reports whether the next attempt may succeed. The statuses are those
// that the vendor SDKs retry, except 409: that is a conflict, which the user must see.
func (o *outcome) transient() bool {
	if o.broken != nil {
		_, certificate := errors.AsType[*tls.CertificateVerificationError](o.broken)
		return !certificate && !errors.Is(o.broken, errTooLarge) && !errors.Is(o.broken, errSwitching)
	}
	switch o.header.Get("X-Should-Retry") {
	case "true":
		return o.status >= 300
	case "false":
		return false
	}
	return o.status == http.StatusTooManyRequests || leavesOpen(o.status)
}

// mayHaveWritten reports whether this attempt may have written: it was sent, and the API
// did not refuse it.
func (o *outcome) mayHaveWritten() bool {
	return o.sent && (o.status < 300 || leavesOpen(o.status))
}

// mayBeAtWork reports whether the server may still be busy with the request: it did not
// answer at all, or a front end has given up waiting for it. 524 is Cloudflare's 504.
func (o *outcome) mayBeAtWork() bool {
	switch o.status {
	case 0:
		return !errors.Is(o.broken, errNotProcessed)
	case http.StatusRequestTimeout, http.StatusGatewayTimeout, 524:
		return true
	}
	return false
}

// waitsTooLong reports whether the API asks for a longer wait than the operation
// has left. The operation then ends with the API's answer, not with a timeout.
func (o *outcome) waitsTooLong(ctx context.Context) bool {
	deadline, bounded := ctx.Deadline()
	return o.hasRetryAfter && bounded && time.Now().Add(o.wait).After(deadline)
}

// final is the error of an operation that ends with this attempt.
func (o *outcome) final(ctx context.Context) error {
	if deadline, _ := ctx.Deadline(); o.transient() && o.waitsTooLong(ctx) {
		return shortOfTime(o.err, o.wait, time.Until(deadline))
	}
	return o.err
}

// shortOfTimeError is the failure of an operation that has less time left than the
// API asks to wait. Operations that share its request may have more.
type shortOfTimeError struct{ error }

func (e *shortOfTimeError) Unwrap() error { return e.error }

func shortOfTime(err error, wait, left time.Duration) error {
	return &shortOfTimeError{fmt.Errorf("%w; it asks to wait for %s, and the operation has only %s left",
		err, wait.Round(time.Millisecond), left.Round(time.Millisecond))}
}

// isShortOfTime reports whether an operation with more time could have gone on.
func isShortOfTime(err error) bool {
	_, short := errors.AsType[*shortOfTimeError](err)
	return short
}

// backoff is how long to wait before the next attempt, after so many failures: what
// the API asks for, or else 0.5 s × 2ⁿ up to 8 s, less up to a quarter at random,
// which is the vendor SDKs' formula.
func (o *outcome) backoff(failures int) time.Duration {
	if o.hasRetryAfter {
		return o.wait
	}
	wait := min(500*time.Millisecond<<min(failures-1, 10), 8*time.Second)
	return wait - rand.N(wait/4+1)
}

// longestWait is what a longer wait counts as.
const longestWait = 24 * time.Hour

// retryAfter reads how long the API asks to wait: in retry-after-ms milliseconds, else
// Retry-After seconds (fractions allowed), else until the date of Retry-After. The date is
// compared with that of the answer, or with now where the answer has none.
func retryAfter(header http.Header, now time.Time) (time.Duration, bool) {
	if ms, err := strconv.ParseFloat(header.Get("Retry-After-Ms"), 64); err == nil {
		return positive(ms * float64(time.Millisecond))
	}
	value := header.Get("Retry-After")
	if seconds, err := strconv.ParseFloat(value, 64); err == nil {
		return positive(seconds * float64(time.Second))
	}
	if until, err := http.ParseTime(value); err == nil {
		if date, err := http.ParseTime(header.Get("Date")); err == nil {
			now = date
		}
		return positive(max(0, float64(until.Sub(now))))
	}
	return 0, false
}

// positive refuses waits that are negative or not a number.
func positive(nanoseconds float64) (time.Duration, bool) {
	if !(nanoseconds >= 0) {
		return 0, false
	}
	return time.Duration(min(nanoseconds, float64(longestWait))), true
}
