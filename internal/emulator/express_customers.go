// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"errors"
	"maps"
	"slices"
	"time"
)

// Customer is an Express customer. Unlike the API's object it contains its members, which
// no operation of the API returns.
type Customer struct {
	ID                string            `json:"expressCustomerId"`
	Name              string            `json:"expressCustomerName"`
	IsActive          bool              `json:"isActive"`
	Metadata          map[string]string `json:"metadata,omitempty"`
	CreatedAt         time.Time         `json:"createdAt,omitzero"`
	UpdatedAt         time.Time         `json:"updatedAt,omitzero"`
	CreatedByAPIKeyID string            `json:"createdByApiKeyId,omitempty"`
	CreatedByUserID   string            `json:"createdByUserId,omitempty"`
	Members           []string          `json:"members,omitempty"` // user ids
}

func (c Customer) clone() Customer {
	c.Metadata = maps.Clone(c.Metadata)
	c.Members = slices.Clone(c.Members)
	return c
}

func newCustomerTable(changed func()) *customerTable {
	byName := newIndex(func(c *Customer) string { return c.Name })
	return &customerTable{
		table:  newTable(changed, func(c *Customer) time.Time { return c.CreatedAt }, byName),
		byName: byName,
	}
}

// customerTable is the table of customers with its index.
type customerTable struct {
	*table[Customer]
	byName *index[Customer]
}

func (e *Emulator) customerRoutes() []route {
	const one = "/v1/express/{expressCustomerId}"
	return []route{
		{name: "POST /v1/express", handle: e.createCustomer, body: jsonBody, creates: true},
		{name: "GET /v1/express", handle: e.listCustomers},
		{name: "GET " + one, handle: e.getCustomer},
		{name: "PATCH " + one, handle: e.updateCustomer, body: optionalBody},
		{name: "POST " + one + "/deactivate", handle: e.deactivateCustomer},
		{name: "POST " + one + "/reactivate", handle: e.reactivateCustomer},
		{name: "POST " + one + "/users", handle: e.addMember, body: jsonBody},
		{name: "DELETE " + one + "/users", handle: e.removeMember, body: jsonBody},
	}
}

// customerObject is the customer as the API returns it.
func customerObject(d dialects, c *Customer) *object {
	creator := leftOut
	if d[NullCreators] {
		creator = sentNull
	}
	o := newObject(d)
	o.add("expressCustomerId", c.ID)
	o.add("expressCustomerName", c.Name)
	o.add("isActive", c.IsActive)
	if !d[UserCountAbsent] {
		o.add("userCount", len(c.Members))
	}
	o.addTime("createdAt", c.CreatedAt)
	o.addUpdatedAt(c.UpdatedAt)
	o.addText("createdByApiKeyId", c.CreatedByAPIKeyID, creator)
	o.addText("createdByUserId", c.CreatedByUserID, creator)
	o.addMetadata(c.Metadata)
	return o
}

func (e *Emulator) createCustomer(c *call) (any, error) {
	body, err := readFields(c.body)
	if err != nil {
		return nil, err
	}
	name := body.text("expressCustomerName", required, objectName(c.dialects))
	metadata := body.metadata(optional)
	if err := body.problem(); err != nil {
		return nil, err
	}

	e.mu.Lock()
	defer e.mu.Unlock()
	customer := &Customer{
		ID: newID(customerPrefix), Name: storedName(c.dialects, name.value), IsActive: true, Metadata: metadata.value,
		CreatedAt: c.now, UpdatedAt: c.now, CreatedByAPIKeyID: e.account.apiKeyID,
	}
	if err := e.checkCustomerName(c.dialects, customer); err != nil {
		return nil, err
	}
	e.account.customers.put(customer.ID, customer, c.dialects[ReadLag])
	return customerObject(c.dialects, customer), nil
}

