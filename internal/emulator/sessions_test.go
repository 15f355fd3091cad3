// SPDX-License-Identifier: MPL-2.0

package emulator_test

import (
	"strings"
	"testing"
	"time"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

func TestSession(t *testing.T) {
	t.Parallel()
	eachProduct(t, func(t *testing.T, product emulator.Product, _ string) {
		b := newBench(t)
		path := "/v1/" + string(product) + "/ephemeral-sessions"
		answer := b.ok("POST", path, `{"retrievalId":"visit-88127","options":{"priority" : 2},
			"hangingProtocol":{"layout":"1x2","viewportAssignments":["Axial CT",null]}}`)
		landing, _ := answer["url"].(string)
		if len(answer) != 1 || !strings.HasPrefix(landing, "http://127.0.0.1:8787/_emulator/sessions/") {
			t.Fatalf("answer %v", answer)
		}
		landing = strings.TrimPrefix(landing, "http://127.0.0.1:8787")
		b.clock.Advance(30 * time.Second)
		equalJSON(t, b.ok("GET", landing, ""), `{"product":"`+string(product)+`","retrievalId":"visit-88127",
			"options":{"priority":2},"expiresAt":"2026-09-02T13:06:11Z"}`)
		b.clock.Advance(time.Nanosecond)
		b.wantError(404, "expired", "GET", landing, "")
		b.wantError(404, "no such session", "GET", "/_emulator/sessions/x", "")
		b.ok("POST", path, `{"retrievalId":"x"}`)
		b.ok("POST", path, `{"retrievalId":"x","hangingProtocol":{"layout":"4x4","viewportAssignments":[`+
			strings.Repeat(`"a",`, 15)+`null]}}`)
	})
}

func TestSessionConstraints(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	protocol := func(text string) string { return `{"retrievalId":"x","hangingProtocol":` + text + `}` }
	for body, want := range map[string]string{
		`{}`:                               "retrievalId: is required",
		`{"retrievalId":null}`:             "retrievalId: must not be null",
		`{"retrievalId":""}`:               "retrievalId: must have 1 to 255",
		`{"retrievalId":"x","userId":"x"}`: "userId: is not a field",
		protocol(`null`):                   "hangingProtocol: must not be null",
		protocol(`[]`):                     "hangingProtocol: must be an object",
		protocol(`{}`):                     "hangingProtocol.layout: is required; hangingProtocol.viewportAssignments: is required",
		protocol(`{"layout":"5x1","viewportAssignments":[]}`):                     "hangingProtocol.layout: must be one of 1x1, 1x2",
		protocol(`{"layout":"1x1","viewportAssignments":null}`):                   "viewportAssignments: must not be null",
		protocol(`{"layout":"1x1","viewportAssignments":[1]}`):                    "viewportAssignments: must be a list of strings and nulls",
		protocol(`{"layout":"2x2","viewportAssignments":["a"]}`):                  "viewportAssignments: must have 4 entries for layout 2x2, not 1",
		protocol(`{"layout":"1x1","viewportAssignments":["a"],"x":1}`):            "hangingProtocol.x: is not a field",
		`{"retrievalId":"x","options":null}`:                                      "options: must not be null",
		`{"retrievalId":"x","options":[]}`:                                        "options: must be an object",
		`{"retrievalId":"x","options":"a"}`:                                       "options: must be an object",
		`{"retrievalId":"x","options":{"a":"` + strings.Repeat("x", 3065) + `"}}`: "options: must have at most 3072 bytes, not 3073",
	} {
		b.wantError(400, want, "POST", "/v1/viewer/ephemeral-sessions", body)
	}
	b.ok("POST", "/v1/viewer/ephemeral-sessions", `{"retrievalId":"x","options": {"a" : "`+strings.Repeat("x", 3064)+`"}}`)
}

// The limit is in bytes of JSON.stringify, independent of the JSON that the client sent.
// The session keeps the sent JSON.
func TestSessionOptionsSize(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for text, bytes := range map[string]int{
		`\u0026`: 1, `\u003c`: 1, `\/`: 1, `\u00e9`: 2, `é`: 2, `\u2028`: 3, "\u2028": 3, `\u2029`: 3, `\ud83d\ude00`: 4,
		`\\u2028`: 7, `\"`: 2, `\n`: 2, `\u000a`: 2, `\u0001`: 6, `\b`: 2,
	} {
		fill := strings.Repeat(text, 1000/bytes)
		rest := strings.Repeat("x", 3072-len(`{"a":""}`)-bytes*(1000/bytes))
		for more, status := range map[string]int{"": 200, "x": 400} {
			body := `{"retrievalId":"x","options":{"a":"` + fill + rest + more + `"}}`
			if answer := b.send("POST", "/v1/autoScribe/ephemeral-sessions", body); answer.Status != status {
				t.Errorf("%s%s: status %d, want %d: %s", text, more, answer.Status, status, answer.Body)
			}
		}
	}
	url := b.ok("POST", "/v1/viewer/ephemeral-sessions", `{"retrievalId":"x","options":{"b":"\u0026","a":1.50}}`)["url"].(string)
	if got := b.send("GET", strings.TrimPrefix(url, "http://127.0.0.1:8787"), "").Body; !strings.Contains(got, `"options":{"b":"\u0026","a":1.50}`) {
		t.Errorf("the session is %s", got)
	}
}
