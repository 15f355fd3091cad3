// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/avara-software/terraform-provider-avara/internal/avara"
)

var _ action.ActionWithConfigure = &customerAction{}

// customerAction is avara_express_customer_reactivate and
// avara_express_customer_deactivate: one operation of the API, without a resource.
type customerAction struct {
	providerData
	// active is what the action makes of the customer.
	active bool
}

func newReactivateCustomerAction() action.Action { return &customerAction{active: true} }
func newDeactivateCustomerAction() action.Action { return &customerAction{active: false} }

type customerActionModel struct {
	ID      types.String `tfsdk:"id"`
	Timeout types.String `tfsdk:"timeout"`
}

func (a *customerAction) verb() string { return toggleCustomer(a.active).verb }

func (a *customerAction) Metadata(_ context.Context, req action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_express_customer_" + a.verb()
}

func (a *customerAction) Configure(_ context.Context, req action.ConfigureRequest, resp *action.ConfigureResponse) {
	a.providerData = dataFrom(req.ProviderData, &resp.Diagnostics)
}

func (a *customerAction) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: fmt.Sprintf("%[1]s an Express customer with one request, `POST /v1/express/{id}/%[2]s`. A customer that is %[3]s already is left as it is, which counts as success.\n\n"+
			"~> In most cases, use `active` of the resource `avara_express_customer` instead: the plan shows the change, and the change stays. "+
			"If a resource manages the customer with `active = %[4]t`, the next plan shows the result of this action as drift, and the next apply reverts it. "+
			"Use the action for customers that Terraform does not manage, in emergencies, and in an `action_trigger` of another resource.\n\n"+
			"Needs Terraform 1.14 or newer.", capitalized(a.verb())+"s", a.verb(), activity(a.active), !a.active),
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				MarkdownDescription: "Id of the customer: " + customerID.markdown() + ".",
				Required:            true,
				Validators:          customerID.validators(),
			},
			"timeout": schema.StringAttribute{
				MarkdownDescription: "How long the action may take, retries and waits for the API's rate limit included. As in `30s` or `5m`. Defaults to `2m`.",
				Optional:            true,
				Validators:          []validator.String{positiveDuration{}},
			},
		},
	}
}

func (a *customerAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var config customerActionModel
	resp.Diagnostics.Append(get(ctx, req.Config, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, durationOr(config.Timeout, defaultTimeout))
	defer cancel()
	id := config.ID.ValueString()
	progress := func(format string, arguments ...any) {
		resp.SendProgress(action.InvokeProgressEvent{Message: fmt.Sprintf(format, arguments...)})
	}
	progress("Sending the request to %s Express customer %s", a.verb(), id)
	customer, err := toggleCustomer(a.active).run(ctx, a.providerData, id)
	switch {
	case avara.IsNotFound(err):
		resp.Diagnostics.Append(notFound("id", "Express customer", "There is no Express customer "+id, "the id"))
	case err != nil:
		resp.Diagnostics.Append(a.diagnostic(failure{
			summary: fmt.Sprintf("Unable to %s Express customer", a.verb()), object: describeCustomer("", id), err: err,
		}))
	default:
		progress("%s is %s", describeCustomer(customer.Name, customer.ID), activity(customer.Active()))
	}
}
