// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"strconv"

	"golang.org/x/text/unicode/norm"
)

const (
	referencesRoute          = "/v1/autoScribe/clinicalReferences"
	referenceRoute           = referencesRoute + "/{clinicalReferenceId}"
	referenceDeleteRoute     = referenceRoute + "/delete"
	referenceByExternalRoute = referencesRoute + "/byExternalReferenceId/{externalReferenceId}"
)

// TypeReferringProvider is the type of references that name people.
const TypeReferringProvider = "referring_provider"

// ClinicalReferenceTypes are the kinds of values that workflows pick from
// (vendor SDKs).
func ClinicalReferenceTypes() []string {
	return []string{"facility", TypeReferringProvider, "study_description", "procedure"}
}

// ClinicalReference is a value offered in the pickers of AutoScribe, such as
// the name of a facility.
type ClinicalReference struct {
	// ID is ref_ and 32 hex characters.
	ID string `json:"clinicalReferenceId"`
	// Name has a suffix that the API added if the reference is not active.
	Name string `json:"name"`
	Type string `json:"type"`
	// Active is false once the reference was deleted. There is no way back.
	Active bool `json:"isActive"`
	// The following may be null or absent in the API's answers, which is the
	// empty string here. Timestamps are RFC 3339, as sent.
	ExternalReferenceID string `json:"externalReferenceId"`
	CreatedAt           string `json:"createdAt"`
	UpdatedAt           string `json:"updatedAt"`
	// ExpressCustomer is empty for a reference of the whole clinic.
	ExpressCustomer ExpressCustomerName `json:"expressCustomer"`
	// Metadata has the limits of an Express customer's.
	Metadata map[string]string `json:"metadata"`
}

func (reference *ClinicalReference) assume() { reference.Active = true }

func (reference ClinicalReference) id() string { return reference.ID }
func (ClinicalReference) kind() string         { return "a clinical reference" }

// LastUpdated returns UpdatedAt.
func (reference *ClinicalReference) LastUpdated() string { return reference.UpdatedAt }

// HasMetadata reports whether there is any.
func (reference *ClinicalReference) HasMetadata() bool { return len(reference.Metadata) > 0 }

// ExpressCustomerName is how other objects show the customer they belong to.
type ExpressCustomerName struct {
	ID   string `json:"expressCustomerId"`
	Name string `json:"expressCustomerName"`
}

// NewClinicalReference is what a reference is created from. Only the name and
// the type are needed.
type NewClinicalReference struct {
	Name                string            `json:"name"`
	Type                string            `json:"type"`
	ExternalReferenceID string            `json:"externalReferenceId,omitempty"`
	ExpressCustomerID   string            `json:"expressCustomerId,omitempty"`
	Metadata            map[string]string `json:"metadata,omitempty"`
}

func (wish NewClinicalReference) madeInto(reference *ClinicalReference) bool {
	return reference.Active && keptAs(wish.Name, reference.Name) && wish.Type == reference.Type &&
		keptAs(wish.ExternalReferenceID, reference.ExternalReferenceID) &&
		SameID(wish.ExpressCustomerID, reference.ExpressCustomer.ID) &&
		allKeptAs(wish.Metadata, reference.Metadata)
}

// ClinicalReferenceChange holds what is to change; nil fields stay as they are.
// The type and the external id never change.
type ClinicalReferenceChange struct {
	// ExpressCustomerID moves the reference to another customer. Whether it can
	// be taken from its customer without going to another is not documented.
	ExpressCustomerID *string        `json:"expressCustomerId,omitempty"`
	Metadata          MetadataChange `json:"metadata,omitzero"`
	Name              *string        `json:"name,omitempty"`
}

// IsEmpty reports whether nothing is to change.
func (change ClinicalReferenceChange) IsEmpty() bool {
	return change.Name == nil && change.ExpressCustomerID == nil && change.Metadata == nil
}

func (change ClinicalReferenceChange) madeIn(reference *ClinicalReference) bool {
	return (change.Name == nil || keptAs(*change.Name, reference.Name)) &&
		(change.ExpressCustomerID == nil || SameID(*change.ExpressCustomerID, reference.ExpressCustomer.ID)) &&
		isMade(change.Metadata, reference.Metadata)
}

// ClinicalReferenceFilter narrows a list of references; empty fields don't.
type ClinicalReferenceFilter struct {
	Type              string
	ExpressCustomerID string
	// Deleted lists the deleted references instead of the active ones. The API
	// has no sure way to ask for both.
	Deleted bool
}

func (f ClinicalReferenceFilter) query() url.Values {
	return queryOf(map[string]string{
		"isActive": strconv.FormatBool(!f.Deleted), "type": f.Type, "expressCustomerId": f.ExpressCustomerID,
	})
}

