// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"testing"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// An invitation that has ended unaccepted stays in the state, is warned of, and
// mails nobody again.
func TestAccUser_endedInvitations(t *testing.T) {
	t.Parallel()
	for status, end := range map[string]func(*crew, string) bool{
		"expired":  func(c *crew, id string) bool { return c.ExpireInvitation(c.product, id) },
		"rejected": func(c *crew, id string) bool { return c.RejectInvitation(c.product, id) },
		"revoked":  func(c *crew, id string) bool { return c.RevokeInvitation(c.product, id) },
	} {
		t.Run(status, func(t *testing.T) {
			t.Parallel()
			c := viewerPeople.invited(t, viewerPeople.block())
			if !end(c, c.invitation().ID) {
				t.Fatal("the invitation could not be ended")
			}
			plan := c.plan().expectOK().expectChanges()
			if len(plan.diagnostics) != 1 || plan.diagnostics[0].Severity != "warning" {
				t.Errorf("one warning expected: %q", plan.diagnostics)
			}
			c.apply().expectOK().expectChanges()
			c.expectWrites()
			c.expectState(withStatus(status))
		})
	}
}

// Accepted between the plan of a rename and its apply: the user is renamed.
func TestAccUser_acceptedBeforeARename(t *testing.T) {
	t.Parallel()
	for _, people := range bothProducts {
		t.Run(people.label, func(t *testing.T) {
			t.Parallel()
			c := people.invited(t, people.block())
			c.write(people.block(`last_name = "Okafor-Lind"`))
			c.plan("-out=plan").expectOK().expectChanges("update " + people.address())
			c.accept()
			c.apply("plan").expectOK()
			if name := c.user().LastName; name != "Okafor-Lind" {
				t.Errorf("the user is called %s", name)
			}
			c.plan().expectOK().expectQuiet().expectChanges()
		})
	}
}

func TestAccUser_destroyWhilePending(t *testing.T) {
	t.Parallel()
	c := autoScribePeople.invited(t, autoScribePeople.block())
	c.destroy().expectOK().expect("warning", "Invitation of AutoScribe user will be revoked")
	c.expectWrites("POST /invitations/revoke")
	if status := c.invitation().Status; status != "revoked" {
		t.Errorf("the invitation is %s", status)
	}
}

func TestAccUser_policies(t *testing.T) {
	t.Parallel()
	t.Run("abandon", func(t *testing.T) {
		t.Parallel()
		c := viewerPeople.joined(t, viewerPeople.block(`deletion_policy = "abandon"`))
		c.destroy().expectOK()
		c.expectWrites()
	})
	t.Run("prevent", func(t *testing.T) {
		t.Parallel()
		c := viewerPeople.joined(t, viewerPeople.block(`deletion_policy = "prevent"`))
		c.plan("-destroy").expectFailed().expect("error", "Viewer user must not be destroyed")
		c.write(viewerPeople.block(`deletion_policy = "prevent"`, `email = "other@lakeside.example"`))
		c.plan().expectFailed().expect("error", "Viewer user must not be destroyed")
		c.expectWrites()
	})
}

// The case of an address is neither drift nor a replacement.
func TestAccUser_emailCase(t *testing.T) {
	t.Parallel()
	c := viewerPeople.joined(t, viewerPeople.block(), emulator.WithDialects(emulator.EmailLowerCase))
	c.write(viewerPeople.block(`email = "INES.okafor@lakeside.example"`))
	c.apply().expectOK()
	c.expectWrites()
	c.plan().expectOK().expectQuiet().expectChanges()
}

// Import by id and by email; the plan after it is empty.
func TestAccUser_import(t *testing.T) {
	t.Parallel()
	c := viewerPeople.joined(t, viewerPeople.block())
	id := c.invitation().UserID
	for _, importID := range []string{id, "ines.okafor@LAKESIDE.example"} {
		c.run("state", "rm", c.address()).expectOK()
		c.run("import", "-no-color", "-input=false", c.address(), importID).expectOK()
		c.expectState(map[string]any{"id": id, "status": "active"})
		c.plan().expectOK().expectChanges()
	}
	c.expectWrites()
}
