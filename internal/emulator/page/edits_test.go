// SPDX-License-Identifier: MPL-2.0

package page_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// TestClicksHaveAPlace expects a click to be shown in the activity, beside the views and
// in the history of its customer, and undoes it.
func TestClicksHaveAPlace(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.AddCustomer(emulator.Customer{Name: "Lakeside", IsActive: true})
	view := "/?view=customer&id=" + id
	lacks(t, d.see("/"), "<b>You</b>")
	d.press("customers/deactivate", "id", id)
	wants(t, d.see("/"), "What happened", "<b>You</b>", "Lakeside", "deactivated", `/_page/edits/undo" name="id" value="1"`)
	wants(t, d.see("/?view=activity"), "1–1 of 1 events", "<b>You</b>", "deactivated", ">Undo<")
	wants(t, d.see(view), "What happened to it", "deactivated", "you, on this page", ">Undo<")
	wants(t, d.see("/?view=activity&result=edits"), "Lakeside")
	lacks(t, d.see("/?view=activity&result=runs"), `class="event"`)

	d.press("edits/undo", "id", "1")
	if !d.customer(id).IsActive {
		t.Error("the customer is inactive")
	}
	activity := d.see("/?view=activity&q=lakeside")
	wants(t, activity, "reactivated", "deactivated", "Undone.")
	for _, wrong := range []string{"1", "99", "", "x"} { // an edit can be undone once
		d.refused("edits/undo", "id", wrong)
	}
	d.press("customers/deactivate", "id", id)
	d.call("POST", "/v1/express/"+id+"/reactivate", "")
	if w := d.send("edits/undo", "id", "3"); w.Code != http.StatusConflict || !d.customer(id).IsActive {
		t.Errorf("undone over a later change: status %d", w.Code)
	}
}

func TestEditsOfOthersAreShown(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.AddCustomer(emulator.Customer{Name: "Lakeside", IsActive: true})
	d.call("PATCH", "/_emulator/customers/"+id, `{"isActive":false}`)
	wants(t, d.see("/"), "Control endpoint", "Lakeside", "deactivated", ">Undo<")
}

// TestDoneIsSaid expects each action to be confirmed on the page.
func TestDoneIsSaid(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.AddCustomer(emulator.Customer{Name: "Lakeside", IsActive: true, Metadata: map[string]string{"tier": "gold"}})
	user := d.AddUser(emulator.Viewer, emulator.User{Person: emulator.Person{FirstName: "Ines"}})
	invitation := d.AddInvitation(emulator.Viewer, emulator.Invitation{Person: emulator.Person{FirstName: "Tom"}})
	for _, test := range []struct {
		path  string
		pairs []string
		says  []string
		final bool
	}{
		{"customers/rename", []string{"id", id, "name", "Harbor"}, []string{"renamed", "Lakeside", "Harbor"}, false},
		{"customers/metadata", []string{"id", id, "key", "tier", "value", "silver"}, []string{"Harbor", "tier", "gold", "silver"}, false},
		{"customers/add-member", []string{"id", id, "user", user}, []string{"user added", "Ines"}, false},
		{"customers/remove-member", []string{"id", id, "user", user}, []string{"user removed", "Ines"}, false},
		{"customers/reactivate", []string{"id", id}, []string{"Nothing has changed."}, true},
		{"users/revoke", []string{"id", "viewer " + user}, []string{"Ines", "access removed"}, false},
		{"users/revoke", []string{"id", "viewer " + user}, []string{"Nothing has changed."}, true},
		{"invitations/expire", []string{"id", "viewer " + invitation, "sure", "yes"}, []string{"Tom", "expired"}, true},
		{"faults/on", []string{"id", "down"}, []string{"fault switched on", "Down"}, false},
		{"dialects/on", []string{"id", "read-lag"}, []string{"dialect switched on", "read-lag"}, false},
		{"usual", nil, []string{"fault switched off", "Down"}, false},
		{"requests/clear", []string{"sure", "yes"}, []string{"Nothing has changed."}, true},
	} {
		place := d.send(test.path, test.pairs...).Header().Get("Location")
		_, said, _ := cut(d.see(place), `role="status">`, `</div>`)
		wants(t, said, test.says...)
		if offers := contains(said, "/_page/edits/undo"); offers == test.final {
			t.Errorf("%s: offers an undo: %t, in %s", test.path, offers, said)
		}
	}
	lacks(t, d.see("/?done=99"), "<p>", "edits/undo\" name=\"id\" value=\"99\"")
}

// TestPersonsAreLinked follows the links between a user, an invitation and a customer.
func TestPersonsAreLinked(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	person := emulator.Person{FirstName: "Ines", LastName: "Okafor", Email: "ines@x.example", ClinicRole: "Radiologist", NPINumber: "1234567890"}
	invitation := d.AddInvitation(emulator.AutoScribe, emulator.Invitation{Person: person, Expiry: noon.Add(3 * time.Hour)})
	sent, _ := d.Invitation(emulator.AutoScribe, invitation)
	customer := d.AddCustomer(emulator.Customer{Name: "Lakeside", Members: []string{sent.UserID}})

	page := d.see(link(t, d.see("/?view=users"), "<bdi>Ines Okafor"))
	wants(t, page, "<h1><bdi>Ines Okafor</bdi></h1>", "pending", sent.UserID, "AutoScribe", "ines@x.example", "1234567890", "Creates reports",
		"Invitations", invitation, "/_page/invitations/accept", "Customers", "Lakeside", "avara_autoscribe_user.ines_okafor", sent.UserID)
	wants(t, d.see(link(t, page, "<bdi>Lakeside")), "<h1><bdi>Lakeside</bdi></h1>", "Ines Okafor", "AutoScribe")
	page = d.see(link(t, d.see("/?view=invitations"), "<bdi>Ines Okafor"))
	wants(t, page, "<h1><bdi>Ines Okafor</bdi></h1>", ">sent<", "/_page/invitations/reject", invitation, "in 3 hours", "Lakeside")
	wants(t, d.see(link(t, page, "pending")), sent.UserID)
	d.press("invitations/accept", "id", "autoScribe "+invitation, "sure", "yes")
	wants(t, d.see("/?view=user&id=autoScribe+"+sent.UserID), ">active<", "/_page/users/revoke", "Last login", "never", "accepted")
	wants(t, d.see("/?view=customer&id="+customer), "registry.terraform.io/providers/avara-software/avara/latest/docs/resources/express_customer",
		"import {\n  to = avara_express_customer.lakeside\n  id = &#34;"+customer+"&#34;\n}", `data-copy="import {`)

	reference := d.AddReference(emulator.Reference{Name: "1 North", Type: "facility", IsActive: true, ExpressCustomerID: customer, Metadata: map[string]string{"a": "b"}})
	page = d.see(link(t, d.see("/?view=references"), "<bdi>1 North"))
	wants(t, page, "1 North", "Active", reference, "facility", "Lakeside", "<bdi>a</bdi>", "<bdi>b</bdi>", "avara_clinical_reference.this_1_north")
	d.EditReference(reference, func(r *emulator.Reference) { r.IsActive = false })
	lacks(t, d.see("/?view=reference&id="+reference), "import {")
}
