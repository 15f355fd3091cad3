// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

const (
	referencesRoute          = "/v1/autoScribe/clinicalReferences"
	referenceRoute           = referencesRoute + "/{clinicalReferenceId}"
	referenceDeleteRoute     = referenceRoute + "/delete"
	referenceByExternalRoute = referencesRoute + "/byExternalReferenceId/{externalReferenceId}"
)

// ClinicalReferenceTypes are the kinds of values that workflows pick from
// (vendor SDKs).
func ClinicalReferenceTypes() []string {
	return []string{"facility", "referring_provider", "study_description", "procedure"}
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

func (reference ClinicalReference) id() string { return reference.ID }

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
	return reference.Active && wish.Name == reference.Name && wish.Type == reference.Type &&
		wish.ExternalReferenceID == reference.ExternalReferenceID &&
		wish.ExpressCustomerID == reference.ExpressCustomer.ID &&
		maps.Equal(wish.Metadata, reference.Metadata)
}

// ClinicalReferenceChange holds what is to change; nil fields stay as they are.
// The type and the external id never change.
type ClinicalReferenceChange struct {
	Name *string
	// ExpressCustomerID moves the reference to another customer. Whether it can
	// be taken from its customer without going to another is not documented.
	ExpressCustomerID *string
	// Metadata replaces all pairs; an empty map clears them.
	Metadata *map[string]string
}

func (change ClinicalReferenceChange) body() map[string]any {
	body := map[string]any{}
	if change.Name != nil {
		body["name"] = *change.Name
	}
	if change.ExpressCustomerID != nil {
		body["expressCustomerId"] = *change.ExpressCustomerID
	}
	if change.Metadata != nil {
		body["metadata"] = nil
		if len(*change.Metadata) > 0 {
			body["metadata"] = *change.Metadata
		}
	}
	return body
}

func (change ClinicalReferenceChange) madeIn(reference *ClinicalReference) bool {
	return (change.Name == nil || *change.Name == reference.Name) &&
		(change.ExpressCustomerID == nil || *change.ExpressCustomerID == reference.ExpressCustomer.ID) &&
		change.metadataMadeIn(reference)
}

func (change ClinicalReferenceChange) metadataMadeIn(reference *ClinicalReference) bool {
	return change.Metadata == nil || maps.Equal(*change.Metadata, reference.Metadata)
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
	query := url.Values{"isActive": {strconv.FormatBool(!f.Deleted)}}
	if f.Type != "" {
		query.Set("type", f.Type)
	}
	if f.ExpressCustomerID != "" {
		query.Set("expressCustomerId", f.ExpressCustomerID)
	}
	return query
}

var errNotAReference = errors.New("the API answered with success, but not with a clinical reference")

// CreateClinicalReference creates a reference. It is never sent again once it
// may have arrived. If the answer is lost, it looks for the reference instead,
// and only if there is none the error is an [OutcomeUnknownError].
func (c *Client) CreateClinicalReference(ctx context.Context, wish NewClinicalReference) (*ClinicalReference, error) {
	began := time.Now()
	var created ClinicalReference
	err := c.do(ctx, operation{method: http.MethodPost, route: referencesRoute, body: wish}, &created)
	if err == nil && created.ID == "" {
		err = &OutcomeUnknownError{Err: fmt.Errorf("POST %s: %w", referencesRoute, errNotAReference)}
	}
	var unknown *OutcomeUnknownError
	if errors.As(err, &unknown) {
		if found := c.referenceMadeFrom(ctx, wish, began); found != nil {
			return found, nil
		}
	}
	if err != nil {
		return nil, err
	}
	return &created, nil
}

// referenceMadeFrom finds the reference that came out of a create whose answer
// was lost: in all as wished, and made since the create began. It is nil if
// there is none, or if it can't be told which of several.
func (c *Client) referenceMadeFrom(ctx context.Context, wish NewClinicalReference, began time.Time) *ClinicalReference {
	var found []ClinicalReference
	_ = Eventually(ctx, func() (bool, error) {
		for reference, err := range c.referencesLike(ctx, wish) {
			if err != nil {
				found = nil
				return false, err
			}
			if wish.madeInto(&reference) && timeOf(reference.CreatedAt).After(began.Add(-clockSkew)) {
				found = append(found, reference)
			}
		}
		return len(found) > 0, nil
	})
	if len(found) != 1 || found[0].ID == "" {
		return nil
	}
	return &found[0]
}

