// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"time"
)

// sessionLifetime and sessionOptionsSize are from the vendor SDKs.
const (
	sessionLifetime    = 30 * time.Second
	sessionOptionsSize = 3072
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

// viewports returns how many viewports a layout has.
func viewports(layout string) int {
	return int(layout[0]-'0') * int(layout[2]-'0')
}

// session is one ephemeral viewing session.
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

// createSession mints a landing URL. The vendor's leads to a viewer, this one
// to a page of the emulator that shows what was asked for.
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

// readHangingProtocol looks at the layout and asks for one assignment for each
// of its viewports (our assumption, after the samples in the vendor SDKs).
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

// readSessionOptions reads any JSON object, measured without white space.
func readSessionOptions(body *fields) json.RawMessage {
	options := read[json.RawMessage](body, "options", optional, "an object")
	if !options.present {
		return nil
	}
	var compact bytes.Buffer
	switch err := json.Compact(&compact, options.value); {
	case err != nil || compact.Bytes()[0] != '{':
		body.complain("options", "must be an object")
	case compact.Len() > sessionOptionsSize:
		body.complain("options", fmt.Sprintf("must have at most %d bytes, not %d", sessionOptionsSize, compact.Len()))
	}
	return compact.Bytes()
}

// session returns a session that has not expired.
func (e *Emulator) session(token string) (session, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	found, ok := e.account.sessions[token]
	return found, ok && !e.now().After(found.ExpiresAt)
}
