// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"encoding/json"
	"fmt"
	"html"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/avara-software/terraform-provider-avara/internal/avara"
)

// However a server quotes a person, and whatever it says around it: no text of the person
// is left, and every word of the server's own is.
func TestNobodyIsQuoted(t *testing.T) {
	t.Parallel()
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 1))
		person := randomPerson(r)
		declared, stranger := &userModel{}, randomPerson(r)
		declared.fromPerson(&person)
		// Of people who are not in the configuration only addresses and numbers are known.
		texts := []string{stranger.Email, stranger.PhoneNumber, stranger.NPINumber}
		for _, text := range declared.personal() {
			if text.ValueString() != "" {
				texts = append(texts, text.ValueString())
			}
		}
		r.Shuffle(len(texts), func(i, j int) { texts[i], texts[j] = texts[j], texts[i] })
		quoted := pick(r, quotingForms)
		for some := range slices.Chunk(texts, 3) { // a longer message would be cut
			words := ""
			var kept []string
			for _, text := range some {
				own := pick(r, serversWords)(r)
				kept = append(kept, own)
				words += own + pick(r, []string{" ", ": ", " '", ` "`, " (", " <", "="}) + quoted.form(text) + pick(r, []string{" and ", ", ", "; ", "' ", `" `, ") ", "> "})
			}
			got := masked(words, declared.personal())
			for _, text := range some {
				if namesPerson(got, text) {
					t.Errorf("seed %d, %s: %q is left in %q, which was %q", seed, quoted.name, text, got, words)
				}
			}
			for _, own := range kept {
				if !strings.Contains(got, own) {
					t.Errorf("seed %d, %s: %q is gone from %q, which was %q", seed, quoted.name, own, got, words)
				}
			}
		}
	}
}

// namesPerson reports whether words hold a text as a server may have quoted it, or a longer
// word of it. A text of one letter counts only as it is, and as a word of its own.
func namesPerson(words, text string) bool {
	if len(text) == 1 {
		return slices.Contains(strings.FieldsFunc(words, func(r rune) bool { return strings.ContainsRune(` '"()<>,;:=`, r) }), text)
	}
	fold := func(s string) string { return strings.ToLower(strings.ToUpper(norm.NFC.String(s))) }
	words = fold(words)
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) }) {
		if utf8.RuneCountInString(part) > 2 && strings.Contains(words, fold(part)) {
			return true
		}
	}
	return slices.ContainsFunc(quotingForms, func(quoted quotingForm) bool { return strings.Contains(words, fold(quoted.form(text))) })
}

func pick[T any](r *rand.Rand, items []T) T { return items[r.IntN(len(items))] }

func randomPerson(r *rand.Rand) avara.Person {
	digits := func(first string, count int) string {
		for range count {
			first += fmt.Sprint(r.IntN(10))
		}
		return first
	}
	area, exchange, line := digits("3", 2), digits("5", 2), digits("", 4)
	return avara.Person{
		Email:      pick(r, []string{"quinby", "o'hara", "quinby+x", "q.u_i-n", "q\u00fcnby", "\u674e"}) + digits("", 3) + "@" + pick(r, []string{"lakeside.example", "163.com", "m\u00fcnchen.example", "a-b.co.uk"}),
		FirstName:  pick(r, []string{"Quinby", "Zo\u00eb", "\u674e", "\u0639\u0628\u062f \u0627\u0644\u0644\u0647", "Jean-Luc", "\u5c0f\u660e", "Yu"}),
		LastName:   pick(r, []string{"O'Hara", "Okafor-Lind", "van der Quist", "\u0111\u1eb7ng", "N\u00fa\u00f1ez", "Quist \"Bo\" & Sons", "\U00020bb7\u91ce"}),
		MiddleName: pick(r, []string{"", "Q", "Adaeze", "D'"}),
		Suffix1:    pick(r, []string{"", "MBBS", "DO"}),
		PhoneNumber: pick(r, []string{
			area + exchange + line, "+1" + area + exchange + line, "+1 " + area + " " + exchange + " " + line, "(" + area + ") " + exchange + "-" + line,
			area + "." + exchange + "." + line, "1-" + area + "-" + exchange + "-" + line, "020 7" + exchange + " " + line, "+49 (0)89 " + exchange + " " + line,
			area + "\u00a0" + exchange + "\u2009" + line,
		}),
		NPINumber: digits("1", 9),
	}
}

