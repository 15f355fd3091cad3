// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// refreshed is what Terraform keeps of one object between two refreshes.
type refreshed struct {
	resource string
	state    *tfprotov6.DynamicValue
	identity *tfprotov6.ResourceIdentityData
	private  []byte
}

// refresh reads objects as a plan does: ten at a time, with a new provider. It returns the
// state of each object after that as text, "null" for an object that is gone.
func (a *account) refresh(objects map[string]*refreshed, bulk bool) map[string]string {
	a.t.Helper()
	p := newProtocol(a.t)
	if d := p.configure(map[string]any{"base_url": a.url, "api_key": emulator.DefaultAPIKey, "bulk_refresh": bulk}); len(d) > 0 {
		a.t.Fatal(texts(d))
	}
	var mu sync.Mutex
	states := map[string]string{}
	var walkers sync.WaitGroup
	queue := make(chan string, len(objects))
	for id := range objects { // in random order
		queue <- id
	}
	close(queue)
	for range 10 {
		walkers.Go(func() {
			for id := range queue {
				o := objects[id]
				resp, err := p.ReadResource(a.t.Context(), &tfprotov6.ReadResourceRequest{
					TypeName: o.resource, CurrentState: o.state, CurrentIdentity: o.identity, Private: o.private,
				})
				if err != nil || slices.ContainsFunc(resp.Diagnostics, isError) {
					a.t.Errorf("%s: %v\n%s", id, err, texts(resp.Diagnostics))
					continue
				}
				o.state, o.identity, o.private = resp.NewState, resp.NewIdentity, resp.Private
				state, err := resp.NewState.Unmarshal(p.resourceType(o.resource))
				if err != nil {
					a.t.Error(err)
				}
				mu.Lock()
				states[id] = state.String()
				mu.Unlock()
			}
		})
	}
	walkers.Wait()
	return states
}

func isError(d *tfprotov6.Diagnostic) bool { return d.Severity == tfprotov6.DiagnosticSeverityError }

// adopt imports objects by id.
func (a *account) adopt(resource string, ids ...string) map[string]*refreshed {
	a.t.Helper()
	p := configured(a)
	objects := map[string]*refreshed{}
	for _, id := range ids {
		resp, err := p.ImportResourceState(a.t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: resource, ID: id})
		if err != nil || failed(resp.Diagnostics) {
			a.t.Fatal(err, texts(resp.Diagnostics))
		}
		one := resp.ImportedResources[0]
		objects[id] = &refreshed{resource: resource, state: one.State, identity: one.Identity, private: one.Private}
	}
	return objects
}

func copied(objects map[string]*refreshed) map[string]*refreshed {
	copies := maps.Clone(objects)
	for id, o := range copies {
		c := *o
		copies[id] = &c
	}
	return copies
}

// A refresh with lists shows the same state as a refresh without, whichever fields the
// lists leave out.
func TestBulkRefreshShowsWhatPlainReadsShow(t *testing.T) {
	t.Parallel()
	const n = 60
	kinds := map[string]struct {
		ids  func(*account) []string
		edit func(a *account, i int, id string)
		// most is the number of requests that the refresh may make at most.
		most int
	}{
		"avara_express_customer": {
			ids: func(a *account) (ids []string) {
				for _, customer := range a.Customers() {
					ids = append(ids, customer.ID)
				}
				return ids
			},
			edit: func(a *account, i int, id string) {
				if i%20 == 0 {
					a.RemoveCustomer(id)
					return
				}
				a.EditCustomer(id, func(c *emulator.Customer) { c.Name += " & Sons"; c.IsActive = !c.IsActive })
			},
			most: 30,
		},
		"avara_autoscribe_user": {
			ids: func(a *account) (ids []string) {
				for _, user := range a.Users(emulator.AutoScribe) {
					ids = append(ids, user.ID)
				}
				return ids
			},
			edit: func(a *account, i int, id string) {
				if i%20 == 0 {
					a.RemoveUser(emulator.AutoScribe, id)
					return
				}
				a.EditUser(emulator.AutoScribe, id, func(u *emulator.User) { u.LastName = "Miller" })
			},
			most: 60,
		},
		"avara_clinical_reference": {
			ids: func(a *account) (ids []string) {
				for _, reference := range a.References() {
					ids = append(ids, reference.ID)
				}
				return ids
			},
			edit: func(a *account, i int, id string) {
				if i%20 == 0 {
					a.EditReference(id, func(r *emulator.Reference) { r.IsActive = false })
					return
				}
				a.EditReference(id, func(r *emulator.Reference) { r.Metadata = map[string]string{"by": "hand"} })
			},
			most: 30,
		},
	}
	for resource, kind := range kinds {
		for _, dialects := range [][]emulator.Dialect{
			nil,
			{emulator.OldestFirst, emulator.ListHidesInactive, emulator.ListHidesRevokedUsers, emulator.RevokedUserMissing},
			{emulator.ListShowsPendingUsers, emulator.PendingUserReadable, emulator.DeletedReferenceMissing, emulator.NullsExplicit},
		} {
			t.Run(fmt.Sprint(resource, dialects), func(t *testing.T) {
				t.Parallel()
				a := newAccount(t, emulator.WithDialects(dialects...))
				a.Seed(emulator.Seed{Customers: n, Users: n, References: n})
				objects := a.adopt(resource, kind.ids(a)...)
				a.refresh(objects, false)
				for i, id := range slices.Sorted(maps.Keys(objects)) {
					if i%5 == 0 {
						kind.edit(a, i, id)
					}
				}
				plain := a.refresh(copied(objects), false)
				a.ResetRequests()
				bulk := a.refresh(copied(objects), true)
				requests := len(a.Requests())
				for id := range objects {
					if bulk[id] != plain[id] {
						t.Errorf("%s\n with lists: %s\nwithout:    %s", id, bulk[id], plain[id])
					}
				}
				if dialects == nil && requests > kind.most {
					t.Errorf("%d requests for %d objects: %v", requests, len(objects), a.Counts())
				}
			})
		}
	}
}

