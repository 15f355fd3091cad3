// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"context"
	"crypto/tls"
	"errors"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// errSettled ends an operation whose answer was lost, but whose effect a look
// at the object has shown.
var errSettled = errors.New("the change has been made")

type persistentKey struct{}

// Persistently returns a context under which operations are sent again until
// the context ends, instead of [Options].MaxRetries times.
func Persistently(ctx context.Context) context.Context {
	return context.WithValue(ctx, persistentKey{}, true)
}

func (c *Client) retrier(ctx context.Context) *retryablehttp.Client {
	if ctx.Value(persistentKey{}) != nil {
		return c.persistent
	}
	return c.http
}

func newRetrier(sender *http.Client, maxRetries int) *retryablehttp.Client {
	return &retryablehttp.Client{
		HTTPClient:   sender,
		RetryMax:     maxRetries,
		RetryWaitMin: 500 * time.Millisecond,
		RetryWaitMax: 8 * time.Second,
		CheckRetry:   checkRetry,
		Backoff:      backoff,
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
	}
}

// checkRetry decides, by certainty, whether an operation is sent again:
//
//   - one that surely had no effect, for there was no connection, always is (and
//     so is one answered 429, which the transport sees to);
//   - a repeatable one is after any passing failure;
//   - a change is after a look at the object that shows it not made yet;
//   - a create never is.
func checkRetry(ctx context.Context, resp *http.Response, err error) (bool, error) {
	x := exchangeFrom(ctx)
	if ctx.Err() != nil || !passing(resp, err) || waitsTooLong(ctx, resp) {
		return false, nil //nolint:nilerr // nil lets the attempt's own outcome stand
	}
	x.lastFailure = failure(resp, err)
	if resp == nil && !x.sent.Load() || x.op.method == http.MethodGet || x.op.repeatable {
		return true, nil
	}
	if x.op.settled == nil {
		return false, nil
	}
	settled, lookErr := x.op.settled(ctx)
	if settled {
		return false, errSettled
	}
	return lookErr == nil, nil
}

// passing tells failures that may be gone at the next attempt. The statuses
// are those that the vendor SDKs retry, except 409: they take it for passing,
// we take it for a conflict that the user must hear of.
func passing(resp *http.Response, err error) bool {
	if err != nil {
		var certificate *tls.CertificateVerificationError
		return !errors.Is(err, errRedirect) && !errors.Is(err, errTooLarge) && !errors.Is(err, ErrRateLimited) &&
			!errors.As(err, &certificate)
	}
	switch resp.Header.Get("X-Should-Retry") {
	case "true":
		return resp.StatusCode >= 300
	case "false":
		return false
	}
	return resp.StatusCode == http.StatusTooManyRequests || uncertain(resp.StatusCode)
}

func failure(resp *http.Response, err error) error {
	if err != nil {
		return withoutURL(err)
	}
	return errors.New("the API answered " + statusLine(resp.StatusCode))
}

// uncertain tells statuses after which a write may have been made or not.
func uncertain(status int) bool {
	return status == http.StatusRequestTimeout || status >= 500
}

// refusedForNow tells that the API did not look at a request because of the rate
// of requests, and that there is time to wait and send it again.
func refusedForNow(ctx context.Context, resp *http.Response) bool {
	return resp.StatusCode == http.StatusTooManyRequests && passing(resp, nil) && !waitsTooLong(ctx, resp)
}

// waitsTooLong tells that the server asks for a longer wait than the
// operation has left: its answer then says more than a timeout would.
func waitsTooLong(ctx context.Context, resp *http.Response) bool {
	wait, ok := retryAfter(resp, time.Now())
	deadline, bounded := ctx.Deadline()
	return ok && bounded && time.Now().Add(wait).After(deadline)
}

// backoff is what the server asks for, or else min × 2ⁿ up to max, less up to
// a quarter at random: the vendor SDKs' formula.
func backoff(minimum, maximum time.Duration, n int, resp *http.Response) time.Duration {
	wait, ok := retryAfter(resp, time.Now())
	if ok {
		return wait
	}
	wait = min(minimum<<min(n, 10), maximum)
	return wait - rand.N(wait/4+1)
}

// retryAfter reads the server's wish to be left alone for a while: in
// retry-after-ms milliseconds, else Retry-After seconds (fractions allowed),
// else until the date of Retry-After.
func retryAfter(resp *http.Response, now time.Time) (time.Duration, bool) {
	if resp == nil {
		return 0, false
	}
	if ms, err := strconv.ParseFloat(resp.Header.Get("Retry-After-Ms"), 64); err == nil {
		return positive(ms * float64(time.Millisecond))
	}
	value := resp.Header.Get("Retry-After")
	if seconds, err := strconv.ParseFloat(value, 64); err == nil {
		return positive(seconds * float64(time.Second))
	}
	if date, err := http.ParseTime(value); err == nil {
		return positive(max(0, float64(date.Sub(now))))
	}
	return 0, false
}

// positive refuses waits that are negative, not a number or beyond a day.
func positive(nanoseconds float64) (time.Duration, bool) {
	if !(nanoseconds >= 0 && nanoseconds <= float64(24*time.Hour)) {
		return 0, false
	}
	return time.Duration(nanoseconds), true
}
