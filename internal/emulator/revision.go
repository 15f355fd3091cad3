// SPDX-License-Identifier: MPL-2.0

package emulator

// Revision increases with each visible change: of an object of the account, the request
// log, a fault or a dialect. Comparing it with the last value detects changes without
// reading the account.
func (e *Emulator) Revision() uint64 { return e.revision.Load() }

func (e *Emulator) noteRevision() { e.revision.Add(1) }

// Changed receives a value after the account has changed. Several changes may be reported
// by one value. It is for one receiver.
func (e *Emulator) Changed() <-chan struct{} { return e.changed }

// noteChange notifies the receiver of Changed. One pending value is enough, since the
// receiver reads the whole account.
func (e *Emulator) noteChange() {
	e.noteRevision()
	select {
	case e.changed <- struct{}{}:
	default:
	}
}
