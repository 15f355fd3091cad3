// SPDX-License-Identifier: MPL-2.0

package page

import "github.com/avara-software/terraform-provider-avara/internal/emulator"

// nothingChanged stands for an action that changed nothing.
const nothingChanged = -1

// done is the confirmation of the action that the page has just run.
type done struct {
	Change change // no details if nothing changed
	Undo   int    // id of the edit to undo, 0 if it can't be undone
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
