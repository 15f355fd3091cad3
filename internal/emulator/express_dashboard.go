// SPDX-License-Identifier: MPL-2.0

package emulator

import "time"

func (e *Emulator) customers() dashboard[Customer] {
	return dashboard[Customer]{
		e, customerPrefix,
		func(a *account) *table[Customer] { return a.customers.table },
		func(c *Customer) (id *string, created, updated *time.Time) { return &c.ID, &c.CreatedAt, &c.UpdatedAt },
	}
}

// Customers returns all Express customers, oldest first.
func (e *Emulator) Customers() []Customer { return e.customers().all() }

// Customer returns one Express customer.
func (e *Emulator) Customer(id string) (Customer, bool) { return e.customers().one(id) }

// AddCustomer stores a customer and replaces one with the same id. If the id or the
// timestamps are empty, it sets them. It returns the id. A customer without IsActive is
// inactive.
func (e *Emulator) AddCustomer(c Customer) string { return e.customers().add(c) }

// EditCustomer changes a customer as a person in the dashboard would: immediately,
// regardless of the dialects, with a new UpdatedAt unless edit sets one. It reports
// whether the customer exists. edit must not call the emulator.
func (e *Emulator) EditCustomer(id string, edit func(*Customer)) bool {
	return e.customers().edit(id, edit)
}

// RemoveCustomer removes a customer: every later request for it is answered with 404. The
// vendor documents no operation for this.
func (e *Emulator) RemoveCustomer(id string) bool { return e.customers().remove(id) }

// Check returns an error that lists the rules for names and metadata that a customer
// breaks. The dashboard's methods do not check them.
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

// TryCustomer is EditCustomer for an edit that can fail. If edit fails, nothing changes
// and its error is returned.
func (e *Emulator) TryCustomer(id string, edit func(*Customer) error) (found bool, err error) {
	return e.customers().try(id, edit)
}