// CreateClinicalReference creates a reference. If the answer is lost, it looks
// by the external id, or else in the list of the type, for an active reference
// that is in all as wished and was made since: see [create].
func (c *Client) CreateClinicalReference(ctx context.Context, wish NewClinicalReference) (*ClinicalReference, error) {
	n := creation[ClinicalReference]{op: operation{method: http.MethodPost, route: referencesRoute, body: wish}}
	if wish.ExternalReferenceID != "" {
		n.object = "a clinical reference with this external id"
		n.group = referencesRoute + " external " + wish.ExternalReferenceID
		n.look = func(ctx context.Context, s *candidates[ClinicalReference]) error {
			reference, shown, err := c.referenceByExternalID(ctx, wish.ExternalReferenceID)
			switch {
			case err == nil && reference.Active:
				s.add(*reference, reference.CreatedAt, shown, wish.madeInto(reference))
			case !IsNotFound(err):
				return err
			}
			return nil
		}
		return create(ctx, c, n)
	}
	n.object = "a clinical reference of this type and name"
	n.group = referencesRoute + " " + wish.Type + " " + folded(wish.Name)
	filter := ClinicalReferenceFilter{Type: wish.Type, ExpressCustomerID: wish.ExpressCustomerID}
	n.look = func(ctx context.Context, s *candidates[ClinicalReference]) error {
		return searchOf(c, referenceList(filter)).look(ctx, c, s.effort, func(reference ClinicalReference, shown moment) {
			if reference.Type == wish.Type && folded(reference.Name) == folded(wish.Name) &&
				SameID(reference.ExpressCustomer.ID, wish.ExpressCustomerID) && reference.Active {
				s.add(reference, reference.CreatedAt, shown, wish.madeInto(&reference))
			}
		}, s.enough)
	}
	return create(ctx, c, n)
}

// GetClinicalReference returns a reference. Whether the API shows a deleted one
// or answers 404 is not documented.
func (c *Client) GetClinicalReference(ctx context.Context, id string) (*ClinicalReference, error) {
	reference, _, err := getOne(ctx, c, referenceRoute, id, ClinicalReference.id)
	return reference, err
}

// GetClinicalReferenceByExternalID returns the reference with an external id.
// As there is only one, external ids are unique in an account (our assumption). The API
// may hold the decomposed form of the text.
func (c *Client) GetClinicalReferenceByExternalID(ctx context.Context, externalID string) (*ClinicalReference, error) {
	reference, _, err := c.referenceByExternalID(ctx, externalID)
	if decomposed := norm.NFD.String(externalID); IsNotFound(err) && decomposed != externalID {
		reference, _, err = c.referenceByExternalID(ctx, decomposed)
	}
	return reference, err
}

func (c *Client) referenceByExternalID(ctx context.Context, externalID string) (*ClinicalReference, moment, error) {
	return getOne(ctx, c, referenceByExternalRoute, externalID, func(reference ClinicalReference) string {
		if keptAs(externalID, reference.ExternalReferenceID) {
			return externalID
		}
		return reference.ExternalReferenceID
	})
}

// ClinicalReferences iterates over the references that the filter lets through,
// in no particular order.
func (c *Client) ClinicalReferences(ctx context.Context, filter ClinicalReferenceFilter) iter.Seq2[ClinicalReference, error] {
	return referenceList(filter).all(ctx, c)
}

func referenceList(filter ClinicalReferenceFilter) listing[ClinicalReference] {
	return listing[ClinicalReference]{
		route: referencesRoute,
		query: filter.query(),
		key:   "clinicalReferences",
		id:    ClinicalReference.id,
	}
}

// UpdateClinicalReference changes a reference with one PATCH, and with two more
// if that left metadata over. A reference that comes with an error shows how
// far it got.
func (c *Client) UpdateClinicalReference(ctx context.Context, id string, change ClinicalReferenceChange) (*ClinicalReference, error) {
	return changeWithMetadata(ctx, c, edit[ClinicalReference]{
		op:    operation{method: http.MethodPatch, route: referenceRoute, ids: []string{id}, body: change},
		route: referenceRoute,
		made:  change.madeIn,
	}, change.Metadata, func(reference *ClinicalReference) map[string]string { return reference.Metadata })
}

// DeleteClinicalReference deletes a reference permanently. It is a success if the
// reference is deleted already, whatever the API answers. The name can be used again
// (vendor SDKs).
func (c *Client) DeleteClinicalReference(ctx context.Context, id string) error {
	_, err := change(ctx, c, edit[ClinicalReference]{
		op:         operation{method: http.MethodPost, route: referenceDeleteRoute, ids: []string{id}},
		route:      referenceRoute,
		made:       func(reference *ClinicalReference) bool { return !reference.Active },
		notMade:    "the clinical reference is still there",
		believe:    c.readers.references.believe,
		endsObject: true,
	})
	return err
}