func (e *Emulator) listCustomers(c *call) (any, error) {
	q, err := c.readQuery()
	if err != nil {
		return nil, err
	}
	limit, offset := q.limit(), q.offset()
	if err := q.problem(); err != nil {
		return nil, err
	}

	e.mu.Lock()
	defer e.mu.Unlock()
	page := e.account.customers.page(offset, limit, c.dialects, func(customer *Customer) bool {
		return customer.IsActive || !c.dialects[ListHidesInactive]
	})
	return offsetPage(c.dialects, "expressCustomers", page, q, customerObject), nil
}

func (e *Emulator) getCustomer(c *call) (any, error) {
	id := c.path("expressCustomerId")
	e.mu.Lock()
	defer e.mu.Unlock()
	customer, ok := e.account.customers.read(id, c.dialects[ReadLag])
	if !ok {
		return nil, customerNotFound(id)
	}
	return customerObject(c.dialects, customer), nil
}

func (e *Emulator) updateCustomer(c *call) (any, error) {
	body, err := readFields(c.body)
	if err != nil {
		return nil, err
	}
	name := body.text("expressCustomerName", optional, objectName(c.dialects))
	metadata := body.metadata(nullable)
	if err := body.problem(); err != nil {
		return nil, err
	}

	return e.writeCustomer(c, func(customer *Customer) error {
		if !customer.IsActive && c.dialects[PatchInactiveRejected] {
			return newProblem(conflict, "Express customer %q is inactive and cannot be updated", customer.ID)
		}
		if name.present {
			customer.Name = storedName(c.dialects, name.value)
		}
		customer.Metadata = changeMetadata(c.dialects, customer.Metadata, metadata)
		if err := checkPairs(customer.Metadata); err != nil {
			return err
		}
		if !name.present && !metadata.present {
			return errNothingToDo
		}
		return e.checkCustomerName(c.dialects, customer)
	})
}

func (e *Emulator) deactivateCustomer(c *call) (any, error) {
	return e.writeCustomer(c, func(customer *Customer) error {
		if !customer.IsActive {
			return alreadyDone(c.dialects, "Express customer %q is inactive already", customer.ID)
		}
		customer.IsActive = false
		if c.dialects[DeactivateDropsMembers] {
			customer.Members = nil
		}
		return nil
	})
}

func (e *Emulator) reactivateCustomer(c *call) (any, error) {
	return e.writeCustomer(c, func(customer *Customer) error {
		if customer.IsActive {
			return alreadyDone(c.dialects, "Express customer %q is active already", customer.ID)
		}
		customer.IsActive = true
		return nil
	})
}

// writeCustomer changes the customer in the path and answers with it.
func (e *Emulator) writeCustomer(c *call, change func(*Customer) error) (any, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	customer, err := e.changeCustomer(c, change)
	if err != nil {
		return nil, err
	}
	return customerObject(c.dialects, customer), nil
}

// changeCustomer applies change to the customer in the path and stores the result. The
// lock must be held. change works on a copy and must not modify the maps and slices in it,
// but replace them.
func (e *Emulator) changeCustomer(c *call, change func(*Customer) error) (*Customer, error) {
	id := c.path("expressCustomerId")
	stored, ok := e.account.customers.get(id)
	if !ok {
		return nil, customerNotFound(id)
	}
	changed := *stored
	switch err := change(&changed); {
	case errors.Is(err, errNothingToDo):
		return stored, nil
	case err != nil:
		return nil, err
	}
	changed.UpdatedAt = c.now
	e.account.customers.put(id, &changed, c.dialects[ReadLag])
	return &changed, nil
}

// checkCustomerName checks that the name is unique, if the dialect requires that.
func (e *Emulator) checkCustomerName(d dialects, customer *Customer) error {
	if !d[DuplicateNameConflict] {
		return nil
	}
	for _, id := range e.account.customers.byName.find(customer.Name) {
		if id != customer.ID {
			return newProblem(conflict, "expressCustomerName: %q is the name of another customer", customer.Name)
		}
	}
	return nil
}

func customerNotFound(id string) *problem { return notFound("Express customer", id) }
