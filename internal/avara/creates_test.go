// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

const lakesideID = "cus_00000000000000000000000000000001"

// lakeside is the customer that the create leads to, as the list shows it, in which pairs
// of old and new text are replaced.
func lakeside(oldNew ...string) string {
	return strings.NewReplacer(oldNew...).Replace(fmt.Sprintf(
		`{"expressCustomerId":%q,"expressCustomerName":"Lakeside","isActive":true,"createdAt":%q,"createdByApiKeyId":"k","metadata":{"tier":"gold"}}`, lakesideID, now))
}

var lakesideWish = NewExpressCustomer{Name: "Lakeside", Metadata: map[string]string{"tier": "gold"}}

func customerPage(customers ...string) answer {
	return answer{status: 200, body: `{"expressCustomers":[` + strings.Join(customers, ",") + `],"hasMore":false}`}
}

// If a create has no answer, the client searches for the object. It adopts an object that
// it finds, and sends the create again if it finds none. In all other cases it returns an
// error. It searches eight times if the server may still be handling the create, else four
// times.
func TestCreatesWhoseAnswerIsLost(t *testing.T) {
	t.Parallel()
	none := customerPage()
	made := customerPage(lakeside())
	created := answer{status: 200, body: lakeside()}
	other := func(oldNew ...string) []answer { return []answer{customerPage(lakeside(oldNew...))} }
	lost, unavailable := answer{err: io.ErrUnexpectedEOF}, status(503)
	for name, tc := range map[string]struct {
		creates      []answer
		looks        []answer
		posts, pages int
		// err is a part of the expected error. unknown is true if the outcome is expected
		// to be unknown.
		err     string
		unknown bool
	}{
		"answered":                 {[]answer{created}, nil, 1, 0, "", false},
		"400":                      {[]answer{status(400)}, nil, 1, 0, "400", false},
		"409":                      {[]answer{status(409)}, nil, 1, 0, "409", false},
		"429, again":               {[]answer{status(429), status(429), created}, nil, 3, 0, "", false},
		"no connection, again":     {[]answer{{refused: true}, created}, nil, 2, 0, "", false},
		"no connection, for good":  {[]answer{{refused: true}}, nil, 3, 0, "refused", false},
		"lost, and made":           {[]answer{lost}, []answer{made}, 1, 1, "", false},
		"503, and made":            {[]answer{status(503)}, []answer{made}, 1, 1, "", false},
		"408, and made":            {[]answer{status(408)}, []answer{made}, 1, 1, "", false},
		"timeout, and made":        {[]answer{{hang: true}}, []answer{made}, 1, 1, "", false},
		"cut, and made":            {[]answer{{status: 200, body: "{}{}", cut: true}}, []answer{made}, 1, 1, "", false},
		"not JSON, and made":       {[]answer{{status: 200, body: "<html>"}}, []answer{made}, 1, 1, "", false},
		"without id, and made":     {[]answer{{status: 201, body: "{}"}}, []answer{made}, 1, 1, "", false},
		"empty, and made":          {[]answer{{status: 204}}, []answer{made}, 1, 1, "", false},
		"429, then lost, and made": {[]answer{status(429), lost}, []answer{made}, 2, 1, "", false},
		"made, shown late":         {[]answer{lost}, []answer{none, none, made}, 1, 3, "", false},
		"made at the last moment":  {[]answer{lost}, append(slices.Repeat([]answer{none}, 7), made), 1, 8, "", false},
		"made, look repeated":      {[]answer{lost}, []answer{status(503), made}, 1, 2, "", false},
		"made, blanks trimmed":     {[]answer{lost}, []answer{made}, 1, 1, "", false},
		"not made, sent again":     {[]answer{lost, created}, []answer{none}, 2, 8, "", false},
		"504, not made":            {[]answer{status(504), created}, []answer{none}, 2, 8, "", false},
		"408, not made":            {[]answer{status(408), created}, []answer{none}, 2, 8, "", false},
		"503, not made":            {[]answer{status(503), created}, []answer{none}, 2, 4, "", false},
		"not made, lost again":     {[]answer{status(503), lost}, []answer{none, none, none, none, made}, 2, 5, "", false},
		"made late, then refused":  {[]answer{status(503), status(409)}, []answer{none, none, none, none, made}, 2, 5, "", false},
		"another's, then refused":  {[]answer{status(503), status(409)}, []answer{none}, 2, 8, "409", false},
		"never made":               {[]answer{status(503)}, []answer{none}, 3, 12, "looked for an Express customer of this name, but did not find it, though the request was sent 3 times", true},
		"no connection later":      {[]answer{status(503), {refused: true}}, []answer{none}, 3, 4, "could not send the request again", true},
		"cut, but not there":       {[]answer{{status: 200, body: "{}{}", cut: true}}, []answer{none}, 1, 4, "forbids", true},
		"success, but not there":   {[]answer{{status: 201}}, []answer{none}, 1, 4, "forbids", true},
		"503, not to be repeated":  {[]answer{{status: 503, header: map[string]string{"X-Should-Retry": "false"}}}, []answer{none}, 1, 4, "forbids", true},
		"503, to be repeated":      {[]answer{{status: 503, header: map[string]string{"X-Should-Retry": "true"}}, created}, []answer{none}, 2, 4, "", false},
		"look fails":               {[]answer{lost}, []answer{status(403)}, 1, 1, "403", true},

		"an older one is none of ours":      {[]answer{unavailable, created}, other(now, "1999-12-31T23:54:00Z"), 2, 4, "", false},
		"a user's is none of ours":          {[]answer{unavailable, created}, other(`"createdByApiKeyId":"k"`, `"createdByUserId":"usr_1"`), 2, 4, "", false},
		"an inactive one is none of ours":   {[]answer{unavailable, created}, other(`"isActive":true`, `"isActive":false`), 2, 4, "", false},
		"another name is none of ours":      {[]answer{unavailable, created}, other("Lakeside", "Lakeside 2"), 2, 4, "", false},
		"creators left out":                 {[]answer{unavailable}, other(`,"createdByApiKeyId":"k"`, ``), 1, 1, "", false},
		"both creators shown":               {[]answer{unavailable}, other(`"createdByApiKeyId":"k"`, `"createdByApiKeyId":"k","createdByUserId":"usr_1"`), 1, 1, "", false},
		"fractional seconds, a zone":        {[]answer{unavailable}, other(now, "2000-01-01T02:00:00.123+02:00"), 1, 1, "", false},
		"the API's clock is a bit behind":   {[]answer{unavailable}, other(now, "1999-12-31T23:59:59Z"), 1, 1, "", false},
		"made before or not, in doubt":      {[]answer{unavailable}, other(now, "1999-12-31T23:56:00Z"), 1, 4, lakesideID, true},
		"of unknown age, in doubt":          {[]answer{unavailable}, other(`"`+now+`"`, "null"), 1, 4, lakesideID, true},
		"with other metadata, in doubt":     {[]answer{unavailable}, other("gold", "silver"), 1, 4, lakesideID, true},
		"name in another case, in doubt":    {[]answer{unavailable}, other("Lakeside", "LAKESIDE"), 1, 4, lakesideID, true},
		"name with other blanks, in doubt":  {[]answer{unavailable}, other("Lakeside", " Lakeside "), 1, 4, lakesideID, true},
		"without an id, in doubt":           {[]answer{unavailable}, other(`"`+lakesideID+`"`, "null"), 1, 4, "without an id", true},
		"one in doubt beside the right one": {[]answer{unavailable}, []answer{customerPage(lakeside("gold", "silver", lakesideID, "cus_2"), lakeside())}, 1, 1, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			scripted(t, map[string][]answer{"POST /express": tc.creates, list: tc.looks}, func(t *testing.T, c *Client, s *script) {
				got, err := c.CreateExpressCustomer(t.Context(), lakesideWish)
				var unknown *OutcomeUnknownError
				switch {
				case tc.err == "" && (err != nil || got.ID != lakesideID):
					t.Errorf("%+v, %v", got, err)
				case tc.err != "" && (err == nil || !strings.Contains(err.Error(), tc.err)):
					t.Errorf("error %v, want %q", err, tc.err)
				case errors.As(err, &unknown) != tc.unknown, tc.unknown && unknown.Object != "an Express customer of this name":
					t.Errorf("outcome unknown: %t, want %t (%v)", !tc.unknown, tc.unknown, err)
				}
				posts := strings.Count(strings.Join(s.sent, "\n"), "POST /express")
				if posts != tc.posts || len(s.sent)-posts != tc.pages {
					t.Errorf("%d creates and %d pages, want %d and %d", posts, len(s.sent)-posts, tc.posts, tc.pages)
				}
				if s.bodies[0] != `{"expressCustomerName":"Lakeside","metadata":{"tier":"gold"}}` {
					t.Errorf("body %s", s.bodies[0])
				}
			})
		})
	}
}

