// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"cmp"
	"context"
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
	// object describes the object; empty where there is none yet, or where only the name
	// of a person would describe it.
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

// text is the detail of a failure, also for a warning.
func (d providerData) text(f failure) string {
	text := sentence(avara.Text(f.err, func(words string) string { return masked(words, f.people...) }))
	if f.object != "" {
		text = f.object + ":\n" + text
	}
	if len(f.done) > 0 {
		text += fmt.Sprintf("\n\nIt has been %s before that, and the state shows it: apply again for the rest.", strings.Join(f.done, " and "))
	}
	if advice := cmp.Or(f.advice, hint(f.err)); advice != "" {
		text += "\n\n" + advice
	}
	return text
}

// blamed returns the one attribute that the server complains about.
func (f fieldPaths) blamed(err error) (path.Path, bool) {
	var apiErr *avara.Error
	if !errors.As(err, &apiErr) || apiErr.Status != http.StatusBadRequest && apiErr.Status != http.StatusUnprocessableEntity {
		return path.Empty(), false
	}
	named := func(name string) bool { _, complained := apiErr.Fields[name]; return complained }
	if len(apiErr.Fields) == 0 {
		words := strings.FieldsFunc(apiErr.Message, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		named = func(name string) bool { return slices.Contains(words, name) }
	}
	var blamed path.Paths
	for name, attribute := range f {
		if named(name) && !slices.ContainsFunc(blamed, attribute.Equal) {
			blamed = append(blamed, attribute)
		}
	}
	if len(blamed) != 1 {
		return path.Empty(), false
	}
	return blamed[0], true
}

// hint says what to do about an error in general.
func hint(err error) string {
	var unknownSetting *unknownSettingError
	var outcome *avara.OutcomeUnknownError
	var noAnswer *avara.TransportError
	var strangeAnswer *avara.UnexpectedAnswerError
	switch status := avara.StatusOf(err); {
	case errors.As(err, &unknownSetting):
		return "Apply what this setting comes from first, for example with -target, or set it to a known value."
	case errors.As(err, &outcome):
		return "Whether it was created is not known, and applying again could create a second one. " +
			"Look in the Avara dashboard for " + outcome.Object + " first: if it is there, import it; if not, apply again."
	case errors.Is(err, context.Canceled):
		return "The operation was interrupted. Run Terraform again; it goes on where it stopped."
	case errors.Is(err, context.DeadlineExceeded):
		return "The operation ran out of time. Run Terraform again; it goes on where it stopped. " +
			"If the API is slow or limits requests, raise the timeouts of the resource, where it has them."
	case status == http.StatusUnauthorized:
		return "The API does not accept the key. Check api_key in the provider block, or the environment variable " + envAPIKey + "."
	case status == http.StatusForbidden:
		return "The API knows the key but does not allow this. Check the key's study scope and products in the Avara dashboard (API Config)."
	case status == http.StatusNotFound:
		return "The API finds nothing at this address. Check that the API key and base_url are those of the right account, " +
			"then run terraform plan to see the present state."
	case status == http.StatusConflict:
		return "The API sees a conflict with what exists. Run terraform plan to see the present state, then correct the configuration or import what exists."
	case status == http.StatusTooManyRequests, errors.Is(err, avara.ErrRateLimited):
		return "The API limits the rate of requests, and asks to wait for longer than this operation may take. " +
			"Run Terraform again later; it goes on where it stopped. If this happens again, raise the timeouts of the resource, " +
			"where it has them, or set requests_per_second in the provider block to less than the API allows."
	case status == http.StatusRequestTimeout || status >= http.StatusInternalServerError:
		return "The trouble is on the server's side and probably passes. Run Terraform again later; it goes on where it stopped."
	case errors.As(err, &noAnswer):
		return "Check base_url in the provider block (or " + envBaseURL + ") and the network between this machine and the API."
	case errors.As(err, &strangeAnswer):
		return "Check that base_url leads to the Avara API, and not to a proxy or a login page. If it does, run Terraform again; " +
			"if that does not help, look for a newer version of the provider, as the API may have changed."
	}
	return ""
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
