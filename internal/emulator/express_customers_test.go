// SPDX-License-Identifier: MPL-2.0

package emulator_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestCustomerLifecycle(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	created := b.ok("POST", "/v1/express",
		`{"expressCustomerName":"Lakeside Imaging Partners","metadata":{"contract":"LIP-2207","tier":"gold"}}`)
	id, _ := created["expressCustomerId"].(string)
	if !regexp.MustCompile(`^cus_[0-9a-f]{32}$`).MatchString(id) {
		t.Errorf("expressCustomerId %q", id)
	}
	key, _ := created["createdByApiKeyId"].(string)
	if !regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`).MatchString(key) {
		t.Errorf("createdByApiKeyId %q", key)
	}
	equalJSON(t, without(created, "expressCustomerId", "createdByApiKeyId"), `{
		"expressCustomerName":"Lakeside Imaging Partners","isActive":true,"userCount":0,
		"createdAt":"2026-09-02T13:05:41Z","updatedAt":"2026-09-02T13:05:41Z",
		"metadata":{"contract":"LIP-2207","tier":"gold"}}`)

	one := "/v1/express/" + id
	equalJSON(t, b.ok("GET", one, ""), mustText(created))

	b.clock.Advance(time.Hour)
	renamed := b.ok("PATCH", one, `{"expressCustomerName":"Lakeside Imaging Alliance","metadata":null}`)
	equalJSON(t, without(renamed, "expressCustomerId", "createdByApiKeyId"), `{
		"expressCustomerName":"Lakeside Imaging Alliance","isActive":true,"userCount":0,
		"createdAt":"2026-09-02T13:05:41Z","updatedAt":"2026-09-02T14:05:41Z"}`)

	b.clock.Advance(time.Hour)
	equalJSON(t, b.ok("PATCH", one, `{}`), mustText(renamed))
	equalJSON(t, b.ok("PATCH", one, ``), mustText(renamed))

	if got := b.ok("POST", one+"/deactivate", ""); got["isActive"] != false || got["updatedAt"] != "2026-09-02T15:05:41Z" {
		t.Errorf("deactivate returned %v", got)
	}
	b.clock.Advance(time.Hour)
	if got := b.ok("POST", one+"/deactivate", "{}"); got["isActive"] != false || got["updatedAt"] != "2026-09-02T15:05:41Z" {
		t.Errorf("deactivate twice returned %v", got)
	}
	if got := b.ok("PATCH", one, `{"metadata":{"tier":"silver"}}`); got["isActive"] != false {
		t.Errorf("update of an inactive one returned %v", got)
	}
	if got := b.ok("POST", one+"/reactivate", ""); got["isActive"] != true {
		t.Errorf("reactivate returned %v", got)
	}
	equalJSON(t, b.ok("GET", one, "")["metadata"], `{"tier":"silver"}`)
	equalJSON(t, b.ok("PATCH", one, `{"metadata":{"plan":"x"}}`)["metadata"], `{"plan":"x"}`)
}

func TestCustomerUnknown(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	one := "/v1/express/cus_00000000000000000000000000000000"
	user := `{"userId":"usr_00000000000000000000000000000000"}`
	b.wantError(404, "was not found", "GET", one, "")
	b.wantError(404, "was not found", "PATCH", one, `{}`)
	b.wantError(404, "was not found", "POST", one+"/deactivate", "")
	b.wantError(404, "was not found", "POST", one+"/reactivate", "")
	b.wantError(404, "was not found", "POST", one+"/users", user)
	b.wantError(404, "was not found", "DELETE", one+"/users", user)
	b.wantError(404, "was not found", "GET", "/v1/express/anything", "")
}

// pairs is the JSON of n metadata pairs.
func pairs(n int) string {
	var list []string
	for i := range n {
		list = append(list, fmt.Sprintf("%q:%q", fmt.Sprint("key", i), "v"))
	}
	return "{" + strings.Join(list, ",") + "}"
}

func TestCustomerConstraints(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ body, want string }{
		"empty":             {`{}`, "expressCustomerName: is required"},
		"name null":         {`{"expressCustomerName":null}`, "expressCustomerName: must not be null"},
		"name empty":        {`{"expressCustomerName":""}`, "expressCustomerName: must have 1 to 255 characters, not 0"},
		"name too long":     {`{"expressCustomerName":"` + strings.Repeat("ü", 256) + `"}`, "expressCustomerName: must have 1 to 255 characters, not 256"},
		"name number":       {`{"expressCustomerName":7}`, "expressCustomerName: must be a string"},
		"isActive":          {`{"expressCustomerName":"x","isActive":false}`, "isActive: is not a field of this request"},
		"wrong case":        {`{"ExpressCustomerName":"x"}`, "ExpressCustomerName: is not a field of this request"},
		"metadata null":     {`{"expressCustomerName":"x","metadata":null}`, "metadata: must not be null"},
		"metadata list":     {`{"expressCustomerName":"x","metadata":[]}`, "metadata: must be an object"},
		"metadata number":   {`{"expressCustomerName":"x","metadata":{"a":1}}`, "metadata.a: must be a string"},
		"metadata nested":   {`{"expressCustomerName":"x","metadata":{"a":{}}}`, "metadata.a: must be a string"},
		"metadata value":    {`{"expressCustomerName":"x","metadata":{"a":null}}`, "metadata.a: must be a string"},
		"51 pairs":          {`{"expressCustomerName":"x","metadata":` + pairs(51) + `}`, "metadata: must have at most 50 pairs, not 51"},
		"empty key":         {`{"expressCustomerName":"x","metadata":{"":"a"}}`, `metadata: key "" must have 1 to 100 characters`},
		"long key":          {`{"expressCustomerName":"x","metadata":{"` + strings.Repeat("k", 101) + `":"a"}}`, "must have 1 to 100 characters, not 101"},
		"long value":        {`{"expressCustomerName":"x","metadata":{"a":"` + strings.Repeat("é", 1001) + `"}}`, "metadata.a: must have 0 to 1000 characters, not 1001"},
		"not an object":     {`[]`, "the body must be a JSON object"},
		"null":              {`null`, "the body must be a JSON object"},
		"broken":            {`{"expressCustomerName":`, "the body is not valid JSON"},
		"two values":        {`{"expressCustomerName":"x"}{}`, "the body is not valid JSON"},
		"invalid UTF-8":     {"{\"expressCustomerName\":\"\xff\"}", "the body is not valid UTF-8"},
		"several at a time": {`{"expressCustomerName":"","x":1}`, "expressCustomerName: must have 1 to 255 characters, not 0; x: is not a field"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.wantError(400, test.want, "POST", "/v1/express", test.body)
			if customers := b.Customers(); len(customers) > 0 {
				t.Errorf("a customer was created: %v", customers)
			}
		})
	}
}

func TestCustomerLimitsAreInclusive(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	name := strings.Repeat("ü", 255)
	if got := b.mustCustomer(b.createCustomer(name)); got.Name != name {
		t.Errorf("name %q", got.Name)
	}
	if got := b.mustCustomer(b.createCustomer("  as sent ")); got.Name != "  as sent " {
		t.Errorf("name %q", got.Name)
	}
	b.ok("POST", "/v1/express", `{"expressCustomerName":"x","metadata":`+pairs(50)+`}`)
	b.ok("POST", "/v1/express", `{"expressCustomerName":"x","metadata":{"`+strings.Repeat("é", 100)+`":"`+strings.Repeat("é", 1000)+`","b":""}}`)
}

func TestCustomerUpdateConstraints(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	id := b.createCustomer("Lakeside")
	one := "/v1/express/" + id
	b.wantError(400, "expressCustomerName: must not be null", "PATCH", one, `{"expressCustomerName":null}`)
	b.wantError(400, "expressCustomerName: must have 1", "PATCH", one, `{"expressCustomerName":""}`)
	b.wantError(400, "isActive: is not a field", "PATCH", one, `{"isActive":false}`)
	b.wantError(400, "metadata: must have at most 50", "PATCH", one, `{"metadata":`+pairs(51)+`}`)
	b.wantError(400, "takes no body", "POST", one+"/deactivate", `{"expressCustomerId":"x"}`)
	b.wantError(400, "takes no body", "GET", one, `{"a":1}`)
	if got := b.mustCustomer(id); got.Name != "Lakeside" || !got.IsActive || got.Metadata != nil {
		t.Errorf("the customer changed: %+v", got)
	}
}

func TestCustomerList(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	var want []string
	for i := range 45 {
		b.clock.Advance(time.Second)
		want = append(want, b.createCustomer(fmt.Sprint("Customer ", i)))
	}
	slices.Reverse(want)

	first := b.ok("GET", "/v1/express", "")
	if got := names(first, "expressCustomers", "expressCustomerId"); !slices.Equal(got, want[:20]) {
		t.Errorf("first page %v", got)
	}
	if first["hasMore"] != true || first["cursor"] != "eyJvZmZzZXQiOjIwfQ==" {
		t.Errorf("first page: hasMore %v, cursor %v", first["hasMore"], first["cursor"])
	}
	var got []string
	path := "/v1/express?limit=20.0"
	for range 3 {
		page := b.ok("GET", path, "")
		got = append(got, names(page, "expressCustomers", "expressCustomerId")...)
		cursor, more := page["cursor"].(string)
		if more != page["hasMore"].(bool) {
			t.Errorf("hasMore %v with cursor %v", page["hasMore"], page["cursor"])
		}
		path = "/v1/express?limit=20&cursor=" + cursor
	}
	if !slices.Equal(got, want) {
		t.Errorf("all pages: %d customers, want %d in order", len(got), len(want))
	}
	if last := b.send("GET", "/v1/express?limit=100", ""); strings.Contains(last.Body, "cursor") {
		t.Error("the last page has a cursor")
	}
	if empty := b.ok("GET", "/v1/express?cursor=eyJvZmZzZXQiOjkwMDB9", ""); len(empty["expressCustomers"].([]any)) != 0 || empty["hasMore"] != false {
		t.Errorf("beyond the end: %v", empty)
	}
}

func TestCustomerListConstraints(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, query := range []string{"limit=0", "limit=101", "limit=-1", "limit=x", "limit=1.5", "limit=20.", "limit=NaN", "limit=1e1", "limit=99999999999"} {
		b.wantError(400, "limit: must be a whole number from 1 to 100", "GET", "/v1/express?"+query, "")
	}
	for _, cursor := range []string{"x", "e30x", "eyJvZmZzZXQiOi0xfQ==", "eyJvZmZzZXQiOiJ4In0=", "eyJvZmZzZXQiOjEsIngiOjF9", "W10="} {
		b.wantError(400, "cursor: is not one", "GET", "/v1/express?cursor="+cursor, "")
	}
	b.wantError(400, "query string", "GET", "/v1/express?limit=%zz", "")
	b.ok("GET", "/v1/express?limit=1&cursor=&name=ignored", "")
	b.ok("GET", "/v1/express?limit=&cursor=", "")
}
