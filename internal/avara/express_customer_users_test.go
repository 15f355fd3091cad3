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

// A 404 to a removal may be that of a proxy which lets only reads through. No GET shows a
// membership, so it counts only with what shows that the user is no member.
func TestNotFoundMembershipRemovals(t *testing.T) {
	t.Parallel()
	const remove, list = "DELETE /users", "GET /express"
	sentRemove, sentList := "DELETE /express/"+testID+"/users", "GET /express"
	says := func(message string) answer { return answer{status: 404, body: `{"message":"` + message + `"}`} }
	empty := answer{status: 200, body: `{"expressCustomerId":"` + testID + `","isActive":true,"userCount":0}`}
	unknown := answer{status: 200, body: `{"expressCustomerId":"` + testID + `","isActive":true}`}
	for name, tc := range map[string]struct {
		removal, customer answer
		sent              []string
		removed           bool
	}{
		"no member, it says":           {says("usr_1 is not a member of this customer"), customer(true, "a"), []string{sentRemove, sentGet}, true},
		"no user, it says":             {says("User not found"), customer(true, "a"), []string{sentRemove, sentGet}, true},
		"gone, it says":                {answer{status: 410, body: `{"message":"membership has ended"}`}, customer(true, "a"), []string{sentRemove, sentGet}, true},
		"it says nothing":              {answer{status: 404}, customer(true, "a"), []string{sentRemove, sentGet}, true},
		"it says nothing to the point": {says("Not Found"), customer(true, "a"), []string{sentRemove, sentGet}, true},
		"it quotes the path":           {says("Cannot DELETE /v1/express/" + testID + "/users"), customer(true, "a"), []string{sentRemove, sentGet}, false},
		"a page":                       {answer{status: 404, body: "<html><title>404 Not Found</title></html>"}, customer(true, "a"), []string{sentRemove, sentGet}, false},
		"no members at all":            {says("Not Found"), empty, []string{sentRemove, sentGet}, true},
		"members are not counted":      {says("Not Found"), unknown, []string{sentRemove, sentGet}, true},
		"no customer":                  {says("Not Found"), status(404), []string{sentRemove, sentGet, sentList}, true},
		"customer can't be read":       {says("not a member"), status(403), []string{sentRemove, sentGet}, false},
	} {
		t.Run(name, func(t *testing.T) {
			scripted(t, map[string][]answer{remove: {tc.removal}, get: {tc.customer}, list: {{status: 200, body: `{"expressCustomers":[]}`}}},
				func(t *testing.T, c *Client, s *script) {
					if err := c.RemoveExpressCustomerUser(t.Context(), testID, testUserID); (err == nil) != tc.removed || IsNotFound(err) {
						t.Error(err)
					}
					s.expectSent(tc.sent...)
				})
		})
	}
}
