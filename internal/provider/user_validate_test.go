// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/avara-software/terraform-provider-avara/internal/avara"
	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// All values are checked in the plan, before any request.
func TestAccUser_inputIsCheckedBeforeAnyRequest(t *testing.T) {
	t.Parallel()
	p := autoScribePeople
	cases := map[string]struct {
		arguments []string
		// want is severity, summary and a part of the detail; empty for nothing.
		want [3]string
	}{
		"fine":                    {nil, [3]string{}},
		"admin_without_dashboard": {[]string{`level = "admin"`}, [3]string{"error", "Admins need dashboard access", "has_dashboard_access = true"}},
		"admin_dashboard_false":   {[]string{`level = "admin"`, "has_dashboard_access = false"}, [3]string{"error", "Admins need dashboard access", ""}},
		"admin":                   {[]string{`level = "admin"`, "has_dashboard_access = true"}, [3]string{}},
		"reports_without_npi":     {[]string{"can_create_reports = true"}, [3]string{"error", "Creating reports needs an NPI", "npi_number"}},
		"reports":                 {[]string{"can_create_reports = true", `npi_number = "1674829308"`}, [3]string{}},
		"npi_9":                   {[]string{`npi_number = "167482930"`}, [3]string{"error", "Invalid attribute value", "npi_number must have exactly 10 digits"}},
		"npi_11":                  {[]string{`npi_number = "16748293081"`}, [3]string{"error", "Invalid attribute value", "npi_number must have"}},
		"npi_letters":             {[]string{`npi_number = "16748293O8"`}, [3]string{"error", "Invalid attribute value", "npi_number must have"}},
		"phone_9":                 {[]string{`phone_number = "312555014"`}, [3]string{"error", "Invalid attribute value", "phone_number must have 10 to 15 digits"}},
		"phone_16":                {[]string{`phone_number = "3125550147312555"`}, [3]string{"error", "Invalid attribute value", "phone_number must have"}},
		"phone_plus":              {[]string{`phone_number = "+13125550147"`}, [3]string{"error", "Invalid attribute value", "phone_number must have"}},
		"phone_10":                {[]string{`phone_number = "3125550147"`}, [3]string{}},
		"phone_15":                {[]string{`phone_number = "312555014731255"`}, [3]string{}},
		"level":                   {[]string{`level = "boss"`}, [3]string{"error", "Invalid attribute value", `level must be "admin" or "member"`}},
		"email_no_at":             {[]string{`email = "ines.lakeside.example"`}, [3]string{"error", "Invalid attribute value", "email must be an email address"}},
		"email_no_domain":         {[]string{`email = "ines@lakeside"`}, [3]string{"error", "Invalid attribute value", "email must be"}},
		"email_blank":             {[]string{`email = "ines okafor@lakeside.example"`}, [3]string{"error", "Invalid attribute value", "email must be"}},
		"email_plus":              {[]string{`email = "ines+test@sub.lakeside.example"`}, [3]string{}},
		"blank_name":              {[]string{`first_name = " "`}, [3]string{"error", "Invalid attribute value", "first_name must not be empty"}},
		"empty_suffix":            {[]string{`suffix1 = ""`}, [3]string{"error", "Invalid attribute value", "suffix1 must not be empty"}},
		"role_near":               {[]string{`clinic_role = "radiology"`}, [3]string{"warning", "Unlisted clinic role", `Did you mean "Radiologist"?`}},
		"role_far":                {[]string{`clinic_role = "PACS Administrator"`}, [3]string{"warning", "Unlisted clinic role", "listed with clinic_role in the documentation of avara_autoscribe_user"}},
	}
	var blocks strings.Builder
	for name, tc := range cases {
		blocks.WriteString(strings.Replace(p.block(tc.arguments...), `"test"`, `"`+name+`"`, 1))
	}
	c := p.newCrew(t, blocks.String())
	got := map[string][]diagnostic{}
	for line := range strings.Lines(c.plan().expectFailed().stdout) {
		var message struct {
			Diagnostic *struct {
				diagnostic
				Address string `json:"address"`
			} `json:"diagnostic"`
		}
		if json.Unmarshal([]byte(line), &message) == nil && message.Diagnostic != nil && message.Diagnostic.Address != "" {
			name := strings.TrimPrefix(message.Diagnostic.Address, "avara_autoscribe_user.")
			got[name] = append(got[name], message.Diagnostic.diagnostic)
		}
	}
	for name, tc := range cases {
		if tc.want[0] == "" {
			if len(got[name]) > 0 {
				t.Errorf("%s: %q", name, got[name])
			}
			continue
		}
		if len(got[name]) != 1 || got[name][0].Severity != tc.want[0] || got[name][0].Summary != tc.want[1] || !strings.Contains(oneLine(got[name][0].Detail), tc.want[2]) {
			t.Errorf("%s: %q, want %q", name, got[name], tc.want)
		}
	}
	c.write(p.block(`deletion_policy = "delete"`))
	c.plan().expectFailed().expect("error", "Invalid Attribute Value Match", `"revoke" "abandon" "prevent"`)
	c.expectEach()
}

func TestAccUser_viewerHasNoReports(t *testing.T) {
	t.Parallel()
	p := viewerPeople
	c := p.newCrew(t, p.block("can_create_reports = true"))
	c.plan().expectFailed().expect("error", "Unsupported argument", "can_create_reports")
}

// A value that is unknown in the plan is not rejected.
func TestAccUser_unknownValuesPass(t *testing.T) {
	t.Parallel()
	p := autoScribePeople
	later := func(name string) string { return name + " = terraform_data.later.output." + name }
	const source = `resource "terraform_data" "later" {
  input = {
    email = "ida@lakeside.example", clinic_role = "Scribe", level = "admin", has_dashboard_access = true, can_create_reports = true,
    npi_number = "1674829308", phone_number = "3125550147", active = true, middle_name = "A", can_manage_studies = true, suffix1 = "MD"
  }
}
`
	c := p.newCrew(t, source+p.block(`level = "admin"`, later("has_dashboard_access"), "can_create_reports = true", later("npi_number")))
	c.plan().expectOK().expectQuiet()
	c.write(source + p.block(later("email"), later("clinic_role"), later("level"), later("has_dashboard_access"), later("can_create_reports"), later("npi_number"),
		later("phone_number"), later("active"), later("middle_name"), later("can_manage_studies"), later("suffix1")))
	c.plan().expectOK().expectQuiet()
	c.expectEach()
	c.apply().expectOK().expectQuiet()
	c.expectState(map[string]any{"level": "admin", "email": "ida@lakeside.example", "npi_number": "1674829308"})
}

// The provider's list of roles equals the list that the API accepts.
func TestClinicRoles(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	client, err := avara.New(avara.Options{APIKey: emulator.DefaultAPIKey, BaseURL: a.url})
	if err != nil {
		t.Fatal(err)
	}
	for i, role := range avara.ClinicRoles {
		person := avara.Person{Email: fmt.Sprintf("p%d@x.example", i), FirstName: "A", LastName: "B", ClinicRole: role, Level: avara.LevelMember}
		if _, err := client.InviteUser(t.Context(), avara.Viewer, person); err != nil {
			t.Error(err)
		}
	}
	if n := len(avara.ClinicRoles); n != 61 {
		t.Errorf("%d roles, want 61", n)
	}
}
