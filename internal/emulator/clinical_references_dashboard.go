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

// References returns all clinical references, oldest first, deleted ones
// included.
func (e *Emulator) References() []Reference { return e.references().all() }

// Reference returns one clinical reference.
func (e *Emulator) Reference(id string) (Reference, bool) { return e.references().one(id) }

// AddReference stores a clinical reference as it is, replacing one of the same
// id. It fills in the id and the timestamps where they are empty, and returns
// the id. IsActive is taken as it is, so its zero value makes a deleted one.
func (e *Emulator) AddReference(r Reference) string { return e.references().add(r) }

// EditReference changes a clinical reference as somebody in the dashboard
// would: at once, whatever the dialects, with a new UpdatedAt unless edit sets
// one. It reports whether there is such a reference. edit must not call the
// emulator.
func (e *Emulator) EditReference(id string, edit func(*Reference)) bool {
	return e.references().edit(id, edit)
}

// RemoveReference makes a clinical reference vanish, so that every later call
// is 404. The vendor documentation knows no such thing.
func (e *Emulator) RemoveReference(id string) bool { return e.references().remove(id) }
