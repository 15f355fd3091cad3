// SPDX-License-Identifier: MPL-2.0

package emulator

// Revision grows whenever something changed that can be seen from outside: an
// object of the account, the request log, a fault or a dialect. A watcher
// compares it with the value that it read before: that costs nothing while
// nothing happens, and nothing at all without watchers.
func (e *Emulator) Revision() uint64 { return e.revision.Load() }

func (e *Emulator) noteRevision() { e.revision.Add(1) }

// Changed receives a value after the account changed, one for all changes since
// the last. It is for one receiver.
func (e *Emulator) Changed() <-chan struct{} { return e.changed }

// noteChange lets the receiver of Changed know that the account changed. One
// value is enough: the receiver reads all there is.
func (e *Emulator) noteChange() {
	e.noteRevision()
	select {
	case e.changed <- struct{}{}:
	default:
	}
}
