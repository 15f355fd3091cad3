// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"fmt"
	"net/http"
	"strings"
)

// problem is an error before it has a status and a shape. Both depend on the dialects, as
// the vendor documents neither.
type problem struct {
	kind   problemKind
	issues []issue
	allow  []string // methods of the path, for wrongMethod
}

// issue is one error, with the JSON field or query parameter that it concerns, if any.
type issue struct {
	Field   string `json:"field,omitempty"`
	Message string `json:"message"`
}

type problemKind int

const (
	invalid     problemKind = iota // a value breaks a rule
	malformed                      // the request cannot be read at all
	tooLarge                       // the body exceeds the limit
	badKey                         // no key or the wrong one
	forbidden                      // not allowed through the API
	missing                        // there is no object with that id
	notMember                      // the user is not in the customer
	noRoute                        // there is no operation with that path
	wrongMethod                    // the path has no operation with that method
	unsupported                    // the emulator does not implement the operation
	tooSlow                        // the body did not arrive in time
	conflict                       // not allowed in the object's state
	repeated                       // the object is in the wanted state already
)

// Error returns all issues in one line.
func (p *problem) Error() string {
	texts := make([]string, len(p.issues))
	for i, issue := range p.issues {
		texts[i] = issue.String()
	}
	return strings.Join(texts, "; ")
}

// String returns the field and the message.
func (i issue) String() string {
	if i.Field == "" {
		return i.Message
	}
	return i.Field + ": " + i.Message
}

func newProblem(kind problemKind, format string, arguments ...any) *problem {
	return &problem{kind: kind, issues: []issue{{Message: fmt.Sprintf(format, arguments...)}}}
}

// fieldProblem is the error for an invalid value in the request.
func fieldProblem(field, format string, arguments ...any) *problem {
	return &problem{kind: invalid, issues: []issue{{Field: field, Message: fmt.Sprintf(format, arguments...)}}}
}

// notFound is the error for an unknown id.
func notFound(what, id string) *problem {
	return newProblem(missing, "%s %q was not found", what, id)
}

// status returns the HTTP status of the problem.
func (p *problem) status(d dialects) int {
	status := p.kind.plainStatus(d)
	if status == http.StatusConflict && d[ConflictBadRequest] {
		return http.StatusBadRequest
	}
	return status
}

func (k problemKind) plainStatus(d dialects) int {
	switch k {
	case malformed:
		return http.StatusBadRequest
	case tooLarge:
		return http.StatusRequestEntityTooLarge
	case tooSlow:
		return http.StatusRequestTimeout
	case badKey:
		return either(d[BadKeyForbidden], http.StatusForbidden, http.StatusUnauthorized)
	case forbidden:
		return http.StatusForbidden
	case missing:
		return either(d[ForeignForbidden], http.StatusForbidden, http.StatusNotFound)
	case notMember:
		return either(d[NotMemberBadRequest], http.StatusBadRequest, http.StatusNotFound)
	case noRoute:
		return http.StatusNotFound
	case wrongMethod:
		return http.StatusMethodNotAllowed
	case unsupported:
		return http.StatusNotImplemented
	case conflict:
		return http.StatusConflict
	case repeated:
		return either(d[ToggleTwiceBadRequest], http.StatusBadRequest, http.StatusConflict)
	default:
		return either(d[Validation422], http.StatusUnprocessableEntity, http.StatusBadRequest)
	}
}

func either(condition bool, yes, no int) int {
	if condition {
		return yes
	}
	return no
}

// errorShape returns the value to send as the body, or plain text.
func errorShape(d dialects, issues []issue, message string) any {
	switch {
	case d[ErrorText]:
		return plainText(message)
	case d[ErrorString]:
		return map[string]string{"error": message}
	case d[ErrorObject]:
		return map[string]any{"error": map[string]string{"message": message}}
	case d[ErrorList]:
		return map[string][]issue{"errors": issues}
	default:
		return map[string]string{"message": message}
	}
}
