// SPDX-License-Identifier: MPL-2.0

package emulator_test

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

const references = "/v1/autoScribe/clinicalReferences"

// createReference creates a reference from the rest of a JSON body and returns its id.
func (b *bench) createReference(body string) string {
	b.t.Helper()
	return b.ok("POST", references, body)["clinicalReferenceId"].(string)
}

func TestReferenceLifecycle(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	customer := b.createCustomer("Lakeside Imaging Partners")
	created := b.ok("POST", references, `{"name":"Lakeside North Campus","type":"facility","externalReferenceId":"LNC-04",
		"expressCustomerId":"`+customer+`","metadata":{"city":"Evanston"}}`)
	id := created["clinicalReferenceId"].(string)
	if !strings.HasPrefix(id, "ref_") || len(id) != 36 {
		t.Errorf("clinicalReferenceId %q", id)
	}
	equalJSON(t, without(created, "clinicalReferenceId"), `{"name":"Lakeside North Campus","type":"facility","isActive":true,
		"externalReferenceId":"LNC-04","metadata":{"city":"Evanston"},
		"expressCustomer":{"expressCustomerId":"`+customer+`","expressCustomerName":"Lakeside Imaging Partners"},
		"createdAt":"2026-09-02T13:05:41Z","updatedAt":"2026-09-02T13:05:41Z"}`)
	one := references + "/" + id
	equalJSON(t, b.ok("GET", one, ""), mustText(created))
	equalJSON(t, b.ok("GET", references+"/byExternalReferenceId/LNC-04", ""), mustText(created))

	b.clock.Advance(time.Hour)
	equalJSON(t, b.ok("PATCH", one, `{}`), mustText(created))
	changed := b.ok("PATCH", one, `{"name":"Lakeside North Pavilion","metadata":null,"expressCustomerId":null}`)
	equalJSON(t, without(changed, "clinicalReferenceId"), `{"name":"Lakeside North Pavilion","type":"facility","isActive":true,
		"externalReferenceId":"LNC-04","expressCustomer":null,
		"createdAt":"2026-09-02T13:05:41Z","updatedAt":"2026-09-02T14:05:41Z"}`)

	b.clock.Advance(time.Hour)
	deleted := b.ok("POST", one+"/delete", "")
	if deleted["isActive"] != false || deleted["name"] != "Lakeside North Pavilion (deleted 1788361541)" {
		t.Errorf("the deleted reference is %v", deleted)
	}
	b.clock.Advance(time.Hour)
	equalJSON(t, b.ok("POST", one+"/delete", "{}"), mustText(deleted))
	equalJSON(t, b.ok("GET", one, ""), mustText(deleted))
	b.wantError(404, "was not found", "GET", references+"/byExternalReferenceId/LNC-04", "")
	b.wantError(409, "is deleted", "PATCH", one, `{"name":"x"}`)

	again := b.createReference(`{"name":"Lakeside North Pavilion","type":"facility","externalReferenceId":"LNC-04"}`)
	if got := b.ok("GET", references+"/byExternalReferenceId/LNC-04", ""); got["clinicalReferenceId"] != again {
		t.Errorf("the external id leads to %v", got)
	}
}

func TestReferenceUnknown(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	one := references + "/ref_00000000000000000000000000000000"
	b.wantError(404, "was not found", "GET", one, "")
	b.wantError(404, "was not found", "PATCH", one, "{}")
	b.wantError(404, "was not found", "POST", one+"/delete", "")
	b.wantError(404, "was not found", "GET", references+"/byExternalReferenceId/x", "")
}

