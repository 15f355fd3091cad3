// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/avara-software/terraform-provider-avara/internal/avara"
)

var (
	_ resource.ResourceWithConfigure   = &clinicalReferenceResource{}
	_ resource.ResourceWithIdentity    = &clinicalReferenceResource{}
	_ resource.ResourceWithImportState = &clinicalReferenceResource{}
	_ resource.ResourceWithModifyPlan  = &clinicalReferenceResource{}
	_ resource.ResourceWithMoveState   = &clinicalReferenceResource{}
)

// clinicalReferenceResource is avara_clinical_reference. What a plan says is in
// clinical_reference_plan.go, how one is found for an import in
// clinical_reference_import.go, conversion in clinical_reference_model.go.
type clinicalReferenceResource struct{ withProviderData }

func newClinicalReferenceResource() resource.Resource { return &clinicalReferenceResource{} }

func (r *clinicalReferenceResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_clinical_reference"
}

func (r *clinicalReferenceResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	keep := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	resp.Schema = schema.Schema{
		MarkdownDescription: "A clinical reference: a value that people pick in AutoScribe, such as the name of a facility or of a procedure.\n\n" +
			"A destroy deletes the reference permanently. Its name can then be used again. " +
			"If somebody deletes the reference in the dashboard, the next apply creates it again, with another id.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				MarkdownDescription: "Identifier of the reference: `ref_` followed by 32 hex characters.",
				Computed:            true,
				PlanModifiers:       keep,
			},
			"name": schema.StringAttribute{
				MarkdownDescription: "Name, as people pick it.",
				Required:            true,
			},
			"type": schema.StringAttribute{
				MarkdownDescription: "What the reference names: `facility`, `referring_provider`, `study_description` or `procedure`. " +
					"Another type replaces the reference.",
				Required:      true,
				PlanModifiers: []planmodifier.String{replacedByAnother},
			},
			"external_reference_id": schema.StringAttribute{
				MarkdownDescription: "Identifier of your own, unique in the account, by which the reference can be looked up. " +
					"It should not contain `/`. Another one replaces the reference.",
				Optional:      true,
				Validators:    []validator.String{pathSafe{}},
				PlanModifiers: []planmodifier.String{replacedByAnother},
			},
			"express_customer_id": schema.StringAttribute{
				MarkdownDescription: "Id of the Express customer that the reference belongs to. If it is not set, the reference belongs to the whole clinic. Avara may require that the customer is active. " +
					"A change to another customer is made in place. Removing the argument replaces the reference.",
				Optional:      true,
				Validators:    customerID.validators(),
				PlanModifiers: []planmodifier.String{replaceToDetach},
			},
			"metadata":           metadataAttribute(),
			"effective_metadata": effectiveMetadataAttribute(),
			"created_at": schema.StringAttribute{
				MarkdownDescription: "When the reference was created, as an RFC 3339 timestamp.",
				Computed:            true,
				PlanModifiers:       keep,
			},
			"updated_at": schema.StringAttribute{
				MarkdownDescription: "When the reference was last changed, as an RFC 3339 timestamp.",
				Computed:            true,
			},
			"timeouts": timeoutsAttribute(ctx),
		},
	}
}

func (r *clinicalReferenceResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = referenceID.identitySchema()
}

