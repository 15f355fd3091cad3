// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"
)

// newFor is how long an object counts as new after its creation: the API may not show it
// yet. It is long enough for an API whose clock differs from ours.
const newFor = 5 * time.Minute

// shownBefore is what a state holds of an object: when it was made and changed, as RFC 3339
// timestamps, and its metadata.
type shownBefore struct {
	createdAt, updatedAt types.String
	metadata             types.Map
}

// current is an object as the API shows it.
type current interface {
	LastUpdated() string
	HasMetadata() bool
}

// readCurrent reads an object of the state. Whether the API shows at once what it
// has written is not documented. So a new object that is not found, and one that is older
// than the state, is looked for again when writes have had time to show: Terraform would
// take the first for gone and create a second one, and show old values of the other. An
// object that seems to have lost its metadata is looked for again, too: a list may leave
// metadata out, as the vendor's sample of one does.
func readCurrent[T current](ctx context.Context, id string, state shownBefore, read, confirm func(context.Context, string) (T, error)) (T, error) {
	object, err := read(ctx, id)
	if isHidden(err) && state.isNew() || err == nil && (state.isNewerThan(object.LastUpdated()) || state.hasMetadata() && !object.HasMetadata()) {
		return confirm(ctx, id)
	}
	return object, err
}

func (s shownBefore) hasMetadata() bool { return len(s.metadata.Elements()) > 0 }

func (s shownBefore) isNew() bool {
	created, err := time.Parse(time.RFC3339, s.createdAt.ValueString())
	return err == nil && time.Since(created).Abs() < newFor
}

func (s shownBefore) isNewerThan(updatedAt string) bool {
	held, err := time.Parse(time.RFC3339, s.updatedAt.ValueString())
	shown, shownErr := time.Parse(time.RFC3339, updatedAt)
	return err == nil && shownErr == nil && held.After(shown)
}
