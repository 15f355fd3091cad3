// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
)

func FuzzErrorBodies(f *testing.F) {
	c, err := New(Options{APIKey: testKey})
	if err != nil {
		f.Fatal(err)
	}
	for _, body := range []string{
		``, `{}`, `{"message":"taken"}`, `{"error":{"message":"taken"}}`, `{"errors":[{"field":"a","path":["b",1],"message":"c"}]}`,
		`{"errors":{"a":["b"],"c":{"field":"d","message":"e"}}}`, `{"errors":[[["deep"]]]}`, `{"message":` + strings.Repeat("[", 1000), "\x00\xff<html>", testKey,
		`[{"property":"a","constraints":{"b":"c d"},"value":"e"}]`, `{"error":{"message":"[{\"path\":[\"a\",1],\"message\":\"b\"}]"}}`,
		`{"errors":[{"source":{"pointer":"/a/b"},"title":"c","detail":"d"}]}`, `{"source":` + strings.Repeat(`{"source":`, 100) + `"a"` + strings.Repeat(`}`, 101),
	} {
		f.Add(400, body)
	}
	f.Fuzz(func(t *testing.T, status int, body string) {
		e := errorOf(c, status, body)
		for _, text := range slices.Concat([]string{e.Error(), e.Message}, slices.Collect(maps.Keys(e.Fields)), slices.Collect(maps.Values(e.Fields))) {
			if strings.ContainsFunc(text, unicode.IsControl) || len([]rune(text)) > maxMessage+200 {
				t.Errorf("not fit for a terminal: %q", text)
			}
			if strings.Contains(text, testKey) {
				t.Errorf("shows the key: %q", text)
			}
		}
	})
}

func FuzzRetryAfter(f *testing.F) {
	for _, value := range []string{"", "0", "1.5", "-1", "1e400", "NaN", "Inf", "0x1p-2", "86401", "Wed, 21 Oct 2026 07:28:00 GMT", "Wed, 21 Oct 9999 07:28:00 GMT"} {
		f.Add(value, "")
		f.Add("", value)
	}
	now := time.Date(2026, 10, 21, 7, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, seconds, milliseconds string) {
		header := http.Header{"Retry-After": {seconds}, "Retry-After-Ms": {milliseconds}}
		if wait, ok := retryAfter(header, now); wait < 0 || wait > 24*time.Hour || !ok && wait != 0 {
			t.Errorf("%q, %q: %s, %t", seconds, milliseconds, wait, ok)
		}
	})
}

func FuzzTimestamps(f *testing.F) {
	for _, stamp := range []string{"", "2026-09-02T13:05:41Z", "2026-09-02T13:05:41.123456789+02:00", "2026-09-02T13:05:41", "2026-09-02", "0001-01-01T00:00:00Z", "yesterday"} {
		f.Add(stamp)
	}
	f.Fuzz(func(t *testing.T, stamp string) {
		if read := timeOf(stamp); !read.IsZero() && !strings.Contains(stamp, fmt.Sprintf("%04d", read.Year())) {
			t.Errorf("%q was read as %s", stamp, read)
		}
		_ = (&Invitation{Status: InvitationSent, Expiry: stamp}).Expired(time.Now())
	})
}

func FuzzPages(f *testing.F) {
	for _, body := range []string{
		`{"expressCustomers":[{"expressCustomerId":"a"}],"hasMore":true,"cursor":"eyJ9"}`, `{"expressCustomers":null,"hasMore":null,"cursor":null}`,
		`{"hasMore":"yes"}`, `{"cursor":{}}`, `{"expressCustomers":{}}`, `{"expressCustomers":[1]}`, `[]`, `null`, `"text"`, `{"expressCustomers":[`, `{"a":{"b":[{}]},"expressCustomers":[{}]}`,
	} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		page := pageAnswer[ExpressCustomer]{key: "expressCustomers"}
		err := json.Unmarshal([]byte(body), &page)
		if err == nil && !json.Valid([]byte(body)) || len(page.items) > maxPageItems {
			t.Errorf("%q: %d items, %v", body, len(page.items), err)
		}
		// Decoding a page must give the same items as decoding it as a map.
		var whole map[string]json.RawMessage
		var items []ExpressCustomer
		if json.Unmarshal([]byte(body), &whole) == nil && err == nil && strings.Count(body, `"expressCustomers"`) == 1 && whole["expressCustomers"] != nil {
			if json.Unmarshal(whole["expressCustomers"], &items) == nil && len(items) != len(page.items) {
				t.Errorf("%q: %d items, want %d", body, len(page.items), len(items))
			}
		}
	})
}

func FuzzMetadata(f *testing.F) {
	for _, metadata := range []string{`{}`, `null`, `{"a":"b"}`, `{"a":null}`, `{"a":1}`, `{"":""}`, `[]`, `"x"`, `{"a":{"b":"c"}}`, `{"\u0000":"\ud800"}`} {
		f.Add(metadata)
	}
	f.Fuzz(func(t *testing.T, metadata string) {
		var customer ExpressCustomer
		if json.Unmarshal([]byte(`{"expressCustomerId":"cus_1","metadata":`+metadata+`}`), &customer) != nil {
			return
		}
		pairs := customer.Metadata
		if pairs == nil {
			pairs = map[string]string{}
		}
		sent, err := json.Marshal(ExpressCustomerChange{Metadata: pairs})
		if err != nil {
			t.Fatal(err)
		}
		var again ExpressCustomer
		if err := json.Unmarshal(sent, &again); err != nil || !(ExpressCustomerChange{Metadata: pairs}).madeIn(&again) {
			t.Errorf("%q was sent as %s: %v", metadata, sent, err)
		}
	})
}

func FuzzHeaders(f *testing.F) {
	for _, lines := range []string{"X-A: b", "authorization: x", "a:b:c\r\nx", ": x", "X A: b", "X-A: b\x00c", "Ｘ: y", "idempotency-key: 1"} {
		f.Add(lines)
	}
	f.Fuzz(func(t *testing.T, lines string) {
		headers, _ := ParseHeaders(lines)
		if headers.Get("Authorization") != "" || headers.Get("Idempotency-Key") != "" {
			t.Errorf("%q: %v", lines, headers)
		}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://127.0.0.1", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header = headers
		var sent strings.Builder
		if err := req.Write(&sent); err != nil || strings.Count(sent.String(), "\r\n") != len(headers)+4-hides(headers) {
			t.Errorf("%q was sent as %q: %v", lines, sent.String(), err)
		}
	})
}

// hides counts the headers that replace one of net/http's default headers.
func hides(headers http.Header) int {
	if headers.Get("User-Agent") != "" {
		return 1
	}
	return 0
}

func FuzzRedact(f *testing.F) {
	for _, form := range forms {
		f.Add("a" + form(testKey) + "b" + form(testToken))
	}
	f.Add(`\u00`)
	f.Add("%25%")
	f.Add("\xff\\u200b" + testKey[:20])
	r := newRedactor(testKey, http.Header{"X-Gateway-Token": {testToken}})
	f.Fuzz(func(t *testing.T, text string) {
		got := r.redact(text)
		if plain, _ := unveil(got); strings.Contains(plain, testKey) || strings.Contains(plain, testToken) {
			t.Errorf("%q became %q", text, got)
		}
		if !strings.Contains(got, "[") && got != text {
			t.Errorf("%q was changed to %q", text, got)
		}
	})
}
