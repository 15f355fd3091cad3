// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// These tests make the calls of `terraform query` over the plugin protocol. query_test.go
// runs the command.

// A list that reaches its limit reads at most one further page, which shows whether there
// are more objects, and then warns.
func TestListsAreStreams(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	a.Seed(emulator.Seed{Customers: 250, Users: 150, References: 110})
	p := configured(a)
	autoScribe, viewer := autoScribePeople, viewerPeople
	for _, tc := range []struct {
		typeName  string
		arguments map[string]any
		limit     int64
		found     int
		calls     []string
	}{
		{"avara_express_customer", nil, 10, 10, []string{listCustomersRoute}},
		{"avara_express_customer", nil, 100, 100, []string{listCustomersRoute, listCustomersRoute}},
		{"avara_express_customer", nil, 250, 250, slices.Repeat([]string{listCustomersRoute}, 3)},
		{"avara_express_customer", nil, 101, 101, []string{listCustomersRoute, listCustomersRoute}},
		{"avara_express_customer", nil, 1000, 250, slices.Repeat([]string{listCustomersRoute}, 3)},
		{"avara_express_customer", nil, 0, 250, slices.Repeat([]string{listCustomersRoute}, 3)},
		{"avara_express_customer", map[string]any{"active": false}, 10, 10, []string{listCustomersRoute, listCustomersRoute}},
		{"avara_express_customer", map[string]any{"active": false}, 1000, 25, slices.Repeat([]string{listCustomersRoute}, 3)},
		{"avara_express_customer", map[string]any{"name_contains": "LAKESIDE"}, 1000, 13, slices.Repeat([]string{listCustomersRoute}, 3)},
		{"avara_autoscribe_user", nil, 10, 10, []string{autoScribe.route("GET")}},
		{"avara_autoscribe_user", nil, 1000, 150, []string{autoScribe.route("GET"), autoScribe.route("GET"), autoScribe.route("GET /invitations")}},
		{"avara_autoscribe_user", map[string]any{"can_create_reports": true}, 1000, 30, []string{autoScribe.route("GET"), autoScribe.route("GET /invitations")}},
		{"avara_viewer_user", map[string]any{"active": true}, 1000, 120, []string{viewer.route("GET"), viewer.route("GET")}},
		{"avara_viewer_user", map[string]any{"active": false}, 1000, 30, []string{viewer.route("GET /invitations")}},
		{"avara_viewer_user", map[string]any{"status": "active"}, 1000, 120, []string{viewer.route("GET"), viewer.route("GET")}},
		{"avara_viewer_user", map[string]any{"status": "pending"}, 1000, 30, []string{viewer.route("GET /invitations")}},
		{"avara_viewer_user", map[string]any{"status": "expired"}, 1000, 0, []string{viewer.route("GET /invitations")}},
		{"avara_viewer_user", map[string]any{"status": "expired", "active": true}, 1000, 0, nil},
		{"avara_viewer_user", map[string]any{"name_contains": "ines okafor"}, 1000, 1, []string{viewer.route("GET"), viewer.route("GET"), viewer.route("GET /invitations")}},
		{clinicalReferenceType, nil, 10, 10, []string{listReferencesRoute}},
		{clinicalReferenceType, nil, 1000, 110, []string{listReferencesRoute, listReferencesRoute}},
		{clinicalReferenceType, map[string]any{"type": "facility"}, 1000, 28, []string{listReferencesRoute}},
	} {
		a.ResetRequests()
		found, diagnostics := p.list(tc.typeName, tc.arguments, tc.limit, false)
		more := int64(tc.found) == tc.limit && tc.limit < 250
		if warned := strings.Contains(texts(diagnostics), "The list ends at its limit"); warned != more || failed(diagnostics) {
			t.Errorf("%s, limit %d: %s", tc.typeName, tc.limit, texts(diagnostics))
		}
		ids := map[string]bool{}
		for _, one := range found {
			ids[one.id] = true
			if strings.TrimSpace(one.displayName) == "" || one.resource != nil {
				t.Errorf("%s: %+v", tc.typeName, one)
			}
		}
		if len(found) != tc.found || len(ids) != tc.found {
			t.Errorf("%s %v: %d found, %d ids, want %d", tc.typeName, tc.arguments, len(found), len(ids), tc.found)
		}
		a.expectRequests(allBut(), tc.calls...)
	}
}

