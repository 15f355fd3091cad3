// SPDX-License-Identifier: MPL-2.0

package page_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

func TestActiveOnThePage(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.AddCustomer(emulator.Customer{Name: "Lakeside", IsActive: true})
	wants(t, d.see("/"), "Lakeside", id, ">Active<", `formaction="/_page/customers/deactivate" name="id" value="`+id+`"`)
	d.press("customers/deactivate", "id", id)
	if d.customer(id).IsActive {
		t.Error("the customer is active")
	}
	wants(t, d.see("/"), ">Inactive<", "/_page/customers/reactivate")
	d.call("POST", "/v1/express/"+id+"/reactivate", "")
	wants(t, d.see("/"), ">Active<", "/_page/customers/deactivate")
	d.press("customers/deactivate", "id", id)
	d.press("customers/reactivate", "id", id)
	if !d.customer(id).IsActive {
		t.Error("the customer is inactive")
	}
	wants(t, d.refused("customers/deactivate", "id", "cus_0"), "it is gone", `<a href="/">Back to where you were`)
}

func TestRename(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.AddCustomer(emulator.Customer{Name: "Lakeside", IsActive: true, Members: []string{"usr_1"}})
	d.press("customers/rename", "id", id, "name", "Lakeside & Partners")
	wants(t, d.see("/?view=customer&id="+id), "<h1><bdi>Lakeside &amp; Partners</bdi></h1>", `value="Lakeside &amp; Partners"`)
	if got := d.customer(id); got.Name != "Lakeside & Partners" || !got.IsActive || len(got.Members) != 1 {
		t.Errorf("the customer is %+v", got)
	}
	before := d.Revision()
	for _, name := range []string{"", "  ", strings.Repeat("x", 256)} {
		wants(t, d.refused("customers/rename", "id", id, "name", name), "name: must have 1 to 255 characters")
	}
	if d.Revision() != before {
		t.Error("a refused name changed something")
	}
}

func TestEditMetadata(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	lines := "first\r\nsecond\nthird"
	stored := map[string]string{"tier": "gold", "note\n1": lines}
	id := d.AddCustomer(emulator.Customer{Name: "Lakeside", Metadata: stored})
	wants(t, d.see("/?view=customer&id="+id), "note\n1</textarea>", lines+"</textarea>", "tier</textarea>", "gold</textarea>")

	// As a browser sends it: in the order of the keys, line breaks as CRLF, empty rows included.
	pairs := []string{"id", id, "key", "note\r\n1", "value", "first\r\nsecond\r\nthird", "key", "tier", "value", "silver", "key", "", "value", ""}
	d.press("customers/metadata", append(pairs, "key", "contract", "value", "C-1")...)
	want := map[string]string{"tier": "silver", "note\n1": lines, "contract": "C-1"}
	if got := d.customer(id).Metadata; !maps.Equal(got, want) {
		t.Errorf("metadata %q", got)
	}
	for problem, pairs := range map[string][]string{
		"has no key":                         {"key", "", "value", "lost"},
		"is there twice":                     {"key", "a", "value", "1", "key", "a", "value", "2"},
		"key &#34;xxx":                       {"key", strings.Repeat("x", 101), "value", ""},
		"metadata.a: must have 0 to 1000":    {"key", "a", "value", strings.Repeat("x", 1001)},
		"the form has 1 keys and 0 values":   {"key", "a"},
		"must have at most 50 pairs, not 51": manyPairs(51),
		"the form has 0 keys and 1 values":   {"value", "a"},
	} {
		wants(t, d.refused("customers/metadata", append([]string{"id", id}, pairs...)...), problem)
	}
	if got := d.customer(id).Metadata; !maps.Equal(got, want) {
		t.Errorf("metadata %q after forms that were refused", got)
	}
	d.press("customers/metadata", append([]string{"id", id}, manyPairs(50)...)...)
	if got := d.customer(id).Metadata; len(got) != 50 {
		t.Errorf("%d pairs", len(got))
	}
	d.press("customers/metadata", "id", id)
	if got := d.customer(id).Metadata; got != nil {
		t.Errorf("metadata %q after an empty form", got)
	}
}

func manyPairs(n int) (pairs []string) {
	for i := range n {
		pairs = append(pairs, "key", strings.Repeat("k", i+1), "value", "")
	}
	return pairs
}

func TestMembers(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	user := d.AddUser(emulator.Viewer, emulator.User{Person: emulator.Person{FirstName: "Ines", LastName: "Okafor"}})
	id := d.AddCustomer(emulator.Customer{Name: "Lakeside", Members: []string{"usr_gone", user}})
	wants(t, d.see("/?view=customer&id="+id), "Unknown user", "usr_gone", "Ines Okafor", "Viewer", user)
	d.press("customers/remove-member", "id", id, "user", user)
	if got := d.customer(id).Members; !slices.Equal(got, []string{"usr_gone"}) {
		t.Errorf("members %v", got)
	}
	wants(t, d.refused("customers/remove-member", "id", id, "user", user), "it is gone")
}

func TestInvitationsOnThePage(t *testing.T) {
	t.Parallel()
	for _, product := range emulator.Products() {
		for verb, want := range map[string]string{"accept": "accepted", "reject": "rejected", "expire": "expired", "revoke": "revoked"} {
			d := newDesk(t)
			id := d.AddInvitation(product, emulator.Invitation{Person: emulator.Person{FirstName: "Ines", LastName: "Okafor"}})
			key := string(product) + " " + id
			wants(t, d.see("/?view=invitations"), "Ines Okafor", id, ">sent<", "/_page/invitations/"+verb+`" name="id" value="`+key+`"`)
			d.press("invitations/"+verb, "id", key)
			invitation, _ := d.Invitation(product, id)
			if got := invitation.State(d.Now()); got != want {
				t.Errorf("%s: the invitation is %s", verb, got)
			}
			after := d.see("/?view=invitations")
			wants(t, after, ">"+want+"<")
			lacks(t, after, "/_page/invitations/")
			wants(t, d.refused("invitations/"+verb, "id", key), "it is gone")
		}
	}
}

func TestAccess(t *testing.T) {
	t.Parallel()
	for _, product := range emulator.Products() {
		d := newDesk(t)
		id := d.AddUser(product, emulator.User{Person: emulator.Person{FirstName: "Ines", LastName: "Okafor"}})
		key := string(product) + " " + id
		wants(t, d.see("/?view=users"), "Ines Okafor", id, ">Active<", "/_page/users/revoke")
		d.press("users/revoke", "id", key)
		wants(t, d.see("/?view=users"), ">No access<", "/_page/users/restore")
		if user, _ := d.User(product, id); !user.Revoked {
			t.Error("the user has access")
		}
		d.press("users/restore", "id", key)
		if user, _ := d.User(product, id); user.Revoked {
			t.Error("the user has no access")
		}
		for _, wrong := range []string{"", id, "klingon " + id, string(product) + " usr_0", string(product)} {
			d.refused("users/revoke", "id", wrong)
		}
	}
}

func TestUnknownActions(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for _, path := range []string{"customers/explode", "", "customers"} {
		if w := d.send(path); w.Code != http.StatusNotFound && w.Code != http.StatusMethodNotAllowed {
			t.Errorf("%q: status %d", path, w.Code)
		}
	}
	if w := d.send("customers/rename", "name", strings.Repeat("x", 2<<20)); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("a form of 2 MiB: status %d", w.Code)
	}
}
