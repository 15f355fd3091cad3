// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/types"
)

// personalTexts are texts that are about people, by the name of their attribute.
type personalTexts map[string]*types.String

// maxWords bounds in characters what a diagnostic quotes of a server.
const maxWords = 500

// masked replaces what a server says of people by the names of the attributes, since
// Terraform writes diagnostics to its log. First the server's words are decoded. Then the
// texts of the configuration are replaced, in any letter case, and so are email addresses
// and numbers of ten digits or more: they may belong to people who are not in it. A text
// in which nothing is replaced stays as the server has written it.
func masked(words string, people ...personalTexts) string {
	plain := decoded(words)
	text := plain
	for _, q := range quotesOf(people) {
		text = q.maskedIn(text)
	}
	if text = withoutStrangers(text); text == plain {
		text = words
	}
	if runes := []rune(text); len(runes) > maxWords {
		text = string(runes[:maxWords]) + "…"
	}
	return text
}

var (
	email = lazyPattern(`(?:[\pL\pN][\pL\pM\pN.!#$%&*+^_~'’-]*|"[^"@]{1,64}")@[\pL\pM\pN.-]+\.(?:(?i:xn)--[\w-]+|\pL{2,})`)
	// number matches as many digits as an NPI or a phone number has: seven after a plus sign.
	number = lazyPattern(`\+\(?\p{Nd}(?:[ ().+\p{Pd}]{0,3}\p{Nd}){6,}|\(?\p{Nd}(?:[ ().+\p{Pd}]{0,3}\p{Nd}){9,}`)
	// noNumber matches what looks like that and is something else: our own words, ids of the
	// API and others, addresses of servers, times, and numbers with a unit.
	noNumber = lazyPattern(strings.Join([]string{
		`\((?:suffix\d|metadata\.[^)]*)\)`,
		`\b(?i:cus|usr|inv|ref|req)_\w+`, `\b(?i:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{16,})\b`,
		`\b\d{1,3}(?:\.\d{1,3}){3}:\d+\b`,
		`\b(?:19|20)\d\d-[01]\d-[0-3]\d(?:[T ]\d\d:[\d:.]+(?:[+-]\d\d:?\d\d)?)?`,
		`\b\d+(?:\.\d+)? ?(?i:bytes|[kmgt]?i?b|[mnµ]?s|seconds|characters)\b`,
	}, "|"))
)

// withoutStrangers replaces email addresses and numbers.
func withoutStrangers(text string) string {
	text = email().ReplaceAllString(text, "(email)")
	var result strings.Builder
	end := 0
	for _, at := range noNumber().FindAllStringIndex(text, -1) {
		result.WriteString(number().ReplaceAllString(text[end:at[0]], "(number)") + text[at[0]:at[1]])
		end = at[1]
	}
	return result.String() + number().ReplaceAllString(text[end:], "(number)")
}

// lazyPattern compiles a pattern at its first use: most runs mask nothing.
func lazyPattern(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}

// quote matches a text about a person where a server quotes it.
type quote struct {
	attribute, value string
	pattern          *regexp.Regexp
}

// quotesOf returns the quotes of longer texts first: one name may be a part of another.
func quotesOf(people []personalTexts) (quotes []quote) {
	for _, texts := range people {
		for attribute, text := range texts {
			if value := strings.TrimSpace(decoded(text.ValueString())); value != "" {
				quotes = append(quotes, quote{attribute, value, patternOf(attribute, value)})
			}
		}
	}
	slices.SortFunc(quotes, func(a, b quote) int {
		return cmp.Or(cmp.Compare(len(b.value), len(a.value)), cmp.Compare(a.attribute, b.attribute))
	})
	return quotes
}

// patternOf matches a value in any letter case, and with the blanks of a URL. What may be
// spelled like an ordinary word counts only as it is, or in capitals: an initial, a suffix
// such as DO, and metadata of one word.
func patternOf(attribute, value string) *regexp.Regexp {
	forms := strings.ReplaceAll(regexp.QuoteMeta(value)+"|"+regexp.QuoteMeta(strings.ToUpper(value)), " ", "[ +]+")
	isWord := utf8.RuneCountInString(value) == 1 || strings.HasPrefix(attribute, "suffix") ||
		strings.HasPrefix(attribute, "metadata.") && !strings.Contains(value, " ")
	if isWord {
		return regexp.MustCompile(forms)
	}
	return regexp.MustCompile("(?i:" + forms + ")")
}

// maskedIn replaces the quotes that are not part of a longer word.
func (q quote) maskedIn(text string) string {
	var result strings.Builder
	end := 0
	for _, at := range q.pattern.FindAllStringIndex(text, -1) {
		if isWithinWord(text, at[0]) || isWithinWord(text, at[1]) {
			continue
		}
		result.WriteString(text[end:at[0]] + "(" + q.attribute + ")")
		end = at[1]
	}
	return result.String() + text[end:]
}

// isWithinWord reports whether a word goes on at a position. In scripts without capitals,
// such as Chinese, every letter may begin a word.
func isWithinWord(text string, position int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:position])
	after, _ := utf8.DecodeRuneInString(text[position:])
	ofWord := func(r rune) bool { return unicode.In(r, unicode.Lu, unicode.Ll, unicode.Lt, unicode.N) }
	return ofWord(before) && ofWord(after)
}
