// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// Routes of clinical references as the emulator's request log names them.
const (
	referencesRoute         = "/v1/autoScribe/clinicalReferences"
	createReferenceRoute    = "POST " + referencesRoute
	listReferencesRoute     = "GET " + referencesRoute
	getReferenceRoute       = "GET " + referencesRoute + "/{clinicalReferenceId}"
	getByExternalRoute      = "GET " + referencesRoute + "/byExternalReferenceId/{externalReferenceId}"
	patchReferenceRoute     = "PATCH " + referencesRoute + "/{clinicalReferenceId}"
	deleteReferenceRoute    = "POST " + referencesRoute + "/{clinicalReferenceId}/delete"
	referenceAddress        = "avara_clinical_reference.test"
	lakesideID, harborID    = "cus_9f2c4b7a10de4e63b85f0c21a7d3e964", "cus_40b1d7e8c95f4a2e8c6603fba1d27e59"
	unknownReference        = "ref_00000000000000000000000000000000"
	ofLakeside, ofHarbor    = `express_customer_id = "` + lakesideID + `"`, `express_customer_id = "` + harborID + `"`
	external, otherExternal = `external_reference_id = "LNC-04"`, `external_reference_id = "LNC-05"`
	evanston, evanstonWing  = `metadata = { city = "Evanston" }`, `metadata = { city = "Evanston", wing = "B" }`
	referenceDifferent      = "Clinical reference differs from the plan"
	unableToCreateReference = "Unable to create clinical reference"
	unableToUpdateReference = "Unable to update clinical reference"
	unableToReadReference   = "Unable to read clinical reference"
	unableToImportReference = "Unable to import clinical reference"
	clinicalReferenceType   = "avara_clinical_reference"
)

// facility is the configuration of a facility reference with the given further arguments.
func facility(name string, arguments ...string) string {
	return referenceOf("facility", name, arguments...)
}

func referenceOf(kind, name string, arguments ...string) string {
	return fmt.Sprintf("resource \"avara_clinical_reference\" \"test\" {\n  name = %q\n  type = %q\n  %s\n}\n", name, kind, strings.Join(arguments, "\n  "))
}

// newClinic is an account with two customers.
func newClinic(t *testing.T, dialects ...emulator.Dialect) *account {
	t.Helper()
	a := newAccount(t, emulator.WithDialects(dialects...))
	a.AddCustomer(emulator.Customer{ID: lakesideID, Name: "Lakeside Imaging Partners", IsActive: true})
	a.AddCustomer(emulator.Customer{ID: harborID, Name: "Harbor Ortho Group", IsActive: true})
	return a
}

// reference returns the account's only reference that is not deleted.
func (a *account) reference() emulator.Reference {
	a.t.Helper()
	active := slices.DeleteFunc(a.References(), func(r emulator.Reference) bool { return !r.IsActive })
	if len(active) != 1 {
		a.t.Fatalf("%d references, want one", len(active))
	}
	return active[0]
}

// deleteOutside deletes the only active reference, as a user does in the dashboard.
func (a *account) deleteOutside() {
	a.t.Helper()
	a.EditReference(a.reference().ID, func(r *emulator.Reference) {
		r.IsActive = false
		r.Name += " (deleted)"
	})
}

// bodiesOf returns the bodies of the requests to a route.
func (a *account) bodiesOf(route string) (bodies []string) {
	for _, request := range a.Requests() {
		if request.Route == route {
			bodies = append(bodies, string(request.Body))
		}
	}
	return bodies
}
