// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// If many objects have changed outside, a refresh makes at most two requests per object,
// and ten more.
func TestRequestsOfARefreshAfterManyChangesOutside(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		dialect emulator.Dialect
		// prepare creates n objects and returns their ids. change changes all of them.
		prepare func(a *account, n int) (resource string, ids []string)
		change  func(a *account, ids []string)
		gone    bool
	}{
		"memberships of a customer that was emptied": {
			prepare: func(a *account, n int) (string, []string) {
				customer := a.AddCustomer(emulator.Customer{Name: "One", IsActive: true, Members: []string{"usr_" + strings.Repeat("a", 32)}})
				var ids []string
				for i := range n {
					ids = append(ids, fmt.Sprintf("%s/usr_%032x", customer, i))
				}
				return membershipType, ids
			},
			change: func(a *account, ids []string) {
				customer, _, _ := strings.Cut(ids[0], "/")
				a.EditCustomer(customer, func(c *emulator.Customer) { c.Members = nil })
			},
			gone: true,
		},
		"people who lost their access": {
			dialect: emulator.RevokedUserMissing,
			prepare: func(a *account, n int) (string, []string) {
				a.Seed(emulator.Seed{Users: n})
				return "avara_autoscribe_user", usersOf(a)
			},
			change: func(a *account, ids []string) {
				for _, id := range ids {
					a.EditUser(emulator.AutoScribe, id, func(u *emulator.User) { u.Revoked = true })
				}
			},
		},
		"people who were removed": {
			prepare: func(a *account, n int) (string, []string) {
				a.Seed(emulator.Seed{Users: n})
				return "avara_autoscribe_user", usersOf(a)
			},
			change: func(a *account, ids []string) {
				for _, id := range ids {
					a.RemoveUser(emulator.AutoScribe, id)
				}
			},
		},
		"customers that were removed": {
			prepare: func(a *account, n int) (string, []string) {
				a.Seed(emulator.Seed{Customers: n})
				var ids []string
				for _, customer := range a.Customers() {
					ids = append(ids, customer.ID)
				}
				return "avara_express_customer", ids
			},
			change: func(a *account, ids []string) {
				for _, id := range ids {
					a.RemoveCustomer(id)
				}
			},
			gone: true,
		},
	} {
		for _, n := range []int{10, 30, 60} {
			for _, bulk := range []bool{true, false} {
				t.Run(fmt.Sprint(name, n, bulk), func(t *testing.T) {
					t.Parallel()
					var options []emulator.Option
					if tc.dialect != "" {
						options = append(options, emulator.WithDialects(tc.dialect))
					}
					a := newAccount(t, options...)
					resource, ids := tc.prepare(a, n)
					objects := a.adopt(resource, ids...)
					a.refresh(objects, false)
					tc.change(a, ids)
					a.ResetRequests()
					for id, state := range a.refresh(objects, bulk) {
						if gone := strings.HasSuffix(state, "]<null>"); gone != tc.gone {
							t.Errorf("%s: %s", id, state)
						}
					}
					if requests := len(a.Requests()); requests > 2*n+10 {
						t.Errorf("%d requests for %d objects: %v", requests, n, a.Counts())
					}
				})
			}
		}
	}
}

func usersOf(a *account) (ids []string) {
	for _, user := range a.Users(emulator.AutoScribe) {
		ids = append(ids, user.ID)
	}
	return ids
}

// With a wrong base path every request is answered with 404. That must not empty the
// state.
func TestARefreshFromAWrongBasePathKeepsTheState(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	a.Seed(emulator.Seed{Customers: 1, Users: 1, References: 1})
	customer := a.AddCustomer(emulator.Customer{Name: "One", IsActive: true, Members: []string{usersOf(a)[0]}})
	for resource, id := range map[string]string{
		"avara_express_customer":   customer,
		membershipType:             customer + "/" + usersOf(a)[0],
		"avara_autoscribe_user":    usersOf(a)[0],
		"avara_clinical_reference": a.References()[0].ID,
	} {
		o := a.adopt(resource, id)[id]
		for _, bulk := range []bool{true, false} {
			p := newProtocol(t)
			if d := p.configure(map[string]any{"base_url": a.url + "/elsewhere", "api_key": emulator.DefaultAPIKey, "bulk_refresh": bulk}); len(d) > 0 {
				t.Fatal(texts(d))
			}
			a.ResetRequests()
			resp, err := p.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{TypeName: resource, CurrentState: o.state, CurrentIdentity: o.identity, Private: o.private})
			if err != nil {
				t.Fatal(err)
			}
			if text := texts(resp.Diagnostics); !failed(resp.Diagnostics) || !strings.Contains(text, "does not seem to be the Avara API") || !strings.Contains(text, a.url+"/elsewhere") {
				t.Errorf("%s: %s", resource, text)
			}
			if requests := len(a.Requests()); requests > 3 {
				t.Errorf("%s: %d requests", resource, requests)
			}
		}
	}
}
