// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
)

// Kind is a kind of object. The switches of the emulator count as two more kinds, so that
// edits of them are logged as well.
type Kind string

// The kinds of objects, and the switches.
const (
	CustomerKind   Kind = "customer"
	UserKind       Kind = "user"
	InvitationKind Kind = "invitation"
	ReferenceKind  Kind = "reference"
	FaultsKind     Kind = "faults"
	DialectsKind   Kind = "dialects"
)

// Object identifies an object of the account. The zero value identifies none.
type Object struct {
	Kind    Kind
	Product Product // of users and invitations
	ID      string
}

// Change is the state of an object before and after a change: a *Customer, *User,
// *Invitation or *Reference, and for the switches a []FaultStatus or a []Dialect. nil
// means that the object did not exist. The values that Before and After point to must not
// be modified.
type Change struct {
	Object
	Before any
	After  any
}

// idNames are the JSON names of ids in the API's bodies, which are also the names of the
// path parameters. If a body contains two, the first of this list counts.
var idNames = []struct {
	name string
	kind Kind
}{
	{"expressCustomerId", CustomerKind},
	{"invitationId", InvitationKind},
	{"userId", UserKind},
	{"clinicalReferenceId", ReferenceKind},
}

// objectOf returns the object that a request is about, from its path or else its body. The
// object of a create is known only at the end.
func objectOf(c *call, operation route) Object {
	for _, id := range idNames {
		if value := c.path(id.name); value != "" {
			return newObjectName(id.kind, operation, value)
		}
	}
	var named map[string]json.RawMessage
	if operation.creates || json.Unmarshal(c.body, &named) != nil {
		return Object{}
	}
	for _, id := range idNames {
		var value string
		if json.Unmarshal(named[id.name], &value) == nil && value != "" {
			return newObjectName(id.kind, operation, value)
		}
	}
	return Object{}
}

func newObjectName(kind Kind, operation route, id string) Object {
	o := Object{Kind: kind, ID: id}
	if kind == UserKind || kind == InvitationKind {
		for _, product := range Products() {
			if strings.Contains(operation.name, "/"+string(product)+"/") {
				o.Product = product
			}
		}
	}
	return o
}

// before returns the object before the request, as it is stored.
func (e *Emulator) before(c *call) any {
	if c.request.Method == http.MethodGet {
		return nil
	}
	return e.current(c.object)
}

// noteOutcome records the object and the change of an operation. value is its answer.
func (e *Emulator) noteOutcome(c *call, operation route, before, value any) {
	if answered, ok := value.(*object); ok && c.object.ID == "" && len(answered.members) > 0 {
		for _, id := range idNames {
			if first := answered.members[0]; first.name == id.name {
				text, _ := first.value.(string)
				c.object = newObjectName(id.kind, operation, text)
			}
		}
	}
	if c.request.Method == http.MethodGet || c.object.ID == "" {
		return
	}
	if after := e.current(c.object); after != before {
		c.change = &Change{Object: c.object, Before: before, After: after}
	}
}

// current returns the stored object, nil if it does not exist. Objects are replaced and
// never modified, so two equal pointers mean that the object did not change in between.
func (e *Emulator) current(o Object) any {
	switch o.Kind {
	case FaultsKind:
		return e.Faults()
	case DialectsKind:
		return e.Dialects()
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.account.current(o)
}

// current is Emulator.current under the lock, for objects only.
func (a *account) current(o Object) any {
	switch o.Kind {
	case CustomerKind:
		return orNil(a.customers.get(o.ID))
	case ReferenceKind:
		return orNil(a.references.get(o.ID))
	}
	people, ok := a.people[o.Product]
	switch {
	case ok && o.Kind == UserKind:
		return orNil(people.users.get(o.ID))
	case ok && o.Kind == InvitationKind:
		return orNil(people.invitations.get(o.ID))
	}
	return nil
}

func orNil[T any](value *T, ok bool) any {
	if !ok {
		return nil
	}
	return value
}

func faultIDs(faults []FaultStatus) []int {
	ids := make([]int, len(faults))
	for i, f := range faults {
		ids[i] = f.ID
	}
	return ids
}

// same reports whether two states of an object or of the switches are equal.
func same(a, b any) bool {
	switch a := a.(type) {
	case []FaultStatus:
		b, _ := b.([]FaultStatus)
		return slices.Equal(faultIDs(a), faultIDs(b))
	case []Dialect:
		b, _ := b.([]Dialect)
		return slices.Equal(a, b)
	default:
		return a == b
	}
}
