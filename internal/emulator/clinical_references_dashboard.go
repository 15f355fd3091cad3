// SPDX-License-Identifier: MPL-2.0

package emulator

import "time"

func (e *Emulator) references() dashboard[Reference] {
	return dashboard[Reference]{
		e, referencePrefix,
		func(a *account) *table[Reference] { return a.references.table },
		func(r *Reference) (id *string, created, updated *time.Time) { return &r.ID, &r.CreatedAt, &r.UpdatedAt },
	}
}

// References returns all clinical references, oldest first, including deleted ones.
func (e *Emulator) References() []Reference { return e.references().all() }

// Reference returns one clinical reference.
func (e *Emulator) Reference(id string) (Reference, bool) { return e.references().one(id) }

// AddReference stores a clinical reference and replaces one with the same id. If the id or
// the timestamps are empty, it sets them. It returns the id. A reference without IsActive
// is a deleted one.
func (e *Emulator) AddReference(r Reference) string { return e.references().add(r) }

// EditReference changes a clinical reference as a person in the dashboard would:
// immediately, regardless of the dialects, with a new UpdatedAt unless edit sets one. It
// reports whether the reference exists. edit must not call the emulator.
func (e *Emulator) EditReference(id string, edit func(*Reference)) bool {
	return e.references().edit(id, edit)
}

// RemoveReference removes a clinical reference: every later request for it is answered
// with 404. The vendor documents no operation for this.
func (e *Emulator) RemoveReference(id string) bool { return e.references().remove(id) }
