// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/avara-software/terraform-provider-avara/internal/avara"
	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// For every kind of failed request the error contains the operation, the status and the
// request, and says what to do. It never contains the key, even if the server quotes it.
func TestErrorsAreForPeople(t *testing.T) {
	t.Parallel()
	quoting := `{"message":"no luck with ` + emulator.DefaultAPIKey + `"}`
	for name, tc := range map[string]struct {
		fault emulator.Fault
		texts []string
	}{
		"400":            {emulator.Fault{Status: 400, Body: quoting}, []string{"400 Bad Request: no luck with [API key]"}},
		"401":            {emulator.Fault{Status: 401, Body: quoting}, []string{"401 Unauthorized", "Check api_key"}},
		"403":            {emulator.Fault{Status: 403}, []string{"403 Forbidden", "study scope"}},
		"404":            {emulator.Fault{Status: 404}, []string{"404 Not Found", "base_url"}},
		"409":            {emulator.Fault{Status: 409}, []string{"409 Conflict", "terraform plan"}},
		"422":            {emulator.Fault{Status: 422, Body: `{"errors":[{"field":"expressCustomerName","message":"too long"}]}`}, []string{"422 Unprocessable Entity: expressCustomerName: too long"}},
		"429":            {emulator.Fault{Status: 429, Header: map[string]string{"Retry-After": "600"}}, []string{"429 Too Many Requests", "requests_per_second"}},
		"500":            {emulator.Fault{Status: 500}, []string{"500 Internal Server Error", "is not known", "dashboard"}},
		"HTML":           {emulator.Fault{Status: 502, Header: map[string]string{"Content-Type": "text/html"}, Body: "<html>" + emulator.DefaultAPIKey}, []string{"502 Bad Gateway: a page in HTML or XML instead of JSON"}},
		"empty":          {emulator.Fault{Status: 400, Header: map[string]string{"Content-Type": "text/plain"}, Body: " "}, []string{"400 Bad Request"}},
		"50 MB":          {emulator.Fault{Status: 400, Body: strings.Repeat("x", 50<<20)}, []string{"400 Bad Request: xxx", "…"}},
		"success, HTML":  {emulator.Fault{Status: 200, Body: "<html>"}, []string{"200", "not what the Avara API is known to send", "is not known"}},
		"success, 50 MB": {emulator.Fault{Status: 200, Body: strings.Repeat("x", 50<<20)}, []string{"larger than 10 MiB"}},
		"cut":            {emulator.Fault{Cut: emulator.CutBefore}, []string{"POST /v1/express", "is not known", "import it"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inMemory(t, func(t *testing.T, a *account) {
				// A create is sent again only after a search that did not find the object.
				tries := 1
				switch {
				case tc.fault.Status >= 500:
					tries = 5
				case tc.fault.Cut != "":
					tries, a.settings = 2, "max_retries = 1"
				}
				w := newCoreWorkspace(a, customerConfig("One"))
				tc.fault.Route = createRoute
				a.AddFault(tc.fault)
				failed := w.apply().expectFailed().expect("error", "Unable to create Express customer", append(tc.texts, `Express customer "One":`, "POST /v1/express")...)
				requests := slices.DeleteFunc(a.Requests(), func(r emulator.Request) bool { return r.Route != createRoute })
				if request := requests[len(requests)-1]; !request.Cut && tc.fault.Status != 200 {
					failed.expect("error", "Unable to create Express customer", request.RequestID)
				}
				if !strings.Contains(failed.log, `"route":"/v1/express"`) {
					t.Error("the log does not show the request: is it the right log?")
				}
				if len(requests) != tries {
					t.Errorf("a create was sent %d times, want %d", len(requests), tries)
				}
			})
		})
	}
}

