// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"errors"
	"fmt"
	"maps"
	"time"
)

// referenceTypes are the types of clinical references, from the vendor SDKs.
var referenceTypes = []string{"facility", "referring_provider", "study_description", "procedure"}

// Reference is a clinical reference. Unlike the API's object it contains only the id of
// its customer.
type Reference struct {
	ID                  string            `json:"clinicalReferenceId"`
	Name                string            `json:"name"`
	Type                string            `json:"type"`
	IsActive            bool              `json:"isActive"` // false: deleted
	ExternalReferenceID string            `json:"externalReferenceId,omitempty"`
	ExpressCustomerID   string            `json:"expressCustomerId,omitempty"` // "": clinic-wide
	Metadata            map[string]string `json:"metadata,omitempty"`
	CreatedAt           time.Time         `json:"createdAt,omitzero"`
	UpdatedAt           time.Time         `json:"updatedAt,omitzero"`
}

func (r Reference) clone() Reference {
	r.Metadata = maps.Clone(r.Metadata)
	return r
}

// readable reports whether the operations on a single reference find this reference.
func (r *Reference) readable(d dialects) bool { return r.IsActive || !d[DeletedReferenceMissing] }

// nameKey must be unique among active references: names are unique by type and customer
// (our assumption; the vendor SDKs only imply that they are unique).
func (r *Reference) nameKey() string {
	if !r.IsActive {
		return ""
	}
	return r.Type + "\n" + r.ExpressCustomerID + "\n" + r.Name
}

// referenceTable is the table of clinical references with its indexes.
type referenceTable struct {
	*table[Reference]
	byName     *index[Reference]
	byExternal *index[Reference]
}

func newReferenceTable(changed func()) *referenceTable {
	byName := newIndex((*Reference).nameKey)
	byExternal := newIndex(func(r *Reference) string { return r.ExternalReferenceID })
	t := &referenceTable{
		table:  newTable(changed, func(r *Reference) time.Time { return r.CreatedAt }, byName, byExternal),
		byName: byName, byExternal: byExternal,
	}
	t.tieByID = true
	return t
}

func (e *Emulator) referenceRoutes() []route {
	const all = "/v1/autoScribe/clinicalReferences"
	const one = all + "/{clinicalReferenceId}"
	return []route{
		{name: "POST " + all, handle: e.createReference, body: jsonBody, creates: true},
		{name: "GET " + all, handle: e.listReferences},
		{name: "GET " + one, handle: e.getReference},
		{name: "GET " + all + "/byExternalReferenceId/{externalReferenceId}", handle: e.getReferenceByExternalID},
		{name: "PATCH " + one, handle: e.updateReference, body: optionalBody},
		{name: "POST " + one + "/delete", handle: e.deleteReference},
	}
}

// referenceObject is the reference as the API returns it. The lock must be held.
func (e *Emulator) referenceObject(d dialects, r *Reference) *object {
	o := newObject(d)
	o.add("clinicalReferenceId", r.ID)
	o.add("name", r.Name)
	o.add("type", r.Type)
	o.add("isActive", r.IsActive)
	o.addText("externalReferenceId", r.ExternalReferenceID, sentNull)
	if customer, ok := e.account.customers.get(r.ExpressCustomerID); ok {
		reference := newObject(d)
		reference.add("expressCustomerId", customer.ID)
		reference.add("expressCustomerName", customer.Name)
		o.add("expressCustomer", reference)
	} else {
		o.addNull("expressCustomer", sentNull)
	}
	o.addMetadata(r.Metadata)
	o.addTime("createdAt", r.CreatedAt)
	o.addUpdatedAt(r.UpdatedAt)
	return o
}

