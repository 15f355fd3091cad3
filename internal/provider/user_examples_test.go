// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"regexp"
	"strings"
	"testing"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// Each import of the examples takes over the existing person and invites nobody.
func TestAccExamples_userImport(t *testing.T) {
	t.Parallel()
	for _, p := range bothProducts {
		folder := "resources/avara_" + p.typeName
		configuration, script := example(t, folder, "resource.tf"), example(t, folder, "import.sh")
		id := userID.pattern.FindString(regexp.MustCompile(`usr_\w+`).FindString(script))
		email := regexp.MustCompile(`\S+@\S+`).FindString(script)
		address := regexp.MustCompile(`avara_\w+\.\w+`).FindString(script)
		existing := func(t *testing.T) *crew {
			t.Helper()
			c := p.newCrew(t, configuration)
			c.AddUser(p.product, emulator.User{ID: id, Person: emulator.Person{Email: email, FirstName: "A", LastName: "B"}})
			return c
		}
		for _, file := range []string{"import-by-string-id.tf", "import-by-identity.tf"} {
			t.Run(p.label+" "+file, func(t *testing.T) {
				t.Parallel()
				c := existing(t)
				if strings.Contains(file, "identity") {
					c.needs(identities)
				}
				c.write(configuration + example(t, folder, file))
				c.apply().expectOK()
				c.expectWrites("PATCH /{userId}")
				c.plan().expectOK().expectChanges()
				if state, _ := c.state(address); state["id"] != id {
					t.Errorf("state %v", state)
				}
			})
		}
		for line := range strings.Lines(script) {
			command, isCommand := strings.CutPrefix(strings.TrimSpace(line), "terraform ")
			if !isCommand {
				continue
			}
			t.Run(command, func(t *testing.T) {
				t.Parallel()
				c := existing(t)
				c.run(strings.Fields(command)...).expectOK()
				if state, _ := c.state(address); state["id"] != id {
					t.Errorf("state %v", state)
				}
				c.expectWrites()
			})
		}
	}
}
