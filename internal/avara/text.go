// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"maps"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Composed is a text in Unicode's composed form (NFC, UAX #15), in which Terraform keeps
// its strings. An API may hold the decomposed form of the same text.
func Composed(text string) string { return norm.NFC.String(text) }

// SameText compares what people wrote: composed or decomposed, and without the blanks
// around it, which an API may trim (our assumption).
func SameText(a, b string) bool { return TextKey(a) == TextKey(b) }

// byteOrderMark is a blank to JavaScript, and not to Unicode.
const byteOrderMark = '\ufeff'

// TextKey is the same for texts that [SameText] takes for the same.
func TextKey(text string) string {
	return strings.TrimFunc(Composed(text), func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || r == byteOrderMark })
}

// keptAs reports whether an API may hold what was sent in this form: composed or
// decomposed, with or without the blanks around it.
func keptAs(sent, held string) bool {
	held = Composed(held)
	return held == Composed(sent) || held == TextKey(sent)
}

// valueKeptAs is keptAs for texts, and equality for all else. What is left out says nothing.
func valueKeptAs(sent, held any) bool {
	text, isText := sent.(string)
	if heldText, ok := held.(string); isText && ok {
		return keptAs(text, heldText)
	}
	return sent == held || sent == nil || held == nil
}

// allKeptAs is keptAs for metadata: all pairs, and no others.
func allKeptAs(sent, held map[string]string) bool {
	held = withKeys(held, Composed)
	return maps.EqualFunc(withKeys(sent, Composed), held, keptAs) || maps.EqualFunc(withKeys(sent, TextKey), held, keptAs)
}

func withKeys(pairs map[string]string, form func(string) string) map[string]string {
	formed := make(map[string]string, len(pairs))
	for key, value := range pairs {
		formed[form(key)] = value
	}
	return formed
}

// SameID compares ids. The vendor SDKs' samples write the same hex digits in either
// letter case.
func SameID(a, b string) bool { return idKey(a) == idKey(b) }

// idKey is the same for ids that [SameID] takes for the same.
func idKey(id string) string { return strings.ToLower(id) }

// folded is the same for names that differ in letter case, blanks or composition only.
func folded(name string) string {
	return strings.ToLower(strings.Join(strings.Fields(Composed(name)), " "))
}
