// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

const (
	testReferenceID = "ref_71ad5e9032c84fb6b90e4d17f8c26a5b"

	getReference      = "GET /" + testReferenceID
	patchReference    = "PATCH /" + testReferenceID
	deleteReference   = "POST /delete"
	sentGetReference  = "GET /autoScribe/clinicalReferences/" + testReferenceID
	sentPatchRef      = "PATCH /autoScribe/clinicalReferences/" + testReferenceID
	sentDeleteRef     = "POST /autoScribe/clinicalReferences/" + testReferenceID + "/delete"
	sentCreateRef     = "POST /autoScribe/clinicalReferences"
	sentListRefs      = "GET /autoScribe/clinicalReferences"
	sentGetByExternal = "GET /autoScribe/clinicalReferences/byExternalReferenceId/LNC-04"
)

// reference is an answer with one active facility reference, in which pairs of old and new
// text are replaced.
func reference(oldNew ...string) answer {
	body := fmt.Sprintf(`{"clinicalReferenceId":%q,"name":"North","type":"facility","isActive":true,"externalReferenceId":"LNC-04",
		"expressCustomer":{"expressCustomerId":%q,"expressCustomerName":"Lakeside"},"metadata":{"city":"Evanston"},
		"createdAt":%q,"updatedAt":null,"future":1}`, testReferenceID, testID, now)
	return answer{status: 200, body: strings.NewReplacer(oldNew...).Replace(body)}
}

func deletedReference() answer {
	return reference(`"North"`, `"North (deleted 946684800)"`, `"isActive":true`, `"isActive":false`)
}

func referencePage(items ...answer) answer {
	var bodies []string
	for _, item := range items {
		bodies = append(bodies, item.body)
	}
	return answer{status: 200, body: `{"clinicalReferences":[` + strings.Join(bodies, ",") + `],"hasMore":false}`}
}

var north = NewClinicalReference{
	Name: "North", Type: "facility", ExternalReferenceID: "LNC-04", ExpressCustomerID: testID, Metadata: map[string]string{"city": "Evanston"},
}

func TestAReferenceIsReadLeniently(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		answer   answer
		customer string
	}{
		"of a customer":     {reference(), testID},
		"of the clinic":     {answer{status: 200, body: `{"clinicalReferenceId":"` + testReferenceID + `","expressCustomer":null,"metadata":null,"createdAt":null,"updatedAt":null,"externalReferenceId":null}`}, ""},
		"with keys missing": {answer{status: 200, body: `{"clinicalReferenceId":"` + testReferenceID + `"}`}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			scripted(t, map[string][]answer{getReference: {tc.answer}}, func(t *testing.T, c *Client, s *script) {
				got, err := c.GetClinicalReference(t.Context(), testReferenceID)
				if err != nil || got.ID != testReferenceID || got.ExpressCustomer.ID != tc.customer {
					t.Errorf("%+v, %v", got, err)
				}
				s.expectSent(sentGetReference)
			})
		})
	}
}

func TestAReferenceWithoutIDIsAnError(t *testing.T) {
	scripted(t, map[string][]answer{getReference: {{status: 200, body: `{}`}}}, func(t *testing.T, c *Client, _ *script) {
		if _, err := c.GetClinicalReference(t.Context(), testReferenceID); err == nil || !strings.Contains(err.Error(), "success, but not with a clinical reference") {
			t.Error(err)
		}
	})
}

func TestExternalIDsAreEscaped(t *testing.T) {
	scripted(t, map[string][]answer{"GET /04": {reference("LNC-04", "LNC/04")}}, func(t *testing.T, c *Client, s *script) {
		if _, err := c.GetClinicalReferenceByExternalID(t.Context(), "LNC/04"); err != nil {
			t.Error(err)
		}
		for _, id := range []string{"", ".", ".."} {
			if _, err := c.GetClinicalReferenceByExternalID(t.Context(), id); err == nil {
				t.Errorf("%q was sent", id)
			}
		}
		s.expectSent("GET /autoScribe/clinicalReferences/byExternalReferenceId/LNC%2F04")
	})
}

