// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/avara-software/terraform-provider-avara/internal/avara"
)

// failure is all that a diagnostic says of an error of the API: what was tried, on which
// object, what the server said, and what to do.
type failure struct {
	// summary is a verb and an object: "Unable to create Express customer".
	summary string
	// object describes the object. It is empty if the object does not exist yet, or if only
	// the name of a person would describe it.
	object string
	err    error
	// fields maps the API's JSON names to attributes.
	fields fieldPaths
	// people are the texts about people that the server may quote.
	people []personalTexts
	// done names what was done before, as in "renamed": the state shows it.
	done []string
	// advice says what to do in this case. Without it, the diagnostic says what to do in
	// general.
	advice string
	// timeout names the attribute of timeouts that bounds the operation, if there is one.
	timeout string
	// again says what happens if a create whose outcome is unknown is applied again.
	again string
}

// fieldPaths maps the API's JSON names to a resource's attributes, so that a
// complaint about a field points at the line of the configuration.
type fieldPaths map[string]path.Path

// diagnostic is the one way from an error to the user. Only the server's words are
// masked, before any of ours are added.
func (d providerData) diagnostic(f failure) diag.Diagnostic {
	detail := d.text(f)
	if attribute, ok := f.fields.blamed(f.err); ok {
		return diag.NewAttributeErrorDiagnostic(attribute, f.summary, detail)
	}
	return diag.NewErrorDiagnostic(f.summary, detail)
}

// text is the detail of a failure, also for a warning. It holds no secret, not even one
// that a value of the configuration quotes.
func (d providerData) text(f failure) string {
	text := sentence(avara.Text(f.err, func(words string) string { return masked(words, f.people...) }))
	if f.object != "" {
		text = f.object + ":\n" + text
	}
	if len(f.done) > 0 {
		text += fmt.Sprintf("\n\nBefore this error it was %s, and the state shows that. Apply again for the rest.", strings.Join(f.done, " and "))
	}
	if advice := cmp.Or(f.advice, d.hint(f)); advice != "" {
		text += "\n\n" + advice
	}
	return d.client.Redact(text)
}

// blamed returns the one attribute that the server complains about: by the fields that it
// names, or else by the words of its message. A field may be nested, as in
// "data.attributes.metadata.tier": the outermost name that is an attribute's counts.
func (f fieldPaths) blamed(err error) (path.Path, bool) {
	var apiErr *avara.Error
	if !errors.As(err, &apiErr) || apiErr.Status != http.StatusBadRequest && apiErr.Status != http.StatusUnprocessableEntity {
		return path.Empty(), false
	}
	var blamed path.Paths
	blame := func(attribute path.Path) {
		if !slices.ContainsFunc(blamed, attribute.Equal) {
			blamed = append(blamed, attribute)
		}
	}
	for field := range apiErr.Fields {
		for name := range strings.FieldsFuncSeq(field, isNoneOf("_-")) {
			if attribute, ok := f.attribute(name); ok {
				blame(attribute)
				break
			}
		}
	}
	if len(blamed) == 0 {
		for word := range strings.FieldsFuncSeq(apiErr.Message, isNoneOf("")) {
			if attribute, ok := f[word]; ok {
				blame(attribute)
			}
		}
	}
	if len(blamed) != 1 {
		return path.Empty(), false
	}
	return blamed[0], true
}

// attribute is that of a JSON name, which servers also spell as "first_name" or "FirstName".
func (f fieldPaths) attribute(spelt string) (path.Path, bool) {
	spelt = strings.NewReplacer("_", "", "-", "").Replace(spelt)
	for name, attribute := range f {
		if strings.EqualFold(name, spelt) {
			return attribute, true
		}
	}
	return path.Empty(), false
}

// isNoneOf reports for a character whether it is no letter, no digit and none of others.
func isNoneOf(others string) func(rune) bool {
	return func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(others, r)
	}
}

// sentence makes an error's text read like one. After a block of configuration
// there is no full stop.
func sentence(s string) string {
	s = capitalized(s)
	if s == "" || strings.ContainsAny(s[len(s)-1:], ".!?}") {
		return s
	}
	return s + "."
}

func capitalized(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return s
	}
	return string(unicode.ToUpper(first)) + s[size:]
}
