// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

const listCustomersRoute = "GET /v1/express"

func TestExpressCustomerData(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	for i := range 150 {
		a.AddCustomer(emulator.Customer{Name: fmt.Sprintf("Filler %d", i), IsActive: true})
	}
	id := a.AddCustomer(emulator.Customer{Name: "Lakeside", Metadata: map[string]string{"tier": "gold"}})
	twins := []string{
		a.AddCustomer(emulator.Customer{Name: "Harbor", IsActive: true}),
		a.AddCustomer(emulator.Customer{Name: "Harbor"}),
	}
	p := configured(a)
	const typeName = "avara_express_customer"
	for argument, want := range map[string]struct {
		value string
		calls []string
	}{
		"id":   {id, []string{getRoute}},
		"name": {"Lakeside", []string{listCustomersRoute, listCustomersRoute}},
	} {
		a.ResetRequests()
		got, diagnostics := p.readData(typeName, map[string]any{argument: want.value})
		if len(diagnostics) > 0 {
			t.Fatal(texts(diagnostics))
		}
		if text(got["id"]) != id || text(got["name"]) != "Lakeside" || flagOf(got["active"]) != "false" ||
			!strings.Contains(got["metadata"].String(), "gold") || !strings.Contains(got["effective_metadata"].String(), "gold") {
			t.Errorf("by %s: %v", argument, got)
		}
		a.expectRequests(allBut(), want.calls...)
	}
	for name, tc := range map[string]struct {
		arguments map[string]any
		texts     []string
		requests  int
	}{
		"unknown id":      {map[string]any{"id": "cus_" + strings.Repeat("0", 32)}, []string{"Express customer not found", "cus_00"}, 1},
		"unknown name":    {map[string]any{"name": "lakeside"}, []string{"Express customer not found", `"lakeside"`, "exactly"}, 2},
		"several":         {map[string]any{"name": "Harbor"}, []string{"Several Express customers", twins[0] + ` "Harbor" (active)`, twins[1] + ` "Harbor" (inactive)`}, 2},
		"neither":         {nil, []string{"Missing Attribute Configuration", "[id,name]"}, 0},
		"both":            {map[string]any{"id": id, "name": "Lakeside"}, []string{"[id,name]"}, 0},
		"malformed id":    {map[string]any{"id": "../x"}, []string{"must be cus_ followed by 32 hex"}, 0},
		"empty name":      {map[string]any{"name": ""}, []string{"must not be empty"}, 0},
		"another's id":    {map[string]any{"id": "usr_" + strings.Repeat("0", 32)}, []string{"must be cus_"}, 0},
		"name of part":    {map[string]any{"name": "Lake"}, []string{"Express customer not found"}, 2},
		"many candidates": {map[string]any{"name": "Twin"}, []string{"and 5 more"}, 2},
	} {
		if name == "many candidates" {
			for range mostCandidates + 5 {
				a.AddCustomer(emulator.Customer{Name: "Twin"})
			}
		}
		p = configured(a)
		a.ResetRequests()
		_, diagnostics := p.readData(typeName, tc.arguments)
		for _, want := range tc.texts {
			if !strings.Contains(texts(diagnostics), want) {
				t.Errorf("%s: no %q in %s", name, want, texts(diagnostics))
			}
		}
		if got := len(a.Requests()); got != tc.requests {
			t.Errorf("%s: %d requests", name, got)
		}
	}
	p = configured(a)
	a.AddFault(emulator.Fault{Status: 403, Body: `{"message":"not yours"}`})
	for argument, value := range map[string]string{"id": id, "name": "Lakeside"} {
		_, diagnostics := p.readData(typeName, map[string]any{argument: value})
		if got := texts(diagnostics); !strings.Contains(got, "not yours") || !strings.Contains(got, "Unable to") {
			t.Errorf("by %s: %s", argument, got)
		}
	}
}

// Look-ups by name share one pass through the list. After a write the list is read again.
func TestExpressCustomerDataShareAWalk(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	a.Seed(emulator.Seed{Customers: 250})
	names := a.Customers()
	c := newCore(a, newProtocol(t))
	lookUpAll := func() {
		t.Helper()
		var all sync.WaitGroup
		for _, customer := range names[:10] {
			all.Go(func() {
				got, diagnostics := c.readData("avara_express_customer", map[string]any{"name": customer.Name})
				if len(diagnostics) > 0 || text(got["id"]) != customer.ID {
					t.Errorf("%v %s", got, texts(diagnostics))
				}
			})
		}
		all.Wait()
		a.expectRequests(allBut(), listCustomersRoute, listCustomersRoute, listCustomersRoute)
		a.ResetRequests()
	}
	lookUpAll()
	c.apply(address, map[string]any{"name": "Another"}).expectQuiet()
	a.ResetRequests()
	lookUpAll()
}

func TestExpressCustomersData(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	a.Seed(emulator.Seed{Customers: 250})
	a.AddCustomer(emulator.Customer{Name: "AAA twin", IsActive: true})
	a.AddCustomer(emulator.Customer{Name: "AAA twin", IsActive: true})
	p := configured(a)
	for name, tc := range map[string]struct {
		arguments map[string]any
		count     int
	}{
		"all":                  {nil, 252},
		"active":               {map[string]any{"active": true}, 227},
		"inactive":             {map[string]any{"active": false}, 25},
		"part of the name":     {map[string]any{"name_contains": "aa TW"}, 2},
		"inactive with a part": {map[string]any{"name_contains": "lakeside", "active": true}, 13},
		"nothing":              {map[string]any{"name_contains": "no such name"}, 0},
	} {
		a.ResetRequests()
		got, diagnostics := p.readData("avara_express_customers", tc.arguments)
		if len(diagnostics) > 0 {
			t.Fatal(texts(diagnostics))
		}
		customers := objects(t, got["customers"])
		if len(customers) != tc.count {
			t.Errorf("%s: %d customers, want %d", name, len(customers), tc.count)
		}
		var order []string
		for _, customer := range customers {
			order = append(order, text(customer["name"])+" "+text(customer["id"]))
		}
		if !slices.IsSorted(order) {
			t.Errorf("%s: not sorted: %q", name, order)
		}
		a.expectRequests(allBut(), listCustomersRoute, listCustomersRoute, listCustomersRoute)
	}
	got, _ := p.readData("avara_express_customers", nil)
	for _, customer := range objects(t, got["customers"]) {
		held, _ := a.Customer(text(customer["id"]))
		if text(customer["name"]) != held.Name || flagOf(customer["active"]) != fmt.Sprint(held.IsActive) ||
			customer["metadata"].IsNull() != (len(held.Metadata) == 0) || customer["effective_metadata"].IsNull() {
			t.Errorf("%v, want %+v", customer, held)
		}
	}
	_, diagnostics := p.readData("avara_express_customers", map[string]any{"name_contains": ""})
	if !strings.Contains(texts(diagnostics), "at least 1") {
		t.Error(texts(diagnostics))
	}
	a.AddFault(emulator.Fault{Status: 401})
	if _, diagnostics = p.readData("avara_express_customers", nil); !strings.Contains(texts(diagnostics), "Unable to list Express customers") {
		t.Error(texts(diagnostics))
	}
}
