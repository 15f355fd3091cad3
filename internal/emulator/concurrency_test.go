// SPDX-License-Identifier: MPL-2.0

package emulator_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// TestManyAtOnce is for the race detector, and detects lost writes.
func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	customer := b.createCustomer("Lakeside")
	const workers, rounds = 8, 20
	var group sync.WaitGroup
	for worker := range workers {
		group.Go(func() {
			for round := range rounds {
				email := fmt.Sprintf("u%d.%d@x.example", worker, round)
				path, body := membership(customer, b.join(emulator.Viewer, map[string]any{"email": email}))
				b.ok("POST", path, body)
				b.createReference(`{"name":` + quote(email) + `,"type":"facility"}`)
				b.ok("GET", "/v1/express", "")
				b.EditCustomer(customer, func(c *emulator.Customer) {
					if c.Metadata == nil {
						c.Metadata = map[string]string{}
					}
					c.Metadata[fmt.Sprint("worker", worker)] = fmt.Sprint(round)
				})
				b.SetDialects(emulator.AllDialects()[round%3].Dialect)
				b.AddFault(emulator.Fault{Every: 1000, Times: 1, LatencyMS: 1})()
				_, _, _ = b.State(), b.Requests(), b.Counts()
			}
		})
	}
	group.Wait()
	got := b.mustCustomer(customer)
	if len(got.Members) != workers*rounds || len(got.Metadata) != workers {
		t.Errorf("%d members, metadata %v", len(got.Members), got.Metadata)
	}
	if references := len(b.References()); references != workers*rounds {
		t.Errorf("%d references", references)
	}
}

// TestCopiesAreTheCallers modifies the values that the dashboard's methods return and
// accept, which must not change the account.
func TestCopiesAreTheCallers(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	given := emulator.Customer{Name: "a", Metadata: map[string]string{"k": "v"}, Members: []string{"usr_1"}}
	id := b.AddCustomer(given)
	given.Metadata["k"], given.Members[0] = "changed", "changed"
	taken := b.mustCustomer(id)
	taken.Metadata["k"], taken.Members[0] = "changed", "changed"
	b.Customers()[0].Metadata["k"] = "changed"
	b.State().Customers[0].Metadata["k"] = "changed"
	var kept map[string]string
	b.EditCustomer(id, func(c *emulator.Customer) { kept = c.Metadata })
	kept["k"] = "changed"
	if got := b.mustCustomer(id); got.Metadata["k"] != "v" || got.Members[0] != "usr_1" {
		t.Errorf("the customer is %+v", got)
	}
}
