// SPDX-License-Identifier: MPL-2.0

package page

import "github.com/avara-software/terraform-provider-avara/internal/emulator"

// nothingChanged stands for an action that left everything as it was.
const nothingChanged = -1

// done is what the page says of what it has just done.
type done struct {
	Change change // without details nothing changed
	Undo   int    // the edit to take back, 0 if it cannot be
}

func (s *screen) done(api *emulator.Emulator, id int) *done {
	if id == nothingChanged {
		return &done{}
	}
	edit, found := api.Edit(id)
	if id == 0 || !found {
		return nil
	}
	d := &done{Change: s.describe(edit.Change)}
	if edit.CanUndo() {
		d.Undo = edit.ID
	}
	return d
}
