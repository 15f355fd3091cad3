// SPDX-License-Identifier: MPL-2.0

package emulator

// Revision grows whenever something changed that can be seen from outside: an
// object of the account, the request log, a fault or a dialect. Who watches the
// emulator compares it to what it was before, so that watching costs nothing
// while nothing happens, and the emulator nothing while nobody watches.
func (e *Emulator) Revision() uint64 { return e.revision.Load() }

func (e *Emulator) noteRevision() { e.revision.Add(1) }

// noteChange tells whoever keeps the account in a file that it changed. One
// token is enough: the reader saves all there is.
func (e *Emulator) noteChange() {
	e.noteRevision()
	select {
	case e.changed <- struct{}{}:
	default:
	}
}
