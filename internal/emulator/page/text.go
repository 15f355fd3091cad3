// SPDX-License-Identifier: MPL-2.0

package page

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// label is a name as it can be seen and clicked on: one that has nothing but
// blanks or invisible characters is described instead.
func label(name string) string {
	switch {
	case name == "":
		return "(no name)"
	case strings.ContainsFunc(name, visible):
		return name
	case strings.TrimSpace(name) == "":
		return fmt.Sprintf("(%s)", plural(len([]rune(name)), "blank", "blanks"))
	default:
		return "(invisible: " + short(40, invisibleCharacters(name)) + ")"
	}
}

// visible reports whether a character leaves ink. Besides blanks and control
// characters there are letters and symbols that do not.
func visible(r rune) bool {
	return unicode.IsGraphic(r) && !unicode.IsSpace(r) && !formatting(r)
}

// formatting reports whether a character is only there for its effect on
// others: joiners, marks of direction and the like. U+2800 is the empty one of
// the Braille patterns.
func formatting(r rune) bool {
	return r == '\u2800' || unicode.In(r, unicode.Cc, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// invisibleCharacters lists the code points of a text that cannot be seen,
// each once, "" if there are none. Plain blanks inside the text do not count,
// those at its ends do.
func invisibleCharacters(text string) string {
	var found []string
	trimmed := strings.Trim(text, " ")
	for _, r := range text {
		hidden := formatting(r) || r != ' ' && unicode.IsSpace(r) || r == ' ' && trimmed != text
		if point := fmt.Sprintf("%U", r); hidden && !slices.Contains(found, point) {
			found = append(found, point)
		}
	}
	return strings.Join(found, ", ")
}

// isolated keeps a text from changing the direction of what stands around it,
// where no element can do that: in attributes and in the title.
func isolated(text string) string { return "\u2068" + text + "\u2069" }

// short cuts a text to n characters.
func short(n int, text string) string {
	if len(text) <= n {
		return text
	}
	characters := []rune(text)
	if len(characters) <= n {
		return text
	}
	return string(characters[:n-1]) + "…"
}

// plural is a number with the noun that goes with it.
func plural(n int, one, many string) string {
	if n == 1 {
		return number(n) + " " + one
	}
	return number(n) + " " + many
}

// slug makes a name for Terraform configurations of the name of an object.
func slug(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "_"):
			b.WriteByte('_')
		}
		if b.Len() >= 48 {
			break
		}
	}
	text := strings.Trim(b.String(), "_")
	if text == "" || text[0] >= '0' && text[0] <= '9' {
		return strings.TrimSuffix("this_"+text, "_")
	}
	return text
}
