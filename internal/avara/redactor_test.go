// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

const testToken = "gw-5f2c9a71d0b84e63"

// forms are the encodings in which a server may quote a secret.
var forms = map[string]func(secret string) string{
	"as it is": func(s string) string { return s },
	"HTML": func(s string) string {
		return strings.NewReplacer("_", "&lowbar;", "s", "&#115;", "4", "&#x34;").Replace(s)
	},
	"in capitals":          strings.ToUpper,
	"JSON-escaped":         func(s string) string { return each(s, `\u%04x`) },
	"JSON-escaped twice":   func(s string) string { return each(s, `\\u%04X`) },
	"percent-encoded":      func(s string) string { return each(s, "%%%02X") },
	"encoded twice":        func(s string) string { return each(s, "%%25%02x") },
	"partly escaped":       func(s string) string { return s[:3] + fmt.Sprintf(`\u%04x`, s[3]) + s[4:] },
	"with invisible signs": func(s string) string { return s[:4] + "\u200b" + s[4:9] + "\u00ad\ufeff" + s[9:] },
	"with escaped signs":   func(s string) string { return s[:4] + `\u200b` + s[4:9] + "%E2%80%8B" + s[9:] },
	"with blanks":          func(s string) string { return s[:4] + " " + s[4:9] + `\n` + s[9:] },
}

func each(s, format string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		fmt.Fprintf(&b, format, c)
	}
	return b.String()
}

