// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// expectSent asserts the bodies that were sent to a route since the log was cleared, and
// the routes of all other requests, including the reads of plans.
func (a *account) expectSent(route string, bodies []string, calls ...string) {
	a.t.Helper()
	if got := a.bodiesOf(route); !slices.Equal(got, bodies) {
		a.t.Errorf("sent %q, want %q", got, bodies)
	}
	a.expectRequests(allBut(), calls...)
}

func (w *workspace) expectState(address string, want map[string]string) {
	w.t.Helper()
	state, _ := w.state(address)
	for name, value := range want {
		if got := fmt.Sprint(state[name]); got != value {
			w.t.Errorf("%s is %s, want %s", name, got, value)
		}
	}
}

// Default pairs that are added to or removed from the provider block cause one PATCH per
// object. A resource's own pair overrides the default.
func TestMetadata_defaults(t *testing.T) {
	t.Parallel()
	for address, tc := range map[string]struct {
		config             func(arguments ...string) string
		create, get, patch string
		name               string
	}{
		address: {
			func(arguments ...string) string { return customerConfig("North", arguments...) },
			createRoute, getRoute, patchRoute, `"expressCustomerName":"North"`,
		},
		referenceAddress: {
			func(arguments ...string) string { return facility("North", arguments...) },
			createReferenceRoute, getReferenceRoute, patchReferenceRoute, `"name":"North"`,
		},
	} {
		t.Run(address, func(t *testing.T) {
			t.Parallel()
			a := newAccount(t)
			a.settings = `default_metadata = { env = "prod", team = "a" }`
			own := `metadata = { env = "test" }`
			w := newCoreWorkspace(a, tc.config(own))
			w.apply().expectOK().expectQuiet()
			if body := a.bodiesOf(tc.create)[0]; !strings.Contains(body, tc.name) || !strings.Contains(body, `"metadata":{"env":"test","team":"a"}`) {
				t.Errorf("sent %s", body)
			}
			a.expectRequests(allBut(), tc.create)
			w.expectState(address, map[string]string{"metadata": "map[env:test]", "effective_metadata": "map[env:test team:a]"})
			w.plan().expectOK().expectQuiet().expectChanges()

			for _, step := range []struct {
				settings, own, body, metadata, effective string
			}{
				{`default_metadata = { env = "prod", team = "b", tier = "1" }`, own, `{"metadata":{"env":"test","team":"b","tier":"1"}}`, "map[env:test]", "map[env:test team:b tier:1]"},
				{`default_metadata = { team = "b" }`, own, `{"metadata":{"env":"test","team":"b"}}`, "map[env:test]", "map[env:test team:b]"},
				{`default_metadata = { team = "b" }`, `metadata = {}`, `{"metadata":{"team":"b"}}`, "map[]", "map[team:b]"},
				{``, `metadata = {}`, `{"metadata":null}`, "map[]", "map[]"},
				{`default_metadata = { empty = "" }`, ``, `{"metadata":{"empty":""}}`, "<nil>", "map[empty:]"},
			} {
				a.settings = step.settings
				w.write(tc.config(step.own))
				a.ResetRequests()
				w.apply().expectOK().expectQuiet().expectChanges("update " + address)
				a.expectSent(tc.patch, []string{step.body}, tc.get, tc.patch)
				w.expectState(address, map[string]string{"metadata": step.metadata, "effective_metadata": step.effective})
				w.plan().expectOK().expectQuiet().expectChanges()
			}
		})
	}
}

// If a resource repeats a default pair, metadata contains it once.
func TestMetadata_duplicates(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	w := newCoreWorkspace(a, customerConfig("North", `metadata = { env = "prod" }`))
	w.apply().expectOK()
	a.ResetRequests()
	a.settings = `default_metadata = { env = "prod" }`
	w.write(customerConfig("North", `metadata = { env = "prod" }`))
	w.plan().expectOK().expectQuiet().expectChanges()

	w.write(customerConfig("North"))
	w.apply().expectOK().expectQuiet()
	w.write(customerConfig("North", `metadata = { env = "prod" }`))
	w.apply().expectOK().expectQuiet()
	a.expectRequests(allBut(getRoute))
	w.plan().expectOK().expectQuiet().expectChanges()

	a.settings = ""
	w.write(customerConfig("North", `metadata = { env = "prod" }`))
	w.plan().expectOK().expectQuiet().expectChanges()
}