func TestMembershipsShareTheReadOfTheirCustomer(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	id := a.AddCustomer(emulator.Customer{Name: "One", IsActive: true, Members: []string{"usr_" + strings.Repeat("a", 32)}})
	var ids []string
	for i := range 50 {
		ids = append(ids, fmt.Sprintf("%s/usr_%032x", id, i))
	}
	objects := a.adopt("avara_express_customer_user", ids...)
	a.ResetRequests()
	a.refresh(objects, true)
	if requests := a.Requests(); len(requests) > 5 {
		t.Errorf("%d requests for 50 memberships of one customer", len(requests))
	}
}

// The same with a real Terraform: the requests of a plan with and without lists, and the
// line in the log that counts them.
func TestAccBulkRefresh(t *testing.T) {
	t.Parallel()
	const n = 60
	a := newAccount(t)
	blocks := fmt.Sprintf("resource \"avara_express_customer\" \"many\" {\n  for_each = toset([for i in range(%d) : tostring(i)])\n  name     = \"Customer ${each.key}\"\n}\n", n)
	w := newWorkspace(a, blocks)
	w.apply().expectOK()
	a.ResetRequests()

	w.env = append(w.env, "TF_LOG_PROVIDER=DEBUG")
	planned := w.plan().expectOK().expectQuiet().expectChanges()
	requests := len(a.Requests())
	if requests > 25 {
		t.Errorf("%d requests for %d customers: %v", requests, n, a.Counts())
	}
	// The order of the fields in a log line is random.
	sums := func(line string) bool {
		fields := strings.Fields(line)
		return slices.Contains(fields, fmt.Sprintf("reads=%d", n)) && slices.Contains(fields, fmt.Sprintf("requests=%d", requests))
	}
	if !slices.ContainsFunc(strings.Split(planned.log, "\n"), sums) {
		t.Errorf("the log does not say that %d requests served %d reads:\n%s", requests, n, planned.log)
	}
	a.ResetRequests()

	for _, customer := range a.Customers() {
		if customer.Name == "Customer 7" {
			a.EditCustomer(customer.ID, func(c *emulator.Customer) { c.Name = "Changed" })
		}
	}
	w.plan().expectOK().expectChanges(`update avara_express_customer.many["7"]`)
	a.ResetRequests()
	w.plan("-refresh=false").expectOK().expectChanges()
	a.expectRequests(allBut())

	w.env = append(w.env, "TF_LOG_PROVIDER=")
	config := strings.Replace(requiredProviders+a.config(blocks), "base_url", "bulk_refresh = false\n  base_url", 1)
	writeFile(t, w.dir+"/main.tf", config)
	w.plan().expectOK().expectChanges(`update avara_express_customer.many["7"]`)
	if counts := a.Counts(); counts[getRoute] != n || len(a.Requests()) != n {
		t.Errorf("without lists: %v", counts)
	}
}
