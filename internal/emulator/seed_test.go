// SPDX-License-Identifier: MPL-2.0

package emulator_test

import (
	"reflect"
	"testing"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

func TestSeed(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.Seed(emulator.Seed{Customers: 600, Users: 20, References: 12})

	customers := b.Customers()
	seen := map[string]bool{}
	inactive, described, members := 0, 0, 0
	for _, c := range customers {
		if seen[c.Name] || seen[c.ID] {
			t.Errorf("%q or %s is there twice", c.Name, c.ID)
		}
		seen[c.Name], seen[c.ID] = true, true
		members += len(c.Members)
		if !c.IsActive {
			inactive++
		}
		if len(c.Metadata) > 0 {
			described++
		}
	}
	if len(customers) != 600 || inactive != 60 || described != 200 || members != 40 {
		t.Errorf("%d customers, %d inactive, %d with metadata, %d members", len(customers), inactive, described, members)
	}
	for _, product := range emulator.Products() {
		if users, invitations := len(b.Users(product)), len(b.Invitations(product)); users != 20 || invitations != 20 {
			t.Errorf("%d users, %d invitations of %s", users, invitations, product)
		}
	}
	if got := len(b.References()); got != 12 {
		t.Errorf("%d references", got)
	}
	if youngest := customers[len(customers)-1].CreatedAt; !youngest.Equal(b.clock.Now()) {
		t.Errorf("the youngest is from %v", youngest)
	}
}

// TestSeedIsValid sends seeded objects back through the API, which checks them.
func TestSeedIsValid(t *testing.T) {
	t.Parallel()
	b, target := newBench(t), newBench(t)
	b.Seed(emulator.Seed{Customers: 3, Users: 40, References: 12})
	for _, product := range emulator.Products() {
		for _, user := range b.Users(product) {
			body := map[string]any{
				"email": user.Email, "firstName": user.FirstName, "lastName": user.LastName, "clinicRole": user.ClinicRole,
				"level": user.Level, "canManageStudies": user.CanManageStudies, "hasDashboardAccess": user.HasDashboardAccess,
			}
			if product == emulator.AutoScribe {
				body["canCreateReports"], body["npiNumber"] = user.CanCreateReports, nil
				if user.NPINumber != "" {
					body["npiNumber"] = user.NPINumber
				}
			}
			target.invite(product, body)
		}
	}
	for _, r := range b.References() {
		target.createReference(`{"name":` + quote(r.Name) + `,"type":` + quote(r.Type) + `,"externalReferenceId":` + quote(r.ExternalReferenceID) + `}`)
	}
}

func TestSeedIsTheSameEveryTime(t *testing.T) {
	t.Parallel()
	var states [2]emulator.State
	for i := range states {
		b := newBench(t)
		b.Seed(emulator.Seed{Customers: 20, Users: 10, References: 10})
		states[i] = b.State()
		for j := range states[i].Customers {
			states[i].Customers[j].CreatedByAPIKeyID = ""
		}
	}
	if !reflect.DeepEqual(states[0].Customers, states[1].Customers) || !reflect.DeepEqual(states[0].References, states[1].References) {
		t.Error("two seeds differ")
	}
}
