// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// States as Mastercard/restapi 3 and magodo/restful 0.25 write them, without the null
// attributes.
const (
	restapiState = `{"api_data":{},"api_response":"{}","create_response":"{}","data":%q,"debug":null,"force_new":null,"id":%q,
		"id_attribute":%q,"object_id":null,"path":%q,"read_search":null}`
	restfulState = `{"body":{"value":%s,"type":["object",{}]},"create_method":null,"id":%q,"output":{"value":{},"type":["object",{}]},
		"path":%q,"read_path":null,"query":null}`
)

// moved moves a state to a resource of this provider and refreshes it.
func (c *core) moved(address, sourceType, sourceProvider, state string) *outcome {
	c.t.Helper()
	resp, err := c.MoveResourceState(c.t.Context(), &tfprotov6.MoveResourceStateRequest{
		SourceTypeName: sourceType, SourceProviderAddress: sourceProvider, SourceState: &tfprotov6.RawState{JSON: []byte(state)}, TargetTypeName: typeOf(address),
	})
	if err != nil {
		c.t.Fatal(err)
	}
	if resp.TargetState == nil {
		return &outcome{t: c.t, diagnostics: resp.Diagnostics}
	}
	c.checkIdentity(address, nil, resp.TargetIdentity)
	c.objects[address] = &object{state: resp.TargetState, identity: resp.TargetIdentity, private: resp.TargetPrivate}
	return c.refresh(address)
}

// A moved object that does not exist, for example because the key belongs to another
// account, leaves the state with a warning. The plan creates it.
func TestMovedButNotFound(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	c := newCore(a, newProtocol(t))
	hex := strings.Repeat("0", 32)
	for address, tc := range map[string]struct{ path, id, want string }{
		address:                {"/v1/express", "cus_" + hex, "do not apply: that would create a second customer"},
		viewerPeople.address(): {"/v1/viewer/users", "usr_" + hex, "do not apply: that would invite the person again"},
	} {
		moved := c.moved(address, "restapi_object", "registry.terraform.io/mastercard/restapi", fmt.Sprintf(restapiState, `{}`, tc.id, "id", tc.path))
		if said := texts(moved.diagnostics); moved.failed() || !strings.Contains(said, tc.want) {
			t.Errorf("%s: %s", address, said)
		}
	}
	a.expectRequests(writes)
}

// Each kind of object can be moved from either provider. The next plan is empty, and
// nothing is written.
func TestMovedFromAGenericRESTProvider(t *testing.T) {
	t.Parallel()
	a := newStaff(t)
	a.EditCustomer(lakesideID, func(c *emulator.Customer) {
		c.Members, c.Metadata = []string{inesID}, map[string]string{"tier": "gold"}
	})
	reference := a.AddReference(emulator.Reference{Name: "North", Type: "facility", IsActive: true})
	invited := a.AddInvitation(emulator.Viewer, emulator.Invitation{Person: emulator.Person{
		Email: testEmail, FirstName: "Ines", LastName: "Okafor", ClinicRole: "Radiologist", Level: "member",
	}})
	invitation, _ := a.Invitation(emulator.Viewer, invited)
	user, _ := a.User(emulator.AutoScribe, inesID)
	a.ResetRequests()
	c := newCore(a, newProtocol(t))
	const restapi, restful = "registry.terraform.io/mastercard/restapi", "registry.opentofu.org/magodo/restful"
	for address, tc := range map[string]struct {
		path, id, idName, body string
		config                 map[string]any
	}{
		address: {"/v1/express", lakesideID, "expressCustomerId", `{"expressCustomerName":"old"}`, map[string]any{
			"name": "Lakeside Imaging Partners", "metadata": textMap(map[string]string{"tier": "gold"}),
		}},
		referenceAddress: {"/v1/autoScribe/clinicalReferences", reference, "clinicalReferenceId", `{}`, map[string]any{"name": "North", "type": "facility"}},
		autoScribePeople.address(): {"/v1/autoScribe/users", inesID, "userId", `{}`, map[string]any{
			"email": user.Email, "first_name": "Ines", "last_name": "Okafor", "clinic_role": "Radiologist", "level": "member",
		}},
		viewerPeople.address(): {"/v1/viewer/users", invitation.UserID, "userId", `{}`, map[string]any{
			"email": testEmail, "first_name": "Ines", "last_name": "Okafor", "clinic_role": "Radiologist", "level": "member",
		}},
		membershipAddress: {"/v1/express/" + lakesideID + "/users", inesID, "userId", `{"userId":"` + inesID + `"}`, map[string]any{
			"express_customer_id": lakesideID, "user_id": inesID,
		}},
	} {
		for name, move := range map[string]func() *outcome{
			"restapi": func() *outcome {
				return c.moved(address, "restapi_object", restapi, fmt.Sprintf(restapiState, tc.body, tc.id, tc.idName, tc.path))
			},
			"restapi, base URL with /v1": func() *outcome {
				return c.moved(address, "restapi_object", restapi, fmt.Sprintf(restapiState, tc.body, tc.id, tc.idName, strings.TrimPrefix(tc.path, "/v1")))
			},
			"restful": func() *outcome {
				return c.moved(address, "restful_resource", restful, fmt.Sprintf(restfulState, tc.body, tc.path+"/"+tc.id, tc.path))
			},
			"restful, id without the object's": func() *outcome {
				if address != membershipAddress { // a membership's request body names the user
					return c.moved(address, "restful_resource", restful, fmt.Sprintf(restfulState, tc.body, tc.path+"/"+tc.id, tc.path))
				}
				return c.moved(address, "restful_resource", restful, fmt.Sprintf(restfulState, tc.body, tc.path, tc.path))
			},
		} {
			t.Run(address+" "+name, func(*testing.T) {
				move().expectQuiet()
				c.plan(address, tc.config).expectQuiet().expectAction("no-op")
			})
		}
		// Objects and providers that can't be moved are rejected.
		for name, refused := range map[string]*outcome{
			"another kind": c.moved(address, "restapi_object", restapi, fmt.Sprintf(restapiState, `{}`, "stu_1", "studyId", "/v1/autoScribe/studies")),
			"no id":        c.moved(address, "restful_resource", restful, fmt.Sprintf(restfulState, `{}`, tc.path, tc.path)),
		} {
			if !strings.Contains(texts(refused.diagnostics), "Unable to move rest") {
				if address != membershipAddress || name != "no id" {
					t.Errorf("%s, %s: %s", address, name, texts(refused.diagnostics))
				}
			}
		}
		if other := c.moved(address, "null_resource", "registry.terraform.io/hashicorp/null", `{"id":"1"}`); !other.failed() {
			t.Errorf("%s was moved from a null_resource", address)
		}
	}
	a.expectRequests(writes)
}