// The age of an object is measured by the clock of the answer that shows it, not by this
// machine's clock. An object that may have existed before the create could belong to
// another resource. The clock of the failed answer is ignored, since it may be that of a
// proxy.
func TestAnObjectIsDatedByTheClockOfTheAPI(t *testing.T) {
	t.Parallel()
	const adopted, inDoubt, none = "adopted", "in doubt", "none of ours"
	for name, tc := range map[string]struct{ date, createdAt, want string }{
		"this machine's clock is a day ahead":    {"Fri, 31 Dec 1999 00:00:00 GMT", "1999-12-31T00:00:00Z", adopted},
		"and an object is a bit older":           {"Fri, 31 Dec 1999 00:00:00 GMT", "1999-12-30T23:59:57Z", inDoubt},
		"or older still":                         {"Fri, 31 Dec 1999 00:00:00 GMT", "1999-12-30T23:58:00Z", none},
		"the clocks agree":                       {"Sat, 01 Jan 2000 00:00:00 GMT", "1999-12-31T23:59:59Z", adopted},
		"and an object is two seconds old":       {"Sat, 01 Jan 2000 00:00:00 GMT", "1999-12-31T23:59:58Z", inDoubt},
		"or a few minutes":                       {"Sat, 01 Jan 2000 00:00:00 GMT", "1999-12-31T23:57:00Z", none},
		"this machine's clock is a day behind":   {"Sun, 02 Jan 2000 00:00:00 GMT", "2000-01-02T00:00:00Z", adopted},
		"and an object was there the day before": {"Sun, 02 Jan 2000 00:00:00 GMT", "2000-01-01T00:00:00Z", none},
		"the API shows no clock":                 {"", "1999-12-31T23:59:59Z", adopted},
		"and an object is a few minutes old":     {"", "1999-12-31T23:57:00Z", inDoubt},
		"or older than clocks go wrong":          {"", "1999-12-31T23:54:00Z", none},
	} {
		t.Run(name, func(t *testing.T) {
			look := customerPage(lakeside(now, tc.createdAt))
			look.date, _ = http.ParseTime(tc.date)
			created := answer{status: 200, body: lakeside(lakesideID, "cus_2")}
			ahead := answer{status: 502, header: map[string]string{"Date": "Sat, 01 Jan 2000 00:05:00 GMT"}}
			scripted(t, map[string][]answer{"POST /express": {ahead, created}, list: {look}}, func(t *testing.T, c *Client, _ *script) {
				got, err := c.CreateExpressCustomer(t.Context(), lakesideWish)
				outcome := none
				switch {
				case err != nil && strings.Contains(err.Error(), lakesideID):
					outcome = inDoubt
				case err != nil:
					t.Fatal(err)
				case got.ID == lakesideID:
					outcome = adopted
				}
				if outcome != tc.want {
					t.Errorf("%s (%+v, %v), want %s", outcome, got, err, tc.want)
				}
			})
		})
	}
}

