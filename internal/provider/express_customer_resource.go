// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"net/http"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/avara-software/terraform-provider-avara/internal/avara"
)

var (
	_ resource.ResourceWithConfigure   = &expressCustomerResource{}
	_ resource.ResourceWithIdentity    = &expressCustomerResource{}
	_ resource.ResourceWithImportState = &expressCustomerResource{}
	_ resource.ResourceWithModifyPlan  = &expressCustomerResource{}
	_ resource.ResourceWithMoveState   = &expressCustomerResource{}
)

// customerPolicy: destroy deactivates by default.
var customerPolicy = deletionPolicy{object: "Express customer", choices: []string{"deactivate", policyAbandon, policyPrevent}}

// expressCustomerResource is avara_express_customer. What an update calls and
// in which order is in express_customer_update.go, what a plan says in
// express_customer_plan.go, conversion in express_customer_model.go.
type expressCustomerResource struct{ withProviderData }

func newExpressCustomerResource() resource.Resource { return &expressCustomerResource{} }

func (r *expressCustomerResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_express_customer"
}

func (r *expressCustomerResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	keep := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	resp.Schema = schema.Schema{
		MarkdownDescription: "An Express customer: a tenant of your Avara account, with users and data of its own.\n\n" +
			"Avara can't delete customers. It only deactivates and reactivates them, and the argument `active` does that.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				MarkdownDescription: "Identifier of the customer: `cus_` followed by 32 hex characters.",
				Computed:            true,
				PlanModifiers:       keep,
			},
			"name": schema.StringAttribute{
				MarkdownDescription: "Name of the customer. Names need not be unique.",
				Required:            true,
			},
			"active": schema.BoolAttribute{
				MarkdownDescription: "Whether the customer can be used for new studies and new members. " +
					"A change to `true` reactivates the customer, a change to `false` deactivates it. Its data and members stay. " +
					"Defaults to `true`.",
				Optional: true,
				Computed: true,
				Default:  booldefault.StaticBool(true),
			},
			"metadata":           metadataAttribute(),
			"effective_metadata": effectiveMetadataAttribute(),
			"deletion_policy": customerPolicy.attribute("What a destroy does to the customer: `deactivate` (default), " +
				"`abandon` (nothing, Terraform only forgets it) or `prevent` (a plan that would destroy or replace it is an error)."),
			"user_count": schema.Int64Attribute{
				MarkdownDescription: "Number of members at present.",
				Computed:            true,
			},
			"created_at": schema.StringAttribute{
				MarkdownDescription: "When the customer was created, as an RFC 3339 timestamp.",
				Computed:            true,
				PlanModifiers:       keep,
			},
			"updated_at": schema.StringAttribute{
				MarkdownDescription: "When the customer was last changed, as an RFC 3339 timestamp.",
				Computed:            true,
			},
			"created_by_api_key_id": schema.StringAttribute{
				MarkdownDescription: "UUID of the API key that created the customer; null if a person did.",
				Computed:            true,
				PlanModifiers:       keep,
			},
			"created_by_user_id": schema.StringAttribute{
				MarkdownDescription: "Id of the user who created the customer in the dashboard; null if an API key did.",
				Computed:            true,
				PlanModifiers:       keep,
			},
			"timeouts": timeoutsAttribute(ctx),
		},
	}
}

func (r *expressCustomerResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = customerID.identitySchema()
}

