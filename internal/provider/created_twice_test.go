// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"strings"
	"testing"
)

// Two resources that create the same object: the error of the second does not advise to
// import what the first has just created, which would put it into the state twice.
func TestCreatedTwiceInOneRun(t *testing.T) {
	t.Parallel()
	a := newStaff(t)
	c := newCore(a, newProtocol(t))
	for address, config := range map[string]map[string]any{
		autoScribePeople.address(): autoScribePeople.values("new@lakeside.example"),
		viewerPeople.address():     viewerPeople.values("new@lakeside.example"),
		referenceAddress:           {"name": "North", "type": "facility", "external_reference_id": "LNC-77"},
	} {
		first, _ := c.steps(address, config)
		second, _ := c.steps(address+"_again", config)
		if d := c.carryOut(address, first[0]); len(d) > 0 {
			t.Errorf("%s: %s", address, texts(d))
		}
		said := texts(c.carryOut(address+"_again", second[0]))
		if !strings.Contains(said, "Another resource has just created") || strings.Contains(said, "import {") {
			t.Errorf("%s: %s", address, said)
		}
	}
}