// Pairs that others write under ignored keys are not reported as drift, and they survive
// updates by Terraform, whether a PATCH merges or replaces metadata.
func TestMetadata_ignored(t *testing.T) {
	t.Parallel()
	for _, dialect := range [][]emulator.Dialect{nil, {emulator.PatchMetadataMerges}} {
		t.Run(fmt.Sprint(dialect), func(t *testing.T) {
			t.Parallel()
			a := newAccount(t, emulator.WithDialects(dialect...))
			a.settings = "ignore_metadata {\n    keys = [\"invoice\"]\n    key_prefixes = [\"billing/\"]\n  }"
			w := newCoreWorkspace(a, customerConfig("North", `metadata = { env = "prod", tier = "1" }`))
			w.apply().expectOK().expectQuiet()
			set := func(key, value string) {
				a.EditCustomer(a.customer().ID, func(c *emulator.Customer) { c.Metadata[key] = value })
			}
			set("invoice", "7")
			set("billing/plan", "gold")
			w.plan().expectOK().expectQuiet().expectChanges()

			a.ResetRequests()
			w.write(customerConfig("South", `metadata = { env = "prod", tier = "1" }`))
			w.apply().expectOK().expectQuiet()
			a.expectSent(patchRoute, []string{`{"expressCustomerName":"South"}`}, getRoute, patchRoute)
			w.expectState(address, map[string]string{"metadata": "map[env:prod tier:1]", "effective_metadata": "map[billing/plan:gold env:prod invoice:7 tier:1]"})

			w.write(customerConfig("South", `metadata = { env = "prod", tier = "1" }`, `active = false`))
			w.apply().expectOK().expectQuiet()
			a.expectRequests(allBut(), getRoute, deactivateRoute)

			// Others write again between plan and apply.
			w.write(customerConfig("South", `metadata = { env = "test" }`, `active = false`))
			w.plan("-out=plan").expectOK().expectQuiet().expectChanges("update " + address)
			set("invoice", "8")
			a.ResetRequests()
			w.apply("plan").expectOK().expectQuiet()
			whole := `{"metadata":{"billing/plan":"gold","env":"test","invoice":"8"}}`
			if len(dialect) == 0 {
				a.expectSent(patchRoute, []string{whole}, getRoute, patchRoute)
			} else {
				a.expectSent(patchRoute, []string{whole, `{"metadata":null}`, whole}, getRoute, patchRoute, patchRoute, patchRoute)
			}
			w.plan().expectOK().expectQuiet().expectChanges()
			w.expectState(address, map[string]string{"metadata": "map[env:test]"})

			set("note", "by hand")
			w.apply().expectOK().expectQuiet().expectChanges("update " + address)
			if got := fmt.Sprint(a.customer().Metadata); got != "map[billing/plan:gold env:test invoice:8]" {
				t.Errorf("%s", got)
			}
		})
	}
}

// When a key becomes ignored, its existing pair stays in the API.
func TestMetadata_handedOver(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	w := newCoreWorkspace(a, customerConfig("North", `metadata = { env = "prod", invoice = "7" }`))
	w.apply().expectOK()
	a.ResetRequests()
	a.settings = "ignore_metadata {\n    keys = [\"invoice\"]\n  }"
	w.write(customerConfig("North", `metadata = { env = "prod" }`))
	w.apply().expectOK().expectQuiet()
	w.plan().expectOK().expectQuiet().expectChanges()
	a.expectRequests(allBut(getRoute))
	if a.customer().Metadata["invoice"] != "7" {
		t.Error("removed")
	}
}

// If the configuration sets a key that it also ignores, the set value applies, with a
// warning.
func TestMetadata_ignoredAndSet(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	a.settings = "default_metadata = { billing_unit = \"u\" }\n  ignore_metadata {\n    key_prefixes = [\"billing\"]\n  }"
	w := newCoreWorkspace(a, customerConfig("North", `metadata = { billing_plan = "gold" }`))
	w.apply().expectOK().
		expect("warning", "Ignored metadata key is set", `"billing_plan"`, "metadata sets it").
		expect("warning", "Ignored metadata key has a default", `"billing_unit"`, "default_metadata sets it")
	w.plan().expectOK().expectChanges()
	a.EditCustomer(a.customer().ID, func(c *emulator.Customer) {
		c.Metadata = map[string]string{"billing_plan": "tin", "billing_unit": "v", "billing_day": "1"}
	})
	w.apply().expectOK().expectChanges("update " + address)
	if got := fmt.Sprint(a.customer().Metadata); got != "map[billing_day:1 billing_plan:gold billing_unit:u]" {
		t.Error(got)
	}
	w.plan().expectOK().expectChanges()
}

