// SPDX-License-Identifier: MPL-2.0

package emulator_test

import (
	"net/http"
	"os"
	"strings"
	"testing"
)

// The tests of the vendor's SDKs send requests that contain fixed ids. An account with
// these objects must accept each kind of request in them: without optional values, with
// all of them, with the documentation's cursors together with all filters, and with a page
// size as a decimal fraction.
func TestRequestsOfTheSDKs(t *testing.T) {
	t.Parallel()
	account, err := os.ReadFile("../../examples/emulator/fixed-ids.json")
	if err != nil {
		t.Fatal(err)
	}
	const (
		id       = "00000000000000000000000000000001"
		person   = `"firstName":"Ines","lastName":"Lind","clinicRole":"Radiologist","level":"member","canManageStudies":true,"hasDashboardAccess":true`
		optional = `,"middleName":"x","phoneNumber":"5551234567","suffix1":"x","suffix2":"x"`
		reports  = `,"canCreateReports":true,"npiNumber":"1234567893"`
		offset   = "cursor=eyJvZmZzZXQiOjIwfQ%3D%3D&limit=20.0"
		keyset   = "cursor=eyJjcmVhdGVkQXQiOiIyMDI0LTAxLTE1VDA5OjAwOjAwWiJ9&limit=20"
		user     = `{"userId":"usr_` + id + `"}`
	)
	for _, request := range []string{
		"POST /v1/express " + `{"expressCustomerName":"Harbor"}`,
		"POST /v1/express " + `{"expressCustomerName":"Harbor","metadata":{"a":"1","b":"2"}}`,
		"GET /v1/express",
		"GET /v1/express?" + offset,
		"GET /v1/express/cus_" + id,
		"PATCH /v1/express/cus_" + id + " {}",
		"PATCH /v1/express/cus_" + id + ` {"expressCustomerName":"Alliance","metadata":{"a":"1"}}`,
		"POST /v1/express/cus_" + id + "/deactivate",
		"POST /v1/express/cus_" + id + "/reactivate",
		"POST /v1/express/cus_" + id + "/users " + user,
		"DELETE /v1/express/cus_" + id + "/users " + user,

		"POST /v1/autoScribe/users {" + `"email":"new@lakeside.example",` + person + reports + "}",
		"POST /v1/autoScribe/users {" + `"email":"new@lakeside.example",` + person + reports + optional + "}",
		"POST /v1/viewer/users {" + `"email":"new@lakeside.example",` + person + optional + "}",
		"GET /v1/autoScribe/users",
		"GET /v1/autoScribe/users?" + offset + "&canCreateReports=true&email=a%40b.example&firstName=A&invitedSource=api&lastName=B&level=member",
		"GET /v1/viewer/users?" + offset + "&email=a%40b.example&firstName=A&invitedSource=api&lastName=B&level=member",
		"GET /v1/autoScribe/users/usr_" + id,
		"PATCH /v1/autoScribe/users/usr_" + id + " {}",
		"PATCH /v1/autoScribe/users/usr_" + id + " {" + person + reports + optional + "}",
		"POST /v1/autoScribe/users/revoke-access " + user,
		"POST /v1/autoScribe/users/reactivate " + user,

		"GET /v1/autoScribe/users/invitations",
		"GET /v1/autoScribe/users/invitations?" + offset + "&endDate=2024-12-31&expired=not-expired&startDate=2024-01-01&status=sent&userId=usr_" + id,
		"GET /v1/viewer/users/invitations?" + offset + "&endDate=2024-12-31&expired=not-expired&startDate=2024-01-01&status=sent%2Caccepted&userId=usr_" + id,
		"GET /v1/autoScribe/users/invitations/inv_" + id,
		"PATCH /v1/autoScribe/users/invitations/inv_" + id + " {}",
		"PATCH /v1/autoScribe/users/invitations/inv_" + id + " {" + person + reports + optional + "}",
		"POST /v1/autoScribe/users/invitations/revoke " + `{"invitationId":"inv_` + id + `","userId":"usr_` + id + `"}`,

		"POST /v1/autoScribe/clinicalReferences " + `{"name":"South","type":"facility"}`,
		"POST /v1/autoScribe/clinicalReferences " + `{"name":"South","type":"facility","expressCustomerId":"cus_` + id + `","externalReferenceId":"S-1","metadata":{"a":"1"}}`,
		"GET /v1/autoScribe/clinicalReferences",
		"GET /v1/autoScribe/clinicalReferences?" + keyset + "&expressCustomerId=cus_" + id + "&isActive=true&type=facility",
		"GET /v1/autoScribe/clinicalReferences/ref_" + id,
		"GET /v1/autoScribe/clinicalReferences/byExternalReferenceId/LNC-04",
		"PATCH /v1/autoScribe/clinicalReferences/ref_" + id + " {}",
		"PATCH /v1/autoScribe/clinicalReferences/ref_" + id + ` {"expressCustomerId":"cus_` + id + `","metadata":{"a":"1"},"name":"Pavilion"}`,
		"POST /v1/autoScribe/clinicalReferences/ref_" + id + "/delete",

		"POST /v1/autoScribe/ephemeral-sessions " + `{"retrievalId":"order-1"}`,
		"POST /v1/viewer/ephemeral-sessions " + `{"retrievalId":"order-1","hangingProtocol":{"layout":"2x2","viewportAssignments":["a","b",null,"c"]},"options":{"uids":"x"}}`,
	} {
		b := newBench(t)
		if answer := b.send("PUT", "/_emulator/state", string(account)); answer.Status != http.StatusNoContent {
			t.Fatalf("status %d: %s", answer.Status, answer.Body)
		}
		method, rest, _ := strings.Cut(request, " ")
		path, body, _ := strings.Cut(rest, " ")
		if answer := b.send(method, path, body); answer.Status != http.StatusOK {
			t.Errorf("%s: status %d: %s", request, answer.Status, answer.Body)
		}
	}
}
