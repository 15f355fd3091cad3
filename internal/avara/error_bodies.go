// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
	"unicode"
)

// newError reads an answer other than success. Servers may quote the key in it.
func (c *Client) newError(m *message, o *outcome) *Error {
	text, fields := parseErrorBody(o.status, []byte(c.Redact(string(o.body))))
	for field, complaint := range fields { // JSON may hide what is escaped in HTML
		fields[field] = c.Redact(complaint)
	}
	return &Error{
		Status: o.status, Method: m.op.method, Path: m.path,
		Message: c.Redact(text), Fields: fields, RequestID: c.requestID(o.header),
	}
}

// parseErrorBody finds what the server said, and about which fields of the request. The
// API's error body has no documented form, so this walks through any JSON: members whose
// names are in says hold texts or further complaints, and in an object that says nothing
// so, each name is that of a field. A text that repeats the status is left out. It never
// fails.
func parseErrorBody(status int, body []byte) (message string, fields map[string]string) {
	body = bytes.TrimSpace(body)
	if bytes.HasPrefix(body, []byte("<")) {
		return webPage, nil
	}
	found := slices.DeleteFunc(complaintsIn(string(body), "", false, maxDepth), func(c complaint) bool { return c.repeats(status) })
	return told(found[:min(len(found), maxComplaints)])
}

// webPage is the message of an answer that another server than the API has made.
const webPage = "a page in HTML or XML instead of JSON"

const (
	maxMessage    = 2000 // characters, more than is shown: people are masked before that
	maxField      = 100  // characters
	maxComplaints = 20
	maxDepth      = 12
)

// repeats reports whether a complaint says no more than the status.
func (c complaint) repeats(status int) bool {
	text := strings.TrimSuffix(c.text, ".")
	return strings.EqualFold(text, http.StatusText(status)) || strings.EqualFold(text, statusLine(status))
}

// told is the message of complaints, and what they say of each field.
func told(complaints []complaint) (message string, fields map[string]string) {
	fields = map[string]string{}
	last := ""
	for _, c := range complaints {
		text := c.text
		if c.field != "" {
			fields[c.field] = printable(joined(fields[c.field], text), maxMessage)
			if c.field != last {
				text = c.field + ": " + text
			}
		}
		if !strings.Contains(message, text) {
			message, last = joined(message, text), c.field
		}
	}
	return printable(message, maxMessage), fields
}

// joined puts one text after another.
func joined(before, text string) string {
	switch {
	case before == "":
		return text
	case strings.ContainsAny(before[len(before)-1:], ".!?"):
		return before + " " + text
	}
	return before + "; " + text
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
