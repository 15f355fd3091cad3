// SPDX-License-Identifier: MPL-2.0

// Package avara is a client for the Avara REST API. It knows HTTP and Avara,
// and nothing of Terraform.
//
// Facts about the API are marked with where they come from: the vendor
// documentation, the vendor SDKs, or an assumption of ours where both are
// silent.
package avara

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/hashicorp/go-cleanhttp"
	"github.com/hashicorp/go-retryablehttp"
)

// Defaults: the vendor SDKs', but for MaxRetries, which is 2 there. An apply makes many
// requests and is dear to repeat: of a thousand, with each tenth failing, one would
// fail three times in a row.
const (
	DefaultBaseURL        = "https://api.avarasoftware.com"
	DefaultRequestTimeout = 60 * time.Second
	DefaultMaxRetries     = 4
)

// Options configure a [Client].
type Options struct {
	// APIKey is sent as bearer token with every request.
	APIKey string
	// BaseURL is the API's address without the /v1 that every path starts
	// with; DefaultBaseURL if empty.
	BaseURL string
	// UserAgent is sent with every request.
	UserAgent string
	// Header holds further headers for every request. It can't replace the
	// ones that the client sets itself.
	Header http.Header
	// RequestTimeout bounds one attempt, from dialing to the last byte of the
	// answer; DefaultRequestTimeout if zero.
	RequestTimeout time.Duration
	// MaxRetries is how often a request is sent again, at the most. Requests that
	// are answered 429 don't count: they are sent again until the context ends.
	MaxRetries int
	// RequestsPerSecond is the most that is sent; no limit if zero. Whether set or
	// not, a limit of the API's is found and kept.
	RequestsPerSecond float64
	// BulkRefresh lets the Read methods fetch lists where that takes fewer
	// requests than reading objects one by one.
	BulkRefresh bool
	// Observe, if set, is told of each attempt after it has ended.
	Observe func(context.Context, Attempt)
	// ObserveWait, if set, is told every ten seconds of a request that waits to
	// be sent.
	ObserveWait func(context.Context, Wait)
	// ObserveReading, if set, is told after each read of a bulk refresh what all
	// of them have taken.
	ObserveReading func(context.Context, Reading)
	// Transport carries the requests; a pooled HTTP transport if nil.
	Transport http.RoundTripper
}

// Client calls the Avara API. It is safe for concurrent use.
type Client struct {
	baseURL string
	apiKey  string
	// unavailable, if set, is the error of every operation.
	unavailable error
	// http gives up after Options.MaxRetries, persistent only with the context.
	http, persistent *retryablehttp.Client
	maxRetries       int
	clock            *serverClock
	claims           *claims
	searches         *searches

	readers        *readers
	bulkRefresh    bool
	observeReading func(context.Context, Reading)
	// writes counts the beginnings and the ends of writes.
	writes atomic.Uint64
}

// New returns a client. It sends nothing. The error says what is wrong with
// the options' base URL or API key.
func New(o Options) (*Client, error) {
	baseURL, err := ParseBaseURL(o.BaseURL)
	if err != nil {
		return nil, err
	}
	key, err := ParseAPIKey(o.APIKey)
	if err != nil {
		return nil, err
	}
	if o.RequestTimeout == 0 {
		o.RequestTimeout = DefaultRequestTimeout
	}
	if o.Transport == nil {
		o.Transport = pooledTransport()
	}
	clock := &serverClock{}
	sender := &http.Client{
		Transport: &transport{
			options: o, key: key, clock: clock,
			gate: newGate(o.RequestsPerSecond, o.ObserveWait),
		},
		CheckRedirect: checkRedirect,
	}
	c := &Client{
		baseURL:        baseURL,
		apiKey:         key,
		http:           newRetrier(sender, o.MaxRetries),
		persistent:     newRetrier(sender, math.MaxInt),
		maxRetries:     o.MaxRetries,
		clock:          clock,
		claims:         newClaims(),
		searches:       &searches{byList: map[string]any{}},
		bulkRefresh:    o.BulkRefresh,
		observeReading: o.ObserveReading,
	}
	c.readers = newReaders(c)
	return c, nil
}

// BaseURL returns the address of the API, without the /v1 that every path starts with.
func (c *Client) BaseURL() string { return c.baseURL }

// Unavailable returns a client whose every operation fails with err, for
// settings that are not known yet.
func Unavailable(err error) *Client {
	c := &Client{unavailable: err}
	c.readers = newReaders(c)
	return c
}

