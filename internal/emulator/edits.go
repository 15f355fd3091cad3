// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"errors"
	"slices"
	"sync"
	"time"
)

// loggedEdits is the maximum number of edits in the log.
const loggedEdits = 1_000

// Editor is where an edit came from.
type Editor string

// The editors: a person on the page, and a program that calls a control endpoint.
const (
	ByPage    Editor = "page"
	ByControl Editor = "control"
)

// Edit is a change that was not made by an API request: a change of an object as by a
// colleague in the dashboard, or a change of the emulator's switches.
type Edit struct {
	ID   int // from 1
	Time time.Time
	By   Editor
	Change
	Undoes int // id of the edit that this one undid, 0 if none
	Undone bool
}

// Reasons why an edit can't be undone.
var (
	ErrNoEdit     = errors.New("this edit is not in the log any more")
	ErrFinal      = errors.New("this edit cannot be taken back")
	ErrNotCurrent = errors.New("it has changed since")
)

// editLog keeps the latest edits.
type editLog struct {
	mu    sync.Mutex
	last  int // id of the latest edit
	edits []Edit
}

func (l *editLog) add(edit Edit) Edit {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last++
	edit.ID = l.last
	if len(l.edits) == loggedEdits {
		l.edits = slices.Delete(l.edits, 0, 1)
	}
	l.edits = append(l.edits, edit)
	if at := l.index(edit.Undoes); at >= 0 {
		l.edits[at].Undone = true
	}
	return edit
}

// index returns the index of an edit, -1 if it is not in the log.
func (l *editLog) index(id int) int {
	return slices.IndexFunc(l.edits, func(e Edit) bool { return e.ID == id })
}

// Edits returns the latest edits, oldest first, up to 1,000.
func (e *Emulator) Edits() []Edit {
	e.edits.mu.Lock()
	defer e.edits.mu.Unlock()
	return slices.Clone(e.edits.edits)
}

// Edit returns one edit, and whether it is in the log.
func (e *Emulator) Edit(id int) (Edit, bool) {
	e.edits.mu.Lock()
	defer e.edits.mu.Unlock()
	if at := e.edits.index(id); at >= 0 {
		return e.edits.edits[at], true
	}
	return Edit{}, false
}

// Record runs act, one of the dashboard's methods or a switch, and logs the change of the
// object as an edit. It reports whether there was a change. A change of the same object by
// a concurrent API request counts as part of the edit.
func (e *Emulator) Record(by Editor, o Object, act func()) (Edit, bool) {
	before := e.current(o)
	act()
	return e.noteEdit(Edit{By: by, Change: Change{o, before, e.current(o)}})
}

func (e *Emulator) noteEdit(edit Edit) (Edit, bool) {
	if same(edit.Before, edit.After) {
		return Edit{}, false
	}
	defer e.noteRevision()
	edit.Time = e.now()
	return e.edits.add(edit), true
}

// CanUndo reports whether an edit of this kind can be undone. The end of an invitation and
// the removal of an object can't.
func (e Edit) CanUndo() bool {
	return !e.Undone && e.Kind != InvitationKind && e.Before != nil && e.After != nil
}

// Undo reverts an edit and logs that as another edit. If the object has changed since the
// edit, it returns [ErrNotCurrent].
func (e *Emulator) Undo(by Editor, id int) (Edit, error) {
	edit, ok := e.Edit(id)
	switch {
	case !ok:
		return Edit{}, ErrNoEdit
	case !edit.CanUndo():
		return Edit{}, ErrFinal
	}
	before := e.current(edit.Object)
	if err := e.putBack(edit.Change); err != nil {
		return Edit{}, err
	}
	undone, _ := e.noteEdit(Edit{By: by, Change: Change{edit.Object, before, e.current(edit.Object)}, Undoes: id})
	return undone, nil
}

func (e *Emulator) putBack(change Change) error {
	switch before := change.Before.(type) {
	case []FaultStatus:
		e.putFaultsBack(before, change.After.([]FaultStatus))
		return nil
	case []Dialect:
		if !same(e.Dialects(), change.After) {
			return ErrNotCurrent
		}
		e.SetDialects(before...)
		return nil
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.account.current(change.Object) != change.After {
		return ErrNotCurrent
	}
	switch before := change.Before.(type) {
	case *Customer:
		restored := before.clone()
		restored.UpdatedAt = e.now()
		e.account.customers.put(restored.ID, &restored, false)
	case *Reference:
		restored := before.clone()
		restored.UpdatedAt = e.now()
		e.account.references.put(restored.ID, &restored, false)
	case *User:
		restored := *before
		e.account.people[change.Product].users.put(restored.ID, &restored, false)
	}
	return nil
}

// putFaultsBack removes the faults that an edit added and adds those that it removed.
// Their counts start at zero.
func (e *Emulator) putFaultsBack(before, after []FaultStatus) {
	for _, f := range after {
		if !slices.Contains(faultIDs(before), f.ID) {
			e.RemoveFault(f.ID)
		}
	}
	for _, f := range before {
		if !slices.Contains(faultIDs(after), f.ID) {
			e.AddFault(f.Fault)
		}
	}
}
