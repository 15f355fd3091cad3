// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"sync/atomic"
	"time"
)

const (
	// pingAfter is how long an HTTP/2 connection may be silent before a ping, and
	// pingTimeout how long the answer to that may take. So a dead connection, as a
	// firewall or a suspended machine leaves behind, costs 15 s. A create that was sent
	// on one is made within a minute, the look for it included.
	pingAfter, pingTimeout = 10 * time.Second, 5 * time.Second
	// maxIdleConnections is enough for all of Terraform's concurrent operations, so
	// that a plan does not dial again and again.
	maxIdleConnections = 64
)

func pooledTransport() *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConnsPerHost = maxIdleConnections
	t.HTTP2 = &http.HTTP2Config{SendPingTimeout: pingAfter, PingTimeout: pingTimeout}
	return t
}

// connections is a pool of connections that can be given up. net/http would use a silent
// HTTP/2 connection for every further request, until a ping shows that it is dead.
type connections struct {
	pool atomic.Pointer[http.Transport]
}

func newConnections(pool *http.Transport) *connections {
	c := &connections{}
	c.pool.Store(pool)
	return c
}

func (c *connections) RoundTrip(req *http.Request) (*http.Response, error) {
	return c.pool.Load().RoundTrip(req)
}

// CloseIdleConnections has later requests use new connections. Those that are in
// use end with their requests.
func (c *connections) CloseIdleConnections() {
	old := c.pool.Load()
	c.pool.CompareAndSwap(old, old.Clone())
	old.CloseIdleConnections()
}

// forgetConnections has the next attempt use another connection.
func (c *Client) forgetConnections() {
	if pool, ok := c.transport.(interface{ CloseIdleConnections() }); ok {
		pool.CloseIdleConnections()
	}
}

// cannotRetry is how net/http says that it would send a request again if it had GetBody.
var cannotRetry = regexp.MustCompile(`^http2: Transport: cannot retry err \[(.*)\] after Request.Body was written;.*$`)

// errNotProcessed says that an HTTP/2 server has refused a request before it processed
// it, so that it can be sent on another connection.
var errNotProcessed = errors.New("the server says that it has not processed the request")

var errClosed = errors.New("the connection was closed before there was an answer")

// explained says what an error of net/http means where its own words do not.
func explained(err error) error {
	parts := cannotRetry.FindStringSubmatch(err.Error())
	switch {
	case err == io.EOF: //nolint:errorlint // as net/http returns it, which says no more
		return errClosed
	case parts == nil:
		return err
	case strings.Contains(parts[1], "REFUSED_STREAM"), strings.Contains(parts[1], "GOAWAY"):
		return fmt.Errorf("%w: %s", errNotProcessed, parts[1])
	}
	return errors.New("the connection broke: " + parts[1])
}
