// SPDX-License-Identifier: MPL-2.0

package avara

import "context"

// The Read methods are the Get methods for callers that read many objects. With
// [Options].BulkRefresh they may answer with what a page of a list held up to ten
// minutes ago, though never with anything from before the client's latest write.
//
// Before the first 404 of a kind of object counts, they read a page of its list, and so do
// the methods for which a 404 is a success. If the list is not found either, something
// other than the API answers, and the error is not a 404. Only the 404 of ReadUser is not
// checked, since the API may hide users without access: [Client.ReadNewestInvitation] then
// fails where there is no API.

// ReadExpressCustomer returns a customer.
func (c *Client) ReadExpressCustomer(ctx context.Context, id string) (*ExpressCustomer, error) {
	return c.readers.customers.read(ctx, id)
}

// ConfirmExpressCustomer is for an answer of [Client.ReadExpressCustomer] that would have
// consequences, and that may be older than the latest write. It waits as [Client.Settle]
// does and reads again. All confirmations of one customer share the request.
func (c *Client) ConfirmExpressCustomer(ctx context.Context, id string) (*ExpressCustomer, error) {
	return c.readers.customers.confirm(ctx, id)
}

// ReadClinicalReference returns a reference.
func (c *Client) ReadClinicalReference(ctx context.Context, id string) (*ClinicalReference, error) {
	return c.readers.references.read(ctx, id)
}

// ConfirmClinicalReference is [Client.ConfirmExpressCustomer] for a reference.
func (c *Client) ConfirmClinicalReference(ctx context.Context, id string) (*ClinicalReference, error) {
	return c.readers.references.confirm(ctx, id)
}

// ReadUser returns a user who was seen to have access. It takes a user whom the list shows
// for one who can be read alone (our assumption), until it has met one who can't be.
func (c *Client) ReadUser(ctx context.Context, product Product, id string) (*User, error) {
	return c.readers.users[product].read(ctx, id)
}

// ReadUserAlone is ReadUser without the list, for a user of whom it matters
// whether the API shows them alone.
func (c *Client) ReadUserAlone(ctx context.Context, product Product, id string) (*User, error) {
	return c.readers.users[product].readAlone(ctx, id)
}

// ReadNewestInvitation is [Client.NewestInvitation]. As it takes all invitations to know
// which is a user's newest, it uses the list only when it has come to the list's end.
func (c *Client) ReadNewestInvitation(ctx context.Context, product Product, userID string) (*Invitation, error) {
	return c.readers.invitations[product].read(ctx, userID)
}

// readers are a client's readers, by kind of object.
type readers struct {
	customers   *reader[ExpressCustomer]
	references  *reader[ClinicalReference]
	users       map[Product]*reader[User]
	invitations map[Product]*reader[Invitation]
}

func newReaders(c *Client) *readers {
	all := &readers{
		customers: newReader(c, source[ExpressCustomer]{
			route: customerRoute, get: c.GetExpressCustomer, list: pagesOf(c, customerList), key: ExpressCustomer.id,
		}),
		references: newReader(c, source[ClinicalReference]{
			route: referenceRoute, get: c.GetClinicalReference, list: pagesOf(c, referenceList(ClinicalReferenceFilter{})), key: ClinicalReference.id,
		}),
		users:       map[Product]*reader[User]{},
		invitations: map[Product]*reader[Invitation]{},
	}
	for _, product := range []Product{AutoScribe, Viewer} {
		all.users[product] = newReader(c, source[User]{
			route: userRoute(product),
			get:   func(ctx context.Context, id string) (*User, error) { return c.GetUser(ctx, product, id) },
			list:  pagesOf(c, userList(product, UserFilter{})),
			key:   User.id,
			// A user who is not found may have an invitation, or no access any more.
			hidesSome: true,
		})
		all.invitations[product] = newReader(c, source[Invitation]{
			route: invitationsRoute(product),
			get: func(ctx context.Context, userID string) (*Invitation, error) {
				return c.NewestInvitation(ctx, product, userID)
			},
			list:  pagesOf(c, invitationList(product, InvitationFilter{})),
			key:   func(invitation Invitation) string { return invitation.UserID },
			newer: (*Invitation).NewerThan,
		})
	}
	return all
}

// pagesOf returns how a list is read a page at a time.
func pagesOf[T any](c *Client, list listing[T]) func(context.Context, string) ([]T, string, error) {
	return func(ctx context.Context, cursor string) ([]T, string, error) {
		page, err := list.fetch(ctx, c, cursor)
		return page.items, page.next, err
	}
}