func TestReferenceConstraints(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for body, want := range map[string]string{
		`{}`:                                                          "name: is required; type: is required",
		`{"name":"","type":"facility"}`:                               "name: must have 1 to 255",
		`{"name":null,"type":"facility"}`:                             "name: must not be null",
		`{"name":"x","type":"building"}`:                              "type: must be one of facility, referring_provider, study_description, procedure",
		`{"name":"x","type":null}`:                                    "type: must not be null",
		`{"name":"x","type":"facility","a":1}`:                        "a: is not a field",
		`{"name":"x","type":"facility","isActive":true}`:              "isActive: is not a field",
		`{"name":"x","type":"facility","externalReferenceId":""}`:     "externalReferenceId: must have 1 to 255",
		`{"name":"x","type":"facility","expressCustomerId":null}`:     "expressCustomerId: must not be null",
		`{"name":"x","type":"facility","expressCustomerId":"x"}`:      "expressCustomerId: must be",
		`{"name":"x","type":"facility","metadata":` + pairs(51) + `}`: "metadata: must have at most 50 pairs",
		`{"name":"x","type":"facility","metadata":null}`:              "metadata: must not be null",
	} {
		b.wantError(400, want, "POST", references, body)
	}
	b.wantError(404, "Express customer", "POST", references,
		`{"name":"x","type":"facility","expressCustomerId":"cus_00000000000000000000000000000000"}`)
	inactive := b.createCustomer("Gone")
	b.ok("POST", "/v1/express/"+inactive+"/deactivate", "")
	b.wantError(400, "expressCustomerId: names an inactive", "POST", references,
		`{"name":"x","type":"facility","expressCustomerId":"`+inactive+`"}`)
	if got := b.References(); len(got) != 0 {
		t.Errorf("references were created: %v", got)
	}

	one := references + "/" + b.createReference(`{"name":"x","type":"facility","externalReferenceId":null}`)
	b.wantError(400, "type: is not a field", "PATCH", one, `{"type":"procedure"}`)
	b.wantError(400, "externalReferenceId: is not a field", "PATCH", one, `{"externalReferenceId":"x"}`)
	b.wantError(400, "isActive: is not a field", "PATCH", one, `{"isActive":false}`)
	b.wantError(400, "name: must not be null", "PATCH", one, `{"name":null}`)
	b.wantError(400, "names an inactive", "PATCH", one, `{"expressCustomerId":"`+inactive+`"}`)
	b.wantError(404, "Express customer", "PATCH", one, `{"expressCustomerId":"cus_00000000000000000000000000000000"}`)
}

func TestReferenceUniqueness(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	customer := b.createCustomer("Lakeside")
	b.createReference(`{"name":"North","type":"facility","externalReferenceId":"A"}`)
	b.wantError(409, "name:", "POST", references, `{"name":"North","type":"facility"}`)
	b.wantError(409, "externalReferenceId:", "POST", references, `{"name":"South","type":"procedure","externalReferenceId":"A"}`)
	b.createReference(`{"name":"north","type":"facility","externalReferenceId":"a"}`)
	b.createReference(`{"name":"North","type":"procedure"}`)
	other := b.createReference(`{"name":"North","type":"facility","expressCustomerId":"` + customer + `"}`)
	b.wantError(409, "name:", "PATCH", references+"/"+other, `{"expressCustomerId":null}`)
	b.wantError(409, "name:", "PATCH", references+"/"+other, `{"name":"north","expressCustomerId":null}`)
	b.ok("PATCH", references+"/"+other, `{"name":"North"}`) // the name that it has already
	b.ok("PATCH", references+"/"+other, `{"name":"West","expressCustomerId":null}`)
	b.createReference(`{"name":"North","type":"facility","expressCustomerId":"` + customer + `"}`)
}

func TestExternalIDsInPaths(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for i, external := range []string{"a/b", "..", ".", "a b", "ü?#%", "byExternalReferenceId", "x/delete", "%2F"} {
		b.createReference(fmt.Sprintf(`{"name":"n%d","type":"facility","externalReferenceId":%s}`, i, quote(external)))
		escaped := strings.ReplaceAll(url.PathEscape(external), ".", "%2E")
		got := b.ok("GET", references+"/byExternalReferenceId/"+escaped, "")
		if got["externalReferenceId"] != external {
			t.Errorf("%q at %s: %v", external, escaped, got)
		}
	}
}

func TestReferencePages(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	var want []string
	for i := range 25 {
		if i%4 == 0 { // several have the same creation time
			b.clock.Advance(time.Second)
		}
		want = append(want, b.createReference(fmt.Sprintf(`{"name":"n%d","type":"facility"}`, i)))
	}
	first := b.ok("GET", references, "")
	if len(first["clinicalReferences"].([]any)) != 20 {
		t.Errorf("the default page has %d", len(first["clinicalReferences"].([]any)))
	}
	var got []string
	path := references + "?limit=3"
	for more := true; more; {
		page := b.ok("GET", path, "")
		got = append(got, names(page, "clinicalReferences", "clinicalReferenceId")...)
		more = page["hasMore"].(bool)
		path = references + "?limit=3&cursor=" + url.QueryEscape(fmt.Sprint(page["cursor"]))
	}
	if len(got) != 25 || !slices.Equal(slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(want))) {
		t.Errorf("the pages show %d of %d references", len(got), len(want))
	}
	b.wantError(400, "cursor: is not one", "GET", references+"?cursor=eyJvZmZzZXQiOjIwfQ==", "")
	b.ok("GET", references+"?type=facility&cursor="+url.QueryEscape(fmt.Sprint(first["cursor"])), "") // a cursor that was made without filters
	filtered := b.ok("GET", references+"?type=facility&limit=1", "")
	b.wantError(400, "cursor: belongs to", "GET", references+"?type=procedure&cursor="+url.QueryEscape(fmt.Sprint(filtered["cursor"])), "")
}

