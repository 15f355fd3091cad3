// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"strings"
	"time"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

const (
	unableToReadCustomer   = "Unable to read Express customer"
	unableToRenameCustomer = "Unable to rename Express customer"
	unableToCreateCustomer = "Unable to create Express customer"
)

// customerStory creates, renames, deactivates and reactivates a customer. Others change
// it. Then it is destroyed, imported under the same id, and removed outside.
func customerStory(s *story) {
	gold := map[string]string{"tier": "gold", "contract": "7"}
	config := map[string]any{"name": "Lakeside", "metadata": textMap(gold)}
	state := s.apply(address, config).expectQuiet().expectAction("create").expectState(map[string]any{
		"name": "Lakeside", "active": true, "deletion_policy": "deactivate", "metadata": textMap(gold), "effective_metadata": textMap(gold),
	}).state
	id := text(state["id"])
	s.expectSettled(address, config)

	config = map[string]any{"name": "Harbor", "metadata": textMap(map[string]string{"tier": "silver"})}
	s.apply(address, config).expectQuiet().expectAction("update").
		expectState(map[string]any{"id": id, "effective_metadata": textMap(map[string]string{"tier": "silver"})})
	s.expectSettled(address, config)

	config = map[string]any{"name": "Pier", "active": false, "metadata": textMap(nil)}
	s.apply(address, config).expectQuiet().expectAction("update").
		expectState(map[string]any{"id": id, "name": "Pier", "active": false, "metadata": textMap(nil), "effective_metadata": textMap(nil)})
	s.expectSettled(address, config)
	s.renameAsleep(config)

	config = map[string]any{"name": "Pier"}
	s.apply(address, config).expectOK().expectAction("update").expectWarning("Express customer will be reactivated", id).
		expectState(map[string]any{"id": id, "active": true, "metadata": nil})
	s.expectSettled(address, config)

	s.a.EditCustomer(id, func(c *emulator.Customer) {
		c.Name, c.IsActive, c.Metadata = "Changed", false, map[string]string{"by": "hand"}
	})
	s.apply(address, config).expectOK().expectAction("update").
		expectState(map[string]any{"id": id, "name": "Pier", "active": true, "effective_metadata": textMap(nil)})
	s.expectSettled(address, config)

	s.refusedName(config)
	s.blanksAround(config)
	s.wrongKey(config)

	s.destroy(address).expectOK().expectAction("delete").expectWarning("Express customer will be deactivated, not deleted", id)
	if c, _ := s.a.Customer(id); c.IsActive {
		s.t.Error("destroyed, but active")
	}
	s.expectDone(createRoute, 1)

	s.imported(address, id).expectQuiet().expectState(map[string]any{"id": id, "active": false, "name": "Pier"})
	s.expectSettled(address, map[string]any{"name": "Pier", "active": false})
	s.apply(address, config).expectOK().expectState(map[string]any{"id": id, "active": true})
	s.namesake()
	s.lostSight(id, config)
}

// renameAsleep changes a customer that is inactive and stays inactive.
func (s *story) renameAsleep(config map[string]any) {
	config = map[string]any{"name": "Quay", "active": false, "metadata": config["metadata"]}
	before := s.done(reactivateRoute)
	s.apply(address, config).expectQuiet().expectState(map[string]any{"name": "Quay", "active": false})
	if refused := s.under(emulator.PatchInactiveRejected); s.done(reactivateRoute) > before != refused {
		s.t.Errorf("reactivated for the change: %t, want %t", s.done(reactivateRoute) > before, refused)
	}
	if c := s.a.customer(); c.IsActive || c.Name != "Quay" {
		s.t.Errorf("%+v", c)
	}
	s.expectSettled(address, config)
}

// refusedName expects the API's error on the attribute that it concerns.
func (s *story) refusedName(config map[string]any) {
	refused := s.apply(address, map[string]any{"name": strings.Repeat("n", 256)}).expectError(unableToRenameCustomer, "255 characters")
	if at := refused.diagnostics[0].Attribute.String(); at != `AttributeName("name")` {
		s.t.Errorf("the error is about %s", at)
	}
	s.expectSettled(address, config)
}

// blanksAround expects the configured name to stay, even if the API trims names.
func (s *story) blanksAround(config map[string]any) {
	padded := map[string]any{"name": " Pier\n"}
	s.apply(address, padded).expectQuiet().expectAction("update").expectState(padded)
	s.expectSettled(address, padded)
	s.apply(address, config).expectQuiet().expectState(map[string]any{"name": "Pier"})
}

// wrongKey expects a wrong key to remove nothing from the state.
func (s *story) wrongKey(config map[string]any) {
	right := s.start
	s.start = func() *protocol {
		p := s.a.inMemoryProvider()
		p.configure(map[string]any{"base_url": s.a.url, "api_key": "sk_live_ffffffffffffffffffffffffffffffff"})
		return p
	}
	s.plan(address, config).expectError(unableToReadCustomer, "key").expectState(map[string]any{"name": "Pier"})
	s.start = right
}

// namesake creates a second customer of the same name, which some APIs reject.
func (s *story) namesake() {
	const second = "avara_express_customer.second"
	// For two creates within a few minutes, a lost answer leaves unclear which customer
	// belongs to which create.
	time.Sleep(10 * time.Minute)
	created := s.apply(second, map[string]any{"name": "Pier"})
	if s.under(emulator.DuplicateNameConflict) {
		created.expectError(unableToCreateCustomer, "Pier")
		if created.state != nil {
			s.t.Errorf("rejected, but in the state: %v", created.state)
		}
		return
	}
	created.expectQuiet()
	s.destroy(second).expectOK()
}

// lostSight expects that only a 404 removes a customer from the state.
func (s *story) lostSight(id string, config map[string]any) {
	s.a.RemoveCustomer(id)
	gone := s.plan(address, config)
	if s.under(emulator.ForeignForbidden) {
		gone.expectError(unableToReadCustomer, "403").expectState(map[string]any{"id": id})
		return
	}
	gone.expectOK().expectAction("create").expectWarning("Express customer not found", id)
}
