// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"bytes"
	"encoding/json"
	"time"
)

// object is a JSON object that is being built. It keeps its keys in the order in which
// they were added. The dialects determine how it shows absent values.
type object struct {
	dialects dialects
	members  []objectMember
}

type objectMember struct {
	name  string
	value any
}

// nullForm is how an absent value is shown by default.
type nullForm bool

const (
	leftOut  nullForm = false
	sentNull nullForm = true
)

func newObject(d dialects) *object { return &object{dialects: d} }

// add adds a value that is always present.
func (o *object) add(name string, value any) {
	o.members = append(o.members, objectMember{name, value})
}

// addNull adds an absent value.
func (o *object) addNull(name string, form nullForm) {
	switch {
	case o.dialects[NullsAbsent]:
	case o.dialects[NullsExplicit] || form == sentNull:
		o.add(name, nil)
	}
}

// addText adds a text; an empty text counts as absent.
func (o *object) addText(name, value string, form nullForm) {
	if value == "" {
		o.addNull(name, form)
		return
	}
	o.add(name, value)
}

// addTime adds a timestamp; a zero time counts as absent. As in the vendor's samples,
// times are in UTC with whole seconds.
func (o *object) addTime(name string, value time.Time) {
	switch {
	case value.IsZero():
		o.addNull(name, sentNull)
	case o.dialects[FractionalSeconds]:
		o.add(name, value.UTC().Format("2006-01-02T15:04:05.000Z"))
	default:
		o.add(name, value.UTC().Format("2006-01-02T15:04:05Z"))
	}
}

// addUpdatedAt adds the time of the last change.
func (o *object) addUpdatedAt(value time.Time) {
	if o.dialects[TimestampsNull] {
		value = time.Time{}
	}
	o.addTime("updatedAt", value)
}

// addMetadata adds a metadata map.
func (o *object) addMetadata(metadata map[string]string) {
	switch {
	case len(metadata) > 0:
		o.add("metadata", metadata)
	case o.dialects[MetadataEmptyObject]:
		o.add("metadata", map[string]string{})
	case o.dialects[MetadataNull]:
		o.add("metadata", nil)
	default:
		o.addNull("metadata", leftOut)
	}
}

// MarshalJSON writes the members in their order.
func (o *object) MarshalJSON() ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	out.WriteByte('{')
	for i, member := range o.members {
		if i > 0 {
			out.WriteByte(',')
		}
		if err := encoder.Encode(member.name); err != nil {
			return nil, err
		}
		out.WriteByte(':')
		if err := encoder.Encode(member.value); err != nil {
			return nil, err
		}
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}