// The cursors in the vendor's samples contain only a time. The next page then starts after
// all references of that time.
func TestReferencePagesFromATime(t *testing.T) {
	t.Parallel()
	for _, dialects := range [][]emulator.Dialect{nil, {emulator.OldestFirst}} {
		b := newBench(t, dialects...)
		for _, name := range []string{"a", "b", "c", "d"} {
			b.createReference(`{"name":` + quote(name) + `,"type":"facility"}`)
			if name != "b" {
				b.clock.Advance(time.Second)
			}
		}
		cursor := base64.StdEncoding.EncodeToString([]byte(`{"createdAt":"2026-09-02T13:05:42Z"}`)) // creation time of b and c
		got := names(b.ok("GET", references+"?type=facility&isActive=true&cursor="+url.QueryEscape(cursor), ""), "clinicalReferences", "name")
		want := []string{"a"}
		if dialects != nil {
			want = []string{"d"}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%v: got %v, want %v", dialects, got, want)
		}
	}
}

func TestReferenceFilters(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	customer := b.createCustomer("Lakeside")
	var ids []string
	for _, body := range []string{
		`{"name":"a","type":"facility"}`,
		`{"name":"b","type":"procedure","expressCustomerId":"` + customer + `"}`,
		`{"name":"c","type":"facility","expressCustomerId":"` + customer + `"}`,
		`{"name":"d","type":"facility"}`,
	} {
		b.clock.Advance(time.Second)
		ids = append(ids, b.createReference(body))
	}
	b.ok("POST", references+"/"+ids[3]+"/delete", "")
	for query, want := range map[string][]int{
		"":                                  {2, 1, 0},
		"isActive=true":                     {2, 1, 0},
		"isActive=false":                    {3},
		"isActive=":                         {3, 2, 1, 0},
		"type=facility":                     {2, 0},
		"type=":                             {2, 1, 0},
		"expressCustomerId=" + customer:     {2, 1},
		"expressCustomerId=":                {0},
		"expressCustomerId=&isActive=":      {3, 0},
		"type=procedure&expressCustomerId=": {},
		"expressCustomerId=cus_00000000000000000000000000000000": {},
	} {
		wanted := []string{}
		for _, i := range want {
			wanted = append(wanted, ids[i])
		}
		got := names(b.ok("GET", references+"?"+query, ""), "clinicalReferences", "clinicalReferenceId")
		if !slices.Equal(got, wanted) {
			t.Errorf("%s: got %v, want %v", query, got, wanted)
		}
	}
	b.wantError(400, "type: must be one of", "GET", references+"?type=x", "")
	b.wantError(400, "isActive: must be one of", "GET", references+"?isActive=yes", "")
	b.wantError(400, "expressCustomerId: must be", "GET", references+"?expressCustomerId=x", "")
}

func TestReferenceShowsTheCustomerOfToday(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	customer := b.createCustomer("Lakeside")
	one := references + "/" + b.createReference(`{"name":"a","type":"facility","expressCustomerId":"`+customer+`"}`)
	b.ok("PATCH", "/v1/express/"+customer, `{"expressCustomerName":"Harbor"}`)
	equalJSON(t, b.ok("GET", one, "")["expressCustomer"], `{"expressCustomerId":"`+customer+`","expressCustomerName":"Harbor"}`)
	b.RemoveCustomer(customer)
	if got := b.ok("GET", one, "")["expressCustomer"]; got != nil {
		t.Errorf("the removed customer is %v", got)
	}
}

func TestReferencesFromTheDashboard(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	id := b.AddReference(emulator.Reference{Name: "a", Type: "facility", IsActive: true, Metadata: map[string]string{"k": "v"}})
	b.clock.Advance(time.Hour)
	b.EditReference(id, func(r *emulator.Reference) { r.Name = "b"; r.Metadata["k"] = "w" })
	got, ok := b.Reference(id)
	if !ok || got.Name != "b" || got.Metadata["k"] != "w" || !got.UpdatedAt.Equal(b.clock.Now()) {
		t.Errorf("the reference is %+v", got)
	}
	if !b.RemoveReference(id) || b.RemoveReference(id) || b.EditReference(id, func(*emulator.Reference) {}) {
		t.Error("a reference must be removable exactly once")
	}
	b.wantError(404, "was not found", "GET", references+"/"+id, "")
}
