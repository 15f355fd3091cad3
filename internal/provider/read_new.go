// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/avara-software/terraform-provider-avara/internal/avara"
)

// newFor is how long after its creation an object may not be visible yet. It
// allows for a clock of the API that differs from ours.
const newFor = 5 * time.Minute

// readNew reads an object of the state. Whether the API shows at once what it
// has created is not documented: a new object that is not found is looked for
// again, when creates have had time to show, before Terraform takes it for gone
// and creates a second one.
func readNew[T any](ctx context.Context, client *avara.Client, createdAt types.String, read func() (T, error)) (T, error) {
	object, err := read()
	created, parseErr := time.Parse(time.RFC3339, createdAt.ValueString())
	if !isHidden(err) || parseErr != nil || time.Since(created).Abs() >= newFor {
		return object, err
	}
	if err := client.Settle(ctx); err != nil {
		return object, err
	}
	return read()
}
