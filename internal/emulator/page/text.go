// SPDX-License-Identifier: MPL-2.0

package page

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// label is a name that can be seen and clicked. A name that consists of blanks or
// invisible characters is described instead.
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

// visible reports whether a character is visible. Besides blanks and control characters,
// some letters and symbols are not.
func visible(r rune) bool {
	return unicode.IsGraphic(r) && !unicode.IsSpace(r) && !formatting(r)
}

// formatting reports whether a character only affects other characters: joiners, direction
// marks and so on. U+2800 is the empty Braille pattern.
func formatting(r rune) bool {
	return r == '\u2800' || unicode.In(r, unicode.Cc, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// invisibleCharacters lists the code points of a text's invisible characters, each once,
// or returns "". It ignores plain blanks inside the text, but not at its ends.
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

// isolated keeps a text from changing the direction of the text around it. It is for
// attributes and the title, where no element can do that.
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

// plural is a number with its noun in the right form.
func plural(n int, one, many string) string {
	if n == 1 {
		return number(n) + " " + one
	}
	return number(n) + " " + many
}

// slug derives a Terraform resource name from the name of an object.
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
