// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"
)

// nameable is an object with texts that are about a person, by attribute name.
type nameable interface {
	personal() map[string]*types.String
}

// namelessError is an error whose text no longer names people. Terraform writes
// diagnostics to its log.
type namelessError struct {
	error
	text string
}

func (e *namelessError) Error() string { return e.text }
func (e *namelessError) Unwrap() error { return e.error }

// nameless replaces what an error quotes of people by the names of the
// attributes. An API may quote what was sent, as it was or in capitals, and what
// there was before.
func nameless(err error, objects ...nameable) error {
	type quote struct{ attribute, value string }
	var quotes []quote
	for _, object := range objects {
		for attribute, text := range object.personal() {
			if value := text.ValueString(); strings.TrimSpace(value) != "" {
				quotes = append(quotes, quote{attribute, value})
			}
		}
	}
	// Longer ones first: one name may be a part of another.
	slices.SortFunc(quotes, func(a, b quote) int {
		return cmp.Or(cmp.Compare(len(b.value), len(a.value)), cmp.Compare(a.attribute, b.attribute))
	})
	text := err.Error()
	for _, q := range quotes {
		pattern := regexp.QuoteMeta(q.value) + "|" + regexp.QuoteMeta(strings.ToUpper(q.value))
		if q.attribute == "email" {
			pattern = "(?i:" + pattern + ")"
		}
		whole := regexp.MustCompile(`(^|[^\pL\pN])(?:` + pattern + `)($|[^\pL\pN])`)
		for range 2 { // the second time for what shares a separator with the first
			text = whole.ReplaceAllString(text, "${1}("+q.attribute+")${2}")
		}
	}
	return &namelessError{error: err, text: text}
}
