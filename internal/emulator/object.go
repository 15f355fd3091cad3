// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"bytes"
	"encoding/json"
	"time"
)

// object is a JSON object in the making. It keeps its keys in the order they
// were added, and knows from the dialects how the answer shows a value that is
// not there.
type object struct {
	dialects dialects
	members  []objectMember
}

type objectMember struct {
	name  string
	value any
}

// nullForm says how a value that is not there is shown by default.
type nullForm bool

const (
	leftOut  nullForm = false
	sentNull nullForm = true
)

func newObject(d dialects) *object { return &object{dialects: d} }

// add puts a value that is always there.
func (o *object) add(name string, value any) {
	o.members = append(o.members, objectMember{name, value})
}

// addNull puts a value that is not there.
func (o *object) addNull(name string, form nullForm) {
	switch {
	case o.dialects[NullsAbsent]:
	case o.dialects[NullsExplicit] || form == sentNull:
		o.add(name, nil)
	}
}

// addText puts a text whose empty form means that there is none.
func (o *object) addText(name, value string, form nullForm) {
	if value == "" {
		o.addNull(name, form)
		return
	}
	o.add(name, value)
}

// addTime puts a timestamp whose zero form means that there is none. Vendor
// samples are in UTC with whole seconds.
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

// addUpdatedAt puts the time of the last change.
func (o *object) addUpdatedAt(value time.Time) {
	if o.dialects[TimestampsNull] {
		value = time.Time{}
	}
	o.addTime("updatedAt", value)
}

// addMetadata puts a metadata map.
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
