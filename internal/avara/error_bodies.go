// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"bytes"
	"cmp"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"unicode"
)

// newError reads an answer other than success. Servers may quote the key in it.
func (c *Client) newError(m *message, o *outcome) *Error {
	text, fields := parseErrorBody([]byte(c.Redact(string(o.body))))
	if strings.EqualFold(text, http.StatusText(o.status)) || strings.EqualFold(text, statusLine(o.status)) {
		text = ""
	}
	return &Error{
		Status: o.status, Method: m.op.method, Path: m.path,
		Message: text, Fields: fields, RequestID: c.requestID(o.header),
	}
}

// parseErrorBody finds what the server said. The API's error body has no
// documented form, so this takes the common ones: message, error (a text or
// an object with a message), detail and title (RFC 9457), errors (a list, or an
// object by field), an object by field, plain text. It never fails.
func parseErrorBody(body []byte) (message string, fields map[string]string) {
	trimmed := bytes.TrimSpace(body)
	if bytes.HasPrefix(trimmed, []byte("<")) {
		return "an HTML page instead of JSON", nil
	}
	var parsed struct{ Message, Error, Errors, Detail, Title any }
	if json.Unmarshal(trimmed, &parsed) == nil {
		fields = fieldErrors(parsed.Errors)
		for _, candidate := range []any{parsed.Message, parsed.Error, parsed.Detail, parsed.Errors, parsed.Title} {
			if message = messageIn(candidate); message != "" {
				return message, fields
			}
		}
		if len(fields) == 0 {
			fields = fieldErrors(objectsOf(trimmed))
		}
		if len(fields) > 0 {
			return byField(fields), fields
		}
	}
	return printable(string(trimmed), maxMessage), fields
}

// objectsOf returns the members of a JSON object that are lists or objects: a complaint
// about a field, and not a code or a time.
func objectsOf(body []byte) map[string]any {
	var members map[string]any
	_ = json.Unmarshal(body, &members) // no object has no members
	maps.DeleteFunc(members, func(_ string, member any) bool {
		_, isList := member.([]any)
		_, isObject := member.(map[string]any)
		return !isList && !isObject
	})
	return members
}

// messageIn reads a message that is a text, an object with a message or with a list of
// them in _errors, or a list of such.
func messageIn(value any) string {
	switch value := value.(type) {
	case string:
		return printable(value, maxMessage)
	case map[string]any:
		message := cmp.Or(messageIn(value["message"]), messageIn(value["_errors"]))
		if field, _ := value["field"].(string); field != "" && message != "" {
			message = field + ": " + message
		}
		return printable(message, maxMessage)
	case []any:
		var messages []string
		for _, item := range value[:min(len(value), 20)] {
			if message := messageIn(item); message != "" {
				messages = append(messages, message)
			}
		}
		return printable(strings.Join(messages, "; "), maxMessage)
	}
	return ""
}

// fieldErrors reads [{"field": …, "message": …}], where path may stand for field, and
// {"name": "…" or ["…"]}.
func fieldErrors(value any) map[string]string {
	fields := map[string]string{}
	note := func(name, complaint any) {
		if path, ok := name.([]any); ok && len(path) > 0 {
			name = path[0]
		}
		text, _ := name.(string)
		if message := messageIn(complaint); text != "" && message != "" {
			fields[text] = message
		}
	}
	switch value := value.(type) {
	case []any:
		for _, item := range value {
			if item, ok := item.(map[string]any); ok {
				note(cmp.Or(item["field"], item["path"]), item["message"])
			}
		}
	case map[string]any:
		for name, complaint := range value {
			note(name, complaint)
		}
	}
	return fields
}

// byField is the message of an answer that complains about fields, and says nothing else.
func byField(fields map[string]string) string {
	var complaints []string
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		complaints = append(complaints, name+": "+fields[name])
	}
	return printable(strings.Join(complaints, "; "), maxMessage)
}

// requestID looks where services commonly put it; the vendor names no header
// (our assumption). A value that the client itself has sent is left out, as it is the same
// for many requests.
func (c *Client) requestID(h http.Header) string {
	for _, name := range []string{"X-Request-Id", "Request-Id", correlationHeader, "X-Amzn-Requestid", "Cf-Ray"} {
		if id := h.Get(name); id != "" && id != c.options.CorrelationID && id != c.options.Header.Get(name) {
			return printable(c.Redact(id), 100)
		}
	}
	return ""
}

const maxMessage = 500

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
