// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
	"time"
)

const (
	// maxAnswer bounds what is read of a successful answer; a page of 100 full
	// customers is far smaller.
	maxAnswer = 10 << 20
	// maxErrorAnswer bounds what is read of any other: enough for a message.
	maxErrorAnswer = 64 << 10
	// graceAfterCancel is how long a create that is under way, and the look for
	// what came of it, may go on after its context was canceled, so that Ctrl-C
	// does not lose the new object.
	graceAfterCancel = 10 * time.Second
)

// Attempt describes one request that was sent, or could not be.
type Attempt struct {
	Method string
	// Route is the path with its parameters in braces: it names no object and
	// no person.
	Route string
	// Number counts the attempts of one operation, from 1.
	Number int
	// Status is the answer's HTTP status, 0 if there was no answer.
	Status    int
	RequestID string
	Duration  time.Duration
	// Err says why there was no answer. It holds no URL.
	Err error
}

// exchange follows one operation through its attempts.
type exchange struct {
	op       operation
	attempts int
	// sent is set once a connection was there to write to: from then on the
	// request may have arrived.
	sent atomic.Bool
	// final is set if the latest answer forbids another attempt: it was a
	// success, even if it then broke off or makes no sense, or it says so.
	final bool
	// lastFailure is why the latest attempt is to be repeated.
	lastFailure error
}

type exchangeKey struct{}

func withExchange(ctx context.Context, op operation) (context.Context, *exchange) {
	x := &exchange{op: op}
	return context.WithValue(ctx, exchangeKey{}, x), x
}

func exchangeFrom(ctx context.Context) *exchange {
	x, _ := ctx.Value(exchangeKey{}).(*exchange)
	return x
}

// isCreate tells operations that must not be sent twice.
func (x *exchange) isCreate() bool {
	return x.op.method != http.MethodGet && !x.op.repeatable && x.op.settled == nil
}

// unknownIfSent marks the failure of a create that may have arrived.
func (x *exchange) unknownIfSent(err error) error {
	if x.isCreate() && x.sent.Load() && !errors.Is(err, errRedirect) {
		return &OutcomeUnknownError{Err: err, final: x.final}
	}
	return err
}

// explain adds to the end of a wait what was waited for.
func (x *exchange) explain(err error) error {
	err = withoutURL(err)
	if x.lastFailure != nil && (errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)) {
		return fmt.Errorf("%w; before that: %w", err, x.lastFailure)
	}
	return err
}

// transport makes one attempt: it adds the headers, bounds time and size,
// reads the answer whole and reports what happened. An attempt that the API
// refused because of the rate of requests is none: it had no effect, and is made
// again for as long as the operation has time.
type transport struct {
	options Options
	key     string
	clock   *serverClock
	gate    *gate
}

func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx := req.Context()
	x := exchangeFrom(ctx)
	for {
		passage, err := t.gate.enter(ctx, x.op)
		if err != nil {
			return nil, err
		}
		resp, err := t.observed(req, x)
		t.gate.back(passage, resp)
		if err != nil || !refusedForNow(ctx, resp) {
			return resp, err
		}
		x.lastFailure = failure(resp, nil)
		x.sent.Store(false)
		if req, err = rewound(req); err != nil {
			return nil, err
		}
	}
}

// rewound returns the request with its body from the start.
func rewound(req *http.Request) (*http.Request, error) {
	if req.GetBody == nil {
		return req, nil
	}
	body, err := req.GetBody()
	if err != nil {
		return nil, err
	}
	req = req.Clone(req.Context())
	req.Body = body
	return req, nil
}

func (t *transport) observed(req *http.Request, x *exchange) (*http.Response, error) {
	x.attempts++
	started := time.Now()
	resp, err := t.attempt(req, x)
	if t.options.Observe != nil {
		a := Attempt{
			Method: x.op.method, Route: x.op.route, Number: x.attempts,
			Duration: time.Since(started), Err: withoutURL(err),
		}
		if resp != nil {
			a.Status, a.RequestID = resp.StatusCode, requestID(resp.Header)
		}
		t.options.Observe(req.Context(), a)
	}
	return resp, err
}

