// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"context"
	"net/http"
)

// The Read methods are the Get methods for who reads many objects: with
// [Options].BulkRefresh they may answer with what a page of a list held up to a
// minute ago, though never with anything from before the client's latest write.

// ReadExpressCustomer returns a customer.
func (c *Client) ReadExpressCustomer(ctx context.Context, id string) (*ExpressCustomer, error) {
	return c.readers.customers.read(ctx, id)
}

// ReadClinicalReference returns a reference.
func (c *Client) ReadClinicalReference(ctx context.Context, id string) (*ClinicalReference, error) {
	return c.readers.references.read(ctx, id)
}

// ReadUser returns a user who was seen to have access. It takes a user whom the
// list shows for one who can be read alone (our assumption), until it has met one
// who can't.
func (c *Client) ReadUser(ctx context.Context, product Product, id string) (*User, error) {
	return c.readers.users[product].read(ctx, id)
}

// ReadUserAlone is ReadUser without the list, for a user of whom it matters
// whether the API shows them alone.
func (c *Client) ReadUserAlone(ctx context.Context, product Product, id string) (*User, error) {
	return c.readers.users[product].readAlone(ctx, id)
}

// ReadNewestInvitation is [Client.NewestInvitation]. As it takes all invitations
// to know which is a user's newest, it uses the list only when it has come to
// the list's end.
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
			route: customerRoute, get: c.GetExpressCustomer, list: customerList, key: ExpressCustomer.id,
		}),
		references: newReader(c, source[ClinicalReference]{
			route: referenceRoute, get: c.GetClinicalReference, list: referenceList(ClinicalReferenceFilter{}), key: ClinicalReference.id,
		}),
		users:       map[Product]*reader[User]{},
		invitations: map[Product]*reader[Invitation]{},
	}
	for _, product := range []Product{AutoScribe, Viewer} {
		all.users[product] = newReader(c, source[User]{
			route: userRoute(product),
			get:   func(ctx context.Context, id string) (*User, error) { return c.GetUser(ctx, product, id) },
			list:  userList(product, UserFilter{}),
			key:   User.id,
			hides: func(err error) bool { return IsNotFound(err) || StatusOf(err) == http.StatusForbidden },
		})
		all.invitations[product] = newReader(c, source[Invitation]{
			route: invitationsRoute(product),
			get: func(ctx context.Context, userID string) (*Invitation, error) {
				return c.NewestInvitation(ctx, product, userID)
			},
			list:  invitationList(product, InvitationFilter{}),
			key:   func(invitation Invitation) string { return invitation.UserID },
			newer: func(a, b *Invitation) bool { return timeOf(a.CreatedAt).After(timeOf(b.CreatedAt)) },
		})
	}
	return all
}
