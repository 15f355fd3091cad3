// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// The provider is killed while the API handles its create, and the same configuration is
// applied again. If the API detects duplicates nothing is created twice: the next apply
// succeeds, or fails and shows how to import the object. The API does not detect duplicate
// customers, so for those the user needs prevent_duplicate_names.
func TestAccKilled(t *testing.T) {
	t.Parallel()
	const noRefusal, imported = "", "import {"
	const preventing = "prevent_duplicate_names = true"
	invitations := func(p people) func(*killing) int {
		return func(k *killing) int { return len(k.Invitations(p.product)) }
	}
	customers := func(k *killing) int { return len(k.Customers()) }
	lakeside := func(k *killing) emulator.Customer {
		customer, _ := k.Customer(lakesideID)
		return customer
	}
	for name, tc := range map[string]struct {
		before, blocks, route string
		count                 func(*killing) int
		more                  int
		refusal               string
	}{
		"AutoScribe user":                       {"", autoScribePeople.block(), autoScribePeople.route("POST"), invitations(autoScribePeople), 1, imported},
		"Viewer user":                           {"", viewerPeople.block(), viewerPeople.route("POST"), invitations(viewerPeople), 1, imported},
		"clinical reference":                    {"", facility("Lakeside"), createReferenceRoute, func(k *killing) int { return len(k.References()) }, 1, imported},
		"membership":                            {"", membership(), addMemberRoute, func(k *killing) int { return len(lakeside(k).Members) }, 1, noRefusal},
		"change":                                {customerConfig("One"), customerConfig("Two"), patchRoute, customers, 0, noRefusal},
		"deactivation":                          {customerConfig("One"), customerConfig("One", "active = false"), deactivateRoute, customers, 0, noRefusal},
		"reactivation":                          {customerConfig("One", "active = false"), customerConfig("One"), reactivateRoute, customers, 0, noRefusal},
		"customer, for which the guide says so": {"", customerConfig("One"), createRoute, customers, 2, noRefusal},
		"customer whose name must be new":       {preventing, customerConfig("One"), createRoute, customers, 1, imported},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := newKilling(t)
			if tc.before == preventing {
				k.settings = preventing
			} else if tc.before != "" {
				k.write(tc.before)
				k.apply().expectOK()
			}
			count := tc.count(k)
			k.write(tc.blocks)
			k.applyKilled(tc.route)
			again := k.apply()
			if tc.refusal == noRefusal {
				again.expectOK().expectQuiet()
				k.plan().expectOK().expectChanges()
			} else if again.expectFailed(); !strings.Contains(again.diagnostics[0].Detail, tc.refusal) {
				t.Errorf("%q, want %q", again.diagnostics, tc.refusal)
			}
			if more := tc.count(k) - count; more != tc.more {
				t.Errorf("%d more, want %d", more, tc.more)
			}
		})
	}
}

// killing is an account with customers and users, and a workspace whose provider can be
// killed.
type killing struct {
	*workspace
	provider *tracedProvider
	requests *anyRequest
}

func newKilling(t *testing.T) *killing {
	t.Helper()
	a := newStaff(t, emulator.AddMemberConflict)
	requests := &anyRequest{Handler: a.Emulator}
	server := httptest.NewServer(requests)
	t.Cleanup(server.Close)
	a.url = server.URL
	w := newWorkspace(a, "")
	return &killing{workspace: w, provider: newTracedProvider(w), requests: requests}
}

// applyKilled applies, and kills the provider at the first request of the route. The API
// handles the request nevertheless.
func (k *killing) applyKilled(route string) {
	k.t.Helper()
	var once sync.Once
	remove := k.OnRequest(route, func(*http.Request) { once.Do(func() { k.provider.kill(k.t) }) })
	defer remove()
	k.apply().expectFailed()
	k.requests.inFlight.Wait()
}