// A list returns the same values of a resource as an import and a refresh, so that the
// generated configuration leads to an empty plan.
func TestListedResourcesAreAsImported(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	a.Seed(emulator.Seed{Customers: 20, Users: 10, References: 10})
	for _, p := range bothProducts {
		a.AddInvitation(p.product, emulator.Invitation{Person: emulator.Person{
			Email: testEmail, FirstName: "Ines", MiddleName: "A", LastName: "Okafor", Suffix1: "MD", PhoneNumber: "3125550147", Level: "member",
		}, Expiry: time.Now().Add(time.Hour)})
	}
	p := configured(a)
	for typeName, count := range map[string]int{
		"avara_express_customer": 20, "avara_autoscribe_user": 11, "avara_viewer_user": 11, clinicalReferenceType: 10,
	} {
		found, diagnostics := p.list(typeName, nil, 1000, true)
		if len(found) != count || len(diagnostics) > 0 {
			t.Errorf("%s: %d, %s", typeName, len(found), texts(diagnostics))
		}
		for _, one := range found {
			imported, diagnostics := p.importByIdentity(typeName, one.id)
			if len(diagnostics) > 0 {
				t.Fatal(texts(diagnostics))
			}
			for attribute, value := range imported {
				// A list does not look up the invitations of users who have accepted.
				if attribute != "invitation_id" && !value.Equal(one.resource[attribute]) {
					t.Errorf("%s.%s is listed as %v, imported as %v", typeName, attribute, one.resource[attribute], value)
				}
			}
		}
	}
}

func TestListsShowWhatPeopleRecognise(t *testing.T) {
	t.Parallel()
	a := newClinic(t)
	a.AddReference(emulator.Reference{Name: "North Campus", Type: "facility", IsActive: true})
	a.AddReference(emulator.Reference{Name: "South (deleted)", Type: "facility"})
	a.AddUser(emulator.Viewer, emulator.User{Person: emulator.Person{Email: testEmail, FirstName: "Ines", LastName: "Okafor"}})
	for _, status := range []string{"rejected", "revoked", "accepted"} {
		a.AddInvitation(emulator.AutoScribe, emulator.Invitation{Person: emulator.Person{Email: status + "@x.example", FirstName: status, LastName: "X"}, Status: status})
	}
	a.AddInvitation(emulator.AutoScribe, emulator.Invitation{
		Person: emulator.Person{Email: "e@x.example", FirstName: "expired", LastName: "X"}, Expiry: time.Now().Add(-time.Hour),
	})
	p := configured(a)
	for _, tc := range []struct {
		typeName  string
		arguments map[string]any
		want      []string
	}{
		{"avara_express_customer", nil, []string{"Harbor Ortho Group", "Lakeside Imaging Partners"}},
		{"avara_viewer_user", nil, []string{"Ines Okafor"}},
		{"avara_autoscribe_user", nil, []string{"accepted X"}}, // the others can't be accepted any more
		{"avara_autoscribe_user", map[string]any{"status": "expired"}, []string{"expired X"}},
		{clinicalReferenceType, nil, []string{"North Campus"}},
	} {
		found, _ := p.list(tc.typeName, tc.arguments, 100, false)
		var names []string
		for _, one := range found {
			names = append(names, one.displayName)
		}
		slices.Sort(names)
		if !slices.Equal(names, tc.want) {
			t.Errorf("%s: %q, want %q", tc.typeName, names, tc.want)
		}
	}
}

// An error on a later page does not discard the results of earlier pages.
func TestListErrorsAreDiagnostics(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	a.Seed(emulator.Seed{Customers: 150, Users: 5, References: 5})
	p := configured(a)
	a.AddFault(emulator.Fault{Route: listCustomersRoute, Status: 403, Every: 2, Body: `{"message":"not this page"}`})
	found, diagnostics := p.list("avara_express_customer", nil, 1000, false)
	if got := texts(diagnostics); len(found) != 100 || !strings.Contains(got, "Unable to list Express customers") || !strings.Contains(got, "not this page") {
		t.Errorf("%d found, %s", len(found), got)
	}
	a.ClearFaults()
	a.AddFault(emulator.Fault{Status: 401, Body: `{"message":"who is olu@x.example?"}`})
	for typeName, want := range map[string]string{
		"avara_express_customer": "Unable to list Express customers",
		"avara_autoscribe_user":  "Unable to list AutoScribe users",
		"avara_viewer_user":      "Unable to list Viewer users",
		clinicalReferenceType:    "Unable to list clinical references",
	} {
		var arguments map[string]any
		if strings.HasSuffix(typeName, "_user") {
			arguments = map[string]any{"email": "olu@x.example"}
		}
		found, diagnostics = p.list(typeName, arguments, 1000, true)
		got := texts(diagnostics)
		if len(found) > 0 || !strings.Contains(got, want) || arguments != nil && strings.Contains(got, "olu@") {
			t.Errorf("%s: %d found, %s", typeName, len(found), got)
		}
	}
	for typeName, arguments := range map[string]map[string]any{
		"avara_express_customer": {"name_contains": ""},
		"avara_viewer_user":      {"level": "boss"},
		clinicalReferenceType:    {"express_customer_id": "x"},
	} {
		if _, diagnostics = p.list(typeName, arguments, 10, false); len(diagnostics) == 0 {
			t.Errorf("%s %v is valid", typeName, arguments)
		}
	}
}
