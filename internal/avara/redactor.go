// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"bytes"
	"cmp"
	"html"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// redactor removes secrets from texts that people read: the API key, and the values
// of custom headers. It finds them in any case, JSON-escaped, percent-encoded, and
// with invisible characters or blanks in between.
type redactor struct{ secrets []secret }

type secret struct {
	// plain is the unveiled secret, lower the one in lower case, and shown stands for it in
	// a text.
	plain, lower, shown string
	// refused says that the client refuses an answer with this secret.
	refused bool
}

const (
	// shortestSecret is the length of a header value that is looked for. What is
	// shorter is part of too many words.
	shortestSecret = 4
	// noWord is the length from which a header value is replaced within longer words, too.
	noWord = 16
	// surelySecret is the length from which a header value counts as a secret. An answer
	// may hold a shorter one by chance: "production-eu-west-1" can be in a header and in the
	// metadata of a customer.
	surelySecret = 32
)

// secretName matches the names of headers whose value is a secret, whatever its length.
var secretName = regexp.MustCompile(`(?i)(?:^|-)(?:\w*(?:token|key|secret|password)|auth|authorization|cookie|credentials?|signature)(?:-|$)`)

// newRedactor returns a redactor for a key, which may be empty, and for headers.
func newRedactor(apiKey string, header http.Header) *redactor {
	r := &redactor{}
	add := func(value, shown string, refused bool) {
		if plain, _ := unveil(value); len(plain) >= shortestSecret {
			r.secrets = append(r.secrets, secret{plain, strings.ToLower(value), shown, refused})
		}
	}
	add(apiKey, "[API key]", true)
	for name, values := range header {
		for _, value := range values {
			add(value, "[header "+name+"]", len(value) >= surelySecret || secretName.MatchString(name))
		}
	}
	// Longer ones first: one secret may be a part of another.
	slices.SortFunc(r.secrets, func(a, b secret) int {
		return cmp.Or(cmp.Compare(len(b.plain), len(a.plain)), cmp.Compare(a.shown, b.shown))
	})
	return r
}

// redact returns the text with its secrets replaced by what they are, as in "[API key]".
// A short secret is replaced only where no letter or digit is next to it.
func (r *redactor) redact(text string) string {
	for _, s := range r.secrets {
		plain, at := unveil(text)
		for end := len(plain); ; {
			found := strings.LastIndex(plain[:end], s.plain)
			if found < 0 {
				break
			}
			before, after := text[:at[found].begin], text[at[found+len(s.plain)-1].end:]
			if end = found; len(s.plain) >= noWord || !endsInWord(before) && !startsWithWord(after) {
				text = before + s.shown + after
			}
		}
	}
	return text
}

func endsInWord(text string) bool     { r, _ := utf8.DecodeLastRuneInString(text); return isInWord(r) }
func startsWithWord(text string) bool { r, _ := utf8.DecodeRuneInString(text); return isInWord(r) }
func isInWord(r rune) bool            { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// in reports whether an answer holds a secret that must not get into a state, and that the
// request has not sent in its body.
func (r *redactor) in(answer, sent []byte) bool {
	answered := quoting(answer)
	return slices.ContainsFunc(r.secrets, func(s secret) bool { return s.refused && answered(s) && !quoting(sent)(s) })
}

// quoting returns what reports whether a body holds a secret.
func quoting(body []byte) func(secret) bool {
	lower := strings.ToLower(string(body))
	plain := lower
	if bytes.ContainsFunc(body, mayHide) { // it seldom does, and unveil takes time
		plain, _ = unveil(string(body))
	}
	return func(s secret) bool { return strings.Contains(plain, s.plain) || strings.Contains(lower, s.lower) }
}

// clean returns the error, without the secrets that its text may hold.
func (r *redactor) clean(err error) error {
	if text := err.Error(); r.redact(text) != text {
		return &cleanError{error: err, text: r.redact(text)}
	}
	return err
}

type cleanError struct {
	error
	text string
}

func (e *cleanError) Error() string { return e.text }
func (e *cleanError) Unwrap() error { return e.error }

// escape is a character in JSON or in a URL, perhaps escaped more than once, or in HTML.
var escape = regexp.MustCompile(`^(?:\\+(?:u([0-9a-fA-F]{4})|[nrtbf])|%(?:25)*([0-9a-fA-F]{2})|\\+(["/])|(&#?\w{1,31};))`)

// span is a part of a text, in bytes.
type span struct{ begin, end int }

// unveil returns a text in lower case, with its escapes undone and without blanks and
// invisible characters. at holds for each byte of that where it is in the text.
func unveil(text string) (plain string, at []span) {
	var b strings.Builder
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if r == '\\' || r == '%' || r == '&' {
			if parts := escape.FindStringSubmatch(text[i:]); parts != nil && (parts[4] == "" || html.UnescapeString(parts[4]) != parts[4]) {
				r, size = unescape(parts), len(parts[0])
			}
		}
		if isVisible(r) {
			b.WriteRune(unicode.ToLower(r))
			for len(at) < b.Len() {
				at = append(at, span{i, i + size})
			}
		}
		i += size
	}
	return b.String(), at
}

// unescape returns the character of a match of escape, 0 for a part of one.
func unescape(parts []string) rune {
	if literal := parts[3] + html.UnescapeString(parts[4]); literal != "" {
		r, _ := utf8.DecodeRuneInString(literal)
		return r
	}
	code, _ := strconv.ParseUint(parts[1]+parts[2], 16, 32)
	if parts[2] != "" && code > unicode.MaxASCII {
		return 0
	}
	return rune(code)
}

func isVisible(r rune) bool {
	return unicode.IsPrint(r) && !unicode.IsSpace(r) && (r <= unicode.MaxASCII || !unicode.Is(unicode.Mn, r))
}

// mayHide reports whether a character in a secret may keep it from being found.
func mayHide(r rune) bool {
	return r == '\\' || r == '%' || r == '&' || r > unicode.MaxASCII && !isVisible(r)
}
