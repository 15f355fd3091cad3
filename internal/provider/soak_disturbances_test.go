// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"math/rand/v2"
	"slices"
	"sync"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// disturbances are changes that other users make in the dashboard during an apply.
type disturbances struct {
	a      *account
	spared map[string]bool // customers that must stay as they are
	mu     sync.Mutex
	random *rand.Rand
}

// maybe makes a change at about every tenth request.
func (d *disturbances) maybe() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.random.IntN(10) == 0 {
		d.change()
	}
}

// change makes one change as another user would: it edits an object that Terraform
// manages, or accepts an invitation.
func (d *disturbances) change() {
	random, a := d.random, d.a
	switch random.IntN(4) {
	case 0:
		customers := slices.DeleteFunc(a.Customers(), func(c emulator.Customer) bool { return d.spared[c.ID] })
		if len(customers) > 0 {
			a.EditCustomer(customers[random.IntN(len(customers))].ID, func(c *emulator.Customer) {
				c.Name, c.Metadata = "Changed by hand", nil
			})
		}
	case 1:
		if references := a.References(); len(references) > 0 {
			a.EditReference(references[random.IntN(len(references))].ID, func(r *emulator.Reference) {
				switch {
				case !r.IsActive:
				case random.IntN(2) == 0:
					r.Name += " by hand"
				default:
					r.IsActive, r.Name = false, r.Name+" (deleted)"
				}
			})
		}
	default:
		product := emulator.Products()[random.IntN(2)]
		if invitations := a.Invitations(product); len(invitations) > 0 {
			a.AcceptInvitation(product, invitations[random.IntN(len(invitations))].ID)
		}
	}
}
