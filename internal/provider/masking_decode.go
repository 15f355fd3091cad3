// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"encoding/json"
	"html"
	"net/url"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// encoded matches what stands for other characters in URLs, JSON and HTML.
var encoded = lazyPattern(`(?i)(?:%[0-9a-f]{2})+|(?:\\u[0-9a-f]{4})+|\\["'\\/]|&#?\w+;`)

// decoded returns a text in one form: decoded, in Unicode's form NFKC, on one line, without
// invisible characters. Servers quote encoded text, which they may have received encoded.
func decoded(text string) string {
	const layers = 4
	for range layers {
		before := text
		text = encoded().ReplaceAllStringFunc(text, decodedCharacters)
		text = norm.NFKC.String(strings.Map(visible, text))
		if text == before {
			break
		}
	}
	return strings.Join(strings.Fields(text), " ")
}

// decodedCharacters decodes a match of encoded. The server may have changed its case.
func decodedCharacters(match string) string {
	lower, text := strings.ToLower(match), ""
	switch {
	case lower[0] == '%':
		text, _ = url.PathUnescape(match) // the pattern matches nothing else
	case lower[0] == '&':
		text = html.UnescapeString(lower)
	case lower[1] == 'u':
		_ = json.Unmarshal([]byte(`"`+lower+`"`), &text)
	default:
		text = match[1:]
	}
	return text
}

func visible(r rune) rune {
	switch {
	case unicode.IsSpace(r):
		return ' '
	case !unicode.IsPrint(r):
		return -1
	}
	return r
}
