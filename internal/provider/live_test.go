// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
)

// The lifecycles of a customer and of a reference, with assertions that work on any
// account: the plans and the state, but not the account itself. With AVARA_ACC_LIVE=1 the
// tests use the real account of AVARA_API_KEY and leave an inactive customer in it. They
// invite nobody, since that would send mail.

func TestAccLive_expressCustomer(t *testing.T) {
	t.Parallel()
	account := anyAccount(t)
	name := nameOfRun()
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: providers(),
		Steps: []resource.TestStep{
			liveStep(account(customerConfig(name, "active = false")), address, plancheck.ResourceActionCreate, "active", knownvalue.Bool(false)),
			liveStep(account(customerConfig(name, "active = true")), address, plancheck.ResourceActionUpdate, "active", knownvalue.Bool(true)),
			liveStep(account(customerConfig(name, "active = true")), address, plancheck.ResourceActionNoop, "name", knownvalue.StringExact(name)),
			liveStep(account(customerConfig(name+" 2", `metadata = { k = "v" }`)), address, plancheck.ResourceActionUpdate, "name", knownvalue.StringExact(name+" 2")),
			liveStep(account(customerConfig(name+" 2", `metadata = { l = "w" }`)), address, plancheck.ResourceActionUpdate,
				"effective_metadata", knownvalue.MapExact(map[string]knownvalue.Check{"l": knownvalue.StringExact("w")})),
			{ResourceName: address, ImportState: true, ImportStateVerify: true},
			liveStep(account(customerConfig(name+" 2", "active = false")), address, plancheck.ResourceActionUpdate, "active", knownvalue.Bool(false)),
		},
	})
}

func TestAccLive_clinicalReference(t *testing.T) {
	t.Parallel()
	account := anyAccount(t)
	name := nameOfRun()
	external := fmt.Sprintf("external_reference_id = %q", name)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: providers(),
		Steps: []resource.TestStep{
			liveStep(account(facility(name, external)), referenceAddress, plancheck.ResourceActionCreate, "name", knownvalue.StringExact(name)),
			liveStep(account(facility(name, external)), referenceAddress, plancheck.ResourceActionNoop, "name", knownvalue.StringExact(name)),
			liveStep(account(facility(name+" 2", external, evanston)), referenceAddress, plancheck.ResourceActionUpdate, "name", knownvalue.StringExact(name+" 2")),
			{ResourceName: referenceAddress, ImportState: true, ImportStateVerify: true},
			{ResourceName: referenceAddress, ImportState: true, ImportStateVerify: true, ImportStateId: externalPrefix + name},
		},
	})
}

// anyAccount returns a function that adds the provider block: for an emulated account, or
// for the real one if AVARA_ACC_LIVE=1.
func anyAccount(t *testing.T) func(blocks string) string {
	t.Helper()
	if os.Getenv("AVARA_ACC_LIVE") != "1" {
		return newAccount(t).config
	}
	if os.Getenv(envAPIKey) == "" {
		t.Fatalf("AVARA_ACC_LIVE=1 needs a key in %s", envAPIKey)
	}
	return func(blocks string) string { return "provider \"avara\" {}\n\n" + blocks }
}

// nameOfRun is a name that shows which objects a test run has left in an account, and
// when.
func nameOfRun() string {
	return "Terraform acceptance test " + time.Now().UTC().Format("2006-01-02 15:04:05.000000")
}

func liveStep(config, address string, action plancheck.ResourceActionType, attribute string, value knownvalue.Check) resource.TestStep {
	return resource.TestStep{
		Config: config,
		ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
			plancheck.ExpectResourceAction(address, action),
		}},
		ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownValue(address, tfjsonpath.New(attribute), value)},
	}
}