type quotingForm struct {
	name string
	form func(string) string
}

var quotingForms = []quotingForm{
	{"as it is", func(text string) string { return text }},
	{"upper case", strings.ToUpper},
	{"lower case", lowerButWords},
	{"decomposed", norm.NFD.String},
	{"in JSON", inJSONText},
	{"in ASCII JSON", inASCII},
	{"in JSON twice", func(text string) string { return inJSONText(inASCII(text)) }},
	{"in a query", url.QueryEscape},
	{"in a path", url.PathEscape},
	{"encoded twice", func(text string) string { return url.QueryEscape(url.QueryEscape(text)) }},
	{"in HTML", html.EscapeString},
	{"all in HTML", inHTML},
	{"HTML in JSON", func(text string) string { return inASCII(html.EscapeString(text)) }},
	{"encoded, upper case", func(text string) string { return strings.ToUpper(url.QueryEscape(text)) }},
}

// lowerButWords leaves alone what would become an ordinary word.
func lowerButWords(text string) string {
	if len(text) == 1 || text == "DO" || text == "MBBS" {
		return text
	}
	return strings.ToLower(text)
}

func inJSONText(text string) string {
	encoded, _ := json.Marshal(text)
	return string(encoded[1 : len(encoded)-1])
}

// inASCII escapes all but letters and digits of ASCII, as some JSON encoders do.
func inASCII(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r >= 0x10000:
			fmt.Fprintf(&b, `\u%04x\u%04x`, 0xd800+(r-0x10000)>>10, 0xdc00+(r-0x10000)&0x3ff)
		case r > 0x7f || strings.ContainsRune(`"\@+&'<>`, r):
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func inHTML(text string) string {
	var b strings.Builder
	for _, r := range text {
		fmt.Fprintf(&b, []string{"&#%d;", "&#x%x;", "&#X%X;"}[r%3], r)
	}
	return b.String()
}

// serversWords are words that name nobody.
var serversWords = []func(*rand.Rand) string{
	func(r *rand.Rand) string { return fmt.Sprintf("usr_%016x%016x", r.Uint64(), r.Uint64()) },
	func(r *rand.Rand) string { return fmt.Sprintf("/v1/express/cus_%032d", r.Uint64()) },
	func(r *rand.Rand) string { return fmt.Sprintf("/v1/autoScribe/users/invitations/inv_%d", r.Uint32()) },
	func(r *rand.Rand) string {
		return fmt.Sprintf("%08d-%04d-4%03d-%04x-%012d", r.IntN(1e8), r.IntN(1e4), r.IntN(1e3), r.IntN(1<<16), r.IntN(1e12))
	},
	func(r *rand.Rand) string { return fmt.Sprintf("request id req_%d is for", 1e9+r.IntN(1e9)) },
	func(r *rand.Rand) string {
		return fmt.Sprintf("2026-11-%02dT%02d:%02d:10.%03dZ", 1+r.IntN(30), r.IntN(24), r.IntN(60), r.IntN(1000))
	},
	func(r *rand.Rand) string {
		return fmt.Sprintf("2026-11-%02dT04:%02d:10+00:00", 1+r.IntN(30), r.IntN(60))
	},
	func(r *rand.Rand) string { return fmt.Sprintf("the limit of %d bytes for", 1e9+r.IntN(1e9)) },
	func(r *rand.Rand) string { return fmt.Sprintf("127.0.0.1:%d", 1024+r.IntN(60000)) },
	func(*rand.Rand) string { return "first_name" },
	func(*rand.Rand) string { return "phoneNumber" },
	func(*rand.Rand) string { return "has_dashboard_access must not be set for" },
	func(*rand.Rand) string { return "answered 409 Conflict" },
	func(*rand.Rand) string { return "HTTP/1.1 422 Unprocessable Entity" },
}
