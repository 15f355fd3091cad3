// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strings"
	"time"
)

// graceAfterCancel is how long a create may go on after its context was canceled, so
// that Ctrl-C does not lose the new object. It covers the attempt that is under way and
// the look for its object.
const graceAfterCancel = 10 * time.Second

// send sends an operation until its outcome is clear, decodes the answer into out,
// and returns when the answer was made. This is the one place that decides whether a
// request is sent again:
//
//   - After a 429 the request had no effect. It waits at the gate and is sent again, as
//     long as the operation has time.
//   - After another failure, a change or a create that may have reached the API looks
//     whether it had its effect: see operation.look.
//   - If it had none, and the failure was transient, the request is sent again, up to
//     MaxRetries times.
func (c *Client) send(ctx context.Context, op operation, out any) (moment, error) {
	if c.unavailable != nil {
		return moment{}, c.unavailable
	}
	m, err := c.encode(op)
	if err != nil {
		return moment{}, err
	}
	if op.method != http.MethodGet && !op.inert {
		c.countWrite()
		defer c.countWrite()
	}
	if _, bounded := ctx.Deadline(); !bounded && c.options.OperationTimeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.options.OperationTimeout)
		defer cancel()
	}
	underWay := ctx // of attempts and looks; waits at the gate end with ctx
	if op.outlives {
		var stop func()
		underWay, stop = outlive(ctx)
		defer stop()
	}
	retries := c.options.MaxRetries
	if op.persistent {
		retries = math.MaxInt
	}
	visit := newVisit(op)
	for failures := 0; ; {
		if err := c.gate.enter(ctx, visit); err != nil {
			return moment{}, m.unanswered(err)
		}
		o := c.attempt(underWay, m, out)
		c.gate.record(visit, o)
		switch {
		case o.err == nil:
			return o.moment, nil
		case o.redirects():
			if err := m.follow(o); err != nil {
				return moment{}, err
			}
			continue
		case o.limited() && !o.waitsTooLong(ctx):
			visit.notBefore, m.failed = time.Now().Add(o.wait), o.err
			continue
		}
		if op.look != nil && o.sent {
			switch made, err := op.look(underWay, o); {
			case made:
				return o.moment, nil
			case err != nil:
				return moment{}, err
			}
		}
		if failures++; failures > retries || ctx.Err() != nil || !o.transient() || o.waitsTooLong(ctx) {
			return moment{}, o.final(ctx)
		}
		visit.notBefore, m.failed = time.Now().Add(o.backoff(failures)), o.err
	}
}

// do is send without the moment of the answer.
func (c *Client) do(ctx context.Context, op operation, out any) error {
	_, err := c.send(ctx, op, out)
	return err
}

// success is the answer of the operations that return no object.
type success struct {
	Success *bool  `json:"success"`
	Message string `json:"message"`
}

// doForSuccess is do for the operations that return no object.
func (c *Client) doForSuccess(ctx context.Context, op operation) error {
	var answer success
	if err := c.do(ctx, op, &answer); err != nil {
		return err
	}
	if answer.Success != nil && !*answer.Success {
		reason := c.Redact(printable(answer.Message, maxMessage))
		return errors.New(strings.TrimSuffix(fmt.Sprintf("%s %s: the API answered that it did not succeed: %s", op.method, op.route, reason), ": "))
	}
	return nil
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
