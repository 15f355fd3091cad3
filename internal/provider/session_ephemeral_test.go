// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/echoprovider"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"
)

// The echo provider shows what an ephemeral resource returned: without it, the
// URL is nowhere to be seen.
func TestAccSession(t *testing.T) {
	t.Parallel()
	for _, typeName := range []string{"avara_autoscribe_session", "avara_viewer_session"} {
		t.Run(typeName, func(t *testing.T) {
			t.Parallel()
			a := newAccount(t)
			factories := providers()
			factories["echo"] = echoprovider.NewProviderServer()
			echoed := `
ephemeral "` + typeName + `" "test" {
  retrieval_id = "visit-88127"
  options_json = jsonencode({ priority = 2 })

  hanging_protocol = {
    layout               = "1x2"
    viewport_assignments = ["Axial CT", null]
  }
}

provider "echo" {
  data = ephemeral.` + typeName + `.test
}

resource "echo" "test" {}
`
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: factories,
				TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_10_0)},
				Steps: []resource.TestStep{{
					Config: a.config(echoed),
					ConfigStateChecks: []statecheck.StateCheck{
						statecheck.ExpectKnownValue("echo.test", tfjsonpath.New("data").AtMapKey("url"), knownvalue.StringRegexp(regexp.MustCompile(`^https?://`))),
					},
				}},
			})
		})
	}
}

func TestAccSession_inputIsCheckedBeforeAnyRequest(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ arguments, err string }{
		"layout":  {`hanging_protocol = { layout = "9x9", viewport_assignments = [] }`, `9x9`},
		"options": {`options_json = "[1]"`, `options_json`},
		"blank":   {`retrieval_id = " "`, `blanks`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newAccount(t)
			arguments := tc.arguments
			if name != "blank" {
				arguments = "retrieval_id = \"visit\"\n" + arguments
			}
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: providers(),
				TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_10_0)},
				Steps: []resource.TestStep{{
					Config:      a.config("ephemeral \"avara_viewer_session\" \"test\" {\n" + arguments + "\n}\n"),
					ExpectError: regexp.MustCompile(tc.err),
				}},
			})
			a.expectAllCalls()
		})
	}
}
