// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// The lifecycle with the test framework of HashiCorp. TestDialects has it under all
// dialects, but without a Terraform.
func TestAccExpressCustomer_lifecycle(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	attribute := func(name string, value knownvalue.Check) statecheck.StateCheck {
		return statecheck.ExpectKnownValue(address, tfjsonpath.New(name), value)
	}
	pairs := func(pairs map[string]string) knownvalue.Check {
		checks := map[string]knownvalue.Check{}
		for key, value := range pairs {
			checks[key] = knownvalue.StringExact(value)
		}
		return knownvalue.MapExact(checks)
	}
	step := func(config string, calls []string, checks ...statecheck.StateCheck) resource.TestStep {
		return resource.TestStep{
			PreConfig:         a.ResetRequests,
			Config:            a.config(config),
			ConfigStateChecks: checks,
			Check:             a.check(func() { a.expectRequests(allBut(getRoute), calls...) }),
		}
	}
	imported := resource.TestStep{ResourceName: address, ImportState: true, ImportStateVerify: true}

	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: providers(),
		CheckDestroy: a.check(func() {
			if c := a.customer(); c.IsActive {
				t.Errorf("destroyed, but active: %+v", c)
			}
		}),
		Steps: []resource.TestStep{
			step(customerConfig("One", `metadata = { tier = "gold", contract = "7" }`), []string{createRoute},
				attribute("id", knownvalue.StringRegexp(customerID.pattern)),
				attribute("active", knownvalue.Bool(true)),
				attribute("deletion_policy", knownvalue.StringExact("deactivate")),
				attribute("user_count", knownvalue.Int64Exact(0)),
				attribute("effective_metadata", pairs(map[string]string{"tier": "gold", "contract": "7"}))),
			imported,
			step(customerConfig("Two", `metadata = { tier = "silver" }`), []string{patchRoute},
				attribute("name", knownvalue.StringExact("Two")),
				attribute("metadata", pairs(map[string]string{"tier": "silver"})),
				attribute("effective_metadata", pairs(map[string]string{"tier": "silver"}))),
			step(customerConfig("Two", "active = false", "metadata = {}"), []string{patchRoute, deactivateRoute},
				attribute("active", knownvalue.Bool(false)),
				attribute("metadata", pairs(nil)),
				attribute("effective_metadata", pairs(nil))),
			{ResourceName: address, ImportState: true, ImportStateVerify: true, ImportStateVerifyIgnore: []string{"metadata.%"}},
			step(customerConfig("Two"), []string{reactivateRoute},
				attribute("active", knownvalue.Bool(true)),
				attribute("metadata", knownvalue.Null())),
			{
				PreConfig: func() {
					a.EditCustomer(a.customer().ID, func(c *emulator.Customer) {
						c.Name, c.IsActive, c.Metadata = "Changed", false, map[string]string{"by": "hand"}
					})
					a.ResetRequests()
				},
				Config: a.config(customerConfig("Two")),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(address, plancheck.ResourceActionUpdate),
				}},
				Check: a.check(func() { a.expectRequests(allBut(getRoute), reactivateRoute, patchRoute) }),
			},
			step(customerConfig("Two"), nil),
		},
	})
}

func TestExpressCustomer_importRefusesMalformedIDs(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	w := newCoreWorkspace(a, customerConfig("One"))
	valid := strings.Repeat("0", 32)
	for _, id := range []string{"../x", "usr_" + valid, "cus_" + valid[1:], "cus_" + valid + "0", "cus_" + valid[1:] + "g", "One"} {
		w.run("import", address, id).expectFailed().expect("error", "Malformed import id", "cus_ followed by 32 hex")
	}
	a.expectRequests(allBut())
}

func TestExpressCustomer_importOfNothing(t *testing.T) {
	t.Parallel()
	w := newCoreWorkspace(newAccount(t), customerConfig("One"))
	w.run("import", address, "cus_"+strings.Repeat("0", 32)).expectFailed().expect("error", "Cannot import non-existent remote object")
}

