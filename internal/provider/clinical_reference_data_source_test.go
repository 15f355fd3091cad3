// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"slices"
	"strings"
	"testing"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

func TestClinicalReferenceData(t *testing.T) {
	t.Parallel()
	a := newClinic(t)
	id := a.AddReference(emulator.Reference{Name: "North", Type: "facility", IsActive: true, ExternalReferenceID: "LNC-04", ExpressCustomerID: lakesideID})
	deleted := a.AddReference(emulator.Reference{Name: "South (deleted)", Type: "facility", ExternalReferenceID: "LNC-05"})
	p := configured(a)
	for argument, want := range map[string]struct{ value, route string }{
		"id":                    {id, getReferenceRoute},
		"external_reference_id": {"LNC-04", getByExternalRoute},
	} {
		got, diagnostics := p.readData(clinicalReferenceType, map[string]any{argument: want.value})
		if len(diagnostics) > 0 || text(got["id"]) != id || text(got["name"]) != "North" || flagOf(got["active"]) != "true" ||
			text(got["external_reference_id"]) != "LNC-04" || text(got["express_customer_id"]) != lakesideID {
			t.Errorf("by %s: %v %s", argument, got, texts(diagnostics))
		}
		a.expectRequests(allBut(), want.route)
	}
	for _, tc := range []struct{ argument, value, want string }{
		{"id", deleted, "Clinical reference not found"},
		{"id", unknownReference, "Clinical reference not found"},
		{"external_reference_id", "LNC-05", "Clinical reference not found"},
		{"external_reference_id", "nobody's", `external_reference_id = "nobody's"`},
		{"external_reference_id", "a/b", "External id may not be found again"},
		{"id", "LNC-04", "must be ref_ followed by 32 hex"},
	} {
		if _, diagnostics := p.readData(clinicalReferenceType, map[string]any{tc.argument: tc.value}); !strings.Contains(texts(diagnostics), tc.want) {
			t.Errorf("%s: %s", tc.value, texts(diagnostics))
		}
	}
	if _, diagnostics := p.readData(clinicalReferenceType, nil); !strings.Contains(texts(diagnostics), "[id,external_reference_id]") {
		t.Error(texts(diagnostics))
	}
}

func TestClinicalReferencesData(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	a.Seed(emulator.Seed{Customers: 10, References: 120})
	customer := a.Customers()[0].ID
	a.AddReference(emulator.Reference{Name: "Zz South (deleted)", Type: "facility"})
	p := configured(a)
	for name, tc := range map[string]struct {
		arguments map[string]any
		count     int
		query     string
		pages     int
	}{
		"all":      {nil, 120, "isActive=true&limit=100", 2},
		"active":   {map[string]any{"active": true}, 120, "isActive=true", 2},
		"deleted":  {map[string]any{"active": false}, 1, "isActive=false", 1},
		"type":     {map[string]any{"type": "procedure"}, 30, "type=procedure", 1},
		"customer": {map[string]any{"express_customer_id": customer}, 4, "expressCustomerId=" + customer, 1},
		"name":     {map[string]any{"name_contains": "dr. INES"}, 2, "limit=100", 2},
	} {
		a.ResetRequests()
		got, diagnostics := p.readData("avara_clinical_references", tc.arguments)
		if len(diagnostics) > 0 {
			t.Fatal(texts(diagnostics))
		}
		references := objects(t, got["references"])
		if len(references) != tc.count || !slices.IsSorted(column(references, "name")) {
			t.Errorf("%s: %d references, want %d: %q", name, len(references), tc.count, column(references, "name"))
		}
		if name == "deleted" && (text(references[0]["name"]) != "Zz South (deleted)" || flagOf(references[0]["active"]) != "false") {
			t.Errorf("%v", references[0])
		}
		if query := a.Requests()[0].Query; !strings.Contains(query, tc.query) {
			t.Errorf("%s: %s", name, query)
		}
		a.expectRequests(allBut(), slices.Repeat([]string{listReferencesRoute}, tc.pages)...)
	}
	a.AddFault(emulator.Fault{Status: 401})
	if _, diagnostics := p.readData("avara_clinical_references", nil); !strings.Contains(texts(diagnostics), "Unable to list clinical references") {
		t.Error(texts(diagnostics))
	}
}