// referencesLike iterates over the references that may be the wished one: the
// one with the external id, or else all of the type and customer.
func (c *Client) referencesLike(ctx context.Context, wish NewClinicalReference) iter.Seq2[ClinicalReference, error] {
	if wish.ExternalReferenceID == "" {
		return c.ClinicalReferences(ctx, ClinicalReferenceFilter{Type: wish.Type, ExpressCustomerID: wish.ExpressCustomerID})
	}
	return func(yield func(ClinicalReference, error) bool) {
		switch reference, err := c.GetClinicalReferenceByExternalID(ctx, wish.ExternalReferenceID); {
		case err == nil:
			yield(*reference, nil)
		case !IsNotFound(err):
			yield(ClinicalReference{}, err)
		}
	}
}

// GetClinicalReference returns a reference. Whether the API shows a deleted one
// or answers 404 is not documented.
func (c *Client) GetClinicalReference(ctx context.Context, id string) (*ClinicalReference, error) {
	return c.getReference(ctx, referenceRoute, id)
}

// GetClinicalReferenceByExternalID returns the reference with an external id.
// As there is only one, external ids are unique in an account (our assumption).
func (c *Client) GetClinicalReferenceByExternalID(ctx context.Context, externalID string) (*ClinicalReference, error) {
	return c.getReference(ctx, referenceByExternalRoute, externalID)
}

func (c *Client) getReference(ctx context.Context, route, id string) (*ClinicalReference, error) {
	var reference ClinicalReference
	err := c.do(ctx, operation{method: http.MethodGet, route: route, ids: []string{id}}, &reference)
	if err != nil {
		return nil, err
	}
	if reference.ID == "" {
		return nil, fmt.Errorf("GET %s: %w", route, errNotAReference)
	}
	return &reference, nil
}

// ClinicalReferences iterates over the references that the filter lets through,
// in no particular order.
func (c *Client) ClinicalReferences(ctx context.Context, filter ClinicalReferenceFilter) iter.Seq2[ClinicalReference, error] {
	return listing[ClinicalReference]{
		route: referencesRoute,
		query: filter.query(),
		key:   "clinicalReferences",
		id:    ClinicalReference.id,
	}.all(ctx, c)
}

// UpdateClinicalReference changes a reference with one PATCH, and with two more
// if that left metadata over. A reference that comes with an error shows how
// far it got.
func (c *Client) UpdateClinicalReference(ctx context.Context, id string, change ClinicalReferenceChange) (*ClinicalReference, error) {
	reference, err := c.patchReference(ctx, id, change)
	if err != nil || change.metadataMadeIn(reference) {
		return reference, err
	}
	return resendMetadata(reference, *change.Metadata, func(metadata map[string]string) (*ClinicalReference, error) {
		return c.patchReference(ctx, id, ClinicalReferenceChange{Metadata: &metadata})
	})
}

func (c *Client) patchReference(ctx context.Context, id string, change ClinicalReferenceChange) (*ClinicalReference, error) {
	op := operation{method: http.MethodPatch, route: referenceRoute, ids: []string{id}, body: change.body()}
	look := func(ctx context.Context) (*ClinicalReference, error) { return c.GetClinicalReference(ctx, id) }
	return sendChange(ctx, c, op, look, change.madeIn)
}

// DeleteClinicalReference deletes a reference, for good. One that is deleted
// already is a success, whatever the API says to it. Its name can be used again
// (vendor SDKs).
func (c *Client) DeleteClinicalReference(ctx context.Context, id string) error {
	op := operation{method: http.MethodPost, route: referenceDeleteRoute, ids: []string{id}}
	look := func(ctx context.Context) (*ClinicalReference, error) {
		reference, err := c.GetClinicalReference(ctx, id)
		if IsNotFound(err) {
			return &ClinicalReference{ID: id, Active: false}, nil
		}
		return reference, err
	}
	deleted := func(reference *ClinicalReference) bool { return !reference.Active }

	reference, err := sendChange(ctx, c, op, look, deleted)
	switch {
	case err == nil && deleted(reference), IsNotFound(err):
		return nil
	case err != nil && !isRefusal(err):
		return err
	}
	switch current, lookErr := look(ctx); {
	case lookErr == nil && deleted(current):
		return nil
	case err != nil:
		return err
	case lookErr != nil:
		return lookErr
	}
	return fmt.Errorf("POST %s: the API answered with success, but the clinical reference is still there", referenceDeleteRoute)
}
