// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/avara-software/terraform-provider-avara/internal/avara"
)

// fieldPaths maps the API's JSON names to a resource's attributes, so that a
// complaint about a field points at the line of the configuration.
type fieldPaths map[string]path.Path

// apiDiagnostic says what was tried (summary: verb and object), what the
// server said, and what to do.
func apiDiagnostic(summary string, err error, fields fieldPaths) diag.Diagnostic {
	detail := sentence(err.Error())
	if hint := hint(err); hint != "" {
		detail += "\n\n" + hint
	}
	if attribute, ok := fields.blamed(err); ok {
		return diag.NewAttributeErrorDiagnostic(attribute, summary, detail)
	}
	return diag.NewErrorDiagnostic(summary, detail)
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

// hint says what to do about an error.
func hint(err error) string {
	var unknownSetting *unknownSettingError
	var outcome *avara.OutcomeUnknownError
	var noAnswer *avara.TransportError
	switch status := avara.StatusOf(err); {
	case errors.As(err, &unknownSetting):
		return "Apply what this setting comes from first, for example with -target, or set it to a known value."
	case errors.As(err, &outcome):
		return "Whether it was created is not known, and applying again could create a second one. " +
			"Look in the Avara dashboard for " + outcome.Object + " first: if it is there, import it; if not, apply again."
	case errors.Is(err, context.Canceled):
		return "The operation was interrupted."
	case errors.Is(err, context.DeadlineExceeded):
		return "The operation ran out of time. If the API is slow or limits requests, raise the resource's timeouts."
	case status == http.StatusUnauthorized:
		return "The API does not accept the key. Check api_key in the provider block, or the environment variable " + envAPIKey + "."
	case status == http.StatusForbidden:
		return "The API knows the key but does not allow this. Check the key's study scope and products in the Avara dashboard (API Config)."
	case status == http.StatusConflict:
		return "The API sees a conflict with what exists. Run terraform plan to see the present state, then correct the configuration or import what exists."
	case status == http.StatusTooManyRequests, errors.Is(err, avara.ErrRateLimited):
		return "The API limits the rate of requests, and asks to wait for longer than this operation may take. " +
			"Apply again later; Terraform goes on where it stopped. If this comes again, raise the resource's timeouts, " +
			"or set requests_per_second in the provider block to less than the API allows."
	case status == http.StatusRequestTimeout || status >= http.StatusInternalServerError:
		return "The trouble is on the server's side and probably passes. Apply again later; Terraform goes on where it stopped."
	case errors.As(err, &noAnswer):
		return "Check base_url in the provider block (or " + envBaseURL + ") and the network between this machine and the API."
	}
	return ""
}

// sentence makes an error's text read like one.
func sentence(s string) string {
	if s == "" || strings.HasSuffix(s, ".") {
		return s
	}
	return s + "."
}
