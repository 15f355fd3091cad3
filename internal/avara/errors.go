// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"unicode"
)

// Error is an answer of the API other than success.
type Error struct {
	Status int
	Method string
	Path   string
	// Message is what the server said, shortened to a few lines; empty if it
	// said nothing.
	Message string
	// Fields holds the server's complaints about single fields of the request
	// body, by their JSON names.
	Fields map[string]string
	// RequestID names the request in the vendor's logs; empty if not given.
	RequestID string
}

func (e *Error) Error() string { return Text(e, asIs) }

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

func (e *TransportError) Error() string { return Text(e, asIs) }
func (e *TransportError) Unwrap() error { return e.Err }

// UnexpectedAnswerError is a success that can't be understood, or is none.
type UnexpectedAnswerError struct {
	Method string
	Path   string
	// Status is 0 where the answer could be read: Err then says what is wrong.
	Status    int
	RequestID string
	Err       error
}

func (e *UnexpectedAnswerError) Error() string { return Text(e, asIs) }

func (e *UnexpectedAnswerError) text(words func(string) string) string {
	if e.Status == 0 {
		return fmt.Sprintf("%s %s: %s", e.Method, e.Path, words(e.Err.Error()))
	}
	return fmt.Sprintf("%s %s: %d, but the answer is not what the Avara API is known to send: %s%s",
		e.Method, e.Path, e.Status, words(e.Err.Error()), requestIDSuffix(e.RequestID))
}

func (e *UnexpectedAnswerError) Unwrap() error { return e.Err }

// unexpected is the error for an answer that could be read.
func unexpected(op operation, err error) error {
	path, pathErr := op.path()
	if pathErr != nil {
		return pathErr
	}
	return &UnexpectedAnswerError{Method: op.method, Path: path, Err: err}
}

// OutcomeUnknownError says that a create may have been made or not, and that
// looking for the object did not settle it.
type OutcomeUnknownError struct {
	// Err is how the request failed.
	Err error
	// Object says what may exist now, as in "an Express customer of this name".
	Object string
	// final says that the API's answer forbids sending the create again, even
	// if there is no object.
	final bool
	// reason is why the client gave up.
	reason string
}

func (e *OutcomeUnknownError) Error() string { return Text(e, asIs) }

func (e *OutcomeUnknownError) text(words func(string) string) string {
	text := Text(e.Err, words)
	if e.reason != "" {
		text += fmt.Sprintf("; the provider then looked for %s, but %s", e.Object, words(e.reason))
	}
	return text
}

func (e *OutcomeUnknownError) Unwrap() error { return e.Err }

func (e *OutcomeUnknownError) but(reason string) *OutcomeUnknownError {
	e.reason = reason
	return e
}

// answersFor checks that an answer is about the object that was asked for. other
// is the error for an answer that is about none.
func answersFor(op operation, answered string, other error) error {
	asked := op.ids[0]
	switch {
	case answered == "":
		return unexpected(op, other)
	case !strings.EqualFold(asked, answered):
		return unexpected(op, fmt.Errorf("the API was asked for %s, but its answer is about %q", asked, printable(answered, 100)))
	}
	return nil
}

// StatusOf returns the HTTP status of an error of the API, 0 for any other.
func StatusOf(err error) int {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Status
	}
	return 0
}

// IsNotFound tells whether the API says that the object does not exist.
func IsNotFound(err error) bool { return StatusOf(err) == http.StatusNotFound }

// isRefusal tells an answer that denies the request itself, rather than its
// moment.
func isRefusal(err error) bool {
	status := StatusOf(err)
	return status >= 400 && status < 500 && status != http.StatusTooManyRequests
}

// deniesSaying tells an answer that takes offence at the state of things, and
// whose message holds each of the words. It is for what no look could confirm.
func deniesSaying(err error, words ...string) bool {
	var refusal *Error
	if !errors.As(err, &refusal) {
		return false
	}
	switch refusal.Status {
	case http.StatusBadRequest, http.StatusConflict, http.StatusUnprocessableEntity:
	default:
		return false
	}
	message := strings.ToLower(refusal.Message)
	for _, word := range words {
		if !strings.Contains(message, word) {
			return false
		}
	}
	return true
}

