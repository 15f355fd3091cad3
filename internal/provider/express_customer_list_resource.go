// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"

	"github.com/avara-software/terraform-provider-avara/internal/avara"
)

func newExpressCustomerListResource() list.ListResource {
	return &listResource[customerFilter, avara.ExpressCustomer]{
		typeName: "express_customer",
		objects:  "Express customers",
		description: "Finds the Express customers of the account, active or not, for `terraform query` (Terraform 1.14 and newer).\n\n" +
			"It takes one request for each hundred customers that are read.",
		filters: customerFilters(),
		find:    findCustomers,
		people:  func(*customerFilter) personalTexts { return nil },
		show:    func(customer avara.ExpressCustomer) (id, displayName string) { return customer.ID, customer.Name },
		fill:    fillCustomer,
	}
}

func fillCustomer(ctx context.Context, data providerData, customer avara.ExpressCustomer, target *tfsdk.Resource) diag.Diagnostics {
	var m expressCustomerModel
	diags := get(ctx, target, &m)
	if diags.HasError() {
		return diags
	}
	m.fromAPI(&customer, data.metadata)
	m.DeletionPolicy = customerPolicy.orDefault(m.DeletionPolicy)
	diags.Append(set(ctx, target, &m)...)
	return diags
}
