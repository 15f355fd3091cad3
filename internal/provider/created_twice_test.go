// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"strings"
	"testing"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// If two resources create the same object, the error of the second must not suggest an
// import: the object would be in the state twice.
func TestCreatedTwiceInOneRun(t *testing.T) {
	t.Parallel()
	a := newStaff(t, emulator.DuplicateNameConflict)
	c := newCore(a, newProtocol(t))
	for at, config := range map[string]map[string]any{
		autoScribePeople.address(): autoScribePeople.values("new@lakeside.example"),
		viewerPeople.address():     viewerPeople.values("new@lakeside.example"),
		address:                    {"name": "New"},
		referenceAddress:           {"name": "North", "type": "facility", "external_reference_id": "LNC-77"},
	} {
		first, _ := c.steps(at, config)
		second, _ := c.steps(at+"_again", config)
		if d := c.carryOut(at, first[0]); len(d) > 0 {
			t.Errorf("%s: %s", at, texts(d))
		}
		said := texts(c.carryOut(at+"_again", second[0]))
		if !strings.Contains(said, "Another resource has just created") || strings.Contains(said, "import {") {
			t.Errorf("%s: %s", at, said)
		}
	}
}
