// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
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
		"https://h.example/a%20b/":      "https://h.example/a%20b",
		"https://h.example/a b":         "https://h.example/a%20b",
		"https://h.example/%23/%3F/%2F": "https://h.example/%23/%3F/%2F",
		"https://h.example/ü/%2F":       "https://h.example/%C3%BC/%2F",
		"https://h.example/%C3%BC":      "https://h.example/%C3%BC",
		"https://bücher.example/":       "https://bücher.example",
		"https://h.example/%76%31":      "refused",
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
		got, complaints := ParseHeaders(name + ": secret")
		if len(got) > 0 {
			t.Errorf("%s was accepted", name)
		}
		if want := []string{"line 1: the provider itself sets the header " + name}; !slices.Equal(complaints, want) {
			t.Errorf("%q, want %q", complaints, want)
		}
	}
}

func TestParseHeaders(t *testing.T) {
	t.Parallel()
	got, complaints := ParseHeaders("X-Team: imaging:eu\r\nno colon\n \n authorization : Bearer other\nx-b:  2 \n: nameless\nX-C: a\x00b")
	if want := (http.Header{"X-Team": {"imaging:eu"}, "X-B": {"2"}}); !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if want := []string{
		"line 2 is not of the form Name: value",
		"line 4: the provider itself sets the header Authorization",
		"line 6 is not of the form Name: value",
		"line 7: the value of the header X-C has control characters",
	}; !slices.Equal(complaints, want) {
		t.Errorf("%q, want %q", complaints, want)
	}
}

// The path of the base URL is kept unchanged, and ids stay escaped.
func TestIDsAreEscapedBehindEveryBaseURL(t *testing.T) {
	t.Parallel()
	for base, sent := range map[string]string{
		"":               "",
		"/a%20b":         "/a%20b",
		"/%23/%3F":       "/%23/%3F",
		"/a%2Fb":         "/a%2Fb",
		"/ü/%2F":         "/%C3%BC/%2F",
		"/a b/%c3%bc":    "/a%20b/%c3%bc",
		"/[x]/(y)/a;b=c": "/[x]/(y)/a;b=c",
		"/{a}|^/%2F":     "/%7Ba%7D%7C%5E/%2F",
	} {
		t.Run(base, func(t *testing.T) {
			t.Parallel()
			var got string
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				got = r.RequestURI
				w.WriteHeader(http.StatusNotFound)
			}))
			defer server.Close()
			c, err := New(Options{APIKey: testKey, BaseURL: server.URL + base})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := c.GetClinicalReferenceByExternalID(t.Context(), "a/b?c#d ø%"); !IsNotFound(err) {
				t.Error(err)
			}
			if want := sent + "/v1/autoScribe/clinicalReferences/byExternalReferenceId/a%2Fb%3Fc%23d%20%C3%B8%25"; got != want {
				t.Errorf("sent to %s, want %s", got, want)
			}
		})
	}
}
