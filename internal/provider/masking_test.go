// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/avara-software/terraform-provider-avara/internal/avara"
)

func TestServersWordsAreMasked(t *testing.T) {
	t.Parallel()
	m, before := &userModel{}, &userModel{}
	before.LastName = types.StringValue("Okafor-Lind")
	m.fromPerson(&avara.Person{
		Email: "a.b@x.org", FirstName: "Ines", LastName: "Okafor", MiddleName: "A", Suffix1: "DO",
		PhoneNumber: "3125550147", NPINumber: "1674829308",
	})
	for text, want := range map[string]string{
		"":                                    "",
		"A.B@X.org and a.b@x.org,a.b@x.org":   "(email) and (email),(email)",
		"A user: xa.b@x.org, 13125550147":     "(middle_name) user: (email), (number)",
		"npi 1674829308; phone '3125550147'.": "npi (npi_number); phone '(phone_number)'.",
		"Ines Okafor, Inesita":                "(first_name) (last_name), Inesita",
		"INES OKAFOR-LIND, OKAFOR, Lind":      "(first_name) (last_name), (last_name), Lind",
		"ines okafor, a user, DO":             "(first_name) (last_name), a user, (suffix1)",
		"we do not know ines_okafor":          "we do not know (first_name)_(last_name)",
		"usr_1674829309 is (Ines)":            "usr_1674829309 is ((first_name))",
		"\uff29NES In\u00e9s Ine\u0301s":      "(first_name) In\u00e9s In\u00e9s",
	} {
		if got := masked(text, m.personal(), before.personal()); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// Names are written in many ways. Some scripts have neither capitals nor blanks.
func TestNamesAreMaskedInEachSpelling(t *testing.T) {
	t.Parallel()
	for name, quoted := range map[string]string{
		"I\u015f\u0131k":     "I\u015eIK",
		"\u674e":             "\u7528\u6237\u674e\u5df2\u5b58\u5728",
		"Ine\u0301s":         "In\u00e9s",
		"A\u200cli\n":        "ali",
		"van der  Quist":     "VAN DER QUIST",
		"M&#64;x, a%41\\\"b": "M&#64;x, a%41\\\"b",
	} {
		text := types.StringValue(name)
		got := masked("name "+quoted+" taken", personalTexts{"last_name": &text})
		if !strings.Contains(got, "(last_name)") || strings.Contains(got, strings.TrimSpace(quoted)) {
			t.Errorf("%q: %q", quoted, got)
		}
	}
}

// People who are not in the configuration.
func TestPeopleOfOthersAreMasked(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"a.b%40x.org, else c%2540d.org":         "(email), else (email)",
		`a\u0040x.org, <b&#64;x.org>`:           "(email), <(email)>",
		"B&COMMAT;X.ORG, a&amp;#x40;x.org":      "(email), (email)",
		`A\U0040X.ORG, a@x.org\u001b[31m\u000d`: "(email), (email)[31m",
		`mailto:o'brien+x@x.org`:                "mailto:(email)",
		`"ines o"@x.org, \"i\"@x.org`:           "(email), (email)",
		"in\u00e9s@x.org, andr%C3%A9%40x.org":   "(email), (email)",
		"\u674e@\u4f8b\u5b50.\u4e2d\u56fd":      "(email)",
		"a@x.xn--p1ai, cus_12@163.com":          "(email), (email)",
		"?a=1&email=a@x.org&limit=3":            "?a=1&email=(email)&limit=3",

		"+1 312 555 0148 or (312) 555-0149.":                           "(number) or (number).",
		"312-555-0148,+49.30.5550149":                                  "(number),(number)",
		"%2B13125550147, %2B1%20312%20555%200147":                      "(number), (number)",
		"%2B1+312+555+0147 \\u002b13125550147":                         "(number)",
		"020 7946 0000, (020) 7946 0000, +44 (0)20 79460":              "(number), (number), (number)",
		"x3125550147, tel:3125550147, 3125550147x12":                   "x(number), tel:(number), (number)x12",
		"312\u00a0555\u00a00147, 312\u2009555\u20110147":               "(number), (number)",
		"npi_1674829309, 01.23.45.67.89, +453125501":                   "npi_(number), (number), (number)",
		"(call 3125550147)":                                            "(call (number))",
		"\u0663\u0661\u0662\u0665\u0665\u0665\u0660\u0661\u0664\u0667": "(number)",
	} {
		if got := masked(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// Texts that look like addresses or numbers of people, or are encoded, and name nobody.
func TestServersOtherWordsStay(t *testing.T) {
	t.Parallel()
	m := &metadataModel{Metadata: metadataMap(map[string]string{
		"limit": "1000", "state": "active", "tier": "gold", "vip": "true", "product": "autoScribe", "empty": "", "short": "Al",
	})}
	for _, text := range []string{
		"customer is already active, gold, true", "limit is 1000, /v1/autoScribe/cus_1674829309", "Al",
		"usr_1674829309 at 2026-11-28T04:00", "2026-11-28 10:00:00+00:00, 10-200", "2026-11-28T10:00:00.123456789Z",
		"took 0.1234567890 s, 1000000000 B",
		"limit is 1000000000 bytes, took 1234567890ms", "at most 10000000000 characters",
		"REQ_1234567890",
		"00000000-1234-1234-1234-123456789012", "0123456789abcdef0123456789abcdef", "8f1234567890abcd-ORD",
		"root at localhost", "dial tcp 192.168.100.200:8443: refused", "12345678901234567890",
		`100%25 of /v1/express?cursor=a%20b&limit=3, \"x\" &amp; y`, "Please wait\u2026",
		"GET /v1/express: 409 Conflict (request id req_0123456789abcdef0123456789abcdef)",
	} {
		if got := masked(text, m.personal()); got != text {
			t.Errorf("%q: %q", text, got)
		}
	}
}

// Values of metadata are masked if they look as if they were about people. One word counts
// only as it was written, or in capitals.
func TestMetadataAboutPeopleIsMasked(t *testing.T) {
	t.Parallel()
	m := &metadataModel{EffectiveMetadata: metadataMap(map[string]string{
		"note": "Dr. Quist <q@x.org>, 2026-11-28", "since": "2026-11-28", "contact": "Wilhelmina", "owner": "ines okafor", "phone": "555-0147", "who": "\u0645\u0631\u062d\u0628\u0627",
	})}
	for text, want := range map[string]string{
		"Dr. Quist <Q@x.org>, 2026-11-28 and 2026-11-28": "(metadata.note) and (metadata.since)",
		"of Wilhelmina, WILHELMINA, not wilhelmina":      "of (metadata.contact), (metadata.contact), not wilhelmina",
		"Ines Okafor, ines+okafor, ines%20okafor":        "(metadata.owner), (metadata.owner), (metadata.owner)",
		"at 555-0147 of \u0645\u0631\u062d\u0628\u0627":  "at (metadata.phone) of (metadata.who)",
	} {
		if got := masked(text, m.personal()); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// A long message is cut after it was masked: half a name is none.
func TestALongMessageIsCut(t *testing.T) {
	t.Parallel()
	name := types.StringValue("Wilhelmina Quist")
	for before := range 30 {
		words := strings.Repeat("x", maxWords-before) + " Wilhelmina Quist, a.b@x.org, 3125550147" + strings.Repeat("y", maxWords)
		got := masked(words, personalTexts{"last_name": &name})
		if utf8.RuneCountInString(got) != maxWords+1 || strings.Contains(got, "W") || strings.Contains(got, "a.b") || strings.Contains(got, "31") {
			t.Errorf("%q", got[maxWords-40:])
		}
	}
}
