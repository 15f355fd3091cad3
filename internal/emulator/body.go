// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"mime"
	"slices"
	"unicode/utf8"
)

// bodyRule is the kind of body that an operation accepts.
type bodyRule int

const (
	// noBody is for GET and for POSTs without a body. An empty object and null are
	// tolerated.
	noBody bodyRule = iota
	// jsonBody is a required JSON object.
	jsonBody
	// optionalBody may be absent, as in the vendor's samples of PATCH, or null, since an
	// SDK may encode an absent object as null.
	optionalBody
	// anyBody is ignored.
	anyBody
)

// check checks the form of the body before the operation reads it.
func (rule bodyRule) check(c *call) *problem {
	body := bytes.TrimSpace(c.body)
	if rule != jsonBody && string(body) == "null" {
		c.body, body = nil, nil
	}
	switch {
	case rule == anyBody, rule != jsonBody && len(body) == 0:
		return nil
	case rule == noBody && string(body) != "{}":
		return newProblem(malformed, "this operation takes no body")
	case rule == noBody:
		return nil
	case len(body) == 0:
		return newProblem(malformed, "this operation needs a JSON body")
	}
	mediaType, _, err := mime.ParseMediaType(c.request.Header.Get("Content-Type"))
	if err != nil || mediaType != "application/json" {
		return newProblem(malformed, "the Content-Type must be application/json")
	}
	return nil
}

// presence is whether a field of a body is required.
type presence int

const (
	required presence = iota // must be present and not null
	optional                 // may be absent, but not null
	nullable                 // may be absent or null
)

// field is a value read from a body.
type field[T any] struct {
	present bool
	null    bool
	value   T
}

// fields reads the members of a JSON object. It collects all errors instead of stopping at
// the first.
type fields struct {
	prefix string // path of the object inside the body, with a dot at its end
	values map[string]json.RawMessage
	known  map[string]bool
	issues []issue
}

// readFields parses a body that must be one JSON object.
func readFields(body []byte) (*fields, error) {
	body = bytes.TrimSpace(body)
	if len(body) == 0 {
		body = []byte("{}")
	}
	if !utf8.Valid(body) {
		return nil, newProblem(malformed, "the body is not valid UTF-8")
	}
	f := &fields{known: map[string]bool{}}
	err := json.Unmarshal(body, &f.values)
	if syntax := (*json.SyntaxError)(nil); errors.As(err, &syntax) {
		return nil, newProblem(malformed, "the body is not valid JSON")
	}
	if err != nil || body[0] != '{' {
		return nil, newProblem(malformed, "the body must be a JSON object")
	}
	if _, complaint := checkKeys(body, nil); complaint != "" {
		return nil, newProblem(malformed, "the body cannot be read: %s", complaint)
	}
	return f, nil
}

// complain records that a field is invalid.
func (f *fields) complain(name, message string) {
	f.issues = append(f.issues, issue{Field: f.prefix + name, Message: message})
}

// problem returns all errors, including one for each unknown field.
func (f *fields) problem() error {
	for _, name := range slices.Sorted(maps.Keys(f.values)) {
		if !f.known[name] {
			f.complain(name, "is not a field of this request")
		}
	}
	if len(f.issues) > 0 {
		return &problem{kind: invalid, issues: f.issues}
	}
	return nil
}

// raw returns the field's JSON, and records an error if it is absent or null but must not
// be. ok reports whether there is a value to read.
func (f *fields) raw(name string, need presence) (value json.RawMessage, null, ok bool) {
	f.known[name] = true
	value, present := f.values[name]
	isNull := string(value) == "null"
	switch {
	case !present && need == required:
		f.complain(name, "is required")
	case isNull && need != nullable:
		f.complain(name, "must not be null")
	case isNull:
		return nil, true, false
	}
	return value, false, present && !isNull
}

// read decodes a field, whose JSON must have the given type.
func read[T any](f *fields, name string, need presence, jsonType string) field[T] {
	raw, null, ok := f.raw(name, need)
	if !ok {
		return field[T]{present: null, null: null}
	}
	var value T
	if json.Unmarshal(raw, &value) != nil {
		f.complain(name, "must be "+jsonType)
		return field[T]{}
	}
	return field[T]{present: true, value: value}
}

// text reads a string and checks it with the rule.
func (f *fields) text(name string, need presence, rule textRule) field[string] {
	text := read[string](f, name, need, "a string")
	if text.present && !text.null {
		if complaint := rule(text.value); complaint != "" {
			f.complain(name, complaint)
		}
	}
	return text
}

// flag reads a boolean.
func (f *fields) flag(name string, need presence) field[bool] {
	return read[bool](f, name, need, "true or false")
}

// object reads a nested object. The caller adds its errors by adopt.
func (f *fields) object(name string, need presence) (nested *fields, ok bool) {
	values := read[map[string]json.RawMessage](f, name, need, "an object")
	if !values.present || values.null {
		return nil, false
	}
	return &fields{prefix: f.prefix + name + ".", values: values.value, known: map[string]bool{}}, true
}

// adopt adds the errors of a nested object.
func (f *fields) adopt(nested *fields) {
	_ = nested.problem() // completes its issues
	f.issues = append(f.issues, nested.issues...)
}
