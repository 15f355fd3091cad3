// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"unicode/utf8"
)

// decodeStrictly decodes a text that must be exactly one JSON value of the target's type.
// Unlike encoding/json it rejects text after the value, unknown keys, keys in another
// letter case, duplicate keys and invalid UTF-8. Its errors contain the line and the
// column.
func decodeStrictly(text []byte, target any) error {
	if len(bytes.TrimSpace(text)) == 0 {
		return errors.New("there is nothing in it")
	}
	if !utf8.Valid(text) {
		return placed(text, validUTF8(text), "this is not valid UTF-8")
	}
	err := json.Unmarshal(text, target)
	if syntax := (*json.SyntaxError)(nil); errors.As(err, &syntax) {
		at := int(syntax.Offset) - 1 // position of the last byte that was read
		if strings.HasPrefix(syntax.Error(), "unexpected end") {
			at = len(text)
		}
		return placed(text, at, syntaxComplaint(syntax))
	}
	if at, complaint := checkKeys(text, reflect.TypeOf(target).Elem()); complaint != "" {
		return placed(text, at, complaint)
	}
	if mismatch := (*json.UnmarshalTypeError)(nil); errors.As(err, &mismatch) {
		return placed(text, int(mismatch.Offset)-1, fmt.Sprintf("%s must be %s, not %s",
			cmp.Or(mismatch.Field, "this"), jsonName(mismatch.Type), mismatch.Value))
	}
	return err
}

func syntaxComplaint(err *json.SyntaxError) string {
	if _, found := strings.CutSuffix(err.Error(), " after top-level value"); found {
		return "there is more after the one JSON value"
	}
	return err.Error()
}

// validUTF8 returns the length of the valid text at the beginning.
func validUTF8(text []byte) (length int) {
	for length < len(text) {
		r, size := utf8.DecodeRune(text[length:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		length += size
	}
	return length
}

// placed returns an error with the line and column of a byte in a text.
func placed(text []byte, at int, complaint string) error {
	before := text[:min(max(at, 0), len(text))]
	line := before[bytes.LastIndexByte(before, '\n')+1:]
	return fmt.Errorf("line %d, column %d: %s", bytes.Count(before, []byte("\n"))+1, utf8.RuneCount(line)+1, complaint)
}

// jsonName is the JSON name of a Go type.
func jsonName(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Bool:
		return "true or false"
	case reflect.String:
		return "a string"
	case reflect.Slice, reflect.Array:
		return "a list"
	case reflect.Struct, reflect.Map:
		return "an object"
	case reflect.Float32, reflect.Float64:
		return "a number"
	default:
		return fmt.Sprintf("a whole number of type %s", t)
	}
}

// checkKeys checks the keys of all objects in a valid JSON text. It reports the first key
// that is a duplicate or, if the shape is a struct, that is not exactly the name of a
// field. It also decodes values of types with their own UnmarshalJSON, such as times,
// since their errors contain no position. A nil shape allows all keys. If all keys are
// valid, the complaint is "".
func checkKeys(text []byte, shape reflect.Type) (at int, complaint string) {
	w := keyWalk{text: text}
	if shape != nil {
		w.members = map[reflect.Type]map[string]reflect.Type{}
	}
	w.value(shape)
	return w.found, w.complaint
}

// keyWalk walks through a valid JSON text.
type keyWalk struct {
	text      []byte
	at        int
	found     int
	complaint string
	members   map[reflect.Type]map[string]reflect.Type // types of struct fields by JSON name
}

func (w *keyWalk) complain(at int, format string, arguments ...any) {
	if w.complaint == "" {
		w.found, w.complaint = at, fmt.Sprintf(format, arguments...)
	}
}

// value walks over the next value.
func (w *keyWalk) value(shape reflect.Type) {
	for shape != nil && shape.Kind() == reflect.Pointer {
		shape = shape.Elem()
	}
	w.skip(" \t\r\n")
	start := w.at
	switch w.text[w.at] {
	case '{':
		w.object(shape)
	case '[':
		w.list(shape)
	case '"':
		w.quoted()
	default:
		for w.at < len(w.text) && strings.IndexByte(",]} \t\r\n", w.text[w.at]) < 0 {
			w.at++
		}
	}
	if shape == nil || !reflect.PointerTo(shape).Implements(reflect.TypeFor[json.Unmarshaler]()) {
		return
	}
	if err := json.Unmarshal(w.text[start:w.at], reflect.New(shape).Interface()); err != nil {
		w.complain(start, "%v", err)
	}
}

func (w *keyWalk) list(shape reflect.Type) {
	var items reflect.Type
	if shape != nil && shape.Kind() == reflect.Slice {
		items = shape.Elem()
	}
	for w.at++; !w.ends(']'); {
		w.value(items)
	}
}

func (w *keyWalk) object(shape reflect.Type) {
	seen := map[string]bool{}
	for w.at++; !w.ends('}'); {
		at := w.at
		key := w.quoted()
		if seen[key] {
			w.complain(at, "the key %q stands twice in its object", key)
		}
		seen[key] = true
		value, known := w.member(shape, key)
		if !known {
			w.complain(at, "unknown key %q", key)
		}
		w.skip(" \t\r\n:")
		w.value(value)
	}
}

// ends moves to the next item, and reports whether the list or object ends instead.
func (w *keyWalk) ends(bracket byte) bool {
	w.skip(" \t\r\n,")
	if w.text[w.at] != bracket {
		return false
	}
	w.at++
	return true
}

func (w *keyWalk) skip(characters string) {
	for w.at < len(w.text) && strings.IndexByte(characters, w.text[w.at]) >= 0 {
		w.at++
	}
}

// quoted walks over a string and returns its value.
func (w *keyWalk) quoted() string {
	start, escaped := w.at, false
	for w.at++; w.text[w.at] != '"'; w.at++ {
		if w.text[w.at] == '\\' {
			escaped = true
			w.at++
		}
	}
	w.at++
	if !escaped {
		return string(w.text[start+1 : w.at-1])
	}
	var text string
	_ = json.Unmarshal(w.text[start:w.at], &text) // the text is valid JSON
	return text
}

// member returns the shape of an object's member, and whether that name is allowed.
func (w *keyWalk) member(shape reflect.Type, name string) (value reflect.Type, known bool) {
	switch {
	case shape == nil:
		return nil, true
	case shape.Kind() == reflect.Map:
		return shape.Elem(), true
	case shape.Kind() != reflect.Struct:
		return nil, true // Unmarshal reports the error
	}
	if w.members[shape] == nil {
		w.members[shape] = jsonMembers(shape)
	}
	value, known = w.members[shape][name]
	return value, known
}

// jsonMembers returns the types of a struct's fields by JSON name.
func jsonMembers(shape reflect.Type) map[string]reflect.Type {
	members := map[string]reflect.Type{}
	for _, f := range reflect.VisibleFields(shape) {
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" {
			members[name] = f.Type
		}
	}
	return members
}
