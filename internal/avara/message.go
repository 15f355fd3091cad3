// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

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

	// inert operations change no object, though they are no GETs.
	inert bool
	// persistent operations are sent again until their context ends, instead of
	// Options.MaxRetries times.
	persistent bool
	// outlives says that the operation may go on for graceAfterCancel after its context
	// was canceled.
	outlives bool
	// valid, if set, says what is wrong with an answer that has been decoded.
	valid func() error
	// look is for changes and creates, which may not be safe to send twice. After a
	// failed attempt that may have reached the API, it finds out whether the attempt had
	// its effect all the same. If it can't find out, it returns an error, which ends the
	// operation. Operations without look may be sent twice: GETs, and those that have the
	// same effect the second time.
	look func(context.Context, *outcome) (made bool, err error)
}

// CallOption changes how one call is sent.
type CallOption func(*operation)

// Persistently has a call sent again until its context ends, instead of
// [Options].MaxRetries times.
func Persistently() CallOption { return func(op *operation) { op.persistent = true } }

// message is an operation as it is sent.
type message struct {
	op operation
	// path is escaped, and without the path of the base URL.
	path string
	url  *url.URL
	// body is nil where there is none.
	body                []byte
	attempts, redirects int
	// failed is the error of the latest attempt that is repeated.
	failed error
}

func (c *Client) encode(op operation) (*message, error) {
	path, err := op.path()
	if err != nil {
		return nil, err
	}
	m := &message{op: op, path: path}
	if op.body != nil {
		if m.body, err = json.Marshal(op.body); err != nil {
			return nil, fmt.Errorf("encoding the request: %w", err)
		}
	}
	if m.url, err = url.Parse(c.baseURL + path); err != nil {
		return nil, fmt.Errorf("building the request: %w", err)
	}
	m.url.RawQuery = op.query.Encode()
	return m, nil
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

// maxRedirects is how many redirects one operation follows.
const maxRedirects = 5

var errRedirect = errors.New("redirect refused")

// follow directs the message to where a redirect leads. It refuses another scheme or host,
// so that the key goes nowhere else, and a redirect that needs another method.
func (m *message) follow(o *outcome) error {
	next, err := m.url.Parse(o.header.Get("Location"))
	switch {
	case err != nil:
		err = errors.New("it leads to no address")
	case next.Scheme != m.url.Scheme || next.Host != m.url.Host:
		err = fmt.Errorf("%s sends this request to another address, %s://%s", m.url.Host, next.Scheme, next.Host)
	case m.op.method != http.MethodGet && o.status != http.StatusTemporaryRedirect && o.status != http.StatusPermanentRedirect:
		err = fmt.Errorf("it would turn %s into GET", m.op.method)
	case m.redirects == maxRedirects:
		err = fmt.Errorf("more than %d in a row", maxRedirects)
	default:
		m.url, m.redirects = next, m.redirects+1
		return nil
	}
	return m.unanswered(fmt.Errorf("%w: %w", errRedirect, err))
}
