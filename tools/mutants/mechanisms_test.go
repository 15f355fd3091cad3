// SPDX-License-Identifier: MPL-2.0

package main

import "testing"

func TestEachMechanismIsWhereTheTableSays(t *testing.T) {
	t.Parallel()
	for _, m := range mechanisms {
		if _, err := m.mutate("../.."); err != nil {
			t.Errorf("%s: %v", m.name, err)
		}
	}
}