// An external id is found in the form in which the API stores it.
func TestExternalIDsInEitherForm(t *testing.T) {
	t.Parallel()
	composed, decomposed := norm.NFC.String("Z\u00fc"), norm.NFD.String("Z\u00fc")
	get := func(form string) string { return "GET /" + form }
	sent := func(form string) string {
		return "GET /autoScribe/clinicalReferences/byExternalReferenceId/" + url.PathEscape(form)
	}
	found := reference("LNC-04", decomposed)
	for name, tc := range map[string]struct {
		answers map[string][]answer
		sent    []string
		missing bool
	}{
		"as asked":              {map[string][]answer{get(composed): {found}}, []string{sent(composed)}, false},
		"only in its own form":  {map[string][]answer{get(composed): {status(404)}, get(decomposed): {found}}, []string{sent(composed), sent(decomposed)}, false},
		"in neither form":       {map[string][]answer{get(composed): {status(404)}, get(decomposed): {status(404)}}, []string{sent(composed), sent(decomposed)}, true},
		"refused, so not again": {map[string][]answer{get(composed): {status(403)}}, []string{sent(composed)}, true},
	} {
		t.Run(name, func(t *testing.T) {
			scripted(t, tc.answers, func(t *testing.T, c *Client, s *script) {
				if _, err := c.GetClinicalReferenceByExternalID(t.Context(), composed); (err != nil) != tc.missing {
					t.Error(err)
				}
				s.expectSent(tc.sent...)
			})
		})
	}
}

func TestReferencesWhoseAnswerIsLost(t *testing.T) {
	t.Parallel()
	const create, list, byExternal = "POST /clinicalReferences", "GET /clinicalReferences", "GET /LNC-04"
	noExternal := []string{`"LNC-04"`, "null"}
	without := north
	without.ExternalReferenceID = ""
	looks := func(n int) []string { return slices.Repeat([]string{sentGetByExternal}, n) }
	again := append(looks(4), sentCreateRef)
	for name, tc := range map[string]struct {
		wish    NewClinicalReference
		creates []answer
		look    []answer
		sent    []string // after the create
		unknown bool
		failed  bool
	}{
		"answered":              {north, []answer{reference()}, nil, nil, false, false},
		"lost, and made":        {north, []answer{{err: io.ErrUnexpectedEOF}}, []answer{reference()}, looks(1), false, false},
		"lost, made, seen late": {north, []answer{{err: io.EOF}}, []answer{status(404), status(404), reference()}, looks(3), false, false},
		"cut, and made":         {north, []answer{{status: 200, body: "{}{}", cut: true}}, []answer{reference()}, looks(1), false, false},
		"timeout, and made":     {north, []answer{{hang: true}}, []answer{reference()}, looks(1), false, false},
		"503, and made":         {north, []answer{status(503)}, []answer{reference()}, looks(1), false, false},
		"success without id":    {north, []answer{{status: 204}}, []answer{reference()}, looks(1), false, false},
		"503, and not made":     {north, []answer{status(503), reference()}, []answer{status(404)}, again, false, false},
		"lost, then refused":    {north, []answer{status(503), status(409)}, []answer{status(404), status(404), status(404), status(404), reference()}, append(again, sentGetByExternal), false, false},
		"503, look fails":       {north, []answer{status(503)}, []answer{status(403)}, looks(1), true, true},
		"an older one":          {north, []answer{status(503), status(409)}, []answer{reference(now, "1999-12-31T23:00:00Z")}, append(again, looks(4)...), false, true},
		"of unknown age":        {north, []answer{status(503)}, []answer{reference(`"`+now+`"`, "null")}, looks(4), true, true},
		"a deleted one":         {north, []answer{status(503), reference()}, []answer{deletedReference()}, again, false, false},
		"another customer's":    {north, []answer{status(503)}, []answer{reference(testID, "cus_0")}, looks(4), true, true},
		"with other metadata":   {north, []answer{status(503)}, []answer{reference("Evanston", "Gary")}, looks(4), true, true},
		"of another type":       {north, []answer{status(503)}, []answer{reference("facility", "procedure")}, looks(4), true, true},
		"refused":               {north, []answer{status(409)}, nil, nil, false, true},
		"429, sent again":       {north, []answer{status(429), reference()}, nil, []string{sentCreateRef}, false, false},
		"no connection, again":  {north, []answer{{refused: true}, reference()}, nil, []string{sentCreateRef}, false, false},
		"found by type and name": {
			without,
			[]answer{status(503)},
			[]answer{referencePage(reference(append(noExternal, `"North"`, `"South"`)...), reference(append(noExternal, testReferenceID, "ref_2")...))},
			[]string{sentListRefs},
			false, false,
		},
		"the older of several": {
			without,
			[]answer{status(503)},
			[]answer{referencePage(reference(append(noExternal, testReferenceID, "ref_2", now, "2000-01-01T00:00:01Z")...), reference(noExternal...))},
			[]string{sentListRefs},
			false, false,
		},
	} {
		t.Run(name, func(t *testing.T) {
			scripted(t, map[string][]answer{create: tc.creates, list: tc.look, byExternal: tc.look}, func(t *testing.T, c *Client, s *script) {
				got, err := c.CreateClinicalReference(t.Context(), tc.wish)
				var unknown *OutcomeUnknownError
				if errors.As(err, &unknown) != tc.unknown || tc.failed != (err != nil) || err == nil && !strings.HasPrefix(got.ID, "ref_") {
					t.Errorf("%+v, %v", got, err)
				}
				s.expectSent(append([]string{sentCreateRef}, tc.sent...)...)
			})
		})
	}
}

