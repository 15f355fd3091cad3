// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"time"
)

// Limits from the vendor SDKs.
const (
	sessionLifetime    = 30 * time.Second
	sessionOptionsSize = 3072 // bytes of JSON.stringify(options)
)

// viewerLayouts are the layouts in the vendor SDKs: rows by columns.
var viewerLayouts = makeLayouts(4)

func makeLayouts(most int) (layouts []string) {
	for rows := 1; rows <= most; rows++ {
		for columns := 1; columns <= most; columns++ {
			layouts = append(layouts, fmt.Sprintf("%dx%d", rows, columns))
		}
	}
	return layouts
}

// viewports returns the number of viewports of a layout.
func viewports(layout string) int {
	return int(layout[0]-'0') * int(layout[2]-'0')
}

// session is an ephemeral viewing session.
type session struct {
	Product     Product         `json:"product"`
	RetrievalID string          `json:"retrievalId"`
	Options     json.RawMessage `json:"options,omitempty"`
	ExpiresAt   time.Time       `json:"expiresAt"`
}

func (e *Emulator) sessionRoutes(product Product) []route {
	return []route{{
		name:   "POST /v1/" + string(product) + "/ephemeral-sessions",
		handle: func(c *call) (any, error) { return e.createSession(c, product) },
		body:   jsonBody, creates: true,
	}}
}

// createSession creates a session and its landing URL. The vendor's URL shows a viewer.
// The emulator's shows the requested session.
func (e *Emulator) createSession(c *call, product Product) (any, error) {
	body, err := readFields(c.body)
	if err != nil {
		return nil, err
	}
	retrievalID := body.text("retrievalId", required, length(1, nameLength))
	readHangingProtocol(body)
	options := readSessionOptions(body)
	if err := body.problem(); err != nil {
		return nil, err
	}
	if c.dialects[SessionWebhookMissing] {
		return nil, newProblem(invalid, "the API key has no study webhook configured")
	}

	e.mu.Lock()
	defer e.mu.Unlock()
	token := newID("")
	maps.DeleteFunc(e.account.sessions, func(_ string, s session) bool { return c.now.After(s.ExpiresAt) })
	e.account.sessions[token] = session{
		Product: product, RetrievalID: retrievalID.value, Options: options, ExpiresAt: c.now.Add(sessionLifetime),
	}
	o := newObject(c.dialects)
	o.add("url", "http://"+c.request.Host+sessionPath+token)
	return o, nil
}

// readHangingProtocol checks the layout, and that there is one assignment for each
// viewport (our assumption, from the samples in the vendor SDKs).
func readHangingProtocol(body *fields) {
	protocol, ok := body.object("hangingProtocol", optional)
	if !ok {
		return
	}
	layout := protocol.text("layout", required, oneOf(viewerLayouts))
	assignments := read[[]*string](protocol, "viewportAssignments", required, "a list of strings and nulls")
	if layout.present && assignments.present && len(protocol.issues) == 0 {
		if want := viewports(layout.value); len(assignments.value) != want {
			protocol.complain("viewportAssignments",
				fmt.Sprintf("must have %d entries for layout %s, not %d", want, layout.value, len(assignments.value)))
		}
	}
	body.adopt(protocol)
}

// readSessionOptions reads any JSON object and keeps it as it was sent.
func readSessionOptions(body *fields) json.RawMessage {
	options := read[json.RawMessage](body, "options", optional, "an object")
	if !options.present {
		return nil
	}
	var object map[string]any
	if err := json.Unmarshal(options.value, &object); err != nil || object == nil {
		body.complain("options", "must be an object")
	} else if size := stringifiedSize(object); size > sessionOptionsSize {
		body.complain("options", fmt.Sprintf("must have at most %d bytes, not %d", sessionOptionsSize, size))
	}
	return options.value
}

// stringifiedSize returns the size in bytes of JSON.stringify of a value, which the vendor
// SDKs limit for options. JSON.stringify escapes fewer characters than Go, and perhaps
// fewer than the client did.
func stringifiedSize(value any) int {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(value) // the value was decoded from JSON
	size := text.Len() - len("\n")
	for rest := text.Bytes(); len(rest) > 0; rest = rest[1:] {
		switch {
		case rest[0] != '\\':
			continue
		case bytes.HasPrefix(rest, []byte(`\u2028`)), bytes.HasPrefix(rest, []byte(`\u2029`)):
			size -= len(`\u2028`) - len("\u2028") // JSON.stringify does not escape line separators
		}
		rest = rest[1:] // skips the escaped character
	}
	return size
}

// session returns a session unless it has expired.
func (e *Emulator) session(token string) (session, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	found, ok := e.account.sessions[token]
	return found, ok && !e.now().After(found.ExpiresAt)
}
