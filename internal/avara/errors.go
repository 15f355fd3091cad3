// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// Error is an answer of the API other than success.
type Error struct {
	Status int
	Method string
	Path   string
	// Message is what the server said, at most 2,000 characters; empty if it said nothing.
	Message string
	// Fields holds the server's complaints about single fields of the request, by their
	// paths, as in "metadata.tier".
	Fields map[string]string
	// RequestID names the request in the vendor's logs; empty if not given.
	RequestID string
}

func (e *Error) Error() string { return e.text(asIs) }

func (e *Error) text(words func(string) string) string {
	text := fmt.Sprintf("%s %s: %s", e.Method, e.Path, statusLine(e.Status))
	if e.Message != "" {
		text += ": " + words(e.Message)
	}
	return text + requestIDSuffix(e.RequestID)
}

// statusLine is a status with its name, where it has one.
func statusLine(status int) string {
	return strings.TrimSpace(fmt.Sprintf("%d %s", status, http.StatusText(status)))
}

// TransportError is the failure of a request that got no answer.
type TransportError struct {
	Method string
	Path   string
	Err    error
}

func (e *TransportError) Error() string { return e.text(asIs) }
func (e *TransportError) Unwrap() error { return e.Err }

func (e *TransportError) text(words func(string) string) string {
	return fmt.Sprintf("%s %s: %s", e.Method, e.Path, words(e.Err.Error()))
}

// UnexpectedAnswerError is an answer that contradicts what is known of the API: a success
// that can't be decoded, or with other contents than a success has.
type UnexpectedAnswerError struct {
	Method string
	Path   string
	// Status is that of an answer that could not be decoded. It is 0 if the answer could be
	// decoded, and Err says what is wrong with its contents.
	Status    int
	RequestID string
	Err       error
}

func (e *UnexpectedAnswerError) Error() string { return e.text(asIs) }
func (e *UnexpectedAnswerError) Unwrap() error { return e.Err }

func (e *UnexpectedAnswerError) text(words func(string) string) string {
	if e.Status == 0 {
		return fmt.Sprintf("%s %s: %s", e.Method, e.Path, words(e.Err.Error()))
	}
	return fmt.Sprintf("%s %s: %d, but the answer is not what the Avara API is known to send: %s%s",
		e.Method, e.Path, e.Status, words(e.Err.Error()), requestIDSuffix(e.RequestID))
}

func requestIDSuffix(id string) string {
	if id == "" {
		return ""
	}
	return " (request id " + id + ")"
}

// unanswered is the error of a message that got no answer. If the operation ran out of
// time, the text also says how the attempt before failed, since that is what it waited for.
func (m *message) unanswered(err error) error {
	if m.failed != nil && (errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)) {
		err = fmt.Errorf("%w; before that: %w", err, m.failed)
	}
	return &TransportError{Method: m.op.method, Path: m.path, Err: err}
}

// unexpected is the error for an answer that could be decoded.
func unexpected(op operation, err error) error {
	path, _ := op.path() // there was an answer, so the path is valid
	return &UnexpectedAnswerError{Method: op.method, Path: path, Err: err}
}

// OutcomeUnknownError says that a create may have made an object, and that the search
// for the object did not show whether it did.
type OutcomeUnknownError struct {
	// Err is how the request failed.
	Err error
	// Object says what may exist now, as in "an Express customer of this name".
	Object string
	// reason is why the client gave up.
	reason string
}

func (e *OutcomeUnknownError) Error() string { return e.text(asIs) }
func (e *OutcomeUnknownError) Unwrap() error { return e.Err }

func (e *OutcomeUnknownError) text(words func(string) string) string {
	text := Text(e.Err, words)
	if e.reason != "" {
		text += fmt.Sprintf("; the provider then looked for %s, but %s", e.Object, words(e.reason))
	}
	return text
}

func (e *OutcomeUnknownError) giveUp(reason string) *OutcomeUnknownError {
	e.reason = reason
	return e
}

// StatusOf returns the HTTP status of an error of the API, 0 for any other.
func StatusOf(err error) int {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Status
	}
	return 0
}

// IsNotFound reports whether the API says that the object does not exist, or no longer.
func IsNotFound(err error) bool {
	status := StatusOf(err)
	return status == http.StatusNotFound || status == http.StatusGone
}

// isWebPage reports whether another server than the API has answered.
func isWebPage(err error) bool {
	answer, ok := errors.AsType[*Error](err)
	return ok && answer.Message == webPage
}

// isRefusal reports whether the API has refused the request itself, and not only for now.
func isRefusal(err error) bool {
	status := StatusOf(err)
	return status >= 400 && status < 500 && status != http.StatusTooManyRequests
}

// deniesSaying reports whether the API has refused a request because of the present
// state, with a message that holds each of the words. It is for states that no GET shows.
func deniesSaying(err error, words ...string) bool {
	switch StatusOf(err) {
	case http.StatusBadRequest, http.StatusConflict, http.StatusUnprocessableEntity:
	default:
		return false
	}
	refusal, _ := errors.AsType[*Error](err)
	message := strings.ToLower(refusal.Message)
	for _, word := range words {
		if !strings.Contains(message, word) {
			return false
		}
	}
	return true
}

// Text is err.Error() with the server's words passed through a function, which may mask
// the names of people in them. Words of this package, paths and ids stay as they are.
func Text(err error, words func(string) string) string {
	switch e := err.(type) { //nolint:errorlint // each type says how its parts make the text
	case interface {
		text(words func(string) string) string
	}:
		return e.text(words)
	case interface{ Unwrap() error }:
		// The text around an error is ours.
		inner := e.Unwrap()
		if around, found := strings.CutSuffix(err.Error(), inner.Error()); found {
			return around + Text(inner, words)
		}
	case interface{ Unwrap() []error }:
		var texts []string
		for _, one := range e.Unwrap() {
			texts = append(texts, Text(one, words))
		}
		return strings.Join(texts, "\n")
	}
	return words(err.Error())
}

func asIs(words string) string { return words }

// meaningError adds to an answer of the API what it means.
type meaningError struct {
	meaning error
	error
}

func (e *meaningError) Error() string   { return e.text(asIs) }
func (e *meaningError) Unwrap() []error { return []error{e.meaning, e.error} }

func (e *meaningError) text(words func(string) string) string {
	return e.meaning.Error() + ": " + Text(e.error, words)
}

// meaning returns an error that errors.Is finds equal to both.
func meaning(meaning, answer error) error { return &meaningError{meaning, answer} }