// An explanation consists of sentences and says what to do: specifically where the cause
// is known, generally otherwise.
func TestExplainedErrors(t *testing.T) {
	t.Parallel()
	conflict := &avara.Error{Method: "POST", Path: "/v1/express", Status: 409}
	strange := &avara.UnexpectedAnswerError{Method: "GET", Path: "/v1/express", Err: errors.New("no list")}
	for name, tc := range map[string]struct {
		err           error
		advice        string
		begins, ends  string
		lacks, quotes string
	}{
		"setting":        {&unknownSettingError{attribute: "api_key"}, "", "The provider's api_key", "known value.", "", "-target"},
		"in general":     {conflict, "", "POST /v1/express: 409 Conflict.\n\n", "what exists.", "", "terraform plan"},
		"in this case":   {conflict, "Import it:\n\nimport {\n}", "POST /v1/express: 409 Conflict.\n\nImport it:", "\n}", "terraform plan", ""},
		"no hint beside": {&avara.Error{Status: 403}, "Try another.", "", "Try another.", "The API knows the key", ""},
		"strange answer": {strange, "", "GET /v1/express: no list.\n\n", "have changed.", "", "lakeside.example"},
		"interrupted":    {context.Canceled, "", "Context canceled.", "nothing is done twice.", "", "Run Terraform again"},
	} {
		text := providerData{client: newAPIClient(t)}.text(failure{err: tc.err, advice: tc.advice})
		if !strings.HasPrefix(text, tc.begins) || !strings.HasSuffix(text, tc.ends) || !strings.Contains(text, tc.quotes) ||
			tc.lacks != "" && strings.Contains(text, tc.lacks) {
			t.Errorf("%s: %q", name, text)
		}
	}
}

// An error points at the attribute that the server names, and at no attribute if the
// message is unclear.
func TestBlamedAttribute(t *testing.T) {
	t.Parallel()
	fields := fieldPaths{"name": path.Root("name"), "metadata": path.Root("metadata"), "expressCustomerId": path.Root("express_customer_id")}
	for message, want := range map[string]string{
		"expressCustomerId: names an inactive customer": "express_customer_id",
		"name: is too long":                             "name",
		"name and expressCustomerId don't go together":  "",
		"nothing in particular":                         "",
	} {
		blamed, _ := fields.blamed(&avara.Error{Status: 400, Message: message})
		if blamed.String() != want {
			t.Errorf("%q: %s, want %s", message, blamed, want)
		}
	}
	for field, want := range map[string]string{
		"name": "name", "Name": "name", "$.name": "name", "body.name": "name", "name.isLength": "name", "references[0].name": "name",
		"express_customer_id": "express_customer_id", "express-customer-id": "express_customer_id", "ExpressCustomerId": "express_customer_id",
		"data.attributes.metadata.name": "metadata", // the outermost
		"body":                          "express_customer_id",
		"surname":                       "express_customer_id",
	} {
		// The field comes before the message.
		blamed, _ := fields.blamed(&avara.Error{Status: 422, Message: field + ": not with this expressCustomerId", Fields: map[string]string{field: "not with this"}})
		if blamed.String() != want {
			t.Errorf("%q: %s, want %s", field, blamed, want)
		}
	}
	both := map[string]string{"name": "taken", "metadata.tier": "too long"}
	if blamed, ok := fields.blamed(&avara.Error{Status: 400, Fields: both}); ok {
		t.Errorf("%v: %s", both, blamed)
	}
}

// The complaint of a server about a field is shown at the attribute, whatever the server
// is made with, and without the address that was sent.
func TestComplaintsAreShownAtTheAttribute(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	c := newCore(a, newProtocol(t))
	person := map[string]any{"email": testEmail, "first_name": "Ines", "last_name": "Lind", "clinic_role": "Scribe", "level": "member"}
	for _, body := range []string{
		`{"status":400,"error":"Bad Request","path":"/v1/x","errors":[{"field":"email","defaultMessage":"is not routable","rejectedValue":"` + testEmail + `"}]}`,
		`{"title":"One or more validation errors occurred.","status":400,"errors":{"Email":["` + testEmail + ` is not routable"]}}`,
		`{"detail":[{"loc":["body","email"],"msg":"is not routable","input":"` + testEmail + `"}]}`,
		`{"message":["email is not routable"],"error":"Bad Request","statusCode":400}`,
		`[{"property":"email","value":"` + testEmail + `","constraints":{"isEmail":"is not routable"}}]`,
		`{"errors":[{"title":"is not routable","source":{"pointer":"/data/attributes/email"}}]}`,
		`{"error":{"issues":[{"path":["email"],"message":"is not routable"}]}}`,
		`{"error":{"code":400,"message":"Bad","details":[{"fieldViolations":[{"field":"person.email","description":"is not routable"}]}]}}`,
	} {
		a.AddFault(emulator.Fault{Status: 400, Times: 1, Body: body})
		refused := c.apply("avara_viewer_user.ines", person).expectError("Unable to invite Viewer user", "is not routable")
		said := texts(refused.diagnostics)
		if at := refused.diagnostics[0].Attribute.String(); at != `AttributeName("email")` || strings.Contains(strings.ToLower(said), "lakeside.example") || strings.Contains(said, "{") {
			t.Errorf("%s: at %s: %s", body, at, said)
		}
	}
}