// Values that are unknown until the apply, in the provider block and in a resource.
func TestAccMetadata_knownAfterApply(t *testing.T) {
	t.Parallel()
	const build = "resource \"terraform_data\" \"build\" {\n  input = %q\n}\n"
	for name, settings := range map[string]string{
		"an element": `default_metadata = { team = "a", build = terraform_data.build.output }`,
		"the map":    `default_metadata = tomap({ team = "a", build = terraform_data.build.output })`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newAccount(t)
			a.settings = settings
			config := func(value string) string {
				return fmt.Sprintf(build, value) + customerConfig("North", `metadata = { own = terraform_data.build.output }`)
			}
			w := newWorkspace(a, config("1"))
			w.apply().expectOK().expectQuiet()
			w.expectState(address, map[string]string{"metadata": "map[own:1]", "effective_metadata": "map[build:1 own:1 team:a]"})
			a.ResetRequests()
			w.plan().expectOK().expectQuiet().expectChanges()
			w.write(config("2"))
			w.apply().expectOK().expectQuiet()
			a.expectSent(patchRoute, []string{`{"metadata":{"build":"2","own":"2","team":"a"}}`}, getRoute, getRoute, patchRoute)
			w.plan().expectOK().expectQuiet().expectChanges()
		})
	}
}

// The API's limits apply to the merged pairs. The error in the plan says where the pairs
// come from.
func TestMetadata_limits(t *testing.T) {
	t.Parallel()
	pairs := func(prefix string, count int) string {
		var all strings.Builder
		for i := range count {
			fmt.Fprintf(&all, "    %s%02d = \"v\"\n", prefix, i)
		}
		return "{\n" + all.String() + "  }"
	}
	const tooMany = "Too many metadata pairs"
	a := newAccount(t)
	a.settings = "default_metadata = " + pairs("d", 3) + "\n  ignore_metadata {\n    key_prefixes = [\"x\"]\n  }"
	w := newCoreWorkspace(a, customerConfig("North", "metadata = "+pairs("k", 48)))
	w.plan().expectFailed().expect("error", tooMany, "51 pairs", "at most 50", "48 from metadata", "3 from the provider's default_metadata (d00, d01, d02)")
	w.write(facility("North", "metadata = "+pairs("k", 48)))
	w.plan().expectFailed().expect("error", tooMany, "51 pairs")

	w.write(customerConfig("North", "metadata = "+pairs("k", 46)))
	w.apply().expectOK().expectQuiet()
	a.EditCustomer(a.customer().ID, func(c *emulator.Customer) { c.Metadata["x"] = "theirs" })
	w.plan().expectOK().expectQuiet().expectChanges()
	a.ResetRequests()
	w.write(customerConfig("North", "metadata = "+pairs("k", 47)))
	w.plan().expectFailed().expect("error", tooMany, "51 pairs", "1 on the object that the provider's ignore_metadata keeps (x)")
	w.write(customerConfig("North", "metadata = "+pairs("d", 3)))
	w.plan().expectOK()
	a.expectRequests(allBut(getRoute))

	for name, setting := range map[string]string{
		"many":       "default_metadata = " + pairs("d", 51),
		"long key":   `default_metadata = { ` + strings.Repeat("k", 101) + ` = "v" }`,
		"empty key":  `default_metadata = { "" = "v" }`,
		"long value": `default_metadata = { k = "` + strings.Repeat("v", 1001) + `" }`,
		"no prefix":  "ignore_metadata {\n    key_prefixes = [\"\"]\n  }",
	} {
		a.settings = setting
		w.write(customerConfig("North"))
		if failed := w.plan().expectFailed(); !strings.Contains(failed.stdout, strings.Fields(setting)[0]) {
			t.Errorf("%s: %s", name, failed.stdout)
		}
	}
}

// The generated configuration of an imported object repeats no default pairs and contains
// no ignored ones. An object that lacks a default is updated.
func TestAccMetadata_import(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	a.settings = "default_metadata = { team = \"a\" }\n  ignore_metadata {\n    keys = [\"invoice\"]\n  }"
	with := a.AddCustomer(emulator.Customer{Name: "With", Metadata: map[string]string{"team": "a", "invoice": "7", "env": "prod"}})
	only := a.AddCustomer(emulator.Customer{Name: "Only", IsActive: true, Metadata: map[string]string{"team": "a"}})
	without := a.AddCustomer(emulator.Customer{Name: "Without", IsActive: true})
	var imports strings.Builder
	for name, id := range map[string]string{"with": with, "only": only, "without": without} {
		fmt.Fprintf(&imports, "import {\n  to = avara_express_customer.%s\n  id = %q\n}\n", name, id)
	}
	w := newWorkspace(a, imports.String())
	planned := w.plan("-generate-config-out=generated.tf").expectOK()
	slices.Sort(planned.changes)
	planned.expectChanges("import avara_express_customer.only", "import avara_express_customer.with", "update avara_express_customer.without")
	a.ResetRequests()
	w.apply().expectOK().expectQuiet()
	a.expectSent(patchRoute, []string{`{"metadata":{"team":"a"}}`}, getRoute, getRoute, getRoute, getRoute, patchRoute)
	w.expectState("avara_express_customer.with", map[string]string{"metadata": "map[env:prod]", "effective_metadata": "map[env:prod invoice:7 team:a]"})
	w.plan().expectOK().expectQuiet().expectChanges()
}

