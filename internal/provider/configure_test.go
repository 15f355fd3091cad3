// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

const secretKey = "sk_live_5ec4e75ec4e75ec4e75ec4e75ec4e75e"

func TestProviderSettingsAreChecked(t *testing.T) {
	for _, name := range []string{envAPIKey, envBaseURL, envHeaders} {
		t.Setenv(name, "") // set for the test, then restored
	}
	for name, tc := range map[string]struct {
		settings map[string]any
		env      map[string]string
		// attribute and texts are those of the one expected error; attribute is empty if
		// none is expected.
		attribute string
		texts     []string
	}{
		"key missing":               {nil, nil, "api_key", []string{"Missing or malformed Avara API key", "AVARA_API_KEY"}},
		"key empty":                 {map[string]any{"api_key": ""}, nil, "api_key", []string{"empty"}},
		"key empty, not there":      {map[string]any{"api_key": " "}, map[string]string{envAPIKey: secretKey}, "", nil},
		"address empty, not there":  {map[string]any{"api_key": secretKey, "base_url": ""}, map[string]string{envBaseURL: "http://api.example.com"}, "base_url", []string{envBaseURL}},
		"timeout empty":             {map[string]any{"api_key": secretKey, "request_timeout": ""}, nil, "", nil},
		"key with a control":        {map[string]any{"api_key": secretKey + "\x00"}, nil, "api_key", []string{"control character"}},
		"key from the environment":  {nil, map[string]string{envAPIKey: " " + secretKey + "\n"}, "", nil},
		"bad key there":             {nil, map[string]string{envAPIKey: "Bearer " + secretKey}, "api_key", []string{"contains a space"}},
		"http off loopback":         {map[string]any{"api_key": secretKey, "base_url": "http://api.example.com"}, nil, "base_url", []string{"https"}},
		"http off loopback, by env": {map[string]any{"api_key": secretKey}, map[string]string{envBaseURL: "http://api.example.com"}, "base_url", []string{envBaseURL}},
		"the version in base_url":   {map[string]any{"api_key": secretKey, "base_url": "https://api.example.com/v1"}, nil, "base_url", []string{"/v1"}},
		"all good":                  {map[string]any{"api_key": secretKey, "base_url": "http://127.0.0.1:1", "request_timeout": "10s", "max_retries": 0, "requests_per_second": 7.5}, nil, "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			for name, value := range tc.env {
				t.Setenv(name, value)
			}
			diagnostics := newProtocol(t).configure(tc.settings)
			got := texts(diagnostics)
			if tc.attribute == "" && len(diagnostics) == 0 {
				return
			}
			if len(diagnostics) != 1 || diagnostics[0].Attribute.String() != `AttributeName("`+tc.attribute+`")` {
				t.Errorf("got %q", got)
			}
			for _, text := range tc.texts {
				if !strings.Contains(got, text) {
					t.Errorf("%q lacks %q", got, text)
				}
			}
			if strings.Contains(got, secretKey) {
				t.Errorf("the key is shown: %s", got)
			}
		})
	}
}

func TestProviderSettingsOfTheWrongForm(t *testing.T) {
	t.Parallel()
	for name, settings := range map[string]map[string]any{
		"request_timeout": {"request_timeout": "soon"},
		"zero timeout":    {"request_timeout": "0s"},
		"negative":        {"request_timeout": "-5m"},
		"max_retries":     {"max_retries": -1},
		"half a retry":    {"max_retries": 1.5},
		"many retries":    {"max_retries": 21},
		"no requests":     {"requests_per_second": 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newProtocol(t)
			resp, err := p.ValidateProviderConfig(t.Context(), &tfprotov6.ValidateProviderConfigRequest{
				Config: p.value(p.schemas.Provider.ValueType(), settings),
			})
			if err != nil || len(resp.Diagnostics) != 1 || !strings.Contains(texts(resp.Diagnostics), " must be ") && !strings.Contains(texts(resp.Diagnostics), "at least") {
				t.Errorf("%v, %s", err, texts(resp.Diagnostics))
			}
		})
	}
}

