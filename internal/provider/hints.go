// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/avara-software/terraform-provider-avara/internal/avara"
)

// hint says what to do about a failure in general. It is empty if the server has given a
// reason of its own, or if nothing fits: no hint is better than a wrong one.
func (d providerData) hint(f failure) string {
	var unknownSetting *unknownSettingError
	var outcome *avara.OutcomeUnknownError
	var noAnswer *avara.TransportError
	var strangeAnswer *avara.UnexpectedAnswerError
	var refusal *avara.Error
	errors.As(f.err, &refusal)
	switch status := avara.StatusOf(f.err); {
	case errors.As(f.err, &unknownSetting):
		return "Apply what this setting comes from first, for example with -target, or set it to a known value."
	case errors.As(f.err, &outcome):
		return "Whether it was created is not known. " + f.applyAgain(outcome)
	case errors.Is(f.err, context.Canceled):
		return "The operation was interrupted. Run Terraform again; nothing is done twice."
	case status == http.StatusUnauthorized:
		return d.keyRejected()
	case status == http.StatusForbidden:
		return d.forbidden(refusal)
	case avara.IsNotFound(f.err):
		return f.notThere(refusal)
	case status == http.StatusConflict:
		if !saysNothingOr(refusal, "exist", "taken", "already", "duplicate", "conflict") {
			return ""
		}
		return "The API sees a conflict with what exists. Run terraform plan to see the present state, then correct the configuration or import what exists."
	case status == http.StatusBadRequest, status == http.StatusUnprocessableEntity:
		return silentRefusal(refusal)
	case status == http.StatusTooManyRequests, errors.Is(f.err, avara.ErrRateLimited):
		return "The API limits the rate of requests, and asks to wait for longer than this operation may take" + f.bound() + ". " +
			"Run Terraform again later; nothing is done twice. If this happens again" + f.raise() +
			" set requests_per_second in the provider block to less than the API allows."
	case errors.Is(f.err, context.DeadlineExceeded):
		return "The operation ran out of time" + f.bound() + ". Run Terraform again; nothing is done twice. " +
			"If this happens again" + f.raise() + " look in the log (TF_LOG_PROVIDER=INFO) for what it waits for."
	case status == http.StatusRequestTimeout || status >= http.StatusInternalServerError:
		return "The trouble is on the server's side and probably transient. Run Terraform again later; nothing is done twice."
	case errors.As(f.err, &noAnswer):
		return fmt.Sprintf("The address is %s, from base_url in the provider block or from %s. Check it, and the network between this machine and that address.", d.address(), envBaseURL)
	case errors.Is(f.err, avara.ErrStillThere):
		return fmt.Sprintf("Check that %s, from base_url in the provider block or from %s, is the Avara API, and that no proxy on the way blocks writes. Then run Terraform again.", d.address(), envBaseURL)
	case errors.As(f.err, &strangeAnswer):
		return fmt.Sprintf("Check that %s is the Avara API, and not a proxy or a login page. If it is, run Terraform again; "+
			"if that does not help, look for a newer version of the provider, as the API may have changed.", d.address())
	}
	return ""
}

// address is where the API is.
func (d providerData) address() string {
	if d.client == nil {
		return avara.DefaultBaseURL
	}
	return d.client.BaseURL()
}

// applyAgain says what to do about a create whose outcome is unknown.
func (f failure) applyAgain(outcome *avara.OutcomeUnknownError) string {
	if f.again != "" {
		return f.again
	}
	return "Applying again could create a second one. Look in the Avara dashboard for " + outcome.Object +
		" first: if it is there, import it; if not, apply again."
}

// bound names the timeout of the operation, raise how to have more of it.
func (f failure) bound() string {
	if f.timeout == "" {
		return fmt.Sprintf(" (%s)", defaultTimeout)
	}
	return fmt.Sprintf(" (%s in timeouts, %s unless it is set)", f.timeout, defaultTimeout)
}

func (f failure) raise() string {
	if f.timeout == "" {
		return ","
	}
	return fmt.Sprintf(", raise %s in timeouts, or", f.timeout)
}

// keyRejected is said in full once in a run: each object fails for the same reason.
func (d providerData) keyRejected() string {
	if d.ledger == nil || d.ledger.firstRejectedKey() {
		return fmt.Sprintf("The API at %s does not accept the key. Check api_key in the provider block, or the environment variable %s, "+
			"and that base_url leads to the account of that key.", d.address(), envAPIKey)
	}
	return "The API does not accept the key. Another error of this run says what to check."
}

// forbidden is for refusals that give no other reason.
func (d providerData) forbidden(refusal *avara.Error) string {
	if !saysNothingOr(refusal, "forbidden", "permission", "scope", "key", "not allowed", "unauthorized", "enabled", "product") {
		return ""
	}
	return fmt.Sprintf("The API at %s knows the key but does not allow this. Check the key's study scope and products in the Avara dashboard (API Config).", d.address())
}

// notThere is for what the API does not find at its address.
func (f failure) notThere(refusal *avara.Error) string {
	if f.object != "" || saysNothingOr(refusal, "not found", "no operation", "no route", "cannot get", "cannot post") {
		return "The API finds nothing at this address. " + capitalized(checkAccount) + ", then run terraform plan to see the present state."
	}
	return ""
}

// silentRefusal is for a refusal that names neither field nor reason.
func silentRefusal(refusal *avara.Error) string {
	if refusal.Message != "" || len(refusal.Fields) > 0 {
		return ""
	}
	return "The API does not say what it refuses. Compare the values of this resource with its documentation. If they are right, ask Avara's support about the request id."
}

// saysNothingOr reports whether a refusal gives no reason, or one of these.
func saysNothingOr(refusal *avara.Error, words ...string) bool {
	if refusal == nil || refusal.Message == "" || strings.EqualFold(refusal.Message, http.StatusText(refusal.Status)) {
		return true
	}
	message := strings.ToLower(refusal.Message)
	return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(message, word) })
}
