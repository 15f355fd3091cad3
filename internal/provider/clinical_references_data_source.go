// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"cmp"
	"context"
	"iter"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/avara-software/terraform-provider-avara/internal/avara"
)

// referenceFilter narrows references down, in the data source and in list
// blocks.
type referenceFilter struct {
	Type              types.String `tfsdk:"type"`
	ExpressCustomerID types.String `tfsdk:"express_customer_id"`
	NameContains      types.String `tfsdk:"name_contains"`
	Metadata          types.Map    `tfsdk:"metadata"`
}

type clinicalReferencesModel struct {
	referenceFilter
	Active     types.Bool              `tfsdk:"active"`
	References []clinicalReferenceData `tfsdk:"references"`
}

func referenceFilters() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"type": textFilter("What the references name: `facility`, `referring_provider`, `study_description` or `procedure`.",
			stringvalidator.OneOf(avara.ClinicalReferenceTypes()...)),
		"express_customer_id": textFilter("Id of the Express customer that the references belong to.", customerID.validators()...),
		"name_contains":       textFilter("Part of the name, in any letter case."),
		"metadata":            pairsFilter(),
	}
}

func newClinicalReferencesDataSource() datasource.DataSource {
	return &dataSource[clinicalReferencesModel]{
		typeName: "clinical_references",
		schema: func(ctx context.Context) schema.Schema {
			attributes := map[string]schema.Attribute{
				"active":     flagFilter("`false` for the deleted references. Those that are not deleted by default."),
				"references": manyAttribute("The references, sorted by name and then by id.", shownReferenceAttributes(ctx)),
			}
			maps.Copy(attributes, referenceFilters())
			return schema.Schema{
				MarkdownDescription: "All clinical references of the account that are not deleted, or those that match the filters.\n\n" +
					"It takes one request for each hundred references.",
				Attributes: attributes,
			}
		},
		read: readReferences,
	}
}

func readReferences(ctx context.Context, data providerData, m *clinicalReferencesModel) (diags diag.Diagnostics) {
	deleted := !wantsFlag(m.Active, true)
	references, err := collect(m.find(ctx, data, deleted))
	if err != nil {
		diags.Append(data.diagnostic(failure{summary: "Unable to list clinical references", err: err}))
		return diags
	}
	slices.SortFunc(references, func(a, b avara.ClinicalReference) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	m.References = make([]clinicalReferenceData, len(references))
	for i := range references {
		m.References[i].Metadata = types.MapNull(types.StringType)
		m.References[i].fromAPI(&references[i], data.metadata)
	}
	return diags
}

func (f *referenceFilter) find(ctx context.Context, data providerData, deleted bool) iter.Seq2[avara.ClinicalReference, error] {
	all := data.client.ClinicalReferences(ctx, avara.ClinicalReferenceFilter{
		Type: f.Type.ValueString(), ExpressCustomerID: f.ExpressCustomerID.ValueString(), Deleted: deleted,
	})
	return matching(all, func(reference avara.ClinicalReference) bool {
		return reference.Active != deleted && wantsPart(f.NameContains, reference.Name) && wantsPairs(f.Metadata, reference.Metadata)
	})
}
