// SPDX-License-Identifier: MPL-2.0

package emulator

// checkReference checks that the customer, if one was sent, exists and can be used, and
// that no other reference has the same name or external id.
func (e *Emulator) checkReference(d dialects, r *Reference, customerSent bool) error {
	if customerSent {
		customer, ok := e.account.customers.get(r.ExpressCustomerID)
		if !ok {
			return customerNotFound(r.ExpressCustomerID)
		}
		if !customer.IsActive {
			return fieldProblem("expressCustomerId", "names an inactive Express customer")
		}
	}
	for _, id := range e.account.references.byName.find(r.nameKey()) {
		if id != r.ID {
			return newProblem(conflict, "name: %q is the name of another %s of that customer", r.Name, r.Type)
		}
	}
	for _, id := range e.account.references.byExternal.find(r.ExternalReferenceID) {
		other, ok := e.account.references.get(id)
		if ok && id != r.ID && (other.IsActive || d[ReferenceExternalIDNotFreed]) {
			return newProblem(conflict, "externalReferenceId: %q belongs to another clinical reference", r.ExternalReferenceID)
		}
	}
	return nil
}

// listReferences uses cursors of time and id, unlike the other lists.
func (e *Emulator) listReferences(c *call) (any, error) {
	q, err := c.readQuery()
	if err != nil {
		return nil, err
	}
	matches := readReferenceFilters(c.dialects, q)
	var after keysetCursor
	limit, continued := q.limit(), q.cursor(&after, &after.Filters)
	if err := q.problem(); err != nil {
		return nil, err
	}

	e.mu.Lock()
	defer e.mu.Unlock()
	start := 0
	if continued {
		start = e.account.references.after(after.CreatedAt, after.ID, c.dialects)
	}
	page := e.account.references.page(start, limit, c.dialects, matches)
	var cursor any
	if page.more {
		last := page.values[len(page.values)-1]
		cursor = keysetCursor{CreatedAt: last.CreatedAt.UTC(), ID: last.ID, Filters: q.fingerprint()}
	}
	return listObject(c.dialects, "clinicalReferences", page.values, cursor, e.referenceObject), nil
}

// readReferenceFilters reads the filters of the list. The default is active references. An
// empty isActive selects both, and an empty expressCustomerId the clinic-wide ones, since
// some vendor SDKs send null as an empty value (our assumption).
func readReferenceFilters(d dialects, q *query) func(*Reference) bool {
	kind := q.text("type", oneOf(referenceTypes))
	active := q.flag("isActive")
	if active == nil && !q.has("isActive") {
		isActive := true
		active = &isActive
	}
	customer := q.text("expressCustomerId", identifier(customerPrefix))
	byCustomer := q.has("expressCustomerId")
	return func(r *Reference) bool {
		return r.readable(d) &&
			(kind == "" || kind == r.Type) &&
			(active == nil || *active == r.IsActive) &&
			(!byCustomer || customer == r.ExpressCustomerID)
	}
}
