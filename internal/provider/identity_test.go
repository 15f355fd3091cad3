// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"strings"
	"testing"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

func TestImportByIdentity(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	id := a.AddCustomer(emulator.Customer{Name: "One", IsActive: false, Metadata: map[string]string{"k": "v"}})
	p := configured(a)
	state, diagnostics := p.importByIdentity("avara_express_customer", id)
	if len(diagnostics) > 0 {
		t.Fatal(texts(diagnostics))
	}
	var active bool
	if err := state["active"].As(&active); err != nil || active || text(state["name"]) != "One" || text(state["deletion_policy"]) != "deactivate" {
		t.Errorf("%v", state)
	}

	a.ResetRequests()
	for _, malformed := range []string{"../x", "usr_" + id[4:], id[:35], ""} {
		_, diagnostics = p.importByIdentity("avara_express_customer", malformed)
		if got := texts(diagnostics); !strings.Contains(got, "Malformed import id") {
			t.Errorf("%q: %s", malformed, got)
		}
	}
	a.expectAllCalls()

	state, diagnostics = p.importByIdentity("avara_express_customer", "cus_"+strings.Repeat("0", 32))
	if state != nil || len(diagnostics) > 0 {
		t.Errorf("import of nothing: %v, %s", state, texts(diagnostics))
	}
}

// State written before the provider had identities, or by a Terraform that
// knows none, gets one from a refresh that finds nothing, too.
func TestRefreshOfStateWithoutIdentity(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	p := configured(a)
	const resource = "avara_express_customer"
	state := p.value(p.resourceType(resource), map[string]any{"id": "cus_" + strings.Repeat("0", 32), "name": "Gone"})
	after, diagnostics := p.read(resource, state, nil, nil)
	if after != nil || len(diagnostics) != 1 || !strings.Contains(texts(diagnostics), "Express customer not found") {
		t.Errorf("%v, %s", after, texts(diagnostics))
	}
}
