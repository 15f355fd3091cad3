// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"cmp"
	"context"
	"iter"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/avara-software/terraform-provider-avara/internal/avara"
)

// customerFilter narrows customers down, in the data source and in list blocks.
type customerFilter struct {
	Active       types.Bool   `tfsdk:"active"`
	NameContains types.String `tfsdk:"name_contains"`
	Metadata     types.Map    `tfsdk:"metadata"`
}

type expressCustomersModel struct {
	customerFilter
	Customers []expressCustomerAttributes `tfsdk:"customers"`
}

func customerFilters() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"active":        flagFilter("`true` for active customers only, `false` for inactive ones only. All by default."),
		"name_contains": textFilter("Part of the name, in any letter case."),
		"metadata":      pairsFilter(),
	}
}

func newExpressCustomersDataSource() datasource.DataSource {
	return &dataSource[expressCustomersModel]{
		typeName: "express_customers",
		schema: func(ctx context.Context) schema.Schema {
			attributes := map[string]schema.Attribute{
				"customers": manyAttribute("The customers, sorted by name and then by id.", shownCustomerAttributes(ctx)),
			}
			maps.Copy(attributes, customerFilters())
			return schema.Schema{
				MarkdownDescription: "All Express customers of the account, active or not, or those that match the filters.\n\n" +
					"It takes one request for each hundred customers of the account. The API can't filter customers, so filters don't reduce requests.",
				Attributes: attributes,
			}
		},
		read: readCustomers,
	}
}

func readCustomers(ctx context.Context, data providerData, m *expressCustomersModel) (diags diag.Diagnostics) {
	customers, err := collect(findCustomers(ctx, data, &m.customerFilter))
	if err != nil {
		diags.Append(data.diagnostic(failure{summary: "Unable to list Express customers", err: err}))
		return diags
	}
	slices.SortFunc(customers, func(a, b avara.ExpressCustomer) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	m.Customers = make([]expressCustomerAttributes, len(customers))
	for i := range customers {
		m.Customers[i].Metadata = types.MapNull(types.StringType)
		m.Customers[i].show(&customers[i], data)
	}
	return diags
}

func findCustomers(ctx context.Context, data providerData, filter *customerFilter) iter.Seq2[avara.ExpressCustomer, error] {
	return matching(data.client.ExpressCustomers(ctx), func(customer avara.ExpressCustomer) bool {
		return wantsFlag(filter.Active, customer.Active()) && wantsPart(filter.NameContains, customer.Name) && wantsPairs(filter.Metadata, customer.Metadata)
	})
}
