// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"

	"github.com/avara-software/terraform-provider-avara/internal/avara"
)

func newClinicalReferenceListResource() list.ListResource {
	return &listResource[referenceFilter, avara.ClinicalReference]{
		typeName: "clinical_reference",
		objects:  "clinical references",
		description: "Finds the clinical references of the account that are not deleted, for `terraform query` (Terraform 1.14 and newer).\n\n" +
			"It takes one request for each hundred references that are read.",
		filters: referenceFilters(),
		find: func(ctx context.Context, data providerData, filter *referenceFilter) iter.Seq2[avara.ClinicalReference, error] {
			return filter.find(ctx, data, false)
		},
		people: func(*referenceFilter) personalTexts { return nil },
		show:   func(reference avara.ClinicalReference) (id, displayName string) { return reference.ID, reference.Name },
		fill:   fillReference,
	}
}

func fillReference(ctx context.Context, data providerData, reference avara.ClinicalReference, target *tfsdk.Resource) diag.Diagnostics {
	var m clinicalReferenceModel
	diags := get(ctx, target, &m)
	if diags.HasError() {
		return diags
	}
	m.fromAPI(&reference, data.metadata)
	diags.Append(set(ctx, target, &m)...)
	return diags
}
