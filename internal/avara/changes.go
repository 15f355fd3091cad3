// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
)

// identified is an object of the API.
type identified interface {
	// id is empty if the object was decoded from an answer that held none.
	id() string
	// kind says in errors what it is, as in "an Express customer".
	kind() string
}

// assumed returns an object with the defaults for fields that an answer leaves out.
func assumed[T any]() (object T) {
	if o, ok := any(&object).(interface{ assume() }); ok {
		o.assume()
	}
	return object
}

// getOne is the one way to read a single object, and returns when the answer was made.
// key returns the part of an object by which it is asked for.
func getOne[T identified](ctx context.Context, c *Client, route, asked string, key func(T) string) (*T, moment, error) {
	object := assumed[T]()
	shown, err := c.send(ctx, operation{
		method: http.MethodGet, route: route, ids: []string{asked},
		valid: func() error {
			switch {
			case object.id() == "":
				return fmt.Errorf("the API answered with success, but not with %s", object.kind())
			case !SameID(asked, key(object)):
				return fmt.Errorf("the API was asked for %s, but its answer is about %q", asked, printable(key(object), 100))
			}
			return nil
		},
	}, &object)
	if err != nil {
		return nil, shown, err
	}
	return &object, shown, nil
}

// edit is a change of an object that exists.
type edit[T identified] struct {
	op operation
	// route is the one to read the object, and made reports whether it shows the change.
	route string
	made  func(*T) bool
	// notMade, if set, is what is wrong with an object that does not show the change, as in
	// "the customer is still active". A success without the change is then an error, and a
	// 4xx is a success if a GET shows that the object is as wanted already. With notMade,
	// believe must be set: see [reader.believe].
	notMade string
	believe func(context.Context, error) error
	// endsObject says that an object which is not found shows the change.
	endsObject bool
}

// change is the one way to change an object. It reads the object after an answer that
// leaves open whether the change was made, and after a success that does not show it. With
// notMade, it reads the object after a refusal, too.
func change[T identified](ctx context.Context, c *Client, e edit[T]) (*T, error) {
	changed := assumed[T]()
	still := fmt.Errorf("the API answered with success, but %s", e.notMade)
	e.op.valid = func() error {
		switch {
		case !SameID(changed.id(), e.op.ids[0]):
			return fmt.Errorf("the API answered with success, but not with %s that was asked for", changed.kind())
		case e.notMade != "" && !e.made(&changed):
			return still
		}
		return nil
	}
	e.op.look = func(ctx context.Context, o *outcome) (bool, error) {
		succeeded := isReadable(o.err)
		if !o.transient() && !succeeded && !(e.notMade != "" && isRefusal(o.err)) {
			return false, nil
		}
		current, _, err := getOne(ctx, c, e.route, e.op.ids[0], T.id)
		switch {
		case e.endsObject && IsNotFound(err):
			if err := e.believe(ctx, err); !IsNotFound(err) {
				return false, err
			}
			return true, nil
		case err != nil && succeeded:
			return false, err
		case err == nil && (e.made(current) || succeeded && e.notMade == ""):
			changed = *current
			return true, nil
		case succeeded:
			return false, unexpected(e.op, still)
		case IsNotFound(o.err) && e.notMade != "":
			return false, confirmNotFound(ctx, o.err, err, e.notMade, e.believe)
		case err != nil:
			return false, o.err
		}
		return false, nil
	}
	if err := c.do(ctx, e.op, &changed); err != nil {
		return nil, err
	}
	return &changed, nil
}

// ErrStillThere says that the API has answered 404 to a write, and shows the object of the
// write all the same: a proxy, for example, may let only reads through.
var ErrStillThere = errors.New("something between this machine and the API, such as a proxy, may have answered instead")

// confirmNotFound judges the 404 of a write whose object may still be there, after a GET of it.
// readErr is how the GET failed. If it did not, shown is what it shows against the 404, as
// in "the user is still there". The error is a 404 only if the object is not found either,
// and believe returns it.
func confirmNotFound(ctx context.Context, notFound, readErr error, shown string, believe func(context.Context, error) error) error {
	answer, _ := errors.AsType[*Error](notFound)
	switch {
	case IsNotFound(readErr):
		return believe(ctx, notFound)
	case readErr != nil:
		return fmt.Errorf("%s %s: the API answered %s, and what would show whether that is true could not be read: %w",
			answer.Method, answer.Path, statusLine(answer.Status), readErr)
	}
	return &UnexpectedAnswerError{
		Method: answer.Method, Path: answer.Path, RequestID: answer.RequestID,
		Err: fmt.Errorf("the API answered %s, but %s: %w", statusLine(answer.Status), shown, ErrStillThere),
	}
}

// isReadable reports whether an error is about a success that could be decoded.
func isReadable(err error) bool {
	unexpected, ok := errors.AsType[*UnexpectedAnswerError](err)
	return ok && unexpected.Status == 0
}

// changeWithMetadata is change for an object with metadata, of which wish is to replace
// all pairs unless it is nil. Whether the API replaces metadata or merges it is not
// documented: where pairs are left over, they are cleared and the wish is sent once
// more. An object that comes with an error shows how far it got.
func changeWithMetadata[T identified](ctx context.Context, c *Client, e edit[T], wish map[string]string, held func(*T) map[string]string) (*T, error) {
	object, err := change(ctx, c, e)
	if err != nil || isMade(wish, held(object)) {
		return object, err
	}
	if held(object) == nil { // perhaps only the answer to the change has no metadata
		read, _, err := getOne(ctx, c, e.route, e.op.ids[0], T.id)
		if err != nil || isMade(wish, held(read)) {
			return cmp.Or(read, object), err
		}
	}
	for _, metadata := range []map[string]string{{}, wish} {
		e.op.body = map[string]MetadataChange{"metadata": metadata}
		e.made = func(object *T) bool { return isMade(metadata, held(object)) }
		next, err := change(ctx, c, e)
		if err != nil {
			return object, err
		}
		object = next
	}
	return object, nil
}

// isMade reports whether an object that holds this metadata shows the wish.
func isMade(wish, held map[string]string) bool { return wish == nil || allKeptAs(wish, held) }

// MetadataChange replaces all pairs; an empty map clears them.
type MetadataChange map[string]string

// MarshalJSON writes null for an empty map, which clears all pairs (vendor documentation).
func (pairs MetadataChange) MarshalJSON() ([]byte, error) {
	if len(pairs) == 0 {
		return []byte("null"), nil
	}
	return json.Marshal(map[string]string(pairs))
}
