// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// lateValues is a resource whose output is unknown in each plan that changes var.dept. The
// values themselves do not change.
func lateValues(values string) string {
	return `
variable "dept" { default = "MRI" }

resource "terraform_data" "source" {
  input = { ` + values + `, dept = var.dept }
}
`
}

const (
	otherDept     = "-var=dept=CT"
	lateSource    = "terraform_data.source.output."
	changedSource = "update terraform_data.source"
)

// An unknown value must not force a replacement: an argument forces one only if its new
// value is known. Here each value turns out not to have changed, so nothing is sent.
func TestAccUnknownValueReplacesNothing(t *testing.T) {
	t.Parallel()
	for _, p := range bothProducts {
		for name, accept := range map[string]bool{"accepted": true, "pending": false} {
			t.Run(p.label+" user "+name, func(t *testing.T) {
				t.Parallel()
				blocks := lateValues(`email = "`+testEmail+`"`) + p.block("email = "+lateSource+"email")
				c := p.invited(t, blocks)
				if accept {
					c.accept()
				}
				before := c.invitation()
				c.apply().expectOK().expectChanges()
				c.plan(otherDept).expectOK().expectQuiet().expectChanges(changedSource, "update "+c.address())
				c.ResetRequests()
				c.apply(otherDept).expectOK().expectQuiet()
				c.expectWrites()
				if after := c.invitation(); after.ID != before.ID || after.Status != before.Status {
					t.Errorf("the invitation was %+v and is %+v", before, after)
				}
				c.expectState(map[string]any{"id": before.UserID, "status": map[bool]string{true: "active", false: "pending"}[accept]})
				c.plan(otherDept).expectOK().expectQuiet().expectChanges()
			})
		}
	}
	t.Run("clinical reference", func(t *testing.T) {
		t.Parallel()
		a := newClinic(t)
		w := newWorkspace(a, lateValues(`type = "facility", external = "LNC-04", customer = "`+lakesideID+`"`)+`
resource "avara_clinical_reference" "test" {
  name                  = "North"
  type                  = `+lateSource+`type
  external_reference_id = `+lateSource+`external
  express_customer_id   = `+lateSource+`customer
}
`)
		w.expectUnchangedByLateValues(referenceAddress)
	})
	t.Run("membership", func(t *testing.T) {
		t.Parallel()
		a := newStaff(t)
		w := newWorkspace(a, lateValues(fmt.Sprintf("customer = %q, user = %q", lakesideID, inesID))+
			membership("express_customer_id = "+lateSource+"customer", "user_id = "+lateSource+"user"))
		w.expectUnchangedByLateValues(membershipAddress)
		a.expectMembers(lakesideID, inesID)
	})
	t.Run("membership, of a data source that is read late", func(t *testing.T) {
		t.Parallel()
		a := newStaff(t)
		w := newWorkspace(a, lateValues(`unused = 1`)+`
data "avara_express_customer" "late" {
  name       = "Lakeside Imaging Partners"
  depends_on = [terraform_data.source]
}
`+membership("express_customer_id = data.avara_express_customer.late.id"))
		w.expectUnchangedByLateValues(membershipAddress, "read data.avara_express_customer.late")
		a.expectMembers(lakesideID, inesID)
	})
}

// expectUnchangedByLateValues applies, and applies again with values that are unknown in
// the plan. The object keeps its id, and nothing is written.
func (w *workspace) expectUnchangedByLateValues(address string, others ...string) {
	w.t.Helper()
	w.apply().expectOK().expectQuiet()
	before, _ := w.state(address)
	w.plan(otherDept).expectOK().expectQuiet().expectChanges(slices.Concat([]string{changedSource}, others, []string{"update " + address})...)
	w.ResetRequests()
	w.apply(otherDept).expectOK().expectQuiet()
	for _, call := range w.sent(allBut(getRoute)) {
		if !strings.HasPrefix(call, "GET ") {
			w.t.Errorf("sent %s", call)
		}
	}
	if after, _ := w.state(address); after == nil || after["id"] != before["id"] {
		w.t.Errorf("the state was %v and is %v", before, after)
	}
	w.plan(otherDept).expectOK().expectQuiet().expectChanges()
}

// A value that is unknown in the plan turns out to have changed. The apply fails and sends
// nothing, and the next plan, which knows the value, shows the replacement. Terraform's
// error is an inconsistent final plan. That can't be avoided: Terraform does not tell a
// provider whether it asks for the first plan or for the final one.
func TestAccUnknownValueTurnsOutToBeAnother(t *testing.T) {
	t.Parallel()
	const inconsistent = "Provider produced inconsistent final plan"
	t.Run("user", func(t *testing.T) {
		t.Parallel()
		p := autoScribePeople
		c := p.joined(t, lateValues(`email = var.dept == "MRI" ? "`+testEmail+`" : "ida@lakeside.example"`)+p.block("email = "+lateSource+"email", `last_name = "Lind"`))
		c.apply(otherDept).expectFailed().expect("error", inconsistent)
		c.expectWrites()
		if c.user().Revoked {
			t.Error("the access was revoked")
		}
		c.plan(otherDept).expectOK().expectChanges("replace "+c.address()).expect("warning", "AutoScribe user will be replaced", "whose access is revoked", "destroy = false")
	})
	t.Run("reference that loses its customer", func(t *testing.T) {
		t.Parallel()
		a := newClinic(t)
		w := newWorkspace(a, lateValues(`customer = var.dept == "MRI" ? "`+lakesideID+`" : null`)+`
resource "avara_clinical_reference" "test" {
  name                = "North"
  type                = "facility"
  express_customer_id = `+lateSource+`customer
}
`)
		w.apply().expectOK().expectQuiet()
		a.ResetRequests()
		w.apply(otherDept).expectFailed().expect("error", inconsistent)
		for _, call := range a.sent(allBut(getRoute)) {
			if !strings.HasPrefix(call, "GET ") {
				t.Errorf("sent %s", call)
			}
		}
		w.plan(otherDept).expectOK().expectChanges("replace " + referenceAddress)
	})
}

// Values that a change can't affect stay known in its plan, so that count and for_each may
// depend on them.
func TestAccUser_statusStaysKnown(t *testing.T) {
	t.Parallel()
	p := viewerPeople
	dependent := `
resource "terraform_data" "badge" {
  count = ` + p.address() + `.status == "active" ? 1 : 0
}
`
	c := p.joined(t, p.block())
	c.write(p.block() + dependent)
	c.apply().expectOK().expectChanges("create terraform_data.badge[0]")
	c.write(p.block(`last_name = "Lind"`) + dependent)
	c.apply().expectOK().expectQuiet().expectChanges("update " + p.address())
	c.expectState(map[string]any{"status": "active", "last_name": "Lind"})
	c.write(p.block(`last_name = "Lind"`, "active = false") + dependent)
	c.apply().expectOK().expectChanges("update "+p.address(), "delete terraform_data.badge[0]")
	c.expectState(map[string]any{"status": "deactivated"})
	c.write(p.block("active = true") + dependent)
	c.apply().expectOK().expectChanges("update "+p.address(), "create terraform_data.badge[0]")
	c.expectState(map[string]any{"status": "active", "last_name": "Okafor"})
	if c.user().Revoked {
		t.Error("the access was not restored")
	}
}
