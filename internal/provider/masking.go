// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"cmp"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"
)

// personalTexts are texts that are about people, by the name of their attribute.
type personalTexts map[string]*types.String

// Addresses and numbers of people who are not in the configuration: email addresses, also
// percent-encoded, as many digits in a row as an NPI or a phone number has, and phone
// numbers as they are written with a country code or in North America.
var (
	anyEmail  = regexp.MustCompile(`[^\s"'<>(),:;=]+(?:@|%40)[\pL\pN.-]+\.\pL{2,}`)
	anyNumber = regexp.MustCompile(`(^|[^\pL\pN_])(?:[0-9]{10,15}|\+[0-9][0-9 ().-]{6,20}[0-9]|\(?[0-9]{3}\)?[ .-]{1,2}[0-9]{3}[ .-][0-9]{4})($|[^\pL\pN_])`)
)

// masked replaces what a server says of people by the names of the attributes, since
// Terraform writes diagnostics to its log. An API may quote what was sent, as it was, in
// capitals or encoded, and what there was before.
func masked(words string, people ...personalTexts) string {
	type quote struct{ attribute, value string }
	var quotes []quote
	for _, texts := range people {
		for attribute, text := range texts {
			if value := text.ValueString(); strings.TrimSpace(value) != "" {
				quotes = append(quotes, quote{attribute, value})
			}
		}
	}
	// Longer ones first: one name may be a part of another.
	slices.SortFunc(quotes, func(a, b quote) int {
		return cmp.Or(cmp.Compare(len(b.value), len(a.value)), cmp.Compare(a.attribute, b.attribute))
	})
	for _, q := range quotes {
		words = replaceWord(words, formsOf(q.value, q.attribute == "email"), q.attribute)
	}
	words = anyEmail.ReplaceAllString(words, "(email)")
	return replaceTwice(words, anyNumber, "number")
}

// formsOf is a pattern of the forms in which a server may quote a value.
func formsOf(value string, anyCase bool) string {
	ascii := strconv.QuoteToASCII(value)
	forms := []string{value, strings.ToUpper(value), url.QueryEscape(value), url.PathEscape(value), ascii[1 : len(ascii)-1]}
	for i := range forms {
		forms[i] = regexp.QuoteMeta(forms[i])
	}
	pattern := strings.Join(slices.Compact(forms), "|")
	if anyCase {
		return "(?i:" + pattern + ")"
	}
	return "(?:" + pattern + ")"
}

// replaceWord replaces what is not part of a longer word.
func replaceWord(words, pattern, attribute string) string {
	return replaceTwice(words, regexp.MustCompile(`(^|[^\pL\pN])`+pattern+`($|[^\pL\pN])`), attribute)
}

// replaceTwice replaces what stands between two separators, the second time for what
// shares a separator with the first.
func replaceTwice(words string, between *regexp.Regexp, attribute string) string {
	for range 2 {
		words = between.ReplaceAllString(words, "${1}("+attribute+")${2}")
	}
	return words
}
