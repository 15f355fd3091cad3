// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// A plan that creates customers does not know their ids, nor which of them a new member
// joins. It warns only if it creates no customer that the member could join.
func TestNewMembersOfNewCustomers(t *testing.T) {
	t.Parallel()
	unknownText := tftypes.NewValue(tftypes.String, tftypes.UnknownValue)
	customer := func(name, active any) map[string]any { return map[string]any{"name": name, "active": active} }
	for name, tc := range map[string]struct {
		customers []map[string]any
		// warning is part of the text, empty if nothing is to be said.
		warning string
	}{
		"none":                   {nil, ""},
		"active":                 {[]map[string]any{customer("A", true)}, ""},
		"active by default":      {[]map[string]any{customer("X", false), {"name": "A"}}, ""},
		"inactive":               {[]map[string]any{customer("X", false)}, `creates Express customer "X" as inactive`},
		"inactive beside active": {[]map[string]any{customer("X", false), customer("A", true)}, ""},
		"active beside inactive": {[]map[string]any{customer("A", true), customer("X", false)}, ""},
		"inactive beside one that may be active": {
			[]map[string]any{customer("X", false), customer("A", tftypes.NewValue(tftypes.Bool, tftypes.UnknownValue))}, "",
		},
		"inactive beside active of unknown name": {[]map[string]any{customer("X", false), customer(unknownText, true)}, ""},
		"inactive of unknown name":               {[]map[string]any{customer(unknownText, false)}, "creates an Express customer whose name is not known yet as inactive"},
		"three inactive":                         {[]map[string]any{customer("X", false), customer("Z", false), customer("Y", false)}, `creates Express customer "X", Express customer "Y" and Express customer "Z" as inactive`},
		"five inactive": {
			[]map[string]any{customer("X", false), customer("Z", false), customer("Y", false), customer("V", false), customer("W", false)},
			`creates Express customer "V", Express customer "W", Express customer "X" and 2 more as inactive`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCore(newAccount(t), newProtocol(t))
			for i, customer := range tc.customers {
				c.plan(fmt.Sprintf("avara_express_customer.%d", i), customer).expectQuiet()
			}
			join := map[string]any{"express_customer_id": unknownText, "user_id": inesID}
			joined := c.plan(membershipAddress, join)
			if tc.warning == "" {
				joined.expectQuiet()
				return
			}
			joined.expectWarning(mayTakeNoMembers, tc.warning, "If ")
			c.plan(membershipAddress, join).expectQuiet() // it is said once
			c.plan("avara_express_customer.late", customer("Late", false)).expectQuiet()
			later := c.plan(membershipAddress, join).expectWarning(mayTakeNoMembers, `creates Express customer "Late" as inactive`)
			if strings.Contains(texts(later.diagnostics), `"X"`) {
				t.Error(texts(later.diagnostics))
			}
		})
	}
}

// A data source shows the present state. A plan that reactivates the customer warns, too:
// Terraform may add the member before, if the member does not refer to the resource.
func TestNewMembersOfACustomerThatADataSourceShows(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		planned any
	}{
		"not managed":   {nil},
		"reactivated":   {true},
		"may be active": {tftypes.NewValue(tftypes.Bool, tftypes.UnknownValue)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newAccount(t)
			id := a.AddCustomer(emulator.Customer{Name: "Hillside"})
			c := newCore(a, newProtocol(t))
			if tc.planned != nil {
				c.imported(address, id).expectOK()
				c.plan(address, map[string]any{"name": "Hillside", "active": tc.planned}).expectQuiet().expectAction("update")
			}
			if _, d := c.readData("avara_express_customer", map[string]any{"name": "Hillside"}); len(d) > 0 {
				t.Fatal(texts(d))
			}
			joined := c.plan(membershipAddress, map[string]any{"express_customer_id": id, "user_id": inesID})
			joined.expectWarning(mayTakeNoMembers, "A data source shows", id, "refer to that resource")
		})
	}
}
