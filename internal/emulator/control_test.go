// SPDX-License-Identifier: MPL-2.0

package emulator_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

func TestControlGuard(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, test := range []struct {
		host, origin, site string
		status             int
	}{
		{"127.0.0.1:8787", "", "", 204},
		{"127.3.2.1", "", "", 204},
		{"localhost:8787", "", "", 204},
		{"LOCALHOST", "", "", 204},
		{"[::1]:8787", "", "", 204},
		{"[::1]", "", "", 204},
		{"localhost:8787", "http://localhost:8787", "", 204},
		{"localhost:8787", "http://localhost:8787", "same-origin", 204},
		{"localhost:8787", "", "cross-site", 403},
		{"localhost:8787", "http://127.0.0.1:8787", "", 403},
		{"localhost:8787", "http://localhost:9999", "", 403},
		{"localhost:8787", "https://evil.example", "", 403},
		{"localhost:8787", "https://evil.example", "same-origin", 403},
		{"localhost:8787", "null", "", 403},
		{"evil.example", "", "", 403},
		{"localhost.evil.example:8787", "", "", 403},
		{"192.168.1.5:8787", "", "", 403},
		{"", "", "", 403},
	} {
		r := request("DELETE", "/_emulator/requests", "")
		r.Host = test.host
		if test.origin != "" {
			r.Header.Set("Origin", test.origin)
		}
		if test.site != "" {
			r.Header.Set("Sec-Fetch-Site", test.site)
		}
		if answer := b.do(r); answer.Status != test.status {
			t.Errorf("%+v: status %d: %s", test, answer.Status, answer.Body)
		}
	}
}

func TestControlNeedsNoKey(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	r := request("GET", "/_emulator/health", "")
	r.Header.Del("Authorization")
	if answer := b.do(r); answer.Status != 200 || strings.TrimSpace(answer.Body) != `{"status":"ok"}` {
		t.Errorf("answer %+v", answer)
	}
	if answer := b.send("GET", "/_emulator/nothing", ""); answer.Status != 404 {
		t.Errorf("status %d", answer.Status)
	}
	if len(b.Requests()) != 0 {
		t.Error("control requests are logged")
	}
}

func TestControlRequests(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.createCustomer("Lakeside")
	b.send("GET", "/v1/express?limit=5", "")
	answer := b.send("GET", "/_emulator/requests", "")
	for _, want := range []string{
		`"time":"2026-09-02T13:05:41Z","method":"POST","route":"POST /v1/express","path":"/v1/express",`,
		`"body":"{\"expressCustomerName\":\"Lakeside\"}","status":200,"requestId":"req_`,
		`"query":"limit=5"`,
	} {
		if !strings.Contains(answer.Body, want) {
			t.Errorf("%s\nis not in %s", want, answer.Body)
		}
	}
	equalJSON(t, b.ok("GET", "/_emulator/counts", ""), `{"POST /v1/express":1,"GET /v1/express":1}`)
	b.send("DELETE", "/_emulator/requests", "")
	if got := strings.TrimSpace(b.send("GET", "/_emulator/requests", "").Body); got != "[]" {
		t.Errorf("after a reset: %s", got)
	}
}

func TestControlDialects(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	list := b.ok("PUT", "/_emulator/dialects", `{"dialects":["error-text","read-lag"]}`)
	equalJSON(t, list["dialects"], `["read-lag","error-text"]`)
	if got := len(list["known"].([]any)); got != len(emulator.AllDialects()) {
		t.Errorf("%d known dialects", got)
	}
	b.wantError(400, `"klingon" is not a dialect`, "PUT", "/_emulator/dialects", `{"dialects":["klingon"]}`)
	b.wantError(400, "cannot be read", "PUT", "/_emulator/dialects", `{"dialect":[]}`)
	b.wantError(400, "cannot be read", "PUT", "/_emulator/dialects", ``)
	b.wantError(400, "column 3: there is more", "PUT", "/_emulator/dialects", `{}{}`)
	if got := b.Dialects(); !slices.Equal(got, []emulator.Dialect{emulator.ReadLag, emulator.ErrorText}) {
		t.Errorf("in force: %v", got)
	}
	equalJSON(t, b.ok("PUT", "/_emulator/dialects", `{"dialects":[]}`)["dialects"], `[]`)
}

