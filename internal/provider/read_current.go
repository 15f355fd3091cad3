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

// dated is what a state holds of the times of an object, as RFC 3339 timestamps.
type dated struct{ createdAt, updatedAt types.String }

// readCurrent reads an object of the state. Whether the API shows at once what it
// has written is not documented. So a new object that is not found, and one that is older
// than the state, is looked for again when writes have had time to show: Terraform would
// take the first for gone and create a second one, and show old values of the other.
func readCurrent[T interface{ LastUpdated() string }](ctx context.Context, id string, state dated, read, confirm func(context.Context, string) (T, error)) (T, error) {
	object, err := read(ctx, id)
	if isHidden(err) && state.isNew() || err == nil && state.isNewerThan(object.LastUpdated()) {
		return confirm(ctx, id)
	}
	return object, err
}

func (d dated) isNew() bool {
	created, err := time.Parse(time.RFC3339, d.createdAt.ValueString())
	return err == nil && time.Since(created).Abs() < newFor
}

func (d dated) isNewerThan(updatedAt string) bool {
	held, err := time.Parse(time.RFC3339, d.updatedAt.ValueString())
	shown, shownErr := time.Parse(time.RFC3339, updatedAt)
	return err == nil && shownErr == nil && held.After(shown)
}
