// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// idsOfNothing have the form of an id, an address or an external id, and nothing in it.
var idsOfNothing = []string{
	"", " ", "\t\n", "\u00a0", "\u200b", "@", " @", "@ ", " @ ", "\u00a0@\u00a0", "\u200b@\u200b", "ines@", "@lakeside.example", "ines@ ", " @lakeside.example", "@@@",
	"external:", "external: ", "external:\t\n", "external:\u00a0", " external:", "/", " / ", "//", "cus_/usr_",
}

// The error for an empty or null id shows the form that the resource expects, and no
// request is made.
func TestImportOfAnEmptyID(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	c := newCore(a, newProtocol(t))
	for name, identityType := range c.identityTypes {
		attributes := identityType.(tftypes.Object).AttributeTypes
		empty, null := map[string]any{}, map[string]any{}
		for attribute := range attributes {
			empty[attribute], null[attribute] = "", nil
		}
		requests := map[string]*tfprotov6.ImportResourceStateRequest{
			"empty identity": {Identity: &tfprotov6.ResourceIdentityData{IdentityData: c.value(identityType, empty)}},
			"null identity":  {Identity: &tfprotov6.ResourceIdentityData{IdentityData: c.value(identityType, null)}},
		}
		for _, id := range idsOfNothing {
			requests[fmt.Sprintf("%q", id)] = &tfprotov6.ImportResourceStateRequest{ID: id}
		}
		for form, req := range requests {
			t.Run(fmt.Sprint(name, " ", form), func(t *testing.T) {
				req.TypeName = name
				resp, err := c.ImportResourceState(t.Context(), req)
				if err != nil {
					t.Fatal(err)
				}
				said := texts(resp.Diagnostics)
				if len(resp.Diagnostics) != 1 || !strings.Contains(said, "Malformed import id") || !strings.Contains(said, "followed by 32 hex characters") ||
					!strings.Contains(said, map[string]string{
						"avara_clinical_reference": "external id, as in external:LNC-04", autoScribePeople.typeName: "or an email address", viewerPeople.typeName: "or an email address",
					}[name]) {
					t.Error(said)
				}
			})
		}
	}
	a.expectRequests(allBut())
}

// What the account contains is valid: it can be imported, planned without a change, and
// changed elsewhere. The same values are rejected if they are new in the configuration.
func TestWhatExistsIsValid(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	c := newCore(a, newProtocol(t))
	odd := emulator.Person{
		Email: "root@localhost", FirstName: " ", LastName: "Okafor", ClinicRole: "PACS Administrator", Level: "superuser", PhoneNumber: "+1 (312) 555-0147",
	}
	nameless := emulator.Person{Email: "front.desk@lakeside.example", FirstName: "Front desk", ClinicRole: "Scribe", Level: "member"}
	long, many := map[string]string{"": "e", strings.Repeat("k", 101): strings.Repeat("v", 1001)}, map[string]string{}
	for i := range 51 {
		many[fmt.Sprint(i)] = "v"
	}
	admin := emulator.Person{Email: "ada@lakeside.example", FirstName: "Ada", LastName: "Okafor", ClinicRole: "Scribe", Level: "admin", CanCreateReports: true}
	person := func(p emulator.Person) map[string]any {
		values := map[string]any{
			"email": p.Email, "first_name": p.FirstName, "last_name": p.LastName, "clinic_role": p.ClinicRole, "level": p.Level,
			"has_dashboard_access": p.HasDashboardAccess, "can_create_reports": p.CanCreateReports,
		}
		if p.PhoneNumber != "" {
			values["phone_number"] = p.PhoneNumber
		}
		return values
	}
	for address, tc := range map[string]struct {
		id             string
		config, change map[string]any
	}{
		"avara_express_customer.blank": {
			a.AddCustomer(emulator.Customer{Name: " ", IsActive: true}),
			map[string]any{"name": " "},
			map[string]any{"active": false},
		},
		"avara_express_customer.nameless": {
			a.AddCustomer(emulator.Customer{IsActive: true, Metadata: long}),
			map[string]any{"name": "", "metadata": textMap(long)},
			map[string]any{"metadata": textMap(map[string]string{"tier": "gold"})},
		},
		"avara_clinical_reference.many": {
			a.AddReference(emulator.Reference{Name: "North", Type: "facility", IsActive: true, Metadata: many}),
			map[string]any{"name": "North", "type": "facility", "metadata": textMap(many)},
			map[string]any{"name": "South"},
		},
		"avara_viewer_user.nameless": {
			a.AddUser(emulator.Viewer, emulator.User{Person: nameless}),
			map[string]any{"email": nameless.Email, "first_name": nameless.FirstName, "last_name": "", "clinic_role": nameless.ClinicRole, "level": nameless.Level},
			map[string]any{"last_name": "Lind"},
		},
		"avara_autoscribe_user.odd": {
			a.AddUser(emulator.AutoScribe, emulator.User{Person: odd}), person(odd), map[string]any{"last_name": "Lind"},
		},
		"avara_autoscribe_user.admin": {
			a.AddUser(emulator.AutoScribe, emulator.User{Person: admin}), person(admin), map[string]any{"last_name": "Lind"},
		},
		"avara_clinical_reference.odd": {
			a.AddReference(emulator.Reference{Name: " ", Type: "scanner", IsActive: true}),
			map[string]any{"name": " ", "type": "scanner"},
			nil,
		},
	} {
		c.imported(address, tc.id).expectQuiet()
		c.plan(address, tc.config).expectQuiet().expectAction("no-op")
		if tc.change != nil {
			c.plan(address, with(tc.config, tc.change)).expectQuiet().expectAction("update")
		}
		if refused := c.plan(address+"_again", tc.config); !refused.failed() {
			t.Errorf("%s: newly configured, but planned as a %s", address, refused.action)
		}
	}
}