func TestWithoutRetriesACreateIsLookedForButNotSentAgain(t *testing.T) {
	none := customerPage()
	later := customerPage(lakeside(now, "2000-01-01T00:00:02Z"))
	answers := map[string][]answer{"POST /express": {status(503)}, list: {none, none, none, none, later}}
	scripted(t, answers, func(t *testing.T, _ *Client, s *script) {
		c := newTestClient(t, Options{Transport: s})
		_, err := c.CreateExpressCustomer(t.Context(), lakesideWish)
		if _, ok := errors.AsType[*OutcomeUnknownError](err); !ok {
			t.Error(err)
		}
		if got, err := c.CreateExpressCustomer(t.Context(), lakesideWish); err != nil || got.ID != lakesideID {
			t.Errorf("%+v, %v", got, err)
		}
	})
}

// If Terraform is interrupted during a create whose answer is lost, the client still
// searches for the object, but sends no further create.
func TestALostCreateIsLookedForAfterAnInterruption(t *testing.T) {
	t.Parallel()
	for name, look := range map[string]answer{"made": customerPage(lakeside()), "not made": customerPage()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, interrupt := context.WithCancel(t.Context())
				posts := 0
				c := newTestClient(t, Options{MaxRetries: 2, Transport: roundTrip(func(req *http.Request) (*http.Response, error) {
					connected(req)
					if req.Method == http.MethodPost {
						posts++
						interrupt()
						time.Sleep(8 * time.Second)
						return nil, io.ErrUnexpectedEOF
					}
					return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader(look.body))}, nil
				})})
				got, err := c.CreateExpressCustomer(ctx, lakesideWish)
				var unknown *OutcomeUnknownError
				if name == "made" && (err != nil || got.ID != lakesideID) || name != "made" && !errors.As(err, &unknown) {
					t.Errorf("%+v, %v", got, err)
				}
				if posts != 1 {
					t.Errorf("sent %d times", posts)
				}
			})
		})
	}
}
