// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"net/http"
	"reflect"
	"strings"
	"testing"
)

func TestParseAPIKey(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]string{
		testKey:              testKey,
		" " + testKey + "\n": testKey,
		"other-form":         "other-form",
		"":                   "",
		" \t":                "",
		"sk_live_\x00secret": "",
		"sk_live_\nsecret":   "",
		"Bearer sk_secret":   "",
		"sk_live_sécret":     "",
	} {
		got, err := ParseAPIKey(key)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v", key, got, err)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: the error quotes the key: %v", key, err)
		}
	}
}

func TestParseBaseURL(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		"":                              DefaultBaseURL,
		"https://api.example.com/":      "https://api.example.com",
		"https://proxy.example/avara":   "https://proxy.example/avara",
		"http://127.0.0.1:8787":         "http://127.0.0.1:8787",
		"http://localhost:1":            "http://localhost:1",
		"http://[::1]:1":                "http://[::1]:1",
		"http://api.example.com":        "refused",
		"http://localhost.evil.example": "refused",
		"http://127.0.0.1.evil.example": "refused",
		"ftp://127.0.0.1":               "refused",
		"api.example.com":               "refused",
		"https://":                      "refused",
		"https://:443":                  "refused",
		"https://u:p@api.example.com":   "refused",
		"https://api.example.com?x=1":   "refused",
		"https://api.example.com/v1/":   "refused",
		"https://api.example.com/%zz":   "refused",
	} {
		got, err := ParseBaseURL(raw)
		if err != nil {
			got = "refused"
		}
		if got != want {
			t.Errorf("%q: %q, want %q (%v)", raw, got, want, err)
		}
	}
}

func TestHeadersThatAreNotTheUsers(t *testing.T) {
	t.Parallel()
	for _, name := range reserved {
		if got := ParseHeaders(name + ": x"); len(got) > 0 {
			t.Errorf("%s was let through", name)
		}
	}
}

func TestParseHeaders(t *testing.T) {
	t.Parallel()
	got := ParseHeaders("X-Team: imaging:eu\r\nno colon\n authorization : Bearer other\nx-b:  2 \n: nameless")
	if want := (http.Header{"X-Team": {"imaging:eu"}, "X-B": {"2"}}); !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
