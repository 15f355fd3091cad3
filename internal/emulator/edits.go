// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"errors"
	"slices"
	"sync"
	"time"
)

// loggedEdits bounds the log of edits.
const loggedEdits = 1_000

// Editor is the way by which an edit came.
type Editor string

// The editors: a person on the page, and a program at a control endpoint.
const (
	ByPage    Editor = "page"
	ByControl Editor = "control"
)

// Edit is a change that came by no API request: what a colleague does in the
// dashboard behind Terraform's back, or a switch of the emulator.
type Edit struct {
	ID   int // from 1
	Time time.Time
	By   Editor
	Change
	Undoes int // the edit that this one took back, 0 if none
	Undone bool
}

// Reasons why an edit cannot be taken back.
var (
	ErrNoEdit     = errors.New("this edit is not in the log any more")
	ErrFinal      = errors.New("this edit cannot be taken back")
	ErrNotCurrent = errors.New("it has changed since")
)

// editLog keeps the latest edits.
type editLog struct {
	mu    sync.Mutex
	last  int // id of the latest
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

// index returns the place of an edit, -1 if it is not there.
func (l *editLog) index(id int) int {
	return slices.IndexFunc(l.edits, func(e Edit) bool { return e.ID == id })
}

// Edits returns the latest edits, oldest first, up to 1,000.
func (e *Emulator) Edits() []Edit {
	e.edits.mu.Lock()
	defer e.edits.mu.Unlock()
	return slices.Clone(e.edits.edits)
}

// Edit returns one edit.
func (e *Emulator) Edit(id int) (Edit, bool) {
	e.edits.mu.Lock()
	defer e.edits.mu.Unlock()
	if at := e.edits.index(id); at >= 0 {
		return e.edits.edits[at], true
	}
	return Edit{}, false
}

// Record runs act, one of the dashboard's methods or a switch, and logs what it
// changed of the object. It reports whether it changed anything. An API request
// that changes the same object in the same instant counts as part of it.
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

// CanUndo reports whether an edit of this kind can be taken back at all: what
// becomes of an invitation is final, and so is the deletion of an object.
func (e Edit) CanUndo() bool {
	return !e.Undone && e.Kind != InvitationKind && e.Before != nil && e.After != nil
}

// Undo takes an edit back and logs that as an edit. It does so only while the
// object is as the edit left it; else the error is [ErrNotCurrent].
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

// putFaultsBack removes the faults that an edit added and adds those that it
// removed, whose counts begin again.
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
