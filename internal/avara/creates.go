// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"context"
	"errors"
	"fmt"
	"time"
)

const (
	// serverAtWork is how long a server may still be at work on a create that it has
	// not answered. Front ends give up after 30 or 60 s, and what they wait for
	// seldom takes as long again (our assumption).
	serverAtWork = 30 * time.Second
	// together is what the time of the last look is rounded up to, so that creates that were
	// lost at about the same time read the list once, together.
	together = 5 * time.Second
	// firstPause is the wait between the first two looks. Each further one is twice
	// as long.
	firstPause = 250 * time.Millisecond
	// readLag is how long a list may lag behind a create that was answered (our
	// assumption): four looks.
	readLag = 7 * firstPause
)

// creation is a create, and the way to look for its object if its answer is lost.
type creation[T identified] struct {
	op operation
	// object says in errors what look searches for, as in "an Express customer of
	// this name".
	object string
	// group is the same for all creates whose objects could be mistaken for each
	// other. They run one after the other: when one looks, the ones before it have
	// claimed their objects.
	group string
	// createdBy, if set, returns the id of the key that created an object.
	createdBy func(*T) string
	// look adds to the candidates each object that is like the wish.
	look func(context.Context, *candidates[T]) error
}

// create is the one way to make an object. The API knows no idempotency keys
// (vendor SDKs). So after a lost answer the client looks for the object. It adopts
// the object if it is there, and sends the create again only if it is certain that
// there is none. If the client can't find out, the error is an [OutcomeUnknownError].
func create[T identified](ctx context.Context, c *Client, n creation[T]) (*T, error) {
	turn := c.account.turnOf(n.group)
	if err := turn.Acquire(ctx, 1); err != nil {
		return nil, err
	}
	defer turn.Release(1)
	began, sends, adopted := time.Now(), 0, false
	created := assumed[T]()
	var lost *OutcomeUnknownError
	n.op.outlives = true
	n.op.valid = func() error {
		if created.id() == "" {
			return errors.New("the API answered with success, but not with the object")
		}
		return nil
	}
	n.op.look = func(ctx context.Context, o *outcome) (bool, error) {
		if sends++; o.mayHaveWritten() {
			lost = &OutcomeUnknownError{Err: o.err, Object: n.object}
		}
		if lost == nil {
			return false, nil // it was refused
		}
		object, doubt := n.find(ctx, c, began, o)
		switch {
		case doubt != "":
			return false, lost.giveUp(doubt)
		case object != nil:
			created, adopted = *object, true
		case o.mayHaveWritten() && (isSuccess(o.status) || !o.transient()):
			return false, lost.giveUp("did not find it, and the API's answer forbids sending the request again")
		}
		return adopted, nil
	}
	switch err := c.do(ctx, n.op, &created); {
	case err == nil:
		createdBy := ""
		if n.createdBy != nil && !adopted {
			createdBy = n.createdBy(&created)
		}
		c.account.claim(created.id(), createdBy)
		return &created, nil
	case lost == nil, errors.Is(err, lost):
		return nil, err // refused, or the look says why the outcome is unknown
	case isRefusal(err) && !errors.Is(err, lost.Err):
		return nil, err // a later attempt was refused, so nothing was made
	case ctx.Err() != nil:
		return nil, lost.giveUp("did not find it before the operation ended")
	case isShortOfTime(err), !errors.Is(err, lost.Err):
		return nil, lost.giveUp("did not find it, and could not send the request again")
	}
	return nil, lost.giveUp(fmt.Sprintf("did not find it, though the request was sent %d times", sends))
}

// find looks for what a create has made, for as long as the server may still be working
// on it. Only a look that begins when it no longer can be proves that there is no object.
// The first look and the last read the whole list, those in between only a part.
func (n creation[T]) find(ctx context.Context, c *Client, began time.Time, o *outcome) (object *T, doubt string) {
	proven := o.moment.received.Add(readLag)
	if o.mayBeAtWork() {
		atWork := o.moment.received.Add(serverAtWork).Sub(c.began)
		proven = c.began.Add((atWork + together - 1).Truncate(together))
	}
	s := &candidates[T]{account: c.account, began: began, effort: effort{first: true, since: began}}
	for pause := firstPause; ; pause *= 2 {
		if s.effort.last = !time.Now().Before(proven); s.effort.last {
			s.effort.since = proven
		}
		err := n.look(ctx, s)
		switch {
		case s.enough():
			return s.oldest, ""
		case ctx.Err() != nil:
			return nil, "did not find it before the operation ended"
		case err != nil:
			return nil, fmt.Sprintf("that failed: %s", err)
		case s.effort.last && s.doubtful != "":
			return nil, fmt.Sprintf("found only %s, and can't tell whether this request created it", s.doubtful)
		case s.effort.last:
			return nil, ""
		}
		_ = sleep(ctx, min(pause, time.Until(proven))) // the next look ends with ctx
		s.effort.first, s.doubtful = false, ""
	}
}

// effort is how thorough a look is to be: the first and the last read a whole list, as it
// was at since or later.
type effort struct {
	first, last bool
	since       time.Time
}

// candidates are the objects that a lost create may have made.
type candidates[T identified] struct {
	account *account
	// began is when the create did.
	began  time.Time
	effort effort

	// oldest is the one to adopt, the first made if there are several.
	oldest  *T
	created time.Time
	// doubtful names one that is neither to be adopted nor to be ignored.
	doubtful string
}

// add takes an object that is like the wish; exact says that all fields are equal. Objects
// older than the create are ignored. If the timestamp does not decide whether one is older,
// it is doubtful.
func (s *candidates[T]) add(object T, createdAt string, shown moment, exact bool) {
	id, created, age := object.id(), timeOf(createdAt), shown.ageOf(createdAt, s.began)
	switch {
	case s.account.claimed(id), age == madeBefore:
	case id == "":
		s.doubtful = "one without an id"
	case !exact, age == maybeBefore:
		s.doubtful = id
	case s.oldest == nil || created.Before(s.created):
		s.oldest, s.created = &object, created
	}
}

func (s *candidates[T]) enough() bool { return s.oldest != nil }
