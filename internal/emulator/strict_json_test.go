// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"strings"
	"testing"
)

func TestDecodeStrictly(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":          "there is nothing in it",
		" \n":       "there is nothing in it",
		"{":         "line 1, column 2: unexpected end of JSON input",
		"{}\n\n x":  "line 3, column 2: there is more after the one JSON value",
		"{} {}":     "line 1, column 4: there is more",
		"{\n 'a':1": "line 2, column 2: invalid character '\\''",
		"{\"version\":1,\n \"users\":{\"viewer\":[{\"email\":\"é\",\"mail\":\"x\"}]}}": `line 2, column 34: unknown key "mail"`,
		`{"Version":1}`:                                            `line 1, column 2: unknown key "Version"`,
		`{"expressCustomers":[{"Members":[]}]}`:                    `line 1, column 23: unknown key "Members"`,
		`{"version":1,"version":1}`:                                `line 1, column 14: the key "version" stands twice`,
		`{"expressCustomers":[{"metadata":{"a":"1","a":"2"}}]}`:    `line 1, column 43: the key "a" stands twice`,
		`{"version":"1"}`:                                          "line 1, column 14: version must be a whole number of type int, not string",
		`{"expressCustomers":[{"isActive":1}]}`:                    "column 34: expressCustomers.isActive must be true or false, not number",
		`{"expressCustomers":{}}`:                                  "expressCustomers must be a list, not object",
		`{"users":[]}`:                                             "users must be an object, not array",
		"{\n\"expressCustomers\":[{\"createdAt\":\"yesterday\"}]}": `line 2, column 34: parsing time "yesterday"`,
		"{\"apiKeyId\":\"\xff\"}":                                  "line 1, column 14: this is not valid UTF-8",
		`[]`:                                                       "line 1, column 1: this must be an object, not array",
	} {
		if err := decodeStrictly([]byte(text), new(State)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %q", text, err, want)
		}
	}
	var state State
	err := decodeStrictly([]byte(` {"version":1,"expressCustomers":[{"expressCustomerName":"a\"]}","metadata":{"Version":"x"},"createdAt":"2026-09-02T13:05:41Z"}],
		"users":{"viewer":null},"apiKeyId":null} `), &state)
	if err != nil || len(state.Customers) != 1 || state.Customers[0].Name != `a"]}` {
		t.Errorf("error %v, read %+v", err, state)
	}
}
