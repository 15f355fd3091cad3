// SPDX-License-Identifier: MPL-2.0

package emulator

// References returns all clinical references, oldest first, deleted ones
// included.
func (e *Emulator) References() []Reference {
	e.mu.Lock()
	defer e.mu.Unlock()
	return clones(e.account.references.all())
}

// Reference returns one clinical reference.
func (e *Emulator) Reference(id string) (Reference, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return cloneOf(e.account.references.get(id))
}

// AddReference stores a clinical reference as it is, replacing one of the same
// id. It fills in the id and the timestamps where they are empty, and returns
// the id. IsActive is taken as it is, so its zero value makes a deleted one.
func (e *Emulator) AddReference(r Reference) string {
	e.mu.Lock()
	defer e.mu.Unlock()
	r = r.clone()
	if r.ID == "" {
		r.ID = newID(referencePrefix)
	}
	fillTimes(&r.CreatedAt, &r.UpdatedAt, e.now())
	e.account.references.put(r.ID, &r, false)
	return r.ID
}

// EditReference changes a clinical reference as somebody in the dashboard
// would: at once, whatever the dialects, with a new UpdatedAt unless edit sets
// one. It tells whether there is such a reference. edit must not call the
// emulator.
func (e *Emulator) EditReference(id string, edit func(*Reference)) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	changed, ok := cloneOf(e.account.references.get(id))
	if !ok {
		return false
	}
	before := changed.UpdatedAt
	edit(&changed)
	changed.ID = id
	touch(&changed.UpdatedAt, before, e.now())
	changed = changed.clone()
	e.account.references.put(id, &changed, false)
	return true
}

// RemoveReference makes a clinical reference vanish, so that every later call
// is 404. The vendor documentation knows no such thing.
func (e *Emulator) RemoveReference(id string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.account.references.remove(id)
}
