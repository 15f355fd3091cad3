// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
)

// defaultTimeout bounds an operation on one object, retries and waits for the
// rate limit included.
const defaultTimeout = 2 * time.Minute

func timeoutsAttribute(ctx context.Context) schema.Attribute {
	const form = " As in `30s` or `5m`. Defaults to `2m`."
	return timeouts.Attributes(ctx, timeouts.Opts{
		Create: true, CreateDescription: "How long creating may take, retries included." + form,
		Read: true, ReadDescription: "How long one refresh may take, retries included." + form,
		Update: true, UpdateDescription: "How long updating may take, retries included." + form,
		Delete: true, DeleteDescription: "How long destroying may take, retries included." + form,
	})
}