func TestControlFaults(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	added := b.ok("POST", "/_emulator/faults", `{"route":"GET /v1/express","every":2,"status":503,"header":{"Retry-After":"1"}}`)
	equalJSON(t, added, `{"id":1,"matched":0,"fired":0,"route":"GET /v1/express","every":2,"status":503,"header":{"Retry-After":"1"}}`)
	b.ok("POST", "/_emulator/faults", `{"rateLimit":{"perSecond":100,"burst":5}}`)
	if got := b.statuses(3, "GET", "/v1/express", ""); !slices.Equal(got, []int{200, 503, 200}) {
		t.Errorf("statuses %v", got)
	}
	if got := b.send("GET", "/_emulator/faults", "").Body; !strings.Contains(got, `"id":1,"matched":3,"fired":1`) {
		t.Errorf("faults %s", got)
	}
	b.wantError(400, "does nothing", "POST", "/_emulator/faults", `{}`)
	b.wantError(400, `column 2: unknown key "staus"`, "POST", "/_emulator/faults", `{"staus":503}`)
	b.wantError(404, "was not found", "DELETE", "/_emulator/faults/7", "")
	if answer := b.send("DELETE", "/_emulator/faults/1", ""); answer.Status != 204 {
		t.Errorf("status %d", answer.Status)
	}
	if got := b.send("GET", "/_emulator/faults", "").Body; strings.Contains(got, `"id":1`) || !strings.Contains(got, `"id":2`) {
		t.Errorf("faults %s", got)
	}
	b.send("DELETE", "/_emulator/faults", "")
	if got := strings.TrimSpace(b.send("GET", "/_emulator/faults", "").Body); got != "[]" {
		t.Errorf("faults %s", got)
	}
}

func TestControlCustomers(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	added := b.ok("POST", "/_emulator/customers", `{"expressCustomerName":"Lakeside","isActive":true,"metadata":{"a":"1","b":"2"}}`)
	id := added["expressCustomerId"].(string)
	b.clock.Advance(time.Hour)
	edited := b.ok("PATCH", "/_emulator/customers/"+id, `{"isActive":false,"metadata":{"b":"3"},"members":["usr_1"]}`)
	equalJSON(t, edited, `{"expressCustomerId":"`+id+`","expressCustomerName":"Lakeside","isActive":false,
		"metadata":{"b":"3"},"members":["usr_1"],"createdAt":"2026-09-02T13:05:41Z","updatedAt":"2026-09-02T14:05:41Z"}`)
	if got := b.ok("GET", "/v1/express/"+id, ""); got["isActive"] != false || got["userCount"] != 1.0 {
		t.Errorf("the API shows %v", got)
	}
	edited = b.ok("PATCH", "/_emulator/customers/"+id, `{"metadata":null,"members":null}`)
	if !lacks(edited, "metadata") || !lacks(edited, "members") || edited["expressCustomerName"] != "Lakeside" {
		t.Errorf("edited to %v", edited)
	}
	b.wantError(400, `unknown key "IsActive"`, "PATCH", "/_emulator/customers/"+id, `{"IsActive":true}`)
	b.wantError(400, `unknown key "userCount"`, "PATCH", "/_emulator/customers/"+id, `{"userCount":1}`)
	b.wantError(400, "cannot be read", "PATCH", "/_emulator/customers/"+id, `{"isActive":"x"}`)
	b.wantError(400, "must be a JSON object", "PATCH", "/_emulator/customers/"+id, `null`)
	b.wantError(404, "was not found", "PATCH", "/_emulator/customers/cus_0", `{}`)
	b.wantError(404, "was not found", "DELETE", "/_emulator/customers/cus_0", "")
	if answer := b.send("DELETE", "/_emulator/customers/"+id, ""); answer.Status != 204 {
		t.Errorf("status %d", answer.Status)
	}
	b.wantError(404, "was not found", "GET", "/v1/express/"+id, "")
}

