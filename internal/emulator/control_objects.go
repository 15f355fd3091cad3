// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"encoding/json"
	"maps"
	"net/http"
)

// objects are the dashboard's operations on the objects of one kind.
type objects[T any] struct {
	emulator *Emulator // for its log of edits
	name     Object    // identifies an object of the kind, without the id
	add      func(T) string
	get      func(id string) (T, bool)
	edit     func(id string, edit func(*T)) bool
	remove   func(id string) bool
}

// record runs act and logs the change of the object with that id as an edit. It returns
// act's result.
func (o objects[T]) record(id string, act func() bool) (done bool) {
	name := o.name
	name.ID = id
	o.emulator.Record(ByControl, name, func() { done = act() })
	return done
}

// objectEndpoints lists the endpoints that create, edit and remove objects.
func objectEndpoints[T any](path, what string, of func(Product) objects[T]) []endpoint {
	const add, edit, remove = "adds it as it is, or replaces the one of the same id",
		"edits it as somebody in the dashboard would; null clears", "makes it vanish: every later call is 404"
	return []endpoint{
		{"POST", path, what, add, func(p Product) controlFunc { return of(p).create }},
		{"PATCH", path + "/{id}", "some of its fields", edit, func(p Product) controlFunc { return of(p).update }},
		{"DELETE", path + "/{id}", "", remove, func(p Product) controlFunc { return of(p).delete }},
	}
}

func (o objects[T]) create(r *http.Request) (any, error) {
	var value T
	if _, err := readJSON(r, &value); err != nil {
		return nil, err
	}
	name := o.name
	name.ID = o.add(value)
	o.emulator.noteEdit(Edit{By: ByControl, Change: Change{Object: name, After: o.emulator.current(name)}})
	return o.answer(name.ID)
}

func (o objects[T]) update(r *http.Request) (any, error) {
	body, err := readJSON(r, new(T))
	if err != nil {
		return nil, err
	}
	edit, err := editFrom[T](body)
	if err != nil {
		return nil, err
	}
	id := r.PathValue("id")
	if !o.record(id, func() bool { return o.edit(id, edit) }) {
		return nil, notFound("an object", id)
	}
	return o.answer(id)
}

func (o objects[T]) delete(r *http.Request) (any, error) {
	id := r.PathValue("id")
	if !o.record(id, func() bool { return o.remove(id) }) {
		return nil, notFound("an object", id)
	}
	return nil, nil
}

func (o objects[T]) answer(id string) (any, error) {
	value, ok := o.get(id)
	if !ok {
		return nil, notFound("an object", id) // removed concurrently
	}
	return value, nil
}

// editFrom makes an edit of a JSON object: its members replace the fields of the same
// name, and null sets the zero value.
func editFrom[T any](object []byte) (func(*T), error) {
	var members map[string]json.RawMessage
	if json.Unmarshal(object, &members) != nil || members == nil {
		return nil, newProblem(malformed, "the body must be a JSON object")
	}
	return func(value *T) {
		merged := map[string]json.RawMessage{}
		before, _ := json.Marshal(value) // plain values: encoding can't fail
		_ = json.Unmarshal(before, &merged)
		maps.Copy(merged, members)
		after, _ := json.Marshal(merged)
		var edited T
		_ = json.Unmarshal(after, &edited) // the types were checked above
		*value = edited
	}, nil
}

func (e *Emulator) userObjects(product Product) objects[User] {
	return objects[User]{
		emulator: e, name: Object{Kind: UserKind, Product: product},
		add:    func(u User) string { return e.AddUser(product, u) },
		get:    func(id string) (User, bool) { return e.User(product, id) },
		edit:   func(id string, edit func(*User)) bool { return e.EditUser(product, id, edit) },
		remove: func(id string) bool { return e.RemoveUser(product, id) },
	}
}

func (e *Emulator) invitationObjects(product Product) objects[Invitation] {
	return objects[Invitation]{
		emulator: e, name: Object{Kind: InvitationKind, Product: product},
		add:    func(i Invitation) string { return e.AddInvitation(product, i) },
		get:    func(id string) (Invitation, bool) { return e.Invitation(product, id) },
		edit:   func(id string, edit func(*Invitation)) bool { return e.EditInvitation(product, id, edit) },
		remove: func(id string) bool { return e.RemoveInvitation(product, id) },
	}
}

// invitationEndings lists the endpoints that end an open invitation.
func (e *Emulator) invitationEndings() (endpoints []endpoint) {
	for _, ending := range []struct {
		verb, description string
		end               func(Product, string) bool
	}{
		{"accept", "accepts it, as the invited person would: the user becomes active", e.AcceptInvitation},
		{"reject", "rejects it, as the invited person would", e.RejectInvitation},
		{"expire", "lets it expire now", e.ExpireInvitation},
		{"revoke", "revokes it, as somebody in the dashboard would", e.RevokeInvitation},
	} {
		endpoints = append(endpoints, endpoint{
			"POST", "{product}/invitations/{id}/" + ending.verb, "", ending.description,
			func(product Product) controlFunc {
				return func(r *http.Request) (any, error) { return e.endInvitation(product, r.PathValue("id"), ending.end) }
			},
		})
	}
	return endpoints
}

func (e *Emulator) endInvitation(product Product, id string, end func(Product, string) bool) (any, error) {
	found, ok := e.Invitation(product, id)
	if !ok {
		return nil, notFound("an invitation", id)
	}
	invitations := e.invitationObjects(product)
	if !invitations.record(found.ID, func() bool { return end(product, found.ID) }) {
		return nil, newProblem(conflict, "invitation %q is not open any more", id)
	}
	return invitations.answer(id)
}
