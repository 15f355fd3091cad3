// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
)

// objects are what the dashboard can do with the objects of one kind.
type objects[T any] struct {
	emulator *Emulator // whose log of edits says what was done
	name     Object    // of one of them, without its id
	add      func(T) string
	get      func(id string) (T, bool)
	edit     func(id string, edit func(*T)) bool
	remove   func(id string) bool
}

// record logs what act changes of the object of an id, and returns its result.
func (o objects[T]) record(id string, act func() bool) (done bool) {
	name := o.name
	name.ID = id
	o.emulator.Record(ByControl, name, func() { done = act() })
	return done
}

// objectEndpoints adds the endpoints that create, edit and remove objects.
func objectEndpoints[T any](endpoints map[string]controlEndpoint, path string, o objects[T]) {
	endpoints["POST "+path] = o.create
	endpoints["PATCH "+path+"/{id}"] = o.update
	endpoints["DELETE "+path+"/{id}"] = o.delete
}

func (o objects[T]) create(r *http.Request) (any, error) {
	var value T
	if err := readJSON(r, &value); err != nil {
		return nil, err
	}
	name := o.name
	name.ID = o.add(value)
	o.emulator.noteEdit(Edit{By: ByControl, Change: Change{Object: name, After: o.emulator.current(name)}})
	return o.answer(name.ID)
}

func (o objects[T]) update(r *http.Request) (any, error) {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, newProblem(malformed, "the body cannot be read: %v", err)
	}
	edit, err := editFrom[T](raw)
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
		return nil, notFound("an object", id) // somebody else was faster
	}
	return value, nil
}

// editFrom makes an edit of a JSON object: its members replace those of the
// same name, null being the zero value.
func editFrom[T any](raw []byte) (func(*T), error) {
	var members map[string]json.RawMessage
	if json.Unmarshal(raw, &members) != nil || members == nil {
		return nil, newProblem(malformed, "the body must be a JSON object")
	}
	if err := decodeStrictly(raw, new(T)); err != nil {
		return nil, err
	}
	known := memberNames(reflect.TypeFor[T]())
	for name := range members {
		if !slices.Contains(known, name) {
			return nil, fieldProblem(name, "is not a field of this object") // decoding disregards case
		}
	}
	return func(value *T) {
		merged := map[string]json.RawMessage{}
		before, _ := json.Marshal(value) // of plain values, cannot fail
		_ = json.Unmarshal(before, &merged)
		maps.Copy(merged, members)
		after, _ := json.Marshal(merged)
		var edited T
		_ = json.Unmarshal(after, &edited) // the members fit, as seen above
		*value = edited
	}, nil
}

// memberNames lists the JSON names of a struct's fields.
func memberNames(t reflect.Type) (names []string) {
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		names = append(names, name)
	}
	return names
}

// peopleEndpoints lists the endpoints for the users and invitations of a
// product.
func (e *Emulator) peopleEndpoints(product Product) map[string]controlEndpoint {
	endpoints := map[string]controlEndpoint{}
	objectEndpoints(endpoints, string(product)+"/users", objects[User]{
		emulator: e, name: Object{Kind: UserKind, Product: product},
		add:    func(u User) string { return e.AddUser(product, u) },
		get:    func(id string) (User, bool) { return e.User(product, id) },
		edit:   func(id string, edit func(*User)) bool { return e.EditUser(product, id, edit) },
		remove: func(id string) bool { return e.RemoveUser(product, id) },
	})
	invitations := objects[Invitation]{
		emulator: e, name: Object{Kind: InvitationKind, Product: product},
		add:    func(i Invitation) string { return e.AddInvitation(product, i) },
		get:    func(id string) (Invitation, bool) { return e.Invitation(product, id) },
		edit:   func(id string, edit func(*Invitation)) bool { return e.EditInvitation(product, id, edit) },
		remove: func(id string) bool { return e.RemoveInvitation(product, id) },
	}
	path := string(product) + "/invitations"
	objectEndpoints(endpoints, path, invitations)
	for verb, end := range map[string]func(Product, string) bool{
		"accept": e.AcceptInvitation, "reject": e.RejectInvitation, "expire": e.ExpireInvitation, "revoke": e.RevokeInvitation,
	} {
		endpoints["POST "+path+"/{id}/"+verb] = func(r *http.Request) (any, error) {
			id := r.PathValue("id")
			found, ok := e.Invitation(product, id)
			if !ok {
				return nil, notFound("an invitation", id)
			}
			if !invitations.record(found.ID, func() bool { return end(product, found.ID) }) {
				return nil, newProblem(conflict, "invitation %q is not open any more", id)
			}
			return invitations.answer(id)
		}
	}
	return endpoints
}