func TestSecretsAreRemovedInEveryForm(t *testing.T) {
	t.Parallel()
	r := newRedactor(testKey, http.Header{"X-Gateway-Token": {testToken}, "X-Team": {"imaging"}})
	for name, form := range forms {
		for shown, secret := range map[string]string{"[API key]": testKey, "[header X-Gateway-Token]": testToken} {
			text := "before <" + form(secret) + "> and again " + form(secret)
			if got, want := r.redact(text), "before <"+shown+"> and again "+shown; got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
	}
	for text, want := range map[string]string{
		"nothing to hide: 50%, C:\\new, Straße":       "nothing to hide: 50%, C:\\new, Straße",
		"the imaging team, preimaging":                "the [header X-Team] team, preimaging",
		testKey[:20]:                                  testKey[:20],
		"%" + testKey + "%":                           "%[API key]%",
		"\xff" + testKey + "\xff":                     "\xff[API key]\xff",
		strings.Repeat("s", 50) + testKey + testToken: strings.Repeat("s", 50) + "[API key][header X-Gateway-Token]",
	} {
		if got := r.redact(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// An answer that contains a secret is rejected, since its ids, timestamps or texts would
// get into the state.
func TestAnAnswerThatQuotesASecretIsRefused(t *testing.T) {
	t.Parallel()
	for name, form := range forms {
		for field, body := range map[string]string{
			"id":        `{"expressCustomerId":"` + form(testKey) + `","isActive":true}`,
			"timestamp": `{"expressCustomerId":"` + testID + `","createdAt":"` + form(testKey) + `","isActive":true}`,
			"metadata":  `{"expressCustomerId":"` + testID + `","metadata":{"a":"` + form(testToken) + `"},"isActive":true}`,
		} {
			t.Run(name+", "+field, func(t *testing.T) {
				quoting := answer{status: 200, body: body}
				answers := map[string][]answer{get: {quoting}, patch: {quoting}, "POST /express": {quoting}, list: {{status: 200, body: `{"expressCustomers":[` + body + `]}`}}}
				scripted(t, answers, func(t *testing.T, _ *Client, s *script) {
					c := newTestClient(t, Options{MaxRetries: 2, Transport: s, Header: http.Header{"X-Gateway-Token": {testToken}}})
					newName := "b"
					for call, err := range map[string]error{
						"get":    second(c.GetExpressCustomer(t.Context(), testID)),
						"read":   second(c.ReadExpressCustomer(t.Context(), testID)),
						"update": second(c.UpdateExpressCustomer(t.Context(), testID, ExpressCustomerChange{Name: &newName})),
						"create": second(c.CreateExpressCustomer(t.Context(), lakesideWish)),
						"list": func() (err error) {
							for _, err = range c.ExpressCustomers(t.Context()) {
							}
							return err
						}(),
					} {
						if _, unexpected := errors.AsType[*UnexpectedAnswerError](err); !unexpected {
							t.Errorf("%s: %v", call, err)
						}
						if text := fmt.Sprint(err); strings.Contains(text, testKey) || strings.Contains(text, testToken) {
							t.Errorf("%s: the error shows it: %s", call, text)
						}
					}
				})
			})
		}
	}
}

// A secret may have blanks in it.
func TestAnAnswerThatQuotesASecretWithABlankIsRefused(t *testing.T) {
	const token = "Basic dXNlcjpwYXNzd29yZDEyMzQ1"
	answers := map[string][]answer{get: {{status: 200, body: `{"expressCustomerId":"` + testID + `","createdAt":"` + token + `"}`}}}
	scripted(t, answers, func(t *testing.T, _ *Client, s *script) {
		c := newTestClient(t, Options{Transport: s, Header: http.Header{"X-Api-Token": {token}}})
		if _, err := c.GetExpressCustomer(t.Context(), testID); err == nil {
			t.Error("the answer was taken")
		}
	})
}

// What a request has sent is no secret in its answer. Other secrets remain some.
func TestWhatWasSentIsNoSecret(t *testing.T) {
	pairs := map[string]string{"a": testToken}
	sent := `{"expressCustomerId":"` + testID + `","isActive":true,"metadata":{"a":"` + testToken + `"}`
	for body, taken := range map[string]bool{sent + `}`: true, sent + `,"createdAt":"` + testKey + `"}`: false} {
		t.Run(fmt.Sprint(taken), func(t *testing.T) {
			scripted(t, map[string][]answer{patch: {{status: 200, body: body}}, get: {{status: 200, body: body}}}, func(t *testing.T, _ *Client, s *script) {
				c := newTestClient(t, Options{Transport: s, Header: http.Header{"X-Gateway-Token": {testToken}}})
				if _, err := c.UpdateExpressCustomer(t.Context(), testID, ExpressCustomerChange{Metadata: pairs}); (err == nil) != taken {
					t.Error(err)
				}
			})
		})
	}
}

func second[T any](_ T, err error) error { return err }

// A header whose value is a common word does not cause answers to be rejected.
func TestAnAnswerWithAnEverydayWordIsTaken(t *testing.T) {
	taken := withMetadata(`{"region":"eu-west-1","stage":"production-eu-west-1","by":"Acme Radiology"}`)
	scripted(t, map[string][]answer{get: {taken}}, func(t *testing.T, _ *Client, s *script) {
		c := newTestClient(t, Options{Transport: s, Header: http.Header{"X-Region": {"eu-west-1"}, "X-Stage": {"production-eu-west-1"}, "X-Author": {"acme"}}})
		if _, err := c.GetExpressCustomer(t.Context(), testID); err != nil {
			t.Error(err)
		}
	})
}

// Neither an error nor an observed attempt contains the key, wherever a server quotes it.
func TestErrorsShowNoSecret(t *testing.T) {
	t.Parallel()
	for name, form := range forms {
		t.Run(name, func(t *testing.T) {
			quote, _ := json.Marshal(form(testKey))
			long, _ := json.Marshal(strings.Repeat("x", maxMessage-10) + " " + form(testKey))
			answers := []answer{
				{status: 400, body: `{"message":` + string(quote) + `}`},
				{status: 400, body: `{"message":` + string(long) + `}`},
				{status: 400, body: `{"message":"` + form(testKey) + `"}`},
				{status: 400, body: `{"errors":{"name":` + string(quote) + `}}`},
				{status: 400, body: form(testKey)},
				{status: 400, header: map[string]string{"X-Request-Id": form(testKey)}},
				{err: errors.New("malformed HTTP response " + form(testKey))},
				{status: 200, body: `{"expressCustomerId":"` + testID + `","isActive":` + string(quote) + `}`},
			}
			scripted(t, map[string][]answer{get: answers}, func(t *testing.T, _ *Client, s *script) {
				var observed strings.Builder
				c := newTestClient(t, Options{Transport: s, Observe: func(_ context.Context, a Attempt) { fmt.Fprintln(&observed, a) }})
				for range answers {
					_, err := c.GetExpressCustomer(t.Context(), testID)
					if err == nil {
						t.Fatal("no error")
					}
					fmt.Fprintln(&observed, err)
					if e, ok := errors.AsType[*Error](err); ok {
						fmt.Fprintln(&observed, e.Message, e.Fields)
					}
				}
				if plain, _ := unveil(observed.String()); strings.Contains(plain, testKey[:16]) {
					t.Error(observed.String())
				}
			})
		})
	}
}