func requestIDSuffix(id string) string {
	if id == "" {
		return ""
	}
	return " (request id " + id + ")"
}

// requestID looks where services commonly put it; the vendor names no header
// (our assumption).
func requestID(h http.Header) string {
	for _, name := range []string{"X-Request-Id", "Request-Id", "X-Correlation-Id", "X-Amzn-Requestid", "Cf-Ray"} {
		if id := h.Get(name); id != "" {
			return printable(id, 100)
		}
	}
	return ""
}

func newError(method, path string, resp *http.Response, body []byte) *Error {
	message, fields := parseErrorBody(body)
	return &Error{
		Status: resp.StatusCode, Method: method, Path: path,
		Message: message, Fields: fields, RequestID: requestID(resp.Header),
	}
}

// parseErrorBody finds what the server said. The API's error body has no
// documented form, so this takes the common ones: message, error (a text or
// an object with a message), errors (a list, or an object by field), plain
// text. It never fails.
func parseErrorBody(body []byte) (message string, fields map[string]string) {
	trimmed := bytes.TrimSpace(body)
	if bytes.HasPrefix(trimmed, []byte("<")) {
		return "an HTML page instead of JSON", nil
	}
	var parsed struct {
		Message json.RawMessage `json:"message"`
		Error   json.RawMessage `json:"error"`
		Errors  json.RawMessage `json:"errors"`
	}
	if json.Unmarshal(trimmed, &parsed) != nil {
		return printable(string(trimmed), maxMessage), nil
	}
	fields = fieldErrors(parsed.Errors)
	for _, candidate := range []json.RawMessage{parsed.Message, parsed.Error, parsed.Errors} {
		if message = messageIn(candidate); message != "" {
			return message, fields
		}
	}
	return printable(string(trimmed), maxMessage), fields
}

// messageIn reads a message that is a text, an object with a message, or a
// list or object of such.
func messageIn(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return printable(text, maxMessage)
	}
	var object struct {
		Field   string `json:"field"`
		Message string `json:"message"`
	}
	if json.Unmarshal(raw, &object) == nil && object.Message != "" {
		if object.Field != "" {
			object.Message = object.Field + ": " + object.Message
		}
		return printable(object.Message, maxMessage)
	}
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) == nil {
		var messages []string
		for _, item := range list[:min(len(list), 20)] {
			if m := messageIn(item); m != "" {
				messages = append(messages, m)
			}
		}
		return printable(strings.Join(messages, "; "), maxMessage)
	}
	return ""
}

// fieldErrors reads [{"field": …, "message": …}] and {"name": "…" or ["…"]}.
func fieldErrors(raw json.RawMessage) map[string]string {
	fields := map[string]string{}
	var list []struct {
		Field   string          `json:"field"`
		Path    json.RawMessage `json:"path"`
		Message string          `json:"message"`
	}
	if json.Unmarshal(raw, &list) == nil {
		for _, item := range list {
			name := item.Field
			if name == "" {
				name = firstString(item.Path)
			}
			if name != "" && item.Message != "" {
				fields[name] = printable(item.Message, maxMessage)
			}
		}
		return fields
	}
	var object map[string]json.RawMessage
	if json.Unmarshal(raw, &object) == nil {
		for name, value := range object {
			if m := messageIn(value); m != "" {
				fields[name] = m
			}
		}
	}
	return fields
}

// firstString reads "name" or ["name", …].
func firstString(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	var list []any
	if json.Unmarshal(raw, &list) == nil && len(list) > 0 {
		text, _ = list[0].(string)
	}
	return text
}

const maxMessage = 500

// folded is the same for names that differ in letter case, blanks or composition only.
func folded(name string) string {
	return strings.ToLower(strings.Join(strings.Fields(Composed(name)), " "))
}

// printable makes a server's text fit for a terminal: one line, no control
// characters, at most limit characters.
func printable(s string, limit int) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if runes := []rune(s); len(runes) > limit {
		s = string(runes[:limit]) + "…"
	}
	return s
}

// redact removes the key from an answer: some servers quote it in their
// refusal.
func redact(body []byte, key string) []byte {
	return bytes.ReplaceAll(body, []byte(key), []byte("[API key]"))
}