// Create returns no error once the customer exists: Terraform would taint it,
// and replace it by a second customer that can't be deleted either.
func (r *expressCustomerResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan expressCustomerModel
	resp.Diagnostics.Append(get(ctx, req.Plan, &plan)...)
	resp.Diagnostics.Append(r.metadata.resolve(&plan.metadataModel, types.Map{})...)
	ctx, cancel := withTimeout(ctx, plan.Timeouts.Create, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	if d := r.names.claim(ctx, r.providerData, plan.Name.ValueString()); d != nil {
		resp.Diagnostics.Append(d)
		return
	}
	customer, err := r.create(ctx, &plan)
	if err != nil {
		resp.Diagnostics.Append(r.diagnostic(failure{
			summary: "Unable to create Express customer", object: plan.String(), err: err, advice: r.nameTakenAdvice(ctx, err, &plan),
			fields: expressCustomerFields, people: []personalTexts{plan.personal()}, timeout: "create",
		}))
		return
	}
	if customer.Active() != plan.Active.ValueBool() {
		customer = r.toggleNew(ctx, customer, &plan, &resp.Diagnostics)
	}
	created := plan
	created.fromAPI(customer, r.metadata)
	broken := created.keepPromises(&plan, r.metadata)
	resp.Diagnostics.Append(publish(ctx, publication{&resp.State, resp.Identity, resp.Private}, &created, broken)...)
}

// create takes turns with the destroy of a customer of the same name.
func (r *expressCustomerResource) create(ctx context.Context, plan *expressCustomerModel) (*avara.ExpressCustomer, error) {
	done, err := r.ledger.turn(ctx, plan.equality())
	defer done()
	if err != nil {
		return nil, err
	}
	customer, err := r.client.CreateExpressCustomer(ctx, plan.toCreate())
	r.names.release(plan.Name.ValueString(), err)
	return customer, r.ledger.created(plan.equality(), err)
}

// toggleNew toggles a customer that was just created, until the create timeout. A
// failure is a warning, and the state says what was planned.
func (r *expressCustomerResource) toggleNew(ctx context.Context, customer *avara.ExpressCustomer, plan *expressCustomerModel, diags *diag.Diagnostics) *avara.ExpressCustomer {
	toggle, send := toggleCustomer(plan.Active.ValueBool()), r.client.DeactivateExpressCustomer
	if plan.Active.ValueBool() {
		send = r.client.ReactivateExpressCustomer
	}
	toggled, err := send(ctx, customer.ID, avara.Persistently())
	if err == nil {
		if toggled.Metadata == nil {
			toggled.Metadata = customer.Metadata
		}
		return toggled
	}
	diags.AddWarning("Express customer was created, but not "+toggle.done, r.text(failure{
		object: describeCustomer(customer.Name, customer.ID), err: err, people: []personalTexts{plan.personal()},
		advice: "The customer exists. The next terraform plan shows this as a change of active, and applying it makes up for it. Nothing else is needed.",
	}))
	promised := *customer
	promised.IsActive = plan.Active.ValueBoolPointer()
	return &promised
}

func (r *expressCustomerResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state expressCustomerModel
	resp.Diagnostics.Append(get(ctx, req.State, &state)...)
	refresh(ctx, r.providerData, &state, resp, refreshing{
		timeout: state.Timeouts.Read,
		look: func(ctx context.Context) (found bool, err error) {
			customer, err := readCurrent(ctx, state.ID.ValueString(), shownBefore{state.CreatedAt, state.UpdatedAt, state.EffectiveMetadata},
				r.client.ReadExpressCustomer, r.client.ConfirmExpressCustomer)
			if err != nil {
				return false, err
			}
			state.fromAPI(customer, r.metadata)
			state.DeletionPolicy = customerPolicy.orDefault(state.DeletionPolicy)
			return true, nil
		},
		gone: func(err error, isManaged bool) diag.Diagnostics { return customerGone(&state, err, isManaged) },
	})
}

// Update makes as few calls as the change needs. After each the state holds
// what the API returned, so that a failure in between loses nothing.
func (r *expressCustomerResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state expressCustomerModel
	resp.Diagnostics.Append(get(ctx, req.Plan, &plan)...)
	resp.Diagnostics.Append(get(ctx, req.State, &state)...)
	resp.Diagnostics.Append(r.metadata.resolve(&plan.metadataModel, state.EffectiveMetadata)...)
	ctx, cancel := withTimeout(ctx, plan.Timeouts.Update, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	to := publication{&resp.State, resp.Identity, resp.Private}
	reached := state
	var done []string
	for _, step := range plan.stepsFrom(&state) {
		customer, err := step.run(ctx, r.providerData, state.ID.ValueString())
		if customer != nil {
			switch {
			case !step.writesMetadata:
				customer.Metadata = reached.kept(customer.Metadata)
			case err == nil:
				reached.metadataModel = plan.metadataModel
			}
			reached.fromAPI(customer, r.metadata)
		}
		if err != nil {
			advice := ""
			if !plan.Name.Equal(state.Name) {
				advice = r.nameTakenAdvice(ctx, err, &plan)
			}
			resp.Diagnostics.Append(r.diagnostic(failure{
				summary: fmt.Sprintf("Unable to %s Express customer", step.verb), object: reached.String(), err: err, done: done, advice: advice,
				fields: expressCustomerFields, people: []personalTexts{plan.personal(), state.personal()}, timeout: "update",
			}))
			resp.Diagnostics.Append(publish(ctx, to, &reached, nil)...)
			return
		}
		done = append(done, step.done)
	}
	reached.settle(plan.metadataModel, r.metadata)
	reached.DeletionPolicy, reached.Timeouts = plan.DeletionPolicy, plan.Timeouts
	broken := reached.keepPromises(&plan, r.metadata)
	resp.Diagnostics.Append(publish(ctx, to, &reached, broken)...)
}

func (r *expressCustomerResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state expressCustomerModel
	resp.Diagnostics.Append(get(ctx, req.State, &state)...)
	planned, diags := readPrivate(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	ctx, cancel := withTimeout(ctx, state.Timeouts.Delete, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	done, err := r.ledger.turn(ctx, state.equality())
	defer done()
	// With create_before_destroy the second customer exists by now.
	isReplaced, refused := r.ledger.creates(state.equality())
	switch policy := r.policy(state.DeletionPolicy, state.ID.ValueString()); {
	case policy == policyPrevent: // tainted: any other plan was refused
		resp.Diagnostics.Append(customerPolicy.taintRefusal(state.String()))
		return
	case r.abandons(state.ID.ValueString()):
		return
	case !planned.Ending && !isReplaced:
		resp.Diagnostics.Append(taintedCustomer(&state))
		return
	case refused:
		resp.Diagnostics.Append(notDestroyed(&state))
		return
	case policy == policyAbandon, !state.Active.ValueBool():
		return
	}
	if err == nil {
		_, err = r.client.DeactivateExpressCustomer(ctx, state.ID.ValueString())
	}
	if err != nil && !avara.IsNotFound(err) {
		resp.Diagnostics.Append(r.diagnostic(failure{
			summary: "Unable to deactivate Express customer", object: state.String(), err: err, people: []personalTexts{state.personal()}, timeout: "delete",
		}))
	}
}

// nameTakenAdvice is for an API whose names are unique. Whether Avara's are is not
// documented.
func (r *expressCustomerResource) nameTakenAdvice(ctx context.Context, err error, plan *expressCustomerModel) string {
	if avara.StatusOf(err) != http.StatusConflict {
		return ""
	}
	if twice := r.ledger.createdTwice(plan); twice != "" {
		return twice
	}
	for customer, lookErr := range r.client.ExpressCustomers(ctx) {
		if lookErr == nil && customer.ID != plan.ID.ValueString() && avara.SameText(customer.Name, plan.Name.ValueString()) {
			return fmt.Sprintf("There is %s. To manage that customer, import it instead:\n\n%s",
				describeCustomer(customer.Name, customer.ID), importBlock("express_customer", customer.ID))
		}
	}
	return ""
}

func (r *expressCustomerResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	customerID.importByID(ctx, req, resp, "")
}
