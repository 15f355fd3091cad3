// SPDX-License-Identifier: MPL-2.0

package page_test

import (
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
	// The view shows why an action was rejected, and still updates itself.
	wants(t, d.refused("customers/deactivate", "id", "cus_0"), `data-address="/"`, `role="status"><p id="problem"`, "it is gone", "1–1 of 1 customers")
}

func TestMembers(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	user := d.AddUser(emulator.Viewer, emulator.User{Person: emulator.Person{FirstName: "Ines", LastName: "Okafor", Email: "ines@x.example"}})
	other := d.AddUser(emulator.AutoScribe, emulator.User{Person: emulator.Person{FirstName: "Tom", Email: "tom@x.example"}})
	locked := d.AddUser(emulator.Viewer, emulator.User{Person: emulator.Person{FirstName: "Uma", Email: "uma@x.example"}, Revoked: true})
	id := d.AddCustomer(emulator.Customer{Name: "Lakeside", Members: []string{"usr_gone", user}})
	view := "/?view=customer&id=" + id
	wants(t, d.see(view), "Unknown user", "usr_gone", `href="/?id=viewer&#43;`+user, "Ines Okafor", "Viewer", user, "<datalist", other)
	lacks(t, d.see(view), `<option value="`+user, `<option value="`+locked)

	d.press("customers/remove-member", "id", id, "user", user)
	if got := d.customer(id).Members; !slices.Equal(got, []string{"usr_gone"}) {
		t.Errorf("members %v", got)
	}
	wants(t, d.refused("customers/remove-member", "id", id, "user", user), "it is gone")

	d.press("customers/add-member", "id", id, "user", " INES@x.example ")
	d.press("customers/add-member", "id", id, "user", other)
	if got := d.customer(id).Members; !slices.Equal(got, []string{"usr_gone", user, other}) {
		t.Errorf("members %v", got)
	}
	d.AddUser(emulator.AutoScribe, emulator.User{Person: emulator.Person{Email: "ines@x.example"}})
	for problem, named := range map[string]string{
		"is a member already": user, "There is no user": "usr_0", "Enter the id": " ", "has no access": locked, "Both products": "ines@x.example",
	} {
		refused := d.refused("customers/add-member", "id", id, "user", named, "back", view)
		wants(t, refused, `<input name="user" value="`+named+`"`, `aria-invalid="true"`, `id="wrong-user"`, problem)
	}
}

func TestInvitationsOnThePage(t *testing.T) {
	t.Parallel()
	for _, product := range emulator.Products() {
		for verb, want := range map[string]string{"accept": "accepted", "reject": "rejected", "expire": "expired", "revoke": "revoked"} {
			d := newDesk(t)
			id := d.AddInvitation(product, emulator.Invitation{Person: emulator.Person{FirstName: "Ines", LastName: "Okafor"}})
			key := string(product) + " " + id
			wants(t, d.see("/?view=invitations"), "Ines Okafor", id, ">sent<", "/_page/invitations/"+verb+`" name="id" value="`+key+`"`)
			question := d.send("invitations/"+verb, "id", key)
			wants(t, question.Body.String(), "the invitation of \u2068Ines Okafor\u2069?", "be undone", `name="sure" value="yes"`, key)
			if invitation, _ := d.Invitation(product, id); invitation.Status != "sent" || question.Code != http.StatusOK {
				t.Errorf("%s: status %d, the invitation is %s without a confirmation", verb, question.Code, invitation.Status)
			}
			d.press("invitations/"+verb, "id", key, "sure", "yes")
			invitation, _ := d.Invitation(product, id)
			if got := invitation.State(d.Now()); got != want {
				t.Errorf("%s: the invitation is %s", verb, got)
			}
			after := d.see("/?view=invitations")
			wants(t, after, ">"+want+"<")
			lacks(t, after, "/_page/invitations/")
			wants(t, d.refused("invitations/"+verb, "id", key, "sure", "yes"), "it is gone")
		}
	}
}

func TestAccess(t *testing.T) {
	t.Parallel()
	for _, product := range emulator.Products() {
		d := newDesk(t)
		id := d.AddUser(product, emulator.User{Person: emulator.Person{FirstName: "Ines", LastName: "Okafor"}})
		key := string(product) + " " + id
		wants(t, d.see("/?view=users"), "Ines Okafor", id, ">active<", "/_page/users/revoke")
		d.press("users/revoke", "id", key)
		wants(t, d.see("/?view=users"), ">no access<", "/_page/users/restore")
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
