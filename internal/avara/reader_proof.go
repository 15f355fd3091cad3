// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"

	"golang.org/x/sync/semaphore"
)

// proof shows that the API itself answers. A wrong base URL or a proxy may answer 404 to
// everything, which would make all objects look deleted. So a 404 counts only after an
// object of that kind or a list of them has been read.
type proof struct {
	route string
	given atomic.Bool
	// turn is that of the read that requests the list. The others wait for its result.
	turn *semaphore.Weighted
	// requests is how many have been sent for it.
	requests atomic.Int64
	// verdict says that it is not the API, once that is known.
	verdict error
}

func newProof(route string) *proof { return &proof{route: route, turn: newTurn()} }

func (p *proof) give() { p.given.Store(true) }

var errNotTheAPI = errors.New("neither this object nor the list of its kind was found, so what answers does not seem to be the Avara API. " +
	"The object stays in the state")

// check returns a 404 as it is if the API itself answers, and otherwise an error that is
// not a 404. list asks for the list.
func (p *proof) check(ctx context.Context, notFound error, list func() error) error {
	if p.given.Load() {
		return notFound
	}
	if err := p.turn.Acquire(ctx, 1); err != nil {
		return err
	}
	defer p.turn.Release(1)
	switch {
	case p.given.Load():
		return notFound
	case p.verdict != nil:
		return p.verdict
	}
	p.requests.Add(1)
	err := list()
	var unexpected *UnexpectedAnswerError
	switch {
	case err == nil, StatusOf(err) == http.StatusForbidden && !isWebPage(err): // a key that may not list
		p.give()
		return notFound
	case IsNotFound(err), errors.As(err, &unexpected):
		p.verdict = &UnexpectedAnswerError{Method: http.MethodGet, Path: p.route, Err: errNotTheAPI}
		return p.verdict
	}
	return fmt.Errorf("the object was not found, and the list of its kind, which would show that the Avara API itself answers, could not be read: %w", err)
}
