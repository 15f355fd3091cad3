// SPDX-License-Identifier: MPL-2.0

// Package avara is a client for the Avara REST API. It knows HTTP and Avara,
// and nothing of Terraform.
//
// Facts about the API are marked with where they come from: the vendor documentation, the
// vendor SDKs, or an assumption of ours where both are silent.
//
// A request goes from an operation (message.go) through the retry loop (send.go)
// and the gate (gate.go) to one attempt (attempt.go). After a lost answer to a
// create, creates.go and search.go look for the new object.
package avara

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// Defaults are those of the vendor SDKs, except that MaxRetries is 2 there. An apply
// makes many requests: if every tenth fails, one of a thousand fails three times in a
// row, and the apply has to be repeated.
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
	// CorrelationID, if set, is sent with every request as X-Correlation-Id, to show
	// which requests belong together. The vendor does not define this header. A value in
	// Header is sent instead.
	CorrelationID string
	// RequestTimeout bounds one attempt, from dialing to the last byte of the
	// answer; DefaultRequestTimeout if zero.
	RequestTimeout time.Duration
	// OperationTimeout bounds an operation whose context has no deadline, retries and waits
	// for the rate limit included; each page of a list is one. Zero is no bound.
	OperationTimeout time.Duration
	// MaxRetries is how often a request is sent again after a transient failure, at the
	// most. After a 429 a request is always sent again, until the context ends.
	MaxRetries int
	// RequestsPerSecond limits the rate of requests; no limit if zero. In either case
	// the client also finds the API's own limit, and keeps to it.
	RequestsPerSecond float64
	// BulkRefresh lets the Read methods fetch lists where that takes fewer
	// requests than reading objects one by one.
	BulkRefresh bool
	// Observe, if set, is called after each attempt.
	Observe func(context.Context, Attempt)
	// ObserveWait, if set, is called every ten seconds for each request that waits
	// to be sent.
	ObserveWait func(context.Context, Wait)
	// ObserveReading, if set, is called after each read of a bulk refresh, with the
	// numbers of all reads of that kind of object so far.
	ObserveReading func(context.Context, Reading)
	// Transport carries the requests; a pool of connections if nil. Clients without a
	// Transport share what they know of an account, by its address and key. A client
	// with a Transport shares nothing: it may lead to another account.
	Transport http.RoundTripper
}

// Client calls the Avara API. It is safe for concurrent use.
type Client struct {
	options Options
	baseURL string
	// unavailable, if set, is the error of every operation.
	unavailable error
	secrets     *redactor
	transport   http.RoundTripper
	gate        *gate
	account     *account
	// searches holds the search of each list, by the list's address.
	searches sync.Map
	// began is when the client was made.
	began time.Time
	// latest is when the API's latest good answer was made.
	latest atomic.Pointer[moment]

	readers *readers
	// writes counts the beginnings and the ends of writes, and latestWrite is when the latest
	// of these was, nil if there was none.
	writes      atomic.Uint64
	latestWrite atomic.Pointer[time.Time]
}

// New returns a client. It sends nothing. The error says what is wrong with
// the options' base URL or API key.
func New(o Options) (*Client, error) {
	baseURL, err := ParseBaseURL(o.BaseURL)
	if err != nil {
		return nil, err
	}
	if o.APIKey, err = ParseAPIKey(o.APIKey); err != nil {
		return nil, err
	}
	if o.RequestTimeout == 0 {
		o.RequestTimeout = DefaultRequestTimeout
	}
	c := newClient(o)
	c.baseURL = baseURL
	if c.transport == nil {
		c.transport = newConnections(pooledTransport())
		c.account = accountOf(baseURL, o.APIKey)
	}
	return c, nil
}

func newClient(o Options) *Client {
	c := &Client{
		options:   o,
		secrets:   newRedactor(o.APIKey, o.Header),
		transport: o.Transport,
		gate:      newGate(o.RequestsPerSecond, o.ObserveWait),
		account:   newAccount(),
		began:     time.Now(),
	}
	c.readers = newReaders(c)
	return c
}

// BaseURL returns the address of the API, without the /v1 that every path starts with.
func (c *Client) BaseURL() string { return c.baseURL }

// NewUnavailable returns a client whose every operation fails with err, for
// settings that are not known yet.
func NewUnavailable(err error) *Client {
	c := newClient(Options{})
	c.unavailable = err
	return c
}

// Unavailable returns the error of every operation, nil if the client can be used.
func (c *Client) Unavailable() error { return c.unavailable }

// Redact removes the API key, and the values of [Options].Header, from a text for
// people: see [redactor]. A nil client has none.
func (c *Client) Redact(text string) string {
	if c == nil {
		return text
	}
	return c.secrets.redact(text)
}