func (t *transport) attempt(req *http.Request, x *exchange) (*http.Response, error) {
	ctx, cancel := attemptContext(req.Context(), x, t.options.RequestTimeout)
	defer cancel()
	x.sent.Store(false)
	x.final = false
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { x.sent.Store(true) },
	})
	req = req.Clone(ctx)
	for name, values := range t.options.Header {
		if req.Header.Get(name) == "" {
			req.Header[name] = values
		}
	}
	req.Header.Set("Authorization", "Bearer "+t.key)
	req.Header.Set("User-Agent", t.options.UserAgent)

	resp, err := t.options.Transport.RoundTrip(req)
	if err == nil {
		x.final = isSuccess(resp.StatusCode) || resp.Header.Get("X-Should-Retry") == "false"
		t.clock.read(resp.Header)
		err = buffer(resp)
	}
	if err != nil {
		if cause := context.Cause(ctx); errors.Is(cause, errNoAnswer) {
			return nil, cause
		}
		return nil, err
	}
	return resp, nil
}

var errNoAnswer = errors.New("no complete answer within the request timeout")

// attemptContext bounds one attempt. That of a create outlives the
// cancellation of its operation by a moment.
func attemptContext(parent context.Context, x *exchange, timeout time.Duration) (context.Context, context.CancelFunc) {
	cause := fmt.Errorf("%w (%s)", errNoAnswer, timeout)
	if !x.isCreate() {
		return context.WithTimeoutCause(parent, timeout, cause)
	}
	outliving, stop := outlive(parent)
	ctx, cancel := context.WithTimeoutCause(outliving, timeout, cause)
	return ctx, func() {
		cancel()
		stop()
	}
}

// outlive returns a context that ends a moment after its parent.
func outlive(parent context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(parent))
	stop := context.AfterFunc(parent, func() { time.AfterFunc(graceAfterCancel, cancel) })
	return ctx, func() {
		stop()
		cancel()
	}
}

func isSuccess(status int) bool { return status >= 200 && status <= 299 }

var errTooLarge = fmt.Errorf("the answer is larger than %d MiB", maxAnswer>>20)

// maxPresized bounds the memory that is set aside on the word of an answer's
// Content-Length.
const maxPresized = 1 << 20

// buffered is the body of an answer that has been read.
type buffered struct {
	*bytes.Reader
	content []byte
}

func (buffered) Close() error { return nil }

// buffer reads the answer whole, so that one cut off in its middle is a failed
// attempt like any other, and replaces the body by what was read.
func buffer(resp *http.Response) error {
	defer resp.Body.Close()
	limit := maxErrorAnswer
	if isSuccess(resp.StatusCode) {
		limit = maxAnswer
	}
	var read bytes.Buffer
	read.Grow(int(max(0, min(resp.ContentLength, maxPresized))) + bytes.MinRead)
	_, err := read.ReadFrom(io.LimitReader(resp.Body, int64(limit)+1))
	body := read.Bytes()
	switch {
	case err != nil:
		return fmt.Errorf("reading the answer: %w", err)
	case len(body) > limit && limit == maxAnswer:
		return errTooLarge
	case len(body) > limit:
		body = body[:limit]
	}
	resp.Body = buffered{Reader: bytes.NewReader(body), content: body}
	return nil
}

// contentOf returns what buffer has read.
func contentOf(resp *http.Response) []byte {
	body, _ := resp.Body.(buffered)
	return body.content
}

var errRedirect = errors.New("redirect refused")

// checkRedirect follows an answer only to the same scheme and host, so that
// the key goes nowhere else, and only if the method stays as it is.
func checkRedirect(req *http.Request, via []*http.Request) error {
	first := via[0]
	switch {
	case req.URL.Scheme != first.URL.Scheme || req.URL.Host != first.URL.Host:
		return fmt.Errorf("%w: %s sends this request to another address, %s://%s", errRedirect, first.URL.Host, req.URL.Scheme, req.URL.Host)
	case req.Method != first.Method:
		return fmt.Errorf("%w: it would turn %s into %s", errRedirect, first.Method, req.Method)
	case len(via) >= 5:
		return fmt.Errorf("%w: more than five in a row", errRedirect)
	}
	return nil
}

// withoutURL strips what net/http puts around an error: a URL may name a
// person by email address.
func withoutURL(err error) error {
	if urlErr, ok := errors.AsType[*url.Error](err); ok {
		return urlErr.Err
	}
	return err
}
