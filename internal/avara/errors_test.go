// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"errors"
	"strings"
	"testing"
)

// errorOf is the error for an answer with this status and body.
func errorOf(c *Client, status int, body string) *Error {
	return c.newError(&message{op: operation{method: "GET"}, path: "/v1/express"}, &outcome{status: status, body: []byte(body)})
}

func TestErrorSaysWhatHappened(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]string{403: "403 Forbidden", 522: "522"} { // HTTP has no name for the latter
		t.Run(want, func(t *testing.T) {
			refused := answer{status: status, header: map[string]string{"x-request-id": "req_7", "x-should-retry": "false"}, body: `{"message":"not yours"}`}
			scripted(t, map[string][]answer{get: {refused}}, func(t *testing.T, c *Client, _ *script) {
				_, err := c.GetExpressCustomer(t.Context(), testID)
				if want := "GET /v1/express/" + testID + ": " + want + ": not yours (request id req_7)"; err == nil || err.Error() != want {
					t.Errorf("%v, want %s", err, want)
				}
			})
		})
	}
}

func TestRedirects(t *testing.T) {
	t.Parallel()
	for location, want := range map[string]string{
		"https://evil.test/v1/express/" + testID: "another address",
		"http://api.test/v1/express/" + testID:   "another address",
		"https://api.test/moved/" + testID:       "",
	} {
		t.Run(location, func(t *testing.T) {
			scripted(t, map[string][]answer{get: {{status: 302, header: map[string]string{"Location": location}}, customer(true, "a")}},
				func(t *testing.T, c *Client, s *script) {
					_, err := c.GetExpressCustomer(t.Context(), testID)
					if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want) || len(s.sent) != 1) {
						t.Errorf("%v after %v", err, s.sent)
					}
				})
		})
	}
}

func TestAnAnswerThatQuotesTheKeyIsRedacted(t *testing.T) {
	quoting := answer{status: 401, body: `{"message":"the key ` + testKey + ` is not known"}`}
	failed := answer{status: 200, body: `{"success":false,"message":"the key ` + testKey + ` may not do this"}`}
	scripted(t, map[string][]answer{get: {quoting}, "DELETE /users": {failed}}, func(t *testing.T, c *Client, _ *script) {
		_, err := c.GetExpressCustomer(t.Context(), testID)
		for _, err := range []error{err, c.RemoveExpressCustomerUser(t.Context(), testID, "usr_1")} {
			if err == nil || strings.Contains(err.Error(), testKey) || !strings.Contains(err.Error(), "the key") {
				t.Error(err)
			}
		}
	})
}

func TestRedirectsEnd(t *testing.T) {
	scripted(t, map[string][]answer{get: {{status: 302, header: map[string]string{"Location": "/v1/express/" + testID}}}},
		func(t *testing.T, c *Client, s *script) {
			if _, err := c.GetExpressCustomer(t.Context(), testID); !errors.Is(err, errRedirect) || len(s.sent) > 6 {
				t.Errorf("%v after %d requests", err, len(s.sent))
			}
		})
}

func TestARedirectNeverTurnsAPostIntoAGet(t *testing.T) {
	scripted(t, map[string][]answer{"POST /express": {{status: 302, header: map[string]string{"Location": "/v1/express"}}}},
		func(t *testing.T, c *Client, s *script) {
			if _, err := c.CreateExpressCustomer(t.Context(), NewExpressCustomer{Name: "a"}); !errors.Is(err, errRedirect) {
				t.Error(err)
			}
			s.expectSent("POST /express")
		})
}

func TestAnswersAreBounded(t *testing.T) {
	endless := answer{status: 200, body: `{"expressCustomerName":"` + strings.Repeat("x", maxAnswer) + `"}`}
	scripted(t, map[string][]answer{get: {endless}}, func(t *testing.T, c *Client, s *script) {
		if _, err := c.GetExpressCustomer(t.Context(), testID); !errors.Is(err, errTooLarge) {
			t.Error(err)
		}
		s.expectSent(sentGet)
	})
}

// The client's own correlation id is not a secret. If an answer returns it, it does not
// identify a single request.
func TestAnAnswerMayQuoteTheCorrelationID(t *testing.T) {
	const run = "7e57000000000000"
	echo := map[string]string{correlationHeader: run}
	quoting := withMetadata(`{"run":"` + run + `"}`)
	quoting.header = echo
	refused := answer{status: 400, header: map[string]string{correlationHeader: run, "Cf-Ray": "ray_1"}, body: `{"message":"not in ` + run + `"}`}
	scripted(t, map[string][]answer{get: {quoting, refused}}, func(t *testing.T, _ *Client, s *script) {
		c := newTestClient(t, Options{Transport: s, CorrelationID: run})
		if _, err := c.GetExpressCustomer(t.Context(), testID); err != nil {
			t.Error(err)
		}
		_, err := c.GetExpressCustomer(t.Context(), testID)
		if e, ok := errors.AsType[*Error](err); !ok || e.RequestID != "ray_1" || e.Message != "not in "+run {
			t.Error(err)
		}
	})
}
