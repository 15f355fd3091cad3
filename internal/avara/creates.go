// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// creation is a create, and the way to find out what became of it if its
// answer is lost.
type creation[T identified] struct {
	op operation
	// object says in errors what is to look for, as in "an Express customer of
	// this name".
	object string
	// kin is the same for all creates whose objects could be mistaken for each
	// other. They are made one after the other: at a look for one, every other
	// has its object already.
	kin string
	// look shows the sightings every object that is there and like the wish.
	look func(context.Context, *sightings[T]) error
}

// create is the one way to make an object. The API knows no idempotency keys
// (vendor SDKs), so a create whose answer is lost is never blindly sent again:
// the client looks, adopts the object if it is there, and sends the create
// again only if it surely is not. What can't be settled in this way is an
// [OutcomeUnknownError].
func create[T identified](ctx context.Context, c *Client, n creation[T]) (*T, error) {
	if c.unavailable != nil {
		return nil, c.unavailable
	}
	pass, err := c.claims.takeTurn(ctx, n.kin)
	if err != nil {
		return nil, err
	}
	defer pass()
	began := time.Now()
	var lost *OutcomeUnknownError
	for sends := 1; ; sends++ {
		created, err := n.send(ctx, c)
		if err == nil {
			c.claims.claim((*created).id())
			return created, nil
		}
		var unknown *OutcomeUnknownError
		switch {
		case errors.As(err, &unknown):
			lost = unknown
		case lost == nil:
			return nil, err
		case !isRefusal(err):
			return nil, lost.but("did not find it, and could not send the request again")
		}
		found, doubt := n.settle(ctx, c, began)
		switch {
		case found != nil:
			return found, nil
		case doubt != "":
			return nil, lost.but(doubt)
		case unknown == nil:
			return nil, err
		case unknown.final:
			return nil, lost.but("did not find it, and the API's answer forbids sending the request again")
		case ctx.Err() != nil:
			return nil, lost.but("did not find it before the operation ended")
		case sends > c.maxRetries:
			return nil, lost.but(fmt.Sprintf("did not find it, though the request was sent %d times", sends))
		}
	}
}

func (n creation[T]) send(ctx context.Context, c *Client) (*T, error) {
	var created T
	err := c.do(ctx, n.op, &created)
	var unknown *OutcomeUnknownError
	switch {
	case errors.As(err, &unknown):
		unknown.Object = n.object
	case err == nil && created.id() == "":
		err = &OutcomeUnknownError{
			Err: fmt.Errorf("%s %s: %w", n.op.method, n.op.route, errNoObject), Object: n.object, final: true,
		}
	}
	if err != nil {
		return nil, err
	}
	return &created, nil
}

var errNoObject = errors.New("the API answered with success, but not with the object")

// settle looks for what a create has made, several times if it sees nothing.
// Neither an object nor a doubt means that there surely is none.
func (n creation[T]) settle(ctx context.Context, c *Client, began time.Time) (found *T, doubt string) {
	ctx, cancel := outlive(ctx)
	defer cancel()
	var seen *sightings[T]
	err := Eventually(ctx, func() (bool, error) {
		seen = &sightings[T]{client: c, began: began}
		err := n.look(ctx, seen)
		return seen.enough(), err
	})
	switch {
	case seen.enough():
		c.claims.claim((*seen.oldest).id())
		return seen.oldest, ""
	case err != nil:
		return nil, fmt.Sprintf("that failed: %s", err)
	case seen.doubtful != "":
		return nil, fmt.Sprintf("found only %s, and can't tell whether this request created it", seen.doubtful)
	}
	return nil, ""
}

// sightings are what one look for the object of a lost create has shown.
type sightings[T identified] struct {
	client *Client
	// began is when the create did.
	began time.Time

	// oldest is the object that a lost create may adopt, the first made if
	// there are several.
	oldest  *T
	created time.Time
	// doubtful names one that may have come of the create, or not.
	doubtful string
}

// see takes notice of an object that is like the wish, to the letter or not
// quite. One that was there before is none of ours. One that may have been there
// is neither adopted, for another resource may have it, nor taken for nothing.
func (s *sightings[T]) see(object T, createdAt string, toTheLetter bool) {
	id, created := object.id(), timeOf(createdAt)
	made := maybeBefore
	if !created.IsZero() {
		made = s.client.clock.compare(created, s.began)
	}
	switch {
	case s.client.claims.claimed(id), made == madeBefore:
	case id == "":
		s.doubtful = "one without an id"
	case !toTheLetter, made == maybeBefore:
		s.doubtful = id
	case s.oldest == nil || created.Before(s.created):
		s.oldest, s.created = &object, created
	}
}

func (s *sightings[T]) enough() bool { return s.oldest != nil }
