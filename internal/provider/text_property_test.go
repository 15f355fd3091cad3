// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// The properties of TestMetadataConverges, with unusual names, keys and values, for each
// form in which the API may store a text.
func TestOddTextConverges(t *testing.T) {
	t.Parallel()
	const lives, steps = 2, 5
	for form, stored := range storedForms {
		for _, address := range []string{address, referenceAddress} {
			for seed := range uint64(lives) {
				dialects := []emulator.Dialect{emulator.NullsAbsent}
				if seed%2 == 1 {
					dialects = append(dialects, emulator.PatchMetadataMerges)
				}
				t.Run(fmt.Sprint(form, address, seed), func(t *testing.T) {
					t.Parallel()
					l := newMetadataLife(t, address, oddWords(stored), dialects, seed)
					for range steps {
						l.step()
					}
				})
			}
		}
	}
}

// The same for the names of people: invite, accept, change and import.
func TestOddNamesOfPeopleConverge(t *testing.T) {
	t.Parallel()
	for form, stored := range storedForms {
		for _, p := range bothProducts {
			t.Run(fmt.Sprint(form, p.typeName), func(t *testing.T) {
				t.Parallel()
				a := newAccount(t)
				a.rewrite(inJSON(stored))
				c := newCore(a, newProtocol(t))
				names := oddWords(stored).names
				for i, name := range names {
					at := fmt.Sprintf("avara_%s.person%d", p.typeName, i)
					values := with(p.values(fmt.Sprintf("person%d@lakeside.example", i)), map[string]any{"first_name": name, "last_name": names[(i+1)%len(names)]})
					unchanged := func(want string) {
						t.Helper()
						c.apply(at, values).expectQuiet().expectAction(want)
						c.apply(at, values).expectQuiet().expectAction("no-op")
					}
					unchanged("create")
					a.AcceptInvitation(p.product, a.Invitations(p.product)[0].ID)
					unchanged("no-op")
					values["last_name"] = names[(i+2)%len(names)]
					unchanged("update")

					id := text(c.attributes(at, c.object(at).state)["id"])
					imported := c.imported(at+"_imported", id).expectQuiet().state
					for _, name := range []string{"first_name", "last_name"} {
						values[name] = imported[name]
					}
					c.plan(at+"_imported", values).expectQuiet().expectAction("no-op")
				}
			})
		}
	}
}

// storedForms are the forms in which an API may store a text.
var storedForms = map[string]func(string) string{
	"as sent":                func(text string) string { return text },
	"composed":               norm.NFC.String,
	"decomposed":             norm.NFD.String,
	"trimmed":                strings.TrimSpace,
	"trimmed by JavaScript":  func(text string) string { return strings.Trim(text, "\ufeff \t\n\r\v\f") },
	"trimmed and decomposed": func(text string) string { return norm.NFD.String(strings.TrimSpace(text)) },
}

// oddWords are composed (NFC), as Terraform passes texts to a provider. Others write them
// decomposed (NFD). 38 of the pairs have the maximum length.
func oddWords(stored func(string) string) vocabulary {
	words := vocabulary{
		keys: []string{
			"cl\u00e9", "\u05e9\u05dc\u05d5\u05dd", "x/\uac00", "x/\u202eright to left", "\u00e5/\u200bunseen", "control\x07", " blank around\n", "a\"b\\c", "${x}", "\U0001f9e0",
		},
		values: []string{
			"", " ", "\u00c9mile", " \u00c9mile\n", "\u0645\u0631\u062d\u0628\u0627", "\x1b[31mred", "two\nlines", "null", "<&>\u2028", "\uad6d\ud55c", strings.Repeat("v", maxMetadataValueLength),
		},
		names:    []string{"North", "H\u00f4pital \u00c9mile", " H\u00f4pital \u00c9mile\n", "\ufeffmarked", "\u05d1\u05d9\u05ea\u202e", "\u200bunseen", "control\x07\x1b", "\uc11c\uc6b8", "\U0001f3e5"},
		ignored:  []string{"cl\u00e9", "x/\uac00", "control\x07", "\U0001f9e0"},
		prefixes: []string{"x/", "\u00e5", "\u05e9\u05dc"},
		always:   map[string]string{},
		stored:   stored,
		outside:  func(text string) string { return stored(norm.NFD.String(text)) },
	}
	for n := range 38 {
		words.always[fmt.Sprintf("%0*d", maxMetadataKeyLength, n)] = strings.Repeat("v", maxMetadataValueLength)
	}
	return words
}

// inJSON changes all texts of a JSON document, including keys.
func inJSON(change func(string) string) func(string) string {
	var walk func(value any) any
	walk = func(value any) any {
		switch value := value.(type) {
		case string:
			return change(value)
		case []any:
			for i, element := range value {
				value[i] = walk(element)
			}
		case map[string]any:
			changed := map[string]any{}
			for key, element := range value {
				changed[change(key)] = walk(element)
			}
			return changed
		}
		return value
	}
	return func(document string) string {
		var value any
		if json.Unmarshal([]byte(document), &value) != nil {
			return document
		}
		changed, err := json.Marshal(walk(value))
		if err != nil {
			return document
		}
		return string(changed)
	}
}
