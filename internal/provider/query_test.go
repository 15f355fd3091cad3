// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

type found struct {
	DisplayName string            `json:"display_name"`
	Identity    map[string]string `json:"identity"`
	// Object is nil unless the query includes objects.
	Object map[string]any `json:"resource_object"`
}

// query runs the list blocks in the folder and the given ones. It returns the results of
// each by its address.
func (w *workspace) query(blocks string, args ...string) (*run, map[string][]found) {
	w.t.Helper()
	if blocks != "" {
		writeFile(w.t, filepath.Join(w.dir, "test.tfquery.hcl"), blocks)
	}
	r := w.run(append([]string{"query", "-json", "-no-color"}, args...)...)
	results := map[string][]found{}
	lines := bufio.NewScanner(strings.NewReader(r.stdout))
	lines.Buffer(nil, 10<<20)
	for lines.Scan() {
		var line struct {
			Found *struct {
				Address string `json:"address"`
				found
			} `json:"list_resource_found"`
		}
		if json.Unmarshal(lines.Bytes(), &line) == nil && line.Found != nil {
			results[line.Found.Address] = append(results[line.Found.Address], line.Found.found)
		}
	}
	return r, results
}

// listBlock is a list block for all objects of a type, with further lines.
func listBlock(typeName string, lines ...string) string {
	return fmt.Sprintf("list %q \"all\" {\n  provider = avara\n  limit = 1000\n  %s\n}\n", typeName, strings.Join(lines, "\n  "))
}

