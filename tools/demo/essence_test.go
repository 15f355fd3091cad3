// SPDX-License-Identifier: MPL-2.0

package main

import (
	"strings"
	"testing"
)

func TestEssence(t *testing.T) {
	t.Parallel()
	const output = `avara_express_customer.north: Refreshing state... [id=cus_1]

Terraform used the selected providers to generate the following execution plan.
  ~ update in-place

Terraform will perform the following actions:

  # avara_express_customer.north will be updated in-place
  ~ resource "avara_express_customer" "north" {
      ~ active                = false -> true
      ~ effective_metadata    = {
          - "region" = "north"
        } -> (known after apply)
        id                    = "cus_1"
      ~ metadata              = {
          + "tier"   = "gold"
            # (1 unchanged element hidden)
        }
      ~ updated_at            = "2026-01-01T00:00:00Z" -> (known after apply)
        # (2 unchanged attributes hidden)
    }

Plan: 0 to add, 1 to change, 0 to destroy.
╷
│ Warning: Mind the gap
│ ` + `
│   with avara_express_customer.north,
│   on main.tf line 1, in resource "avara_express_customer" "north":
│    1: resource "avara_express_customer" "north" {
│ ` + `
│ There is one.
╵
avara_express_customer.north: Modifying... [id=cus_1]
avara_express_customer.north: Modifications complete after 0s [id=cus_1]

Apply complete! Resources: 0 added, 1 changed, 0 destroyed.
`
	const want = `# avara_express_customer.north will be updated in-place
~ resource "avara_express_customer" "north" {
    ~ active                = false -> true
      id                    = "cus_1"
    ~ metadata              = {
        + "tier"   = "gold"
      }
  }
Plan: 0 to add, 1 to change, 0 to destroy.

Warning: Mind the gap

There is one.
avara_express_customer.north: Modifications complete after 0s
Apply complete! Resources: 0 added, 1 changed, 0 destroyed.`
	if got := strings.Join(essence(output), "\n"); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}