func TestExpressCustomer_inputIsCheckedBeforeAnyRequest(t *testing.T) {
	t.Parallel()
	pairs := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "k%d = \"v\"\n", i)
		}
		return "metadata = {\n" + b.String() + "}"
	}
	for name, tc := range map[string]struct {
		config string
		texts  []string
	}{
		"empty name":      {customerConfig(""), []string{"Invalid attribute value", "Attribute name", "must not be empty or only blanks"}},
		"blank name":      {customerConfig(" \t\u00a0"), []string{"Invalid attribute value", "Attribute name", "must not be empty or only blanks"}},
		"51 pairs":        {customerConfig("One", pairs(51)), []string{"Too many metadata pairs", "at most 50"}},
		"long key":        {customerConfig("One", fmt.Sprintf(`metadata = { %s = "v" }`, strings.Repeat("k", 101))), []string{"Invalid metadata pair", "Attribute metadata", "between 1 and 100"}},
		"empty key":       {customerConfig("One", `metadata = { "" = "v" }`), []string{"Invalid metadata pair", "Attribute metadata", "between 1 and 100"}},
		"long value":      {customerConfig("One", fmt.Sprintf(`metadata = { k = %q }`, strings.Repeat("v", 1001))), []string{"Invalid metadata pair", "Attribute metadata", "at most 1000"}},
		"unknown policy":  {customerConfig("One", `deletion_policy = "delete"`), []string{"Invalid Attribute Value Match", "Attribute deletion_policy", `"deactivate" "abandon" "prevent"`}},
		"bad timeout":     {customerConfig("One", `timeouts = { create = "soon" }`), []string{"Invalid duration", `"soon"`}},
		"computed is set": {customerConfig("One", `user_count = 3`), []string{unconfigurable, `"user_count"`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newAccount(t)
			newCoreWorkspace(a, tc.config).plan().expectFailed().expect("error", tc.texts[0], tc.texts[1:]...)
			a.expectRequests(allBut())
		})
	}
	t.Run("the limits themselves", func(t *testing.T) {
		t.Parallel()
		w := newCoreWorkspace(newAccount(t), customerConfig(strings.Repeat("ä", 255), pairs(50)))
		w.apply().expectOK().expectQuiet()
		w.write(customerConfig("One", fmt.Sprintf(`metadata = { %s = %q }`, strings.Repeat("k", 100), strings.Repeat("ä", 1000))))
		w.apply().expectOK().expectQuiet()
		w.plan().expectOK().expectQuiet().expectChanges()
	})
}

// Metadata that only a list leaves out is not reported as removed.
func TestAListMayLeaveMetadataOut(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	lists := 0
	a.rewriteAnswers(func(body string) string {
		if !strings.Contains(body, `"expressCustomers":[{`) {
			return body
		}
		lists++
		return regexp.MustCompile(`,"metadata":\{[^}]*\}`).ReplaceAllString(body, "")
	})
	c := newCore(a, newProtocol(t))
	config := func(i int) (at string, values map[string]any) {
		return fmt.Sprintf("%s%d", address, i), map[string]any{"name": fmt.Sprint("Customer ", i), "metadata": textMap(map[string]string{"tier": "gold"})}
	}
	const customers = 30
	for i := range customers {
		at, values := config(i)
		c.apply(at, values).expectQuiet()
	}
	c.protocol = configured(a)
	for i := range customers {
		at, values := config(i)
		c.plan(at, values).expectQuiet().expectAction("no-op")
	}
	if lists == 0 {
		t.Error("no list was read")
	}
}

// What an answer leaves out stays as it is known.
func TestFlagsMayBeLeftOut(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	flags := regexp.MustCompile(`"(isActive|hasDashboardAccess|canManageStudies|canCreateReports)":(true|false),?`)
	a.rewriteAnswers(func(body string) string { return flags.ReplaceAllString(body, "") })
	c := newCore(a, newProtocol(t))
	customer := map[string]any{"name": "One"}
	for _, active := range []bool{false, true, false} {
		customer["active"] = active
		c.apply(address, customer).expectQuiet()
		c.apply(address, customer).expectQuiet().expectAction("no-op")
		if got := a.customer().IsActive; got != active {
			t.Errorf("active is %t, want %t", got, active)
		}
	}
	user := with(autoScribePeople.values(testEmail), map[string]any{"has_dashboard_access": true, "can_manage_studies": true, "can_create_reports": true, "npi_number": "1674829308"})
	c.apply(autoScribePeople.address(), user).expectQuiet().expectAction("create")
	c.apply(autoScribePeople.address(), user).expectQuiet().expectAction("no-op")
	a.AcceptInvitation(emulator.AutoScribe, a.Invitations(emulator.AutoScribe)[0].ID)
	c.apply(autoScribePeople.address(), user).expectQuiet().expectAction("no-op")
	user["can_manage_studies"] = false
	c.apply(autoScribePeople.address(), user).expectQuiet().expectAction("update")
	c.apply(autoScribePeople.address(), user).expectQuiet().expectAction("no-op")
}

// A read may return data older than the state, since the API may need a moment to show a
// write. Such a read is repeated and not reported as a change.
func TestAnOlderAnswerIsReadAgain(t *testing.T) {
	t.Parallel()
	for at, configs := range map[string][2]map[string]any{
		address:          {{"name": "One"}, {"name": "Two"}},
		referenceAddress: {{"name": "One", "type": "facility"}, {"name": "Two", "type": "facility"}},
	} {
		for _, bulk := range []bool{true, false} {
			inMemory(t, func(t *testing.T, a *account) {
				c := newCore(a, a.inMemoryProvider())
				c.start = func() *protocol {
					p := a.inMemoryProvider()
					if d := p.configure(map[string]any{"base_url": a.url, "api_key": emulator.DefaultAPIKey, "bulk_refresh": bulk}); len(d) > 0 {
						t.Fatal(texts(d))
					}
					return p
				}
				c.apply(at, configs[0]).expectQuiet()
				time.Sleep(time.Second)
				c.apply(at, configs[1]).expectQuiet().expectAction("update")
				c.restart()
				c.plan(at, configs[1]).expectQuiet().expectAction("no-op")
			}, emulator.WithDialects(emulator.ReadLag))
		}
	}
}