// newUnusualAccount has objects of each type with uncommon values.
func newUnusualAccount(t *testing.T) *account {
	t.Helper()
	a := newClinic(t)
	a.setActive(harborID, false)
	a.AddCustomer(emulator.Customer{Name: `A "quoted" ${name}, %{if}`, IsActive: true, Metadata: map[string]string{"a b": "", "${key}": "two\nlines"}})
	a.AddCustomer(emulator.Customer{Name: "Zürich\u00a0东京", Metadata: map[string]string{"k": `\`}})
	for _, p := range bothProducts {
		person := emulator.Person{
			Email: testEmail, FirstName: "Ines", MiddleName: "A", LastName: `O"Kafor`, Suffix1: "MD", Suffix2: "PhD", PhoneNumber: "3125550147",
			ClinicRole: "Radiologist", Level: "admin", HasDashboardAccess: true, CanManageStudies: true,
		}
		if p.reports() {
			person.CanCreateReports, person.NPINumber = true, "1674829308"
		}
		a.AddUser(p.product, emulator.User{Person: person})
		owner := person
		owner.Email, owner.Level = "owner@lakeside.example", "owner"
		a.AddUser(p.product, emulator.User{Person: owner})
		pending := person
		pending.Email = "pending@lakeside.example"
		a.AddInvitation(p.product, emulator.Invitation{Person: pending, Expiry: time.Now().Add(time.Hour)})
	}
	for _, reference := range []emulator.Reference{
		{Name: `North "Campus" ${x}`, Type: "facility", ExternalReferenceID: "${x} \"7\"", ExpressCustomerID: lakesideID},
		{Name: "Dr. Quist", Type: "referring_provider", Metadata: map[string]string{"a b": "c"}},
		{Name: "MRI", Type: "procedure", ExpressCustomerID: harborID, Metadata: map[string]string{"é": ""}},
	} {
		reference.IsActive = true
		a.AddReference(reference)
	}
	a.AddReference(emulator.Reference{Name: "South (deleted)", Type: "facility"})
	return a
}

// The configuration that a query generates imports all that it found, unedited: it is
// valid, its plan has only imports, and the next plan is empty.
func TestAccQuery_generatedConfiguration(t *testing.T) {
	t.Parallel()
	needsTerraform(t)
	counts := map[string]int{"avara_express_customer": 4, "avara_autoscribe_user": 3, "avara_viewer_user": 3, clinicalReferenceType: 3}
	for _, typeName := range slices.Sorted(maps.Keys(newProtocol(t).schemas.ListResourceSchemas)) {
		t.Run(typeName, func(t *testing.T) {
			t.Parallel()
			w := newWorkspace(newUnusualAccount(t), "")
			w.needs(queries)
			before := w.State()
			r, results := w.query(listBlock(typeName), "-generate-config-out=adopted.tf")
			r.expectOK().expectQuiet()
			all := results["list."+typeName+".all"]
			if len(all) == 0 || len(all) != counts[typeName] {
				t.Fatalf("%d found, want %d", len(all), counts[typeName])
			}
			w.run("validate", "-no-color").expectOK()
			applied := w.apply().expectOK().expectQuiet()
			for i := range all {
				if change := fmt.Sprintf("import %s.all_%d", typeName, i); !slices.Contains(applied.changes, change) {
					t.Errorf("no %q in %q", change, applied.changes)
				}
			}
			if len(applied.changes) != len(all) {
				t.Errorf("planned changes %q", applied.changes)
			}
			w.plan().expectOK().expectQuiet().expectChanges()
			w.expectUntouched(before)
			states := w.states()
			for i, one := range all {
				if got := states[fmt.Sprintf("%s.all_%d", typeName, i)].identity; len(one.Identity) == 0 || got["id"] != one.Identity["id"] {
					t.Errorf("imported %v, found %v", got, one.Identity)
				}
			}
		})
	}
}

// A list block passes its filters on, and returns whole objects if it has
// include_resource.
func TestAccQuery_filters(t *testing.T) {
	t.Parallel()
	w := newWorkspace(newUnusualAccount(t), "")
	w.needs(queries)
	r, results := w.query(listBlock("avara_express_customer", "include_resource = true", "config {\n    active = false\n    name_contains = \"HARBOR\"\n  }"))
	r.expectOK().expectQuiet()
	all := results["list.avara_express_customer.all"]
	if len(all) != 1 || all[0].DisplayName != "Harbor Ortho Group" || all[0].Identity["id"] != harborID {
		t.Fatalf("found %+v", all)
	}
	if object := all[0].Object; object["id"] != harborID || object["active"] != false || object["deletion_policy"] != "deactivate" {
		t.Errorf("the object is %v", object)
	}
	w.expectRequests(allBut(), listCustomersRoute)
}

// A query fails if the API rejects one of its requests, even after the first results, and
// then writes no configuration.
func TestAccQuery_refused(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	a.Seed(emulator.Seed{Customers: 150})
	a.AddFault(emulator.Fault{Route: listCustomersRoute, Status: 403, Every: 2, Body: `{"message":"not this page"}`})
	w := newWorkspace(a, "")
	w.needs(queries)
	r, _ := w.query(listBlock("avara_express_customer"), "-generate-config-out=adopted.tf")
	r.expectFailed().expect("error", "Unable to list Express customers", "not this page")
	if _, err := os.Stat(filepath.Join(w.dir, "adopted.tf")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a query that failed wrote its configuration: %v", err)
	}
}

// An interrupted query fails too.
func TestAccQuery_interrupted(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	a.Seed(emulator.Seed{Customers: 500})
	w := newWorkspace(a, "")
	w.needs(queries)
	writeFile(t, filepath.Join(w.dir, "test.tfquery.hcl"), listBlock("avara_express_customer"))
	r := w.interrupted(listCustomersRoute, 3, "query", "-json", "-no-color", "-generate-config-out=adopted.tf")
	r.expectFailed().expect("error", "Unable to list Express customers", "interrupted")
	if _, err := os.Stat(filepath.Join(w.dir, "adopted.tf")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a query that failed wrote its configuration: %v", err)
	}
}

// A query that reaches its limit warns.
func TestAccQuery_limited(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	a.Seed(emulator.Seed{Customers: 120})
	w := newWorkspace(a, "")
	w.needs(queries)
	const block = "list \"avara_express_customer\" \"all\" {\n  provider = avara\n}\n"
	r, results := w.query(block)
	r.expectOK().expect("warning", "The list ends at its limit", "more Express customers than the 100")
	if all := results["list.avara_express_customer.all"]; len(all) != 100 {
		t.Errorf("%d found", len(all))
	}
}

// A query shows people by their names, but its log contains no names.
func TestAccQuery_logNamesNobody(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	a.Seed(emulator.Seed{Users: 5})
	w := newWorkspace(a, "")
	w.needs(queries)
	r, results := w.query(listBlock("avara_autoscribe_user", "config {\n    last_name = \"Okafor\"\n  }"))
	r.expectOK()
	if all := results["list.avara_autoscribe_user.all"]; len(all) != 1 || all[0].DisplayName != "Ines Okafor" {
		t.Errorf("found %+v", all)
	}
	if !strings.Contains(r.log, "/v1/autoScribe/users") || namesSomebody(r.log) != "" {
		t.Errorf("the log names %q, or lacks the requests:\n%s", namesSomebody(r.log), tail(r.log))
	}
}
