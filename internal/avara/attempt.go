// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"
)

const (
	// maxAnswer bounds what is read of a successful answer; a page of 100 full
	// customers is far smaller.
	maxAnswer = 10 << 20
	// maxErrorAnswer bounds what is read of any other: enough for a message.
	maxErrorAnswer = 64 << 10
	// maxPresized bounds the memory that is set aside because of an answer's
	// Content-Length alone.
	maxPresized = 1 << 20
	// maxConnections is how many connections one attempt may use: a second one if
	// the first turns out to be closed. Beyond that it is a failed attempt, since
	// net/http alone would send the request again and again.
	maxConnections = 2
)

// Attempt describes one request that was sent, or could not be.
type Attempt struct {
	Method string
	// Route is the path with its parameters in braces: it names no object and no person.
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

// attempt sends a message once, reads the answer whole and decodes it into out.
func (c *Client) attempt(ctx context.Context, m *message, out any) *outcome {
	m.attempts++
	began := time.Now()
	o := c.exchange(ctx, m)
	switch {
	case o.broken != nil:
		o.broken = c.secrets.clean(o.broken)
		o.err = m.unanswered(o.broken)
	case isSuccess(o.status):
		o.err = c.decode(m, o, out)
	default:
		o.err = c.newError(m, o)
	}
	if o.err == nil {
		c.latest.Store(&o.moment)
	}
	if c.options.Observe != nil {
		c.options.Observe(ctx, Attempt{
			Method: m.op.method, Route: m.op.route, Number: m.attempts, Status: o.status,
			RequestID: c.requestID(o.header), Duration: o.moment.received.Sub(began), Err: o.broken,
		})
	}
	return o
}

var errNoAnswer = errors.New("no complete answer within the request timeout")

// exchange sends a message, within the limits of time and of connections, and returns the
// answer or why there is none.
func (c *Client) exchange(ctx context.Context, m *message) *outcome {
	ctx, cancel := context.WithTimeoutCause(ctx, c.options.RequestTimeout, fmt.Errorf("%w (%s)", errNoAnswer, c.options.RequestTimeout))
	defer cancel()
	ctx, hangUp := context.WithCancelCause(ctx)
	defer hangUp(nil)
	var connections atomic.Int32
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) {
		if connections.Add(1) > maxConnections {
			hangUp(errConnections)
		}
	}})
	o := c.roundTrip(ctx, m)
	o.moment.received = time.Now()
	o.connections = int(connections.Load())
	o.sent = (o.connections > 0 || o.status != 0) && o.status != http.StatusTooManyRequests
	if o.broken != nil && ctx.Err() != nil {
		o.broken = context.Cause(ctx)
	}
	if errors.Is(o.broken, errNoAnswer) {
		c.forgetConnections()
	}
	return o
}

// roundTrip sends the request and reads the answer. The request has no GetBody, so that
// net/http can't send it again by itself.
func (c *Client) roundTrip(ctx context.Context, m *message) *outcome {
	req, err := http.NewRequestWithContext(ctx, m.op.method, m.url.String(), bytes.NewReader(m.body))
	if err != nil {
		return &outcome{broken: err}
	}
	req.GetBody = nil
	c.setHeader(req, m)
	resp, err := c.transport.RoundTrip(req)
	if err != nil {
		return &outcome{broken: explained(err)}
	}
	defer resp.Body.Close()
	o := &outcome{status: resp.StatusCode, header: resp.Header}
	o.moment.date, _ = http.ParseTime(resp.Header.Get("Date"))
	o.wait, o.hasRetryAfter = retryAfter(resp.Header, time.Now())
	o.body, o.broken = readAnswer(resp)
	return o
}

const correlationHeader = "X-Correlation-Id"

func (c *Client) setHeader(req *http.Request, m *message) {
	if c.options.CorrelationID != "" {
		req.Header.Set(correlationHeader, c.options.CorrelationID)
	}
	maps.Copy(req.Header, c.options.Header)
	req.Header.Set("Accept", "application/json")
	if m.body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	req.Header.Set("Authorization", "Bearer "+c.options.APIKey)
	req.Header.Set("User-Agent", c.options.UserAgent)
}

var (
	errTooLarge    = fmt.Errorf("the answer is larger than %d MiB", maxAnswer>>20)
	errCutOff      = errors.New("the connection was closed in the middle of the answer")
	errSwitching   = errors.New("the answer is 101 Switching Protocols, which nobody asked for: base_url may lead to something else than the API")
	errConnections = errors.New("the connection was closed before there was an answer, and so was another one")
)

// readAnswer reads an answer whole, so that one cut off in its middle is a failed
// attempt like any other.
func readAnswer(resp *http.Response) ([]byte, error) {
	if resp.StatusCode == http.StatusSwitchingProtocols {
		return nil, errSwitching // what follows has no end
	}
	limit := maxErrorAnswer
	if isSuccess(resp.StatusCode) {
		limit = maxAnswer
	}
	var read bytes.Buffer
	read.Grow(int(max(0, min(resp.ContentLength, maxPresized))) + bytes.MinRead)
	_, err := read.ReadFrom(io.LimitReader(resp.Body, int64(limit)+1))
	body := read.Bytes()
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return nil, errCutOff
	case err != nil:
		return nil, fmt.Errorf("reading the answer: %w", err)
	case len(body) > limit && limit == maxAnswer:
		return nil, errTooLarge
	}
	return body[:min(len(body), limit)], nil
}

// decode decodes a success into out. A body of white space counts as empty.
func (c *Client) decode(m *message, o *outcome, out any) error {
	wrong := func(status int, err error) error {
		return &UnexpectedAnswerError{
			Method: m.op.method, Path: m.path, Status: status, RequestID: c.requestID(o.header), Err: c.secrets.clean(err),
		}
	}
	body := bytes.TrimSpace(o.body)
	if bytes.HasPrefix(body, []byte("\ufeff")) {
		return wrong(o.status, errors.New("it begins with a byte-order mark, which JSON does not allow"))
	}
	if len(body) > 0 {
		if err := json.Unmarshal(body, out); err != nil {
			return wrong(o.status, err)
		}
	}
	// What out holds may get into Terraform's state, except the message of a success. What
	// the request itself has sent is in the configuration, so it is no secret.
	if _, onlySuccess := out.(*success); !onlySuccess && c.secrets.in(body, m.body) {
		return wrong(o.status, errors.New("it quotes the API key, or the value of a custom header"))
	}
	if m.op.valid != nil {
		if err := m.op.valid(); err != nil {
			return wrong(0, err)
		}
	}
	return nil
}
