// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/avara-software/terraform-provider-avara/internal/avara"
)

// clinicalReferenceData is what data sources show of a reference. Unlike a
// resource it may be deleted, and then has the name that deleting gave it.
type clinicalReferenceData struct {
	clinicalReferenceAttributes
	Active types.Bool `tfsdk:"active"`
}

func (d *clinicalReferenceData) fromAPI(reference *avara.ClinicalReference, policy metadataPolicy) {
	d.clinicalReferenceAttributes.fromAPI(reference, policy)
	d.Name, d.Active = types.StringValue(reference.Name), types.BoolValue(reference.Active)
}

func newClinicalReferenceDataSource() datasource.DataSource {
	return &dataSource[clinicalReferenceData]{
		typeName: "clinical_reference",
		key:      []string{"id", "external_reference_id"},
		schema: func(ctx context.Context) schema.Schema {
			attributes := shownReferenceAttributes(ctx)
			attributes["id"] = keyAttribute("Identifier of the reference: "+referenceID.markdown()+". Exactly one of `id` and `external_reference_id` must be set.",
				referenceID.validators()...)
			attributes["external_reference_id"] = keyAttribute("Identifier of your own, unique in the account.", notBlank, pathSafe{})
			return schema.Schema{
				MarkdownDescription: "A clinical reference that exists, found by its id or by its external id, with one request. A deleted reference is not found.",
				Attributes:          attributes,
			}
		},
		read: readReference,
	}
}

func shownReferenceAttributes(ctx context.Context) map[string]schema.Attribute {
	attributes := shownAttributes(ctx, newClinicalReferenceResource(),
		map[string]string{"metadata": shownMetadata})
	attributes["active"] = schema.BoolAttribute{
		MarkdownDescription: "`false` if the reference was deleted. Its name then has a suffix that Avara added.", Computed: true,
	}
	return attributes
}

func readReference(ctx context.Context, data providerData, d *clinicalReferenceData) (diags diag.Diagnostics) {
	attribute, get, key := "id", data.client.GetClinicalReference, d.ID.ValueString()
	if d.ID.IsNull() {
		attribute, get, key = "external_reference_id", data.client.GetClinicalReferenceByExternalID, d.ExternalReferenceID.ValueString()
	}
	reference, err := get(ctx, key)
	switch {
	case isGone(reference, err):
		diags.Append(notFound(attribute, "clinical reference", fmt.Sprintf("There is no clinical reference with %s = %q, or it was deleted", attribute, key), "the spelling"))
	case err != nil:
		diags.Append(data.diagnostic(failure{summary: "Unable to read clinical reference", err: err}))
	default:
		d.fromAPI(reference, data.metadata)
	}
	return diags
}