func TestACreateLeavesOutWhatIsNotSet(t *testing.T) {
	scripted(t, map[string][]answer{"POST /clinicalReferences": {reference()}}, func(t *testing.T, c *Client, s *script) {
		for _, wish := range []NewClinicalReference{{Name: "North", Type: "facility"}, north} {
			if _, err := c.CreateClinicalReference(t.Context(), wish); err != nil {
				t.Error(err)
			}
		}
		want := []string{
			`{"name":"North","type":"facility"}`,
			`{"name":"North","type":"facility","externalReferenceId":"LNC-04","expressCustomerId":"` + testID + `","metadata":{"city":"Evanston"}}`,
		}
		if !slices.Equal(s.bodies, want) {
			t.Errorf("bodies %q", s.bodies)
		}
	})
}

func TestReferenceFilters(t *testing.T) {
	t.Parallel()
	for want, filter := range map[string]ClinicalReferenceFilter{
		"isActive=true":                                  {},
		"isActive=false":                                 {Deleted: true},
		"isActive=true&type=procedure":                   {Type: "procedure"},
		"expressCustomerId=" + testID + "&isActive=true": {ExpressCustomerID: testID},
	} {
		if got := filter.query().Encode(); got != want {
			t.Errorf("%+v: %s, want %s", filter, got, want)
		}
	}
}

func TestReferencesAreListedOnceEach(t *testing.T) {
	first := referencePage(reference(), reference(testReferenceID, "ref_2"))
	first.body = strings.Replace(first.body, `"hasMore":false`, `"hasMore":true,"cursor":"c"`, 1)
	scripted(t, map[string][]answer{"GET /clinicalReferences": {first, referencePage(reference(testReferenceID, "ref_2"), reference(testReferenceID, "ref_3"))}},
		func(t *testing.T, c *Client, s *script) {
			var ids []string
			for item, err := range c.ClinicalReferences(t.Context(), ClinicalReferenceFilter{}) {
				if err != nil {
					t.Fatal(err)
				}
				ids = append(ids, item.ID)
			}
			if want := []string{testReferenceID, "ref_2", "ref_3"}; !slices.Equal(ids, want) {
				t.Errorf("%v, want %v", ids, want)
			}
			s.expectSent(sentListRefs, sentListRefs)
		})
}

