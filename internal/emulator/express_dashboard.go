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

// AddCustomer stores a customer as it is, replacing one of the same id. It
// fills in the id and the timestamps where they are empty, and returns the id.
// IsActive is taken as it is, so its zero value makes an inactive customer.
func (e *Emulator) AddCustomer(c Customer) string { return e.customers().add(c) }

// EditCustomer changes a customer as somebody in the dashboard would: at once,
// whatever the dialects, with a new UpdatedAt unless edit sets one. It reports
// whether there is such a customer. edit must not call the emulator.
func (e *Emulator) EditCustomer(id string, edit func(*Customer)) bool {
	return e.customers().edit(id, edit)
}

// RemoveCustomer makes a customer vanish, so that every later call is 404. The
// vendor documentation knows no such thing.
func (e *Emulator) RemoveCustomer(id string) bool { return e.customers().remove(id) }

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

// TryCustomer is EditCustomer for an edit that can fail. Its error is returned,
// and then nothing has changed.
func (e *Emulator) TryCustomer(id string, edit func(*Customer) error) (found bool, err error) {
	return e.customers().try(id, edit)
}
