// SPDX-License-Identifier: MPL-2.0

package emulator_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

func customerObject(id string) emulator.Object {
	return emulator.Object{Kind: emulator.CustomerKind, ID: id}
}

func TestEditsAreLogged(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	id := b.createCustomer("Lakeside")
	before := b.Revision()
	edit, changed := b.Record(emulator.ByPage, customerObject(id), func() {
		b.EditCustomer(id, func(c *emulator.Customer) { c.IsActive = false })
	})
	if !changed || edit.ID != 1 || !edit.Before.(*emulator.Customer).IsActive || edit.After.(*emulator.Customer).IsActive {
		t.Errorf("changed %t: %+v", changed, edit)
	}
	if _, changed := b.Record(emulator.ByPage, customerObject(id), func() {}); changed {
		t.Error("an act without a change was logged as an edit")
	}
	if edits := b.Edits(); len(edits) != 1 || edits[0].By != emulator.ByPage || !edits[0].Time.Equal(b.Now()) || b.Revision() == before {
		t.Errorf("edits %+v, revision %d, was %d", edits, b.Revision(), before)
	}
	for range 1001 {
		b.Record(emulator.ByPage, customerObject(id), func() {
			b.EditCustomer(id, func(c *emulator.Customer) { c.IsActive = !c.IsActive })
		})
	}
	if edits := b.Edits(); len(edits) != 1000 || edits[999].ID != 1002 {
		t.Errorf("%d edits, the last is %d", len(edits), edits[len(edits)-1].ID)
	}
}

func TestControlEditsAreLogged(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	id := b.ok("POST", "/_emulator/customers", `{"expressCustomerName":"Lakeside"}`)["expressCustomerId"].(string)
	b.ok("PATCH", "/_emulator/customers/"+id, `{"isActive":true}`)
	b.send("PATCH", "/_emulator/customers/cus_0", `{"isActive":true}`)
	invitation := b.ok("POST", "/_emulator/viewer/invitations", `{"firstName":"Ines"}`)["invitationId"].(string)
	b.ok("POST", "/_emulator/viewer/invitations/"+invitation+"/accept", "")
	b.ok("PUT", "/_emulator/dialects", `{"dialects":["read-lag"]}`)
	b.ok("POST", "/_emulator/faults", `{"status":503}`)
	b.send("DELETE", "/_emulator/faults/1", "")
	b.send("DELETE", "/_emulator/faults/1", "")
	b.send("DELETE", "/_emulator/customers/"+id, "")
	var got []emulator.Kind
	for _, edit := range b.Edits() {
		got = append(got, edit.Kind)
		if edit.By != emulator.ByControl {
			t.Errorf("edit by %s", edit.By)
		}
	}
	want := []emulator.Kind{"customer", "customer", "invitation", "invitation", "dialects", "faults", "faults", "customer"}
	if !slices.Equal(got, want) {
		t.Errorf("edits of %v, want %v", got, want)
	}
}

func TestUndo(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	id := b.createCustomer("Lakeside")
	rename := func(name string) emulator.Edit {
		edit, _ := b.Record(emulator.ByPage, customerObject(id), func() {
			b.EditCustomer(id, func(c *emulator.Customer) { c.Name = name })
		})
		return edit
	}
	first := rename("Harbor")
	if !first.CanUndo() {
		t.Error("a rename cannot be taken back")
	}
	undone, err := b.Undo(emulator.ByPage, first.ID)
	if got := b.mustCustomer(id).Name; err != nil || got != "Lakeside" || undone.Undoes != first.ID {
		t.Errorf("error %v, the name is %q, edit %+v", err, got, undone)
	}
	if _, err := b.Undo(emulator.ByPage, first.ID); !errors.Is(err, emulator.ErrFinal) {
		t.Errorf("a second time: %v", err)
	}
	second := rename("Cedar")
	b.ok("PATCH", "/v1/express/"+id, `{"expressCustomerName":"Terraform's"}`)
	if _, err := b.Undo(emulator.ByPage, second.ID); !errors.Is(err, emulator.ErrNotCurrent) || b.mustCustomer(id).Name != "Terraform's" {
		t.Errorf("over a later change: %v, the name is %q", err, b.mustCustomer(id).Name)
	}
	if _, err := b.Undo(emulator.ByPage, 99); !errors.Is(err, emulator.ErrNoEdit) {
		t.Errorf("undo of an unknown edit: %v", err)
	}
}

func TestUndoOfSwitchesAndUsers(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	undo := func(o emulator.Object, act func()) {
		t.Helper()
		edit, changed := b.Record(emulator.ByPage, o, act)
		if _, err := b.Undo(emulator.ByPage, edit.ID); err != nil || !changed {
			t.Errorf("%s: changed %t, error %v", o.Kind, changed, err)
		}
	}
	kept := b.AddFault(emulator.Fault{Status: 500})
	undo(emulator.Object{Kind: emulator.FaultsKind}, func() { b.AddFault(emulator.Fault{Status: 503}) })
	if got := b.Faults(); len(got) != 1 || got[0].Status != 500 {
		t.Errorf("faults %+v", got)
	}
	undo(emulator.Object{Kind: emulator.FaultsKind}, kept)
	if got := b.Faults(); len(got) != 1 || got[0].Status != 500 {
		t.Errorf("faults %+v", got)
	}
	undo(emulator.Object{Kind: emulator.DialectsKind}, func() { b.SetDialects(emulator.ReadLag) })
	if got := b.Dialects(); len(got) != 0 {
		t.Errorf("dialects %v", got)
	}
	user := b.AddUser(emulator.Viewer, emulator.User{})
	undo(emulator.Object{Kind: emulator.UserKind, Product: emulator.Viewer, ID: user}, func() { b.RevokeAccess(emulator.Viewer, user) })
	if got, _ := b.User(emulator.Viewer, user); got.Revoked {
		t.Error("the user has no access")
	}
	reference := b.AddReference(emulator.Reference{Name: "North", IsActive: true})
	undo(emulator.Object{Kind: emulator.ReferenceKind, ID: reference}, func() {
		b.EditReference(reference, func(r *emulator.Reference) { r.Name = "South" })
	})
	if got, _ := b.Reference(reference); got.Name != "North" {
		t.Errorf("the reference is %q", got.Name)
	}
	invitation := b.AddInvitation(emulator.Viewer, emulator.Invitation{})
	edit, _ := b.Record(emulator.ByPage, emulator.Object{Kind: emulator.InvitationKind, Product: emulator.Viewer, ID: invitation}, func() {
		b.RejectInvitation(emulator.Viewer, invitation)
	})
	if _, err := b.Undo(emulator.ByPage, edit.ID); !errors.Is(err, emulator.ErrFinal) {
		t.Errorf("undo of a rejection: %v", err)
	}
}

func TestTryCustomer(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	id := b.createCustomer("Lakeside")
	before, revision := b.mustCustomer(id), b.Revision()
	failure := errors.New("no")
	found, err := b.TryCustomer(id, func(c *emulator.Customer) error {
		c.Name = "Harbor"
		return failure
	})
	if after := b.mustCustomer(id); !found || !errors.Is(err, failure) || after.Name != before.Name || b.Revision() != revision {
		t.Errorf("found %t, error %v, the customer is %+v", found, err, after)
	}
	if found, err := b.TryCustomer("cus_0", func(*emulator.Customer) error { return failure }); found || err != nil {
		t.Errorf("found %t, error %v", found, err)
	}
}
