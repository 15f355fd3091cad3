// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

const nameExists = "Express customer with this name exists"

var preventDuplicates = map[string]any{"prevent_duplicate_names": true}

// A taken name is an error in the plan, which shows the block that imports the existing
// customer. If the name is taken after the plan, it is an error in the apply.
func TestPreventDuplicateNames(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	active := a.AddCustomer(emulator.Customer{Name: "Lakeside", IsActive: true})
	inactive := a.AddCustomer(emulator.Customer{Name: " Cle\u0301 "})
	start := func() *core {
		c := newCore(a, newProtocol(t))
		c.protocol = a.configuredWith(preventDuplicates)
		a.ResetRequests()
		return c
	}
	for name, want := range map[string][]string{
		"Lakeside": {"It is active", `id = "` + active + `"`},
		"Clé\n":    {"It is inactive", `id = "` + inactive + `"`},
	} {
		start().plan(address, map[string]any{"name": name}).expectError(nameExists, want...)
		a.expectRequests(allBut(), listCustomersRoute)
	}
	start().apply(address, map[string]any{"name": "lakeside"}).expectQuiet().expectAction("create")

	late := start()
	steps, _ := late.steps(address, map[string]any{"name": "Late"})
	a.AddCustomer(emulator.Customer{Name: "Late"})
	late.protocol = a.configuredWith(preventDuplicates) // another process applies
	refused := &outcome{t: t, diagnostics: late.carryOut(address, steps[0])}
	refused.expectError(nameExists, "Late")
	a.expectRequests(allBut(getRoute), listCustomersRoute, listCustomersRoute)

	a.AddCustomer(emulator.Customer{Name: "Lakeside"})
	start().plan(address, map[string]any{"name": "Lakeside"}).expectError(nameExists, "2 customers have this name")
	newCore(a, newProtocol(t)).apply(address, map[string]any{"name": "Lakeside"}).expectQuiet() // without the setting
}

// If one plan creates two customers with the same name, the plan shows the error.
func TestPreventDuplicateNamesOfOnePlan(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	c := newCore(a, newProtocol(t))
	c.protocol = a.configuredWith(preventDuplicates)
	c.plan("avara_express_customer.one", map[string]any{"name": "Lakeside"}).expectQuiet()
	c.plan("avara_express_customer.other", map[string]any{"name": "Hillside"}).expectQuiet()
	c.plan("avara_express_customer.two", map[string]any{"name": "Lakeside\n"}).expectWarning("Two Express customers of one name", "Lakeside").expectAction("create")
	a.expectRequests(allBut(), listCustomersRoute)
}

// A run that creates many customers reads the list once, and does not create two with the
// same name.
func TestPreventDuplicateNamesOfOneRun(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	a.Seed(emulator.Seed{Customers: 250})
	p := a.configuredWith(preventDuplicates)
	var mu sync.Mutex
	var refused []string
	var all sync.WaitGroup
	for i := range 10 {
		all.Go(func() {
			c := newCore(a, newProtocol(t))
			c.protocol = p
			out := c.apply(fmt.Sprintf("avara_express_customer.c%d", i), map[string]any{"name": fmt.Sprintf("New %d", i/2)})
			if out.failed() {
				mu.Lock()
				defer mu.Unlock()
				refused = append(refused, texts(out.diagnostics))
			}
		})
	}
	all.Wait()
	if len(refused) != 5 || slices.ContainsFunc(refused, func(text string) bool { return !strings.Contains(text, "Another resource creates") }) {
		t.Errorf("refused: %q", refused)
	}
	if counts := a.Counts(); counts[listCustomersRoute] != 3 || counts[createRoute] != 5 {
		t.Errorf("requests: %v", counts)
	}
}

// After a rejected create the name is free again. If the outcome of the create is unknown,
// the name counts as taken.
func TestPreventDuplicateNamesAfterAFailure(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]string{400: "", 503: nameExists} {
		inMemory(t, func(t *testing.T, a *account) {
			c := newCore(a, a.inMemoryProvider())
			if d := c.configure(map[string]any{"base_url": a.url, "api_key": emulator.DefaultAPIKey, "prevent_duplicate_names": true}); len(d) > 0 {
				t.Fatal(texts(d))
			}
			repair := a.AddFault(emulator.Fault{Route: createRoute, Status: status})
			config := map[string]any{"name": "Lakeside"}
			c.apply(address, config).expectError("Unable to create Express customer")
			repair()
			if again := c.apply(address, config); want == "" {
				again.expectOK()
			} else {
				again.expectError(want)
			}
		})
	}
}

// The provider's settings may be unknown in the plan. Then the name is checked in the
// apply.
func TestPreventDuplicateNamesOfUnknownSettings(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	c := newCore(a, newProtocol(t))
	c.protocol = newProtocol(t)
	if d := c.configure(map[string]any{"api_key": tftypes.NewValue(tftypes.String, tftypes.UnknownValue), "prevent_duplicate_names": true}); len(d) > 0 {
		t.Fatal(texts(d))
	}
	c.plan(address, map[string]any{"name": "Lakeside"}).expectQuiet().expectAction("create")
	c.protocol = newProtocol(t)
	if d := c.configure(map[string]any{"base_url": a.url, "api_key": emulator.DefaultAPIKey, "prevent_duplicate_names": tftypes.NewValue(tftypes.Bool, tftypes.UnknownValue)}); len(d) > 0 {
		t.Fatal(texts(d))
	}
	c.plan(address, map[string]any{"name": "Lakeside"}).expectQuiet()
	c.apply(address, map[string]any{"name": "Lakeside"}).expectError("Unable to create Express customer", "prevent_duplicate_names is not known")
}