func TestAReferenceUpdateSendsOnlyTheChange(t *testing.T) {
	t.Parallel()
	name, customer := "South", "cus_2"
	pairs, none := map[string]string{"k": "v"}, map[string]string{}
	withPairs := func(pairs string) answer { return reference(`{"city":"Evanston"}`, pairs) }
	for title, tc := range map[string]struct {
		change ClinicalReferenceChange
		after  []answer
		bodies []string
	}{
		"rename": {ClinicalReferenceChange{Name: &name}, []answer{reference("North", "South")}, []string{`{"name":"South"}`}},
		"move":   {ClinicalReferenceChange{ExpressCustomerID: &customer}, []answer{reference(testID, customer)}, []string{`{"expressCustomerId":"cus_2"}`}},
		"clear":  {ClinicalReferenceChange{Metadata: none}, []answer{withPairs("null")}, []string{`{"metadata":null}`}},
		"merging API": {
			ClinicalReferenceChange{Name: &name, Metadata: pairs},
			[]answer{withPairs(`{"k":"v","city":"Evanston"}`), withPairs(`null`), withPairs(`{"k":"v"}`)},
			[]string{`{"metadata":{"k":"v"},"name":"South"}`, `{"metadata":null}`, `{"metadata":{"k":"v"}}`},
		},
	} {
		t.Run(title, func(t *testing.T) {
			scripted(t, map[string][]answer{patchReference: tc.after}, func(t *testing.T, c *Client, s *script) {
				if _, err := c.UpdateClinicalReference(t.Context(), testReferenceID, tc.change); err != nil {
					t.Error(err)
				}
				if !slices.Equal(s.bodies, tc.bodies) {
					t.Errorf("bodies %q, want %q", s.bodies, tc.bodies)
				}
			})
		})
	}
}

func TestAnInterruptedMetadataDanceShowsHowFarItGot(t *testing.T) {
	pairs := map[string]string{"k": "v"}
	scripted(t, map[string][]answer{patchReference: {reference(`"city"`, `"k":"v","city"`), reference(`{"city":"Evanston"}`, "null"), status(400)}},
		func(t *testing.T, c *Client, _ *script) {
			got, err := c.UpdateClinicalReference(t.Context(), testReferenceID, ClinicalReferenceChange{Metadata: pairs})
			if StatusOf(err) != 400 || got == nil || len(got.Metadata) != 0 {
				t.Errorf("%+v, %v", got, err)
			}
		})
}

func TestAReferenceUpdateIsRepeatedOnlyAfterALook(t *testing.T) {
	t.Parallel()
	name, customer := "South", "cus_2"
	made := reference("North", "South", testID, customer)
	for title, tc := range map[string]struct {
		answers map[string][]answer
		sent    []string
		failed  bool
	}{
		"lost, and made":         {map[string][]answer{patchReference: {{err: io.EOF}}, getReference: {made}}, []string{sentPatchRef, sentGetReference}, false},
		"lost, half made":        {map[string][]answer{patchReference: {{err: io.EOF}, made}, getReference: {reference("North", "South")}}, []string{sentPatchRef, sentGetReference, sentPatchRef}, false},
		"503, not made":          {map[string][]answer{patchReference: {status(503), made}, getReference: {reference()}}, []string{sentPatchRef, sentGetReference, sentPatchRef}, false},
		"429":                    {map[string][]answer{patchReference: {status(429), made}}, []string{sentPatchRef, sentPatchRef}, false},
		"success without a body": {map[string][]answer{patchReference: {{status: 204}}, getReference: {made}}, []string{sentPatchRef, sentGetReference}, false},
		"refused":                {map[string][]answer{patchReference: {status(409)}}, []string{sentPatchRef}, true},
		"404, to be repeated": {
			map[string][]answer{patchReference: {{status: 404, header: map[string]string{"X-Should-Retry": "true"}}, made}, getReference: {reference("North", "North")}},
			[]string{sentPatchRef, sentGetReference, sentPatchRef},
			false,
		},
	} {
		t.Run(title, func(t *testing.T) {
			scripted(t, tc.answers, func(t *testing.T, c *Client, s *script) {
				got, err := c.UpdateClinicalReference(t.Context(), testReferenceID, ClinicalReferenceChange{Name: &name, ExpressCustomerID: &customer})
				if tc.failed != (err != nil) || err == nil && (got.Name != name || got.ExpressCustomer.ID != customer) {
					t.Errorf("%+v, %v", got, err)
				}
				s.expectSent(tc.sent...)
			})
		})
	}
}

