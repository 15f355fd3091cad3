// SPDX-License-Identifier: MPL-2.0

package emulator_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// An optional object may be null, since an SDK may encode an absent object as null.
func TestNullBody(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	customer := "/v1/express/" + b.createCustomer("Lakeside")
	user := "/v1/viewer/users/" + b.join(emulator.Viewer, nil)
	invitation := b.invitation(emulator.Viewer, b.invite(emulator.Viewer, map[string]any{"email": "new@x.example"}))["invitationId"]
	for _, request := range []string{
		"PATCH " + customer, "POST " + customer + "/deactivate", "POST " + customer + "/reactivate", "PATCH " + user,
		fmt.Sprint("PATCH /v1/viewer/users/invitations/", invitation),
		"PATCH " + references + "/" + b.createReference(`{"name":"North","type":"facility"}`),
	} {
		method, path, _ := strings.Cut(request, " ")
		b.ok(method, path, " null\n")
	}
	for _, body := range []string{"", "null", "{}"} {
		b.wantError(400, "one of invitationId and userId is required", "POST", "/v1/viewer/users/invitations/revoke", body)
	}
	b.wantError(400, "must be a JSON object", "POST", "/v1/express", "null")
	b.wantError(400, "must be a JSON object", "POST", customer+"/users", "null")
	b.wantError(400, "takes no body", "POST", customer+"/deactivate", "[]")
}

func TestKeysStandOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, body := range []string{
		`{"expressCustomerName":"a","expressCustomerName":"b"}`,
		`{"expressCustomerName":"a","expressCustomerName":"a"}`,
		`{"expressCustomerName":"a","\u0065xpressCustomerName":"b"}`,
		`{"expressCustomerName":"a","metadata":{"x":"1","y":"2","x":"3"}}`,
		`{"metadata":{"":"1","":"2"},"expressCustomerName":"a"}`,
	} {
		b.wantError(400, "stands twice", "POST", "/v1/express", body)
	}
	b.wantError(400, "stands twice", "POST", "/v1/viewer/ephemeral-sessions", `{"retrievalId":"x","options":{"a":[{"b":{"c":1,"c":2}}]}}`)
	b.ok("POST", "/v1/viewer/ephemeral-sessions", `{"retrievalId":"x","options":{"a":[{"a":"a"},{"a":"\"a\":{"}],"b":{"a":[]}, "c" : -1.5e3 }}`)
	if got := len(b.Customers()); got != 0 {
		t.Errorf("%d customers", got)
	}
}

// A truncated body is rejected, even if the part that arrived is valid JSON.
func TestBodyThatBreaksOff(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	server := httptest.NewServer(b)
	t.Cleanup(server.Close)
	const body = `{"expressCustomerName":"Lakeside"}`
	for name, rest := range map[string]string{
		"length":     "Content-Length: 100\r\n\r\n" + body,
		"no chunk":   "Transfer-Encoding: chunked\r\n\r\n" + fmt.Sprintf("%x\r\n%s\r\n", len(body), body),
		"half chunk": "Transfer-Encoding: chunked\r\n\r\n" + fmt.Sprintf("%x\r\n%s", len(body)+5, body),
	} {
		for target, what := range map[string]string{"/v1/express": "customer", "/_emulator/customers": "customer", "/v1/viewer/studies": "study"} {
			status, text := sendRaw(t, server, "POST "+target+" HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "+
				emulator.DefaultAPIKey+"\r\nContent-Type: application/json\r\n"+rest)
			if status != http.StatusBadRequest || !strings.Contains(text, "unexpected EOF") {
				t.Errorf("%s to %s, a %s: status %d: %s", name, target, what, status, text)
			}
		}
	}
	if got := len(b.Customers()); got != 0 {
		t.Errorf("%d customers", got)
	}
}

// sendRaw sends the text, closes the connection for writing, and returns the answer.
func sendRaw(t *testing.T, server *httptest.Server, text string) (status int, body string) {
	t.Helper()
	connection, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = connection.Close() }()
	if _, err := io.WriteString(connection, text); err != nil {
		t.Fatal(err)
	}
	if err := connection.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	answer, err := http.ReadResponse(bufio.NewReader(connection), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	content, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(content)
}
