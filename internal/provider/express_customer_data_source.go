// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/avara-software/terraform-provider-avara/internal/avara"
)

// expressCustomerData is a customer that is looked up.
type expressCustomerData struct {
	expressCustomerAttributes
	IgnoreCase types.Bool `tfsdk:"ignore_case"`
}

func newExpressCustomerDataSource() datasource.DataSource {
	return &dataSource[expressCustomerData]{
		typeName: "express_customer",
		key:      []string{"id", "name"},
		schema: func(ctx context.Context) schema.Schema {
			attributes := shownCustomerAttributes(ctx)
			attributes["id"] = keyAttribute("Identifier of the customer: "+customerID.markdown()+". Exactly one of `id` and `name` must be set.",
				customerID.validators()...)
			attributes["name"] = keyAttribute("Name of the customer, compared exactly unless `ignore_case` is set. Names need not be unique: if several customers have it, "+
				"that is an error, which lists them.", notEmpty)
			attributes["active"] = schema.BoolAttribute{
				MarkdownDescription: "Whether the customer is active. If you set `true`, the look-up ignores inactive customers. With `false`, it ignores active ones.",
				Optional:            true, Computed: true,
			}
			attributes["ignore_case"] = flagFilter("Whether names are compared without regard to letter case. Defaults to `false`.")
			return schema.Schema{
				MarkdownDescription: "An Express customer that exists, active or not, found by its id or by its name.\n\n" +
					"A look-up by `id` takes one request. Look-ups by `name` together take one request for each hundred customers of the account.",
				Attributes: attributes,
			}
		},
		read: readCustomer,
	}
}

func shownCustomerAttributes(ctx context.Context) map[string]schema.Attribute {
	return shownAttributes(ctx, newExpressCustomerResource(), map[string]string{"metadata": shownMetadata})
}

func readCustomer(ctx context.Context, data providerData, d *expressCustomerData) (diags diag.Diagnostics) {
	if !d.Name.IsNull() {
		return readCustomerByName(ctx, data, d)
	}
	id := d.ID.ValueString()
	customer, err := data.client.GetExpressCustomer(ctx, id)
	switch {
	case avara.IsNotFound(err):
		diags.Append(notFound("id", "Express customer", "There is no Express customer "+id, "the id"))
	case err != nil:
		diags.Append(data.diagnostic(failure{summary: "Unable to read Express customer", object: describeCustomer("", id), err: err}))
	case !wantsFlag(d.Active, customer.Active()):
		diags.Append(notFound("active", "Express customer", fmt.Sprintf("Express customer %s is %s", id, activity(customer.Active())), "active"))
	default:
		d.show(customer, data)
	}
	return diags
}

// show takes over a customer that was found.
func (m *expressCustomerAttributes) show(customer *avara.ExpressCustomer, data providerData) {
	m.fromAPI(customer, data.metadata)
	data.ledger.showCustomer(customer.ID, customer.Active())
}

// readCustomerByName walks all customers, since the API has no filter, and to
// the last page, since names need not be unique.
func readCustomerByName(ctx context.Context, data providerData, d *expressCustomerData) (diags diag.Diagnostics) {
	name := d.Name.ValueString()
	same := func(a string) bool { return avara.Composed(a) == avara.Composed(name) }
	if d.IgnoreCase.ValueBool() {
		same = func(a string) bool { return strings.EqualFold(avara.Composed(a), avara.Composed(name)) }
	}
	found, err := data.client.FindExpressCustomers(ctx, func(c *avara.ExpressCustomer) bool {
		return same(c.Name) && wantsFlag(d.Active, c.Active())
	})
	switch {
	case err != nil:
		diags.Append(data.diagnostic(failure{summary: "Unable to look up Express customer by name", object: describeCustomer(name, ""), err: err}))
	case len(found) == 0:
		diags.Append(notFound("name", "Express customer", fmt.Sprintf("No Express customer has the name %q%s. %s", name, withActivity(d.Active), comparedHow(d.IgnoreCase)), "the spelling"))
	case len(found) > 1:
		var candidates []string
		for _, customer := range found {
			candidates = append(candidates, fmt.Sprintf("%s %q (%s)", customer.ID, customer.Name, activity(customer.Active())))
		}
		diags.Append(ambiguous("Several Express customers have this name", "Look one of them up by its id, or set active to leave the others aside", candidates))
	default:
		d.show(&found[0], data)
	}
	return diags
}

func withActivity(wanted types.Bool) string {
	if wanted.IsNull() {
		return ""
	}
	return fmt.Sprintf(" and active = %t", wanted.ValueBool())
}

func comparedHow(ignoreCase types.Bool) string {
	if ignoreCase.ValueBool() {
		return "Names are compared without regard to letter case, spaces included"
	}
	return "Names are compared exactly, letter case and spaces included"
}

func activity(active bool) string {
	if active {
		return "active"
	}
	return "inactive"
}
