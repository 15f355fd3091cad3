// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
)

const customerUsersRoute = customerRoute + "/users"

// ErrExpressCustomerInactive says that a customer takes no members, since it is
// inactive (vendor documentation).
var ErrExpressCustomerInactive = errors.New("the Express customer is inactive")

// AddExpressCustomerUser makes a user a member of a customer. The members of a
// customer can't be listed, so only the API's message shows whether it refuses a
// user because they are a member already.
func (c *Client) AddExpressCustomerUser(ctx context.Context, id, userID string) error {
	err := c.changeMembership(ctx, http.MethodPost, id, userID)
	switch {
	case err == nil, saysMember(err):
		return nil
	case !isRefusal(err):
		return err
	}
	if customer, lookErr := c.GetExpressCustomer(ctx, id); lookErr == nil && !customer.Active() {
		return meaning(ErrExpressCustomerInactive, err)
	}
	return err
}

// saysMember reports whether the API refuses a user because they are a member already, and
// not because they have already rejected the invitation or lost their access.
func saysMember(err error) bool {
	return slices.ContainsFunc([]string{"member", "added", "assigned", "belongs", "exists"}, func(word string) bool {
		return deniesSaying(err, "already", word)
	})
}

// RemoveExpressCustomerUser ends a membership. The user's account stays. If the user is
// not a member, or there is no such customer or user, that is a success.
//
// No GET shows a membership. So a 404 counts unless it is about the path, as that of a proxy
// or of another server is: then it counts only if the customer is not found either, or has
// no members.
func (c *Client) RemoveExpressCustomerUser(ctx context.Context, id, userID string) error {
	err := c.changeMembership(ctx, http.MethodDelete, id, userID)
	switch {
	case deniesSaying(err, "not a member"):
		return nil
	case !IsNotFound(err):
		return err
	}
	customer, readErr := c.GetExpressCustomer(ctx, id)
	if readErr == nil && (customer.UserCount == 0 || !isAboutPath(err)) {
		return nil
	}
	err = confirmNotFound(ctx, err, readErr, "the customer has members, and the answer is about the path", c.readers.customers.believe)
	if IsNotFound(err) {
		return nil
	}
	return err
}

// isAboutPath reports whether a 404 is a web page, or quotes the path of the operation.
func isAboutPath(notFound error) bool {
	answer, _ := errors.AsType[*Error](notFound)
	return isWebPage(notFound) || strings.Contains(answer.Message, "/users")
}

// changeMembership names the user in the body, for DELETE too (vendor SDKs).
// Either change may be sent twice.
func (c *Client) changeMembership(ctx context.Context, method, id, userID string) error {
	return c.doForSuccess(ctx, operation{
		method: method, route: customerUsersRoute, ids: []string{id},
		body: map[string]string{"userId": userID},
	})
}
