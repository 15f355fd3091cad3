// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"strings"
	"testing"

	"github.com/avara-software/terraform-provider-avara/internal/avara"
	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// The advice depends on the operation, the object and the server's message. Some errors
// have none.
func TestHints(t *testing.T) {
	t.Parallel()
	client := newAPIClient(t)
	said := func(status int, message string) error {
		return &avara.Error{Method: "POST", Path: "/v1/express", Status: status, Message: message}
	}
	const none = ""
	for name, tc := range map[string]struct {
		failure failure
		want    string
	}{
		"403 without a reason":             {failure{err: said(403, "")}, "Check the key's study scope"},
		"403 of that name":                 {failure{err: said(403, "Forbidden")}, "https://api.lakeside.example/avara knows the key"},
		"403 for a key":                    {failure{err: said(403, "this API key may not write")}, "study scope"},
		"403 for what is missing":          {failure{err: said(403, "user was not found")}, none},
		"403 for the last admin":           {failure{err: said(403, "is the last admin")}, none},
		"404 of an object":                 {failure{err: said(404, "no such customer"), object: "Express customer x"}, "Check that the API key and base_url are those of the account"},
		"410 of an object":                 {failure{err: said(410, "gone"), object: "Express customer x"}, "Check that the API key and base_url are those of the account"},
		"404 without a route":              {failure{err: said(404, "there is no operation at this path")}, "base_url"},
		"404 of something else":            {failure{err: said(404, "expressCustomerId names no customer")}, none},
		"422 without a word":               {failure{err: said(422, "")}, "does not say what it refuses"},
		"422 that says why":                {failure{err: said(422, "too long")}, none},
		"429":                              {failure{err: said(429, ""), timeout: "create"}, "create in timeouts, 2m0s unless it is set"},
		"429, what to set":                 {failure{err: said(429, ""), timeout: "create"}, "If this happens again, raise create in timeouts, or set requests_per_second"},
		"429, no timeouts":                 {failure{err: said(429, "")}, "If this happens again, set requests_per_second"},
		"no time":                          {failure{err: context.DeadlineExceeded, timeout: "update"}, "If this happens again, raise update in timeouts, or look in the log"},
		"no time, no timeouts":             {failure{err: context.DeadlineExceeded}, "ran out of time (2m0s)"},
		"unknown outcome":                  {failure{err: &avara.OutcomeUnknownError{Err: said(502, ""), Object: "a customer"}}, "applying again could create a second one"},
		"unknown outcome of an invitation": {failure{err: &avara.OutcomeUnknownError{Err: said(502, "")}, again: "Apply again: nobody gets a second mail."}, "Apply again: nobody"},
		"no answer":                        {failure{err: &avara.TransportError{Err: context.DeadlineExceeded}}, "ran out of time"},
	} {
		got := providerData{client: client}.hint(tc.failure)
		if tc.want == none && got != "" || !strings.Contains(strings.ToLower(got), strings.ToLower(tc.want)) {
			t.Errorf("%s: %q, want %q", name, got, tc.want)
		}
	}
}

// A rejected key concerns all objects. It is explained once.
func TestAccRejectedKeyIsExplainedOnce(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	w := newWorkspace(a, strings.Replace(customerConfig("One"), "name", "count = 5\n  name", 1))
	w.apply().expectOK()
	w.env = append(w.env, envAPIKey+"=sk_live_ffffffffffffffffffffffffffffffff")
	explained := 0
	for _, d := range w.plan().expectFailed().diagnostics {
		if strings.Contains(d.Detail, "Check api_key") && strings.Contains(d.Detail, a.url) {
			explained++
		} else if !strings.Contains(d.Detail, "Another error of this run says") {
			t.Error(d.Detail)
		}
	}
	if explained != 1 {
		t.Errorf("explained %d times", explained)
	}
}

// The error for a taken name contains the import block of the customer that has the name.
// The import solves it.
func TestAccExpressCustomer_nameTaken(t *testing.T) {
	t.Parallel()
	a := newAccount(t, emulator.WithDialects(emulator.DuplicateNameConflict))
	id := a.AddCustomer(emulator.Customer{Name: "One", IsActive: true})
	w := newWorkspace(a, customerConfig("One"))
	w.apply().expectFailed().expect("error", unableToCreateCustomer, "409", "import {", id)
	w.write(customerConfig("One") + "import {\n  to = " + address + "\n  id = \"" + id + "\"\n}\n")
	w.apply().expectOK()
	w.plan().expectOK().expectQuiet().expectChanges()
	a.customer()
}

func TestClinicalReference_customerDoesNotExist(t *testing.T) {
	t.Parallel()
	nobody := "cus_" + strings.Repeat("0", 32)
	a := newClinic(t)
	w := newCoreWorkspace(a, facility("North", `express_customer_id = "`+nobody+`"`))
	w.apply().expectFailed().expect("error", "Unable to create clinical reference", "404", "does not find Express customer "+nobody)
	w.write(facility("North"))
	w.apply().expectOK()
	w.write(facility("North", `express_customer_id = "`+nobody+`"`))
	w.apply().expectFailed().expect("error", "Unable to update clinical reference", "404", "does not find Express customer "+nobody)
}

// A reference may be refused because its customer is inactive.
func TestReferenceOfAnInactiveCustomer(t *testing.T) {
	t.Parallel()
	a := newClinic(t)
	a.AddFault(emulator.Fault{Route: createReferenceRoute, Status: 400, Body: `{"message":"the Express customer is not active"}`})
	c := newCore(a, newProtocol(t))
	values := map[string]any{"name": "North", "type": "facility", "express_customer_id": lakesideID}
	c.apply(referenceAddress, values).expectError("Unable to create clinical reference", "Set active = true for Express customer "+lakesideID)
	delete(values, "express_customer_id")
	if out := c.apply(referenceAddress, values); strings.Contains(texts(out.diagnostics), "active = true") {
		t.Errorf("advice about a customer where there is none: %s", texts(out.diagnostics))
	}
}

// newAPIClient returns a client of an address where no server listens.
func newAPIClient(t *testing.T) *avara.Client {
	t.Helper()
	client, err := avara.New(avara.Options{APIKey: emulator.DefaultAPIKey, BaseURL: "https://api.lakeside.example/avara"})
	if err != nil {
		t.Fatal(err)
	}
	return client
}