// pooledTransport keeps enough idle connections for all of Terraform's
// concurrent operations, so that a plan does not dial again and again.
func pooledTransport() http.RoundTripper {
	t := cleanhttp.DefaultPooledTransport()
	t.MaxIdleConnsPerHost = 64
	return t
}

// operation is one call of the API, before it is sent.
type operation struct {
	method string
	// route is the path with its parameters in braces, as the vendor
	// documentation writes it. Logs show it instead of the path.
	route string
	// ids are the values of the route's parameters, in order.
	ids   []string
	query url.Values
	body  any

	// inert says that the operation changes no object, though it is no GET.
	inert bool
	// repeatable says that sending the operation twice has the effect of
	// sending it once. Every GET is.
	repeatable bool
	// settled, for a change of an existing object, looks whether the change
	// has been made after an answer that left this open. A change without it
	// is a create: it is sent again only if it surely did not arrive.
	settled func(context.Context) (bool, error)
}

// path returns the escaped path.
func (op operation) path() (string, error) {
	p := op.route
	for _, id := range op.ids {
		if id == "" || id == "." || id == ".." {
			return "", fmt.Errorf("%q can't stand in a path of the Avara API", id)
		}
		start, end := strings.IndexByte(p, '{'), strings.IndexByte(p, '}')
		p = p[:start] + url.PathEscape(id) + p[end+1:]
	}
	return p, nil
}

// do is the one way to the API: it sends the operation, repeats it where that
// is safe, and decodes the answer into out unless that is nil.
func (c *Client) do(ctx context.Context, op operation, out any) error {
	if c.unavailable != nil {
		return c.unavailable
	}
	path, err := op.path()
	if err != nil {
		return err
	}
	var body []byte
	if op.body != nil {
		if body, err = json.Marshal(op.body); err != nil {
			return fmt.Errorf("encoding the request: %w", err)
		}
	}
	target := c.baseURL + path
	if len(op.query) > 0 {
		target += "?" + op.query.Encode()
	}
	if op.method != http.MethodGet && !op.inert {
		c.writes.Add(1)
		defer c.writes.Add(1)
	}
	ctx, x := withExchange(ctx, op)
	req, err := retryablehttp.NewRequestWithContext(ctx, op.method, target, bodyOrNil(body))
	if err != nil {
		return fmt.Errorf("building the request: %w", err)
	}
	req.Header.Set("Accept", "application/json")
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}

	resp, err := c.retrier(ctx).Do(req)
	switch {
	case errors.Is(err, errSettled):
		return nil
	case err != nil:
		return x.unknownIfSent(&TransportError{Method: op.method, Path: path, Err: x.explain(err)})
	}
	defer resp.Body.Close()
	return c.decode(x, op, path, resp, out)
}

// bodyOrNil keeps a missing body from becoming an empty one.
func bodyOrNil(body []byte) any {
	if body == nil {
		return nil
	}
	return body
}

func (c *Client) decode(x *exchange, op operation, path string, resp *http.Response, out any) error {
	body := contentOf(resp)
	if !isSuccess(resp.StatusCode) {
		apiErr := newError(op.method, path, resp, redact(body, c.apiKey))
		if uncertain(resp.StatusCode) {
			return x.unknownIfSent(apiErr)
		}
		return apiErr
	}
	if out == nil || len(body) == 0 {
		return nil
	}
	if err := json.Unmarshal(body, out); err != nil {
		return x.unknownIfSent(&UnexpectedAnswerError{
			Method: op.method, Path: path, Status: resp.StatusCode, RequestID: requestID(resp.Header), Err: err,
		})
	}
	return nil
}

// doForSuccess is do for the operations that return no object but
// {"success": bool, "message": string}.
func (c *Client) doForSuccess(ctx context.Context, op operation) error {
	var answer struct {
		Success *bool  `json:"success"`
		Message string `json:"message"`
	}
	if err := c.do(ctx, op, &answer); err != nil {
		return err
	}
	if answer.Success != nil && !*answer.Success {
		reason := printable(string(redact([]byte(answer.Message), c.apiKey)), maxMessage)
		return errors.New(strings.TrimSuffix(fmt.Sprintf("%s %s: the API answered that it did not succeed: %s", op.method, op.route, reason), ": "))
	}
	return nil
}
