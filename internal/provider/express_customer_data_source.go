// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/avara-software/terraform-provider-avara/internal/avara"
)

func newExpressCustomerDataSource() datasource.DataSource {
	return &dataSource[expressCustomerAttributes]{
		typeName: "express_customer",
		key:      []string{"id", "name"},
		schema: func(ctx context.Context) schema.Schema {
			attributes := shownCustomerAttributes(ctx)
			attributes["id"] = keyAttribute("Identifier of the customer: "+customerID.markdown()+". Exactly one of `id` and `name` must be set.",
				customerID.validators()...)
			attributes["name"] = keyAttribute("Name of the customer, compared exactly. Names need not be unique: if several customers have it, "+
				"that is an error, which lists them.", notBlank)
			return schema.Schema{
				MarkdownDescription: "An Express customer that exists, active or not, found by its id or by its exact name.\n\n" +
					"By `id` it costs one request, by `name` one for each hundred customers.",
				Attributes: attributes,
			}
		},
		read: readCustomer,
	}
}

func shownCustomerAttributes(ctx context.Context) map[string]schema.Attribute {
	return shownAttributes(ctx, newExpressCustomerResource(), map[string]string{"metadata": shownMetadata})
}

func readCustomer(ctx context.Context, data providerData, m *expressCustomerAttributes) (diags diag.Diagnostics) {
	if !m.Name.IsNull() {
		return readCustomerByName(ctx, data, m)
	}
	id := m.ID.ValueString()
	customer, err := data.client.GetExpressCustomer(ctx, id)
	switch {
	case avara.IsNotFound(err):
		diags.Append(notFound("id", "Express customer", "There is no Express customer "+id, "the id"))
	case err != nil:
		diags.Append(data.diagnostic(failure{summary: "Unable to read Express customer", object: describeCustomer("", id), err: err}))
	default:
		m.fromAPI(customer, data.metadata)
	}
	return diags
}

// readCustomerByName walks all customers, since the API has no filter, and to
// the last page, since names need not be unique.
func readCustomerByName(ctx context.Context, data providerData, m *expressCustomerAttributes) (diags diag.Diagnostics) {
	name := m.Name.ValueString()
	found, err := collect(matching(data.client.ExpressCustomers(ctx), func(c avara.ExpressCustomer) bool { return c.Name == name }))
	switch {
	case err != nil:
		diags.Append(data.diagnostic(failure{summary: "Unable to look up Express customer by name", object: describeCustomer(name, ""), err: err}))
	case len(found) == 0:
		diags.Append(notFound("name", "Express customer",
			fmt.Sprintf("No Express customer has the name %q. Names are compared exactly, letter case and spaces included", name), "the spelling"))
	case len(found) > 1:
		var candidates []string
		for _, customer := range found {
			candidates = append(candidates, fmt.Sprintf("%s %q (%s)", customer.ID, customer.Name, customerStatus(&customer)))
		}
		diags.Append(ambiguous("Several Express customers have this name", "Look one of them up by its id", candidates))
	default:
		m.fromAPI(&found[0], data.metadata)
	}
	return diags
}

func customerStatus(customer *avara.ExpressCustomer) string {
	if customer.Active {
		return "active"
	}
	return "inactive"
}
