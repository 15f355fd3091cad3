// SPDX-License-Identifier: MPL-2.0

package page

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// piece is a part of a body with one style.
type piece struct {
	Text  string
	Class string // key, string, literal or ""
	URL   string // address of the object whose id this is
}

// token matches the tokens of a JSON text: strings (keys with their colon), numbers and
// literals.
var token = regexp.MustCompile(`"(?:[^"\\]|\\.)*"(?:\s*:)?|-?\d[\d.eE+-]*|\b(?:true|false|null)\b`)

// pieces formats a body. JSON is indented, its keys and values are separate pieces, and
// ids are links. Any other body is not changed.
func (s *screen) pieces(body []byte) []piece {
	var indented bytes.Buffer
	if json.Indent(&indented, body, "", "  ") != nil {
		return []piece{{Text: escapeInvisible(strings.ToValidUTF8(string(body), "\ufffd"))}}
	}
	text := escapeInvisible(strings.TrimSpace(indented.String()))
	var parts []piece
	at := 0
	for _, found := range token.FindAllStringIndex(text, -1) {
		if found[0] > at {
			parts = append(parts, piece{Text: text[at:found[0]]})
		}
		at = found[1]
		parts = append(parts, s.piece(text[found[0]:at]))
	}
	return append(parts, piece{Text: text[at:]})
}

func (s *screen) piece(text string) piece {
	switch {
	case strings.HasSuffix(text, ":"):
		return piece{Text: text, Class: "key"}
	case text[0] == '"':
		return piece{Text: text, Class: "string", URL: s.urlOfID(strings.Trim(text, `"`))}
	default:
		return piece{Text: text, Class: "literal"}
	}
}

// escapeInvisible replaces invisible characters by escapes such as \u200b.
func escapeInvisible(text string) string {
	if !strings.ContainsFunc(text, escaped) {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		switch {
		case !escaped(r):
			b.WriteRune(r)
		case r > 0xffff:
			fmt.Fprintf(&b, `\U%08x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

func escaped(r rune) bool { return r != '\n' && r != '\t' && r != '\r' && formatting(r) }

// urlOfID is the address of the object with that id, "" if there is none.
func (s *screen) urlOfID(id string) string {
	if len(id) < 5 || id[3] != '_' {
		return ""
	}
	for _, kind := range []emulator.Kind{emulator.CustomerKind, emulator.UserKind, emulator.InvitationKind, emulator.ReferenceKind} {
		for _, product := range append(emulator.Products(), "") {
			if o := (emulator.Object{Kind: kind, Product: product, ID: id}); s.names[o] != "" {
				return s.URLOf(o)
			}
		}
	}
	return ""
}