func TestControlPeople(t *testing.T) {
	t.Parallel()
	eachProduct(t, func(t *testing.T, product emulator.Product, users string) {
		b := newBench(t)
		base := "/_emulator/" + string(product)
		for verb, status := range map[string]string{"accept": "accepted", "reject": "rejected", "revoke": "revoked", "expire": "sent"} {
			id := b.invite(product, map[string]any{"email": verb + "@x.example"})
			got := b.ok("POST", base+"/invitations/"+id+"/"+verb, "")
			if got["status"] != status || got["userId"] != id {
				t.Errorf("%s: %v", verb, got)
			}
			b.wantError(409, "is not open any more", "POST", base+"/invitations/"+id+"/"+verb, "")
		}
		b.wantError(404, "was not found", "POST", base+"/invitations/inv_0/accept", "")

		user := b.ok("POST", base+"/users", `{"email":"zoe@x.example","firstName":"Zoe","lastName":"Z","lastLoginAt":"2026-09-01T00:00:00Z"}`)
		id := user["userId"].(string)
		b.ok("PATCH", base+"/users/"+id, `{"firstName":"Zora","revoked":true,"lastLoginAt":null}`)
		if got := b.ok("GET", users+"/"+id, ""); got["firstName"] != "Zora" || got["lastLoginAt"] != nil {
			t.Errorf("the user is %v", got)
		}
		if got, _ := b.User(product, id); !got.Revoked {
			t.Error("the user has access")
		}
		b.send("DELETE", base+"/users/"+id, "")
		b.wantError(404, "was not found", "GET", users+"/"+id, "")

		invitation := b.ok("POST", base+"/invitations", `{"email":"new@x.example","firstName":"N","lastName":"N"}`)["invitationId"].(string)
		b.ok("PATCH", base+"/invitations/"+invitation, `{"lastName":"New"}`)
		if got := b.ok("GET", users+"/invitations/"+invitation, ""); got["lastName"] != "New" || got["invitedSource"] != "dashboard" {
			t.Errorf("the invitation is %v", got)
		}
		b.send("DELETE", base+"/invitations/"+invitation, "")
		b.wantError(404, "was not found", "GET", users+"/invitations/"+invitation, "")
	})
}

func TestControlReferences(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	id := b.ok("POST", "/_emulator/references", `{"name":"North","type":"facility","isActive":true}`)["clinicalReferenceId"].(string)
	b.ok("PATCH", "/_emulator/references/"+id, `{"name":"South"}`)
	if got := b.ok("GET", references+"/"+id, ""); got["name"] != "South" {
		t.Errorf("the reference is %v", got)
	}
	b.send("DELETE", "/_emulator/references/"+id, "")
	b.wantError(404, "was not found", "GET", references+"/"+id, "")
}

func TestControlState(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.Seed(emulator.Seed{Customers: 5, Users: 5, References: 5})
	state := b.send("GET", "/_emulator/state", "").Body
	other := newBench(t)
	if answer := other.send("PUT", "/_emulator/state", state); answer.Status != 204 {
		t.Fatalf("status %d: %s", answer.Status, answer.Body)
	}
	if got := other.send("GET", "/_emulator/state", "").Body; got != state {
		t.Errorf("restored\n%s\nwant\n%s", got, state)
	}
	for _, path := range []string{"/v1/express", "/v1/viewer/users", "/v1/viewer/users/invitations", references} {
		if got, want := other.send("GET", path, "").Body, b.send("GET", path, "").Body; got != want {
			t.Errorf("%s: restored\n%s\nwant\n%s", path, got, want)
		}
	}
	b.wantError(400, "has version 2", "PUT", "/_emulator/state", `{"version":2}`)
	b.wantError(400, `users: there is no product "viewers"`, "PUT", "/_emulator/state", `{"version":1,"users":{"viewers":[]}}`)
	b.wantError(400, "has no id", "PUT", "/_emulator/state", `{"version":1,"expressCustomers":[{}]}`)
	b.wantError(400, "there are two", "PUT", "/_emulator/state",
		`{"version":1,"users":{"viewer":[{"userId":"usr_1"},{"userId":"usr_1"}]}}`)
	if got := len(b.Customers()); got != 5 {
		t.Errorf("%d customers after states that were refused", got)
	}
}
