// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"strconv"
	"strings"
)

// answer is a complete response.
type answer struct {
	status  int
	header  http.Header
	body    []byte
	message string // error message, for each shape of the body
}

// success is the answer of operations that return no object.
type success struct {
	Success bool   `json:"success"`
	Message string `json:"message,omitempty"`
}

// plainText is a body that is not JSON.
type plainText string

func done(message string) success { return success{Success: true, Message: message} }

// valueAnswer is the answer of a successful operation.
func valueAnswer(d dialects, operation route, value any) *answer {
	if _, empty := value.(success); empty && d[Success204] {
		return &answer{status: http.StatusNoContent, header: http.Header{}}
	}
	return newAnswer(either(operation.creates && d[Create201], http.StatusCreated, http.StatusOK), value)
}

// problemAnswer is the answer of a failed operation.
func problemAnswer(d dialects, err error) *answer {
	status, p := http.StatusInternalServerError, &problem{issues: []issue{{Message: err.Error()}}}
	if errors.As(err, &p) {
		status = p.status(d)
	}
	reply := newAnswer(status, errorShape(d, p.issues, p.Error()))
	reply.message = p.Error()
	switch p.kind {
	case badKey:
		reply.header.Set("WWW-Authenticate", "Bearer")
	case wrongMethod:
		reply.header.Set("Allow", strings.Join(p.allow, ", "))
	case unsupported:
		reply.header.Set("X-Should-Retry", "false") // the vendor SDKs retry every status from 500
	}
	return reply
}

func newAnswer(status int, value any) *answer {
	reply := &answer{status: status, header: http.Header{}}
	if text, ok := value.(plainText); ok {
		reply.header.Set("Content-Type", "text/plain; charset=utf-8")
		reply.body = []byte(text)
		return reply
	}
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		reply.status = http.StatusInternalServerError
		body.Reset()
	}
	reply.header.Set("Content-Type", "application/json")
	reply.body = body.Bytes()
	return reply
}

func (a *answer) write(w http.ResponseWriter) {
	maps.Copy(w.Header(), a.header)
	if a.status != http.StatusNoContent {
		w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // the client may be gone
}