// A timeout of zero would make each operation fail.
func TestTimeoutsOfTheWrongForm(t *testing.T) {
	t.Parallel()
	w := newCoreWorkspace(newAccount(t), "")
	for _, value := range []string{"0s", "-5m", "soon", ""} {
		for _, operation := range []string{"create", "read", "update", "delete"} {
			w.write(customerConfig("One", fmt.Sprintf("timeouts = { %s = %q }", operation, value)))
			w.plan().expectFailed().expect("error", "Invalid duration", "timeouts."+operation, "longer than 0s", value)
		}
	}
}

// A refresh uses the timeout in the state. A new timeout therefore takes effect after an
// apply with -refresh=false.
func TestReadTimeoutIsRaised(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	w := newCoreWorkspace(a, customerConfig("One", `timeouts = { read = "200ms" }`))
	w.apply().expectOK()
	a.AddFault(emulator.Fault{Route: getRoute, LatencyMS: 400})
	w.write(customerConfig("One", `timeouts = { read = "1m" }`))
	w.apply().expectFailed().expect("error", unableToReadCustomer, "read in timeouts", "-refresh=false")
	w.apply("-refresh=false").expectOK()
	w.plan().expectOK().expectQuiet().expectChanges()
}

// An API key that comes from a resource of the same plan is unknown. The configuration
// succeeds; the first call to the API fails.
func TestUnknownSettingsDefer(t *testing.T) {
	t.Parallel()
	p := newProtocol(t)
	if d := p.configure(map[string]any{"api_key": tftypes.NewValue(tftypes.String, tftypes.UnknownValue)}); len(d) > 0 {
		t.Fatal(texts(d))
	}
	const resource = "avara_express_customer"
	state := p.value(p.resourceType(resource), map[string]any{"id": "cus_" + strings.Repeat("0", 32), "name": "One"})
	_, diagnostics := p.read(resource, state, nil, nil)
	if got := texts(diagnostics); !strings.Contains(got, "api_key is not known before something else has been applied") {
		t.Error(got)
	}
}

// TestCorrelationID wants the same id from all providers that one Terraform starts.
func TestCorrelationID(t *testing.T) {
	for custom, want := range map[string]string{"": correlationID(), "X-Correlation-Id: nightly": "nightly"} {
		t.Setenv(envHeaders, custom)
		a := newAccount(t)
		id := a.AddCustomer(emulator.Customer{Name: "One", IsActive: true})
		for range 2 {
			if _, d := configured(a).importByIdentity("avara_express_customer", id); len(d) > 0 {
				t.Fatal(texts(d))
			}
		}
		for _, r := range a.Requests() {
			if r.CorrelationID != want {
				t.Errorf("with %q, %s has the id %q, want %q", custom, r.Route, r.CorrelationID, want)
			}
		}
	}
}

// TestCustomHeaders_unusable wants a warning that does not contain the header's value, as
// it may be secret.
func TestCustomHeaders_unusable(t *testing.T) {
	t.Setenv(envHeaders, "X-Team imaging\nAuthorization: Bearer other")
	a := newAccount(t)
	d := newProtocol(t).configure(map[string]any{"base_url": a.url, "api_key": emulator.DefaultAPIKey})
	if len(d) != 1 || d[0].Severity != tfprotov6.DiagnosticSeverityWarning || d[0].Detail != "Of the lines of the environment variable "+
		"AVARA_CUSTOM_HEADERS, some set no header: line 1 is not of the form Name: value; line 2: the provider itself sets the header Authorization." {
		t.Error(texts(d))
	}
}

func TestCustomHeaders(t *testing.T) {
	t.Setenv(envHeaders, "X-Team: imaging")
	a := newAccount(t)
	id := a.AddCustomer(emulator.Customer{Name: "One", IsActive: true})
	var got http.Header
	a.OnRequest(getRoute, func(r *http.Request) { got = r.Header })
	p := configured(a)
	if _, d := p.importByIdentity("avara_express_customer", id); len(d) > 0 {
		t.Fatal(texts(d))
	}
	if got.Get("X-Team") != "imaging" || got.Get("Authorization") != "Bearer "+emulator.DefaultAPIKey || !strings.HasPrefix(got.Get("User-Agent"), "terraform-provider-avara/test terraform/1.12.0") {
		t.Errorf("%v", got)
	}
}