// If the answer of a create is lost, the search compares the pairs as they were sent.
func TestMetadata_createWithALostAnswer(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	a.settings = `default_metadata = { team = "a" }`
	a.AddFault(emulator.Fault{Route: createRoute, Cut: emulator.CutAfter, Times: 1})
	w := newCoreWorkspace(a, customerConfig("North", `metadata = { env = "prod" }`))
	w.apply().expectOK().expectQuiet()
	a.customer()
	w.plan().expectOK().expectQuiet().expectChanges()
}

// The plan shows the final metadata: for a create, and for an update of another attribute.
func TestMetadataIsPlanned(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	c := newCore(a, newProtocol(t))
	c.protocol = a.configuredWith(map[string]any{"default_metadata": textMap(map[string]string{"team": "a"})})
	config := map[string]any{"name": "North", "metadata": textMap(map[string]string{"env": "prod"})}
	expect := func(config map[string]any, effective tftypes.Value) {
		t.Helper()
		steps, out := c.steps(address, config)
		out.expectQuiet()
		planned := c.attributes(address, steps[0].planned.PlannedState)["effective_metadata"]
		if !planned.Equal(effective) {
			t.Errorf("planned %s, want %s", planned, effective)
		}
	}
	both := textMap(map[string]string{"env": "prod", "team": "a"})
	expect(config, both)
	c.apply(address, config).expectQuiet()
	config["active"] = false
	expect(config, both)
	config["name"] = "South"
	expect(config, both)
	unknown := tftypes.NewValue(tftypes.String, tftypes.UnknownValue)
	config["name"] = unknown
	expect(config, both)
	// An unknown value may turn out to be null, which removes the pair.
	config["metadata"] = tftypes.NewValue(mapType, map[string]tftypes.Value{"env": unknown})
	expect(config, tftypes.NewValue(mapType, tftypes.UnknownValue))
	c.protocol = a.configuredWith(map[string]any{"default_metadata": tftypes.NewValue(mapType, tftypes.UnknownValue)})
	expect(config, tftypes.NewValue(mapType, tftypes.UnknownValue))
}

// If the provider's settings stay unknown in the apply, writing metadata could remove
// pairs. The apply fails instead.
func TestMetadataIsNotWrittenUnknown(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	c := newCore(a, newProtocol(t))
	config := map[string]any{"name": "North", "metadata": textMap(map[string]string{"env": "prod"})}
	c.apply(address, config).expectQuiet()
	a.ResetRequests()
	for _, settings := range []map[string]any{
		{"default_metadata": tftypes.NewValue(mapType, tftypes.UnknownValue)},
		{"default_metadata": tftypes.NewValue(mapType, map[string]tftypes.Value{"a": tftypes.NewValue(tftypes.String, tftypes.UnknownValue)})},
	} {
		c.protocol = a.configuredWith(settings)
		for _, address := range []string{address, "avara_express_customer.other"} {
			c.apply(address, config).expectError("Unable to merge metadata", "not known before something else has been applied", "-target")
		}
		c.apply(referenceAddress, map[string]any{"name": "North", "type": "facility"}).expectError("Unable to merge metadata")
	}
	a.expectRequests(allBut(getRoute))
	if diagnostics := c.plan(address, config).diagnostics; slices.ContainsFunc(diagnostics, func(d *tfprotov6.Diagnostic) bool {
		return d.Severity == tfprotov6.DiagnosticSeverityError
	}) {
		t.Error(texts(diagnostics))
	}
}

// The documented example works unedited.
func TestAccExamples_metadata(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	w := newWorkspace(a, "")
	w.env = append(w.env, envAPIKey+"="+emulator.DefaultAPIKey, envBaseURL+"="+a.url)
	writeFile(t, filepath.Join(w.dir, "main.tf"), requiredProviders+"\n"+example(t, "provider", "metadata.tf")+"\n"+customerConfig("North"))
	w.apply().expectOK().expectQuiet()
	w.plan().expectOK().expectQuiet().expectChanges()
	if got := fmt.Sprint(a.customer().Metadata); got != "map[managed_by:terraform team:imaging-platform]" {
		t.Error(got)
	}
	writeFile(t, filepath.Join(w.dir, "main.tf"), example(t, "provider", "metadata.tf"))
	if format := w.run("fmt", "-check", "-diff"); format.failed {
		t.Errorf("not in canonical format:\n%s", format.stdout)
	}
}
