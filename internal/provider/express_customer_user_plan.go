// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// planJoin says what the API will refuse: a new member of an inactive customer. It knows
// the customers of this plan, and those that a data source shows. isSure is false if the
// user may turn out to be the member that there is.
func (r *expressCustomerUserResource) planJoin(plan *expressCustomerUserModel, isSure bool) diag.Diagnostic {
	id := plan.ExpressCustomerID.ValueString()
	if plan.ExpressCustomerID.IsUnknown() {
		return mayJoinNew(r.ledger.onlyInactive())
	}
	switch inactive := r.ledger.planMember(id, isSure); {
	case inactive && isSure:
		return joinsInactive(id)
	case inactive:
		return mayJoinInactive(id)
	case r.ledger.wasShownInactive(id):
		return diag.NewWarningDiagnostic(mayTakeNoMembers, fmt.Sprintf("A data source shows that Express customer %s is inactive. Avara takes no new members for an inactive customer: "+
			"unless it is active by then, the apply will fail. If a resource of this configuration makes the customer active, refer to that resource in express_customer_id: "+
			"then the customer is active before the user is added.", id))
	}
	return nil
}

const mayTakeNoMembers = "Express customer may take no members"

// mostNamed bounds how many customers a warning names.
const mostNamed = 3

// mayJoinNew is the warning for a new member of a customer whose id is not known yet, in a
// plan whose new customers are all inactive; nil if there are none.
func mayJoinNew(inactive []string) diag.Diagnostic {
	if len(inactive) == 0 {
		return nil
	}
	return diag.NewWarningDiagnostic(mayTakeNoMembers, fmt.Sprintf("This plan creates %s as inactive, and adds a user to a customer whose id is not known yet. "+
		"If the user is added to an inactive customer, the apply will fail: Avara takes no new members for it. "+
		"Create the customer as active, and set active = false in a later apply.", named(inactive)))
}

// named is an enumeration of a few things, and the number of the others.
func named(all []string) string {
	last := len(all) - 1
	switch {
	case len(all) > mostNamed:
		return fmt.Sprintf("%s and %d more", strings.Join(all[:mostNamed], ", "), len(all)-mostNamed)
	case last > 0:
		return strings.Join(all[:last], ", ") + " and " + all[last]
	}
	return all[0]
}

// mayJoinInactive is joinsInactive where the user is replaced, or may be.
func mayJoinInactive(customer string) diag.Diagnostic {
	return diag.NewWarningDiagnostic(mayTakeNoMembers,
		fmt.Sprintf("After this plan, Express customer %s is inactive, and the id of a user who is a member of it is not known yet. If it is another user than before, "+
			"as after a new invitation, the apply will fail: Avara takes no new members for an inactive customer. "+
			"Change the user while the customer is active, or set active = true.", customer))
}

// joinsInactive is the error for a new member of a customer that the same plan makes or
// leaves inactive. The API refuses that (vendor documentation), and by then the same apply
// would have invited people by mail.
func joinsInactive(customer string) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Inactive Express customer takes no members",
		fmt.Sprintf("After this plan, Express customer %s is inactive, and the plan adds a user to it. Avara takes no new members for an inactive customer. "+
			"Set active = true, or add the user once the customer is active.", customer))
}
