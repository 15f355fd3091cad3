// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// Routes, as the emulator's request log writes them.
const (
	createRoute     = "POST /v1/express"
	getRoute        = "GET /v1/express/{expressCustomerId}"
	patchRoute      = "PATCH /v1/express/{expressCustomerId}"
	deactivateRoute = "POST /v1/express/{expressCustomerId}/deactivate"
	reactivateRoute = "POST /v1/express/{expressCustomerId}/reactivate"
)

// account is an Avara account in an emulator of its own.
type account struct {
	*emulator.Emulator
	t   *testing.T
	url string
	// settings are further lines of the provider block.
	settings string
}

func newAccount(t *testing.T, options ...emulator.Option) *account {
	t.Helper()
	e := emulator.New(options...)
	server := httptest.NewServer(e)
	t.Cleanup(server.Close)
	return &account{Emulator: e, t: t, url: server.URL}
}

// config puts a provider block for this account before the given blocks.
func (a *account) config(blocks string) string {
	return a.providerBlock(fmt.Sprintf("api_key = %q", emulator.DefaultAPIKey)) + blocks
}

// providerBlock is a provider block with the given arguments. Without api_key the provider
// takes the key from the environment.
func (a *account) providerBlock(arguments ...string) string {
	arguments = append([]string{fmt.Sprintf("base_url = %q", a.url)}, arguments...)
	if a.settings != "" {
		arguments = append(arguments, a.settings)
	}
	return "provider \"avara\" {\n  " + strings.Join(arguments, "\n  ") + "\n}\n\n"
}

// which selects requests by their route.
type which func(route string) bool

func allBut(routes ...string) which {
	return func(route string) bool { return !slices.Contains(routes, route) }
}

func writes(route string) bool { return !strings.HasPrefix(route, "GET ") }

// sent returns the routes of the selected requests.
func (a *account) sent(some which) (routes []string) {
	for _, request := range a.Requests() {
		if some(request.Route) {
			routes = append(routes, request.Route)
		}
	}
	return routes
}

// expectRequests asserts the routes of the selected requests, and clears the log.
func (a *account) expectRequests(some which, want ...string) {
	a.t.Helper()
	if got := a.sent(some); !slices.Equal(got, want) {
		a.t.Errorf("sent:\n  %s\nwant:\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
	a.ResetRequests()
}

// customer returns the account's only customer.
func (a *account) customer() emulator.Customer {
	a.t.Helper()
	customers := a.Customers()
	if len(customers) != 1 {
		a.t.Fatalf("%d customers, want one", len(customers))
	}
	return customers[0]
}

// check makes an assertion about the account a step of a plugin-testing case.
func (a *account) check(f func()) func(*terraform.State) error {
	return func(*terraform.State) error {
		f()
		return nil
	}
}

// providers serves the provider in this process.
func providers() map[string]func() (tfprotov6.ProviderServer, error) {
	return map[string]func() (tfprotov6.ProviderServer, error){
		"avara": func() (tfprotov6.ProviderServer, error) { return NewServer("test"), nil },
	}
}

// needsTerraform skips tests that run Terraform or OpenTofu unless TF_ACC is set.
func needsTerraform(t *testing.T) {
	t.Helper()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("needs TF_ACC=1 and a Terraform or OpenTofu: run make testacc")
	}
}

// rewriteAnswers puts a proxy before the API that changes the bodies of answers.
func (a *account) rewriteAnswers(change func(body string) string) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := httptest.NewRecorder()
		a.ServeHTTP(answer, r)
		w.WriteHeader(answer.Code)
		_, _ = io.WriteString(w, change(answer.Body.String()))
	}))
	a.t.Cleanup(server.Close)
	a.url = server.URL
}

// rewrite puts a proxy before the API that changes the paths and bodies of requests.
func (a *account) rewrite(change func(string) string) {
	a.t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			a.t.Error(err)
		}
		changed := change(string(body))
		r.URL.Path = change(r.URL.Path)
		r.Body, r.ContentLength = io.NopCloser(strings.NewReader(changed)), int64(len(changed))
		a.ServeHTTP(w, r)
	}))
	a.t.Cleanup(server.Close)
	a.url = server.URL
}

func (a *account) customerNamed(name string) emulator.Customer {
	a.t.Helper()
	for _, customer := range a.Customers() {
		if customer.Name == name {
			return customer
		}
	}
	a.t.Fatalf("no customer is called %q", name)
	return emulator.Customer{}
}