func TestDeletingToleratesWhatIsDeleted(t *testing.T) {
	t.Parallel()
	gone := deletedReference()
	for title, tc := range map[string]struct {
		deletes []answer
		gets    []answer
		sent    []string
		failed  bool
	}{
		"deleted":                      {[]answer{gone}, nil, []string{sentDeleteRef}, false},
		"404":                          {[]answer{status(404)}, []answer{status(404)}, []string{sentDeleteRef, sentGetReference, sentListRefs}, false},
		"410":                          {[]answer{status(410)}, []answer{status(410)}, []string{sentDeleteRef, sentGetReference, sentListRefs}, false},
		"404, deleted":                 {[]answer{status(404)}, []answer{gone}, []string{sentDeleteRef, sentGetReference}, false},
		"404, not deleted":             {[]answer{status(404)}, []answer{reference()}, []string{sentDeleteRef, sentGetReference}, true},
		"404, look fails":              {[]answer{status(404)}, []answer{status(403)}, []string{sentDeleteRef, sentGetReference}, true},
		"409, deleted":                 {[]answer{status(409)}, []answer{gone}, []string{sentDeleteRef, sentGetReference}, false},
		"400, deleted and not shown":   {[]answer{status(400)}, []answer{status(404)}, []string{sentDeleteRef, sentGetReference, sentListRefs}, false},
		"409, not deleted":             {[]answer{status(409)}, []answer{reference()}, []string{sentDeleteRef, sentGetReference}, true},
		"409, look fails":              {[]answer{status(409)}, []answer{status(403)}, []string{sentDeleteRef, sentGetReference}, true},
		"lost, deleted":                {[]answer{{err: io.EOF}}, []answer{gone}, []string{sentDeleteRef, sentGetReference}, false},
		"lost, deleted and not shown":  {[]answer{{err: io.EOF}}, []answer{status(404)}, []string{sentDeleteRef, sentGetReference, sentListRefs}, false},
		"lost, not deleted":            {[]answer{{err: io.EOF}, gone}, []answer{reference()}, []string{sentDeleteRef, sentGetReference, sentDeleteRef}, false},
		"success without a body":       {[]answer{{status: 204}}, []answer{gone}, []string{sentDeleteRef, sentGetReference}, false},
		"success that changed nothing": {[]answer{reference()}, []answer{reference()}, []string{sentDeleteRef, sentGetReference}, true},
		"success, shown late":          {[]answer{reference()}, []answer{gone}, []string{sentDeleteRef, sentGetReference}, false},
		"503 for good": {
			[]answer{status(503)},
			[]answer{reference()},
			[]string{sentDeleteRef, sentGetReference, sentDeleteRef, sentGetReference, sentDeleteRef, sentGetReference},
			true,
		},
	} {
		t.Run(title, func(t *testing.T) {
			scripted(t, map[string][]answer{deleteReference: tc.deletes, getReference: tc.gets, "GET /clinicalReferences": {{status: 200, body: `{"clinicalReferences":[]}`}}}, func(t *testing.T, c *Client, s *script) {
				if err := c.DeleteClinicalReference(t.Context(), testReferenceID); tc.failed != (err != nil) {
					t.Error(err)
				}
				s.expectSent(tc.sent...)
				if s.bodies[0] != "" || s.headers[0].Get("Content-Type") != "" {
					t.Errorf("a bodyless POST was sent with body %q", s.bodies[0])
				}
			})
		})
	}
}