// Create returns no error once the reference exists: Terraform would taint it,
// and replace it for nothing.
func (r *clinicalReferenceResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan clinicalReferenceModel
	resp.Diagnostics.Append(get(ctx, req.Plan, &plan)...)
	resp.Diagnostics.Append(r.metadata.resolve(&plan.metadataModel, types.Map{})...)
	ctx, cancel := withTimeout(ctx, plan.Timeouts.Create, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	reference, err := r.create(ctx, &plan)
	if err != nil {
		advice := plan.refusalAdvice(err)
		if avara.StatusOf(err) == http.StatusConflict {
			advice = cmp.Or(r.ledger.createdTwice(&plan), advice)
		}
		resp.Diagnostics.Append(r.diagnostic(failure{
			summary: "Unable to create clinical reference", err: err, advice: advice,
			fields: clinicalReferenceFields, people: []personalTexts{plan.personal()}, timeout: "create",
			again: "Apply again: if it was created, Avara refuses the second one as taken, and the error says how to import it.",
		}))
		return
	}
	created := plan
	created.fromAPI(reference, r.metadata)
	broken := created.keepPromises(&plan, r.metadata)
	resp.Diagnostics.Append(publish(ctx, publication{&resp.State, resp.Identity, resp.Private}, &created, broken)...)
}

// create takes turns with the delete of an equal reference.
func (r *clinicalReferenceResource) create(ctx context.Context, plan *clinicalReferenceModel) (*avara.ClinicalReference, error) {
	done, err := r.ledger.turn(ctx, plan.equality())
	defer done()
	if err != nil {
		return nil, err
	}
	reference, err := r.client.CreateClinicalReference(ctx, plan.toCreate())
	return reference, r.ledger.created(plan.equality(), err)
}

func (r *clinicalReferenceResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state clinicalReferenceModel
	resp.Diagnostics.Append(get(ctx, req.State, &state)...)
	refresh(ctx, r.providerData, &state, resp, refreshing{
		timeout: state.Timeouts.Read,
		look: func(ctx context.Context) (found bool, err error) {
			reference, err := readCurrent(ctx, state.ID.ValueString(), shownBefore{state.CreatedAt, state.UpdatedAt, state.EffectiveMetadata},
				r.client.ReadClinicalReference, r.client.ConfirmClinicalReference)
			if err != nil || !reference.Active {
				return false, err
			}
			state.fromAPI(reference, r.metadata)
			return true, nil
		},
	})
}

// Update sends one PATCH, or nothing if only Terraform's own arguments change. After
// a failure the state holds what the API returned last.
func (r *clinicalReferenceResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state clinicalReferenceModel
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
	if change := plan.changeFrom(&state); !change.IsEmpty() {
		reference, err := r.update(ctx, state.ID.ValueString(), change, plan.Metadata)
		if reference != nil {
			switch {
			case change.Metadata == nil:
				reference.Metadata = reached.kept(reference.Metadata)
			case err == nil:
				reached.metadataModel = plan.metadataModel
			}
			reached.fromAPI(reference, r.metadata)
		}
		if err != nil {
			resp.Diagnostics.Append(r.diagnostic(failure{
				summary: "Unable to update clinical reference", object: state.String(), err: err, advice: plan.refusalAdvice(err),
				fields: clinicalReferenceFields, people: []personalTexts{plan.personal(), state.personal()}, timeout: "update",
			}))
			resp.Diagnostics.Append(publish(ctx, to, &reached, nil)...)
			return
		}
	}
	reached.settle(plan.metadataModel, r.metadata)
	reached.Timeouts = plan.Timeouts
	broken := reached.keepPromises(&plan, r.metadata)
	resp.Diagnostics.Append(publish(ctx, to, &reached, broken)...)
}

// update makes a change. configured is the metadata that it was planned from.
func (r *clinicalReferenceResource) update(
	ctx context.Context, id string, change avara.ClinicalReferenceChange, configured types.Map,
) (reference *avara.ClinicalReference, err error) {
	change.Metadata, err = r.metadata.latest(change.Metadata, configured, func() (map[string]string, error) {
		reference, err := r.client.GetClinicalReference(ctx, id)
		if err != nil {
			return nil, err
		}
		return reference.Metadata, nil
	})
	if err != nil {
		return nil, err
	}
	return r.client.UpdateClinicalReference(ctx, id, change)
}

func (r *clinicalReferenceResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state clinicalReferenceModel
	resp.Diagnostics.Append(get(ctx, req.State, &state)...)
	ctx, cancel := withTimeout(ctx, state.Timeouts.Delete, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	done, err := r.ledger.turn(ctx, state.equality())
	defer done()
	if _, refused := r.ledger.creates(state.equality()); refused {
		resp.Diagnostics.Append(notDestroyed(&state))
		return
	}
	if err == nil {
		err = r.client.DeleteClinicalReference(ctx, state.ID.ValueString())
	}
	if err != nil {
		resp.Diagnostics.Append(r.diagnostic(failure{
			summary: "Unable to delete clinical reference", object: state.String(), err: err, people: []personalTexts{state.personal()}, timeout: "delete",
		}))
	}
}

// refusalAdvice says what to do where the name or the external id is taken, or the
// customer does not exist or is inactive.
func (m *clinicalReferenceModel) refusalAdvice(err error) string {
	var refusal *avara.Error
	switch errors.As(err, &refusal); {
	case avara.IsNotFound(err) && !m.ExpressCustomerID.IsNull() && (m.ID.ValueString() == "" || strings.Contains(strings.ToLower(refusal.Message), "customer")):
		return fmt.Sprintf("The API does not find Express customer %s. Check express_customer_id: it must be a customer of the same account.", m.ExpressCustomerID.ValueString())
	case refusesInactive(err) && saysInactive(refusal) && !m.ExpressCustomerID.IsNull():
		return fmt.Sprintf("Avara takes no reference for an inactive customer. Set active = true for Express customer %s.", m.ExpressCustomerID.ValueString())
	case avara.StatusOf(err) != http.StatusConflict:
		return ""
	}
	id := referenceID.prefix + "…"
	if external := m.ExternalReferenceID.ValueString(); external != "" {
		id = externalPrefix + external
	}
	return fmt.Sprintf("There seems to be a reference with this name or this external id. If it is the one you mean, import it instead:\n\n%s\n\n"+
		"If this apply replaces that reference, take create_before_destroy out of the lifecycle block: Avara takes the new one only once the old one is gone. "+
		"The external id of a deleted reference may stay taken; then choose another.", importBlock("clinical_reference", id))
}
