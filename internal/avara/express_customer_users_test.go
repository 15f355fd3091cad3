// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// A rejection counts as success only if it says that there is nothing to do. Recording a
// membership that does not exist, or missing one that does, would be worse than an error.
func TestRefusalsOfMembershipChanges(t *testing.T) {
	t.Parallel()
	for message, want := range map[string]struct{ added, removed bool }{
		"user is already a member of this customer":        {added: true},
		"user already belongs to the customer":             {added: true},
		"user is not a member of this customer":            {removed: true},
		"cannot remove a member of an inactive customer":   {},
		"the last member must not be removed":              {},
		"the access of this user has already been revoked": {},
		"the user has already rejected the invitation":     {},
		"invalid user id": {},
	} {
		t.Run(message, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodGet {
					_, _ = w.Write([]byte(customer(true, "a").body))
					return
				}
				w.WriteHeader(http.StatusBadRequest)
				_, _ = w.Write([]byte(`{"message":"` + message + `"}`))
			}))
			defer server.Close()
			c, err := New(Options{APIKey: testKey, BaseURL: server.URL})
			if err != nil {
				t.Fatal(err)
			}
			if err := c.AddExpressCustomerUser(t.Context(), testID, "usr_1"); (err == nil) != want.added {
				t.Errorf("add: %v", err)
			}
			if err := c.RemoveExpressCustomerUser(t.Context(), testID, "usr_1"); (err == nil) != want.removed {
				t.Errorf("remove: %v", err)
			}
		})
	}
}
