// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"context"
	"strings"
)

// identified is an object of the API. Its id is empty if it was decoded from an
// answer that held none.
type identified interface{ id() string }

// sendChange sends a change of one object that exists. look reads the object:
// after an answer that left open whether the change was made, and after a
// success that did not bring the object with it, or another one. made tells
// whether an object shows the change.
func sendChange[T identified](
	ctx context.Context, c *Client, op operation,
	look func(context.Context) (*T, error), made func(*T) bool,
) (*T, error) {
	var changed T
	op.settled = func(ctx context.Context) (bool, error) {
		current, err := look(ctx)
		if err != nil || !made(current) {
			return false, err
		}
		changed = *current
		return true, nil
	}
	if err := c.do(ctx, op, &changed); err != nil {
		return nil, err
	}
	if !strings.EqualFold(changed.id(), op.ids[0]) {
		return look(ctx)
	}
	return &changed, nil
}

// resendMetadata clears the metadata of an object and sends the wish once more.
// It is for a change that left pairs over: whether the API replaces metadata or
// merges it is not documented. An object that comes with an error shows how far
// it got.
func resendMetadata[T any](object *T, wish map[string]string, send func(map[string]string) (*T, error)) (*T, error) {
	for _, metadata := range []map[string]string{nil, wish} {
		next, err := send(metadata)
		if err != nil {
			return object, err
		}
		object = next
	}
	return object, nil
}
