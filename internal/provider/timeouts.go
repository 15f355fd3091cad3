// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// defaultTimeout bounds an operation on one object, retries and waits for the
// rate limit included.
const defaultTimeout = 2 * time.Minute

func timeoutsAttribute(ctx context.Context) schema.Attribute {
	const form = " As in `30s` or `5m`. Defaults to `2m`."
	attribute, ok := timeouts.Attributes(ctx, timeouts.Opts{
		Create: true, CreateDescription: "How long creating may take, retries included." + form,
		Read: true, ReadDescription: "How long one refresh may take, retries included. A refresh uses the value in the state, so " +
			"a change takes effect once an apply has written it." + form,
		Update: true, UpdateDescription: "How long updating may take, retries included." + form,
		Delete: true, DeleteDescription: "How long destroying may take, retries included." + form,
	}).(schema.SingleNestedAttribute)
	if !ok {
		panic("terraform-plugin-framework-timeouts has another attribute than it had")
	}
	attribute.MarkdownDescription = "How long operations on this object may take, retries and waits for the API's rate limit included."
	for name, nested := range attribute.Attributes {
		if text, ok := nested.(schema.StringAttribute); ok {
			text.Validators = []validator.String{positiveDuration{}}
			attribute.Attributes[name] = text
		}
	}
	return attribute
}
