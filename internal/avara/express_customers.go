// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"context"
	"iter"
	"net/http"
)

const (
	customersRoute = "/v1/express"
	customerRoute  = "/v1/express/{expressCustomerId}"
)

// ExpressCustomer is a tenant of an imaging company's account (vendor
// documentation). Customers can't be deleted, only deactivated.
type ExpressCustomer struct {
	// ID is cus_ and 32 hex characters.
	ID   string `json:"expressCustomerId"`
	Name string `json:"expressCustomerName"`
	// IsActive is nil if the answer does not say it: see Active.
	IsActive *bool `json:"isActive"`
	// UserCount is the number of members at present, UnknownCount if the answer does not
	// say it.
	UserCount int64 `json:"userCount"`
	// The following may be null or absent in the API's answers, which is the
	// empty string here. Timestamps are RFC 3339, as sent.
	CreatedAt         string `json:"createdAt"`
	UpdatedAt         string `json:"updatedAt"`
	CreatedByAPIKeyID string `json:"createdByApiKeyId"`
	CreatedByUserID   string `json:"createdByUserId"`
	// Metadata holds at most 50 pairs, keys of 1–100 and values of at most
	// 1000 characters. Null, absent and empty are the same.
	Metadata map[string]string `json:"metadata"`
}

// UnknownCount is a UserCount that the API did not send.
const UnknownCount = -1

func (customer *ExpressCustomer) assume() { customer.UserCount = UnknownCount }

// Active reports whether the customer is active, as far as is known: new customers are.
func (customer *ExpressCustomer) Active() bool { return customer.IsActive == nil || *customer.IsActive }

func (customer ExpressCustomer) id() string { return customer.ID }
func (ExpressCustomer) kind() string        { return "an Express customer" }

// LastUpdated returns UpdatedAt.
func (customer *ExpressCustomer) LastUpdated() string { return customer.UpdatedAt }

// HasMetadata reports whether there is any.
func (customer *ExpressCustomer) HasMetadata() bool { return len(customer.Metadata) > 0 }

// NewExpressCustomer is what a customer is created from. It is active at
// first (our assumption: the API takes no such input).
type NewExpressCustomer struct {
	Name     string            `json:"expressCustomerName"`
	Metadata map[string]string `json:"metadata,omitempty"`
}

// ExpressCustomerChange holds what is to change; nil fields stay as they are.
type ExpressCustomerChange struct {
	Name     *string        `json:"expressCustomerName,omitempty"`
	Metadata MetadataChange `json:"metadata,omitzero"`
}

// IsEmpty reports whether nothing is to change.
func (change ExpressCustomerChange) IsEmpty() bool {
	return change.Name == nil && change.Metadata == nil
}

func (change ExpressCustomerChange) madeIn(customer *ExpressCustomer) bool {
	return (change.Name == nil || keptAs(*change.Name, customer.Name)) && isMade(change.Metadata, customer.Metadata)
}

// CreateExpressCustomer creates a customer. If the answer is lost, it looks in
// the list for a customer of exactly this name and metadata that is active and
// was made by an API key since: see [create].
func (c *Client) CreateExpressCustomer(ctx context.Context, wish NewExpressCustomer) (*ExpressCustomer, error) {
	return create(ctx, c, creation[ExpressCustomer]{
		op:        operation{method: http.MethodPost, route: customersRoute, body: wish},
		object:    "an Express customer of this name",
		group:     customersRoute + " " + folded(wish.Name),
		createdBy: func(customer *ExpressCustomer) string { return customer.CreatedByAPIKeyID },
		look: func(ctx context.Context, s *candidates[ExpressCustomer]) error {
			return searchOf(c, customerList).look(ctx, c, s.effort, func(customer ExpressCustomer, shown moment) {
				if folded(customer.Name) == folded(wish.Name) && customer.Active() && customer.madeByKey() {
					s.add(customer, customer.CreatedAt, shown, wish.madeInto(&customer) && c.account.mayBeOurs(customer.CreatedByAPIKeyID))
				}
			}, s.enough)
		},
	})
}

// madeByKey reports whether an API key made the customer, and not a person in the dashboard.
// An answer may leave the creators out; the vendor's samples show both for one.
func (customer *ExpressCustomer) madeByKey() bool {
	return customer.CreatedByAPIKeyID != "" || customer.CreatedByUserID == ""
}

// madeInto reports whether the wish became the customer.
func (wish NewExpressCustomer) madeInto(customer *ExpressCustomer) bool {
	return keptAs(wish.Name, customer.Name) && allKeptAs(wish.Metadata, customer.Metadata)
}

// GetExpressCustomer returns a customer, active or not.
func (c *Client) GetExpressCustomer(ctx context.Context, id string) (*ExpressCustomer, error) {
	customer, _, err := getOne(ctx, c, customerRoute, id, ExpressCustomer.id)
	return customer, err
}

// ExpressCustomers iterates over all customers, in no particular order.
func (c *Client) ExpressCustomers(ctx context.Context) iter.Seq2[ExpressCustomer, error] {
	return customerList.all(ctx, c)
}

var customerList = listing[ExpressCustomer]{
	route: customersRoute, key: "expressCustomers", id: ExpressCustomer.id,
}

// UpdateExpressCustomer changes a customer with one PATCH, and with two more if that
// left metadata over. A customer that comes with an error shows how far it got.
func (c *Client) UpdateExpressCustomer(ctx context.Context, id string, change ExpressCustomerChange) (*ExpressCustomer, error) {
	return changeWithMetadata(ctx, c, edit[ExpressCustomer]{
		op:    operation{method: http.MethodPatch, route: customerRoute, ids: []string{id}, body: change},
		route: customerRoute,
		made:  change.madeIn,
	}, change.Metadata, func(customer *ExpressCustomer) map[string]string { return customer.Metadata })
}

// DeactivateExpressCustomer suspends a customer: no new studies, no new
// members (vendor documentation). A customer that is inactive already is a
// success, whatever the API answers.
func (c *Client) DeactivateExpressCustomer(ctx context.Context, id string, options ...CallOption) (*ExpressCustomer, error) {
	return c.toggleExpressCustomer(ctx, id, "/deactivate", false, options)
}

// ReactivateExpressCustomer is the way back from [Client.DeactivateExpressCustomer].
func (c *Client) ReactivateExpressCustomer(ctx context.Context, id string, options ...CallOption) (*ExpressCustomer, error) {
	return c.toggleExpressCustomer(ctx, id, "/reactivate", true, options)
}

// toggleExpressCustomer sends one POST. It reads the customer only after an answer that
// leaves the outcome open, a 4xx, or a success that shows the old state.
func (c *Client) toggleExpressCustomer(ctx context.Context, id, action string, active bool, options []CallOption) (*ExpressCustomer, error) {
	op := operation{method: http.MethodPost, route: customerRoute + action, ids: []string{id}}
	for _, option := range options {
		option(&op)
	}
	customer, err := change(ctx, c, edit[ExpressCustomer]{
		op:      op,
		route:   customerRoute,
		made:    func(customer *ExpressCustomer) bool { return customer.IsActive == nil || *customer.IsActive == active },
		notMade: map[bool]string{true: "the customer is still inactive", false: "the customer is still active"}[active],
		believe: c.readers.customers.believe,
	})
	if err == nil && customer.IsActive == nil {
		customer.IsActive = &active
	}
	return customer, err
}