func (e *Emulator) createReference(c *call) (any, error) {
	body, err := readFields(c.body)
	if err != nil {
		return nil, err
	}
	name := body.text("name", required, objectName(c.dialects))
	kind := body.text("type", required, oneOf(referenceTypes))
	external := body.text("externalReferenceId", nullable, length(1, nameLength))
	customer := body.text("expressCustomerId", optional, identifier(customerPrefix))
	metadata := body.metadata(optional)
	if err := body.problem(); err != nil {
		return nil, err
	}

	e.mu.Lock()
	defer e.mu.Unlock()
	reference := &Reference{
		ID: newID(referencePrefix), Name: storedName(c.dialects, name.value), Type: kind.value, IsActive: true,
		ExternalReferenceID: external.value, ExpressCustomerID: customer.value, Metadata: metadata.value,
		CreatedAt: c.now, UpdatedAt: c.now,
	}
	if err := e.checkReference(c.dialects, reference, customer.present); err != nil {
		return nil, err
	}
	e.account.references.put(reference.ID, reference, c.dialects[ReadLag])
	return e.referenceObject(c.dialects, reference), nil
}

func (e *Emulator) getReference(c *call) (any, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.readReference(c, c.path("clinicalReferenceId"))
}

// getReferenceByExternalID finds only active references (our assumption).
func (e *Emulator) getReferenceByExternalID(c *call) (any, error) {
	external := c.path("externalReferenceId")
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, id := range e.account.references.byExternal.find(external) {
		if reference, ok := e.account.references.get(id); ok && reference.IsActive {
			return e.readReference(c, id)
		}
	}
	return nil, notFound("a clinical reference with the external id", external)
}

func (e *Emulator) readReference(c *call, id string) (any, error) {
	reference, ok := e.account.references.read(id, c.dialects[ReadLag])
	if !ok || !reference.readable(c.dialects) {
		return nil, referenceNotFound(id)
	}
	return e.referenceObject(c.dialects, reference), nil
}

func (e *Emulator) updateReference(c *call) (any, error) {
	customerPresence := nullable
	if c.dialects[ReferenceDetachRejected] {
		customerPresence = optional
	}
	body, err := readFields(c.body)
	if err != nil {
		return nil, err
	}
	name := body.text("name", optional, objectName(c.dialects))
	metadata := body.metadata(nullable)
	customer := body.text("expressCustomerId", customerPresence, identifier(customerPrefix))
	if err := body.problem(); err != nil {
		return nil, err
	}

	return e.changeReference(c, func(reference *Reference) error {
		if !reference.IsActive {
			return newProblem(conflict, "clinical reference %q is deleted and cannot be updated", reference.ID)
		}
		if !name.present && !metadata.present && !customer.present {
			return errNothingToDo
		}
		if name.present {
			reference.Name = storedName(c.dialects, name.value)
		}
		if customer.present {
			reference.ExpressCustomerID = customer.value
		}
		reference.Metadata = changeMetadata(c.dialects, reference.Metadata, metadata)
		if err := checkPairs(reference.Metadata); err != nil {
			return err
		}
		return e.checkReference(c.dialects, reference, customer.present && !customer.null)
	})
}

// deleteReference makes a reference inactive and frees its name. According to the vendor
// SDKs the name gets a suffix. The form of the suffix is our assumption.
func (e *Emulator) deleteReference(c *call) (any, error) {
	return e.changeReference(c, func(reference *Reference) error {
		switch {
		case reference.IsActive:
			reference.IsActive = false
			reference.Name += fmt.Sprintf(" (deleted %d)", c.now.Unix())
			return nil
		case c.dialects[DeleteTwiceConflict]:
			return newProblem(conflict, "clinical reference %q is deleted already", reference.ID)
		default:
			return errNothingToDo
		}
	})
}

// changeReference applies change to the reference in the path, stores the result and
// answers with it. change works on a copy and must not modify the map in it, but replace
// it.
func (e *Emulator) changeReference(c *call, change func(*Reference) error) (any, error) {
	id := c.path("clinicalReferenceId")
	e.mu.Lock()
	defer e.mu.Unlock()
	stored, ok := e.account.references.get(id)
	if !ok || !stored.readable(c.dialects) {
		return nil, referenceNotFound(id)
	}
	changed := *stored
	switch err := change(&changed); {
	case errors.Is(err, errNothingToDo):
		return e.referenceObject(c.dialects, stored), nil
	case err != nil:
		return nil, err
	}
	changed.UpdatedAt = c.now
	e.account.references.put(id, &changed, c.dialects[ReadLag])
	return e.referenceObject(c.dialects, &changed), nil
}

func referenceNotFound(id string) *problem { return notFound("clinical reference", id) }
