// SPDX-License-Identifier: MPL-2.0

package emulator

// Customers returns all Express customers, oldest first.
func (e *Emulator) Customers() []Customer {
	e.mu.Lock()
	defer e.mu.Unlock()
	return clones(e.account.customers.all())
}

// Customer returns one Express customer.
func (e *Emulator) Customer(id string) (Customer, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return cloneOf(e.account.customers.get(id))
}

// Check says which rules for names and metadata a customer breaks, in an error
// for people. The dashboard's methods store whatever they are given.
func (c Customer) Check() error {
	issues := metadataIssues(c.Metadata)
	if complaint := objectName(dialects{NamesTrimmed: true})(c.Name); complaint != "" {
		issues = append(issues, issue{"name", complaint})
	}
	if len(issues) > 0 {
		return &problem{kind: invalid, issues: issues}
	}
	return nil
}

// AddCustomer stores a customer as it is, replacing one of the same id. It
// fills in the id and the timestamps where they are empty, and returns the id.
// IsActive is taken as it is, so its zero value makes an inactive customer.
func (e *Emulator) AddCustomer(c Customer) string {
	e.mu.Lock()
	defer e.mu.Unlock()
	c = c.clone()
	if c.ID == "" {
		c.ID = newID(customerPrefix)
	}
	fillTimes(&c.CreatedAt, &c.UpdatedAt, e.now())
	e.account.customers.put(c.ID, &c, false)
	return c.ID
}

// EditCustomer changes a customer as somebody in the dashboard would: at once,
// whatever the dialects, with a new UpdatedAt unless edit sets one. It reports
// whether there is such a customer. edit must not call the emulator.
func (e *Emulator) EditCustomer(id string, edit func(*Customer)) bool {
	found, _ := e.TryCustomer(id, func(c *Customer) error {
		edit(c)
		return nil
	})
	return found
}

// TryCustomer is EditCustomer for an edit that can fail. Its error is returned,
// and then nothing has changed.
func (e *Emulator) TryCustomer(id string, edit func(*Customer) error) (found bool, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	changed, ok := cloneOf(e.account.customers.get(id))
	if !ok {
		return false, nil
	}
	before := changed.UpdatedAt
	if err := edit(&changed); err != nil {
		return true, err
	}
	changed.ID = id
	touch(&changed.UpdatedAt, before, e.now())
	changed = changed.clone()
	e.account.customers.put(id, &changed, false)
	return true, nil
}

// RemoveCustomer makes a customer vanish, so that every later call is 404. The
// vendor documentation knows no such thing.
func (e *Emulator) RemoveCustomer(id string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.account.customers.remove(id)
}
