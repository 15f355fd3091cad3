// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// sessionRoutes are the routes of both kinds of sessions, by type.
var sessionRoutes = map[string]string{
	"avara_autoscribe_session": "POST /v1/autoScribe/ephemeral-sessions",
	"avara_viewer_session":     "POST /v1/viewer/ephemeral-sessions",
}

// sessionConfig is a session with the given further arguments.
func sessionConfig(typeName string, arguments ...string) string {
	return fmt.Sprintf("ephemeral %q \"test\" {\n  retrieval_id = \"visit-88127\"\n  %s\n}\n", typeName, strings.Join(arguments, "\n  "))
}

// useSession passes a session to a program, which writes its id and URL into the file
// "used".
func useSession(typeName string) string {
	return fmt.Sprintf(`resource "terraform_data" "use" {
  provisioner "local-exec" {
    command     = "echo \"$ID $URL\" >used"
    environment = { ID = ephemeral.%[1]s.test.retrieval_id, URL = ephemeral.%[1]s.test.url }
  }
}
`, typeName)
}

func TestAccSession(t *testing.T) {
	t.Parallel()
	all := []string{
		"hanging_protocol = {\n    layout = \"1x2\"\n    viewport_assignments = [\"Axial CT\", null]\n  }",
		`options_json = jsonencode({ priority = 2, label = "<a>" })`,
	}
	for typeName, route := range sessionRoutes {
		t.Run(typeName, func(t *testing.T) {
			t.Parallel()
			a := newAccount(t)
			w := newWorkspace(a, sessionConfig(typeName, all...)+useSession(typeName))
			w.needs(ephemerals)
			w.apply().expectOK().expectQuiet()
			used, err := os.ReadFile(filepath.Join(w.dir, "used"))
			if err != nil {
				t.Fatal(err)
			}
			if want := regexp.MustCompile(`^visit-88127 http://127\.0\.0\.1:\d+/_emulator/sessions/[0-9a-f]{32}\n$`); !want.Match(used) {
				t.Errorf("the session is %q", used)
			}
			for _, request := range a.Requests() {
				const want = `{"retrievalId":"visit-88127","hangingProtocol":{"layout":"1x2","viewportAssignments":["Axial CT",null]},` +
					`"options":{"label":"\u003ca\u003e","priority":2}}`
				if request.Route != route || string(request.Body) != want {
					t.Errorf("%s with %s", request.Route, request.Body)
				}
			}
		})
	}
}

// A session leaves neither its URL nor anything else in the state, the plan or the output.
func TestAccSession_leavesNothing(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	w := newWorkspace(a, sessionConfig("avara_viewer_session")+useSession("avara_viewer_session"))
	w.needs(ephemerals)
	w.plan("-out=plan").expectOK().expectQuiet()
	applied := w.apply("plan").expectOK().expectQuiet()
	if len(a.Requests()) != 2 {
		t.Errorf("%d sessions were opened, want one in the plan and one in the apply", len(a.Requests()))
	}
	shown := w.run("show", "-json", "plan").expectOK()
	state, err := os.ReadFile(filepath.Join(w.dir, "terraform.tfstate"))
	if err != nil {
		t.Fatal(err)
	}
	for where, content := range map[string]string{"state": string(state), "plan": shown.stdout, "output": applied.stdout} {
		if strings.Contains(content, "/sessions/") {
			t.Errorf("the URL is in the %s:\n%s", where, content)
		}
	}
}

// ephemeralType is the type of a session's ephemeral resource.
func (p *protocol) ephemeralType(name string) tftypes.Type {
	return p.schemas.EphemeralResourceSchemas[name].ValueType()
}

func (p *protocol) open(name string, config map[string]any) (map[string]tftypes.Value, *tfprotov6.OpenEphemeralResourceResponse) {
	p.t.Helper()
	typ := p.ephemeralType(name)
	resp, err := p.OpenEphemeralResource(p.t.Context(), &tfprotov6.OpenEphemeralResourceRequest{TypeName: name, Config: p.value(typ, config)})
	if err != nil {
		p.t.Fatal(err)
	}
	if len(resp.Diagnostics) > 0 {
		return nil, resp
	}
	return p.decode(typ, resp.Result), resp
}

func TestSessionsWithoutTerraform(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	p := configured(a)
	for typeName, route := range sessionRoutes {
		result, resp := p.open(typeName, map[string]any{"retrieval_id": "visit-88127"})
		if len(resp.Diagnostics) > 0 || !strings.Contains(text(result["url"]), "/sessions/") || text(result["retrieval_id"]) != "visit-88127" {
			t.Errorf("%v, %s", result, texts(resp.Diagnostics))
		}
		if !resp.RenewAt.IsZero() {
			t.Error("a session can't be renewed")
		}
		if bodies := a.bodiesOf(route); !slices.Equal(bodies, []string{`{"retrievalId":"visit-88127"}`}) {
			t.Errorf("sent %q", bodies)
		}
		a.expectRequests(allBut(), route)
	}
	for typeName, schema := range p.schemas.EphemeralResourceSchemas {
		for _, attribute := range schema.Block.Attributes {
			if attribute.Sensitive != (attribute.Name == "url") {
				t.Errorf("%s.%s: sensitive is %t", typeName, attribute.Name, attribute.Sensitive)
			}
		}
	}
}

func TestSessionRefused(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		dialects []emulator.Dialect
		fault    *emulator.Fault
		config   map[string]any
		want     []string
		attempts int
	}{
		"no webhook": {
			[]emulator.Dialect{emulator.SessionWebhookMissing},
			nil, nil,
			[]string{"Unable to open Viewer session", "400", "no study webhook", "Sessions need an API key that has a study webhook", "API Config"},
			1,
		},
		"bad field": {
			nil, nil,
			map[string]any{"options_json": `{"x":"` + strings.Repeat("x", 3072) + `"}`},
			[]string{`AttributeName("options_json")`, "3072"},
			1,
		},
		"wrong key":  {nil, &emulator.Fault{Status: 401}, nil, []string{"Unable to open Viewer session", "401", "api_key"}, 1},
		"down":       {nil, &emulator.Fault{Status: 503}, nil, []string{"Unable to open Viewer session", "503"}, 5},
		"no URL":     {nil, &emulator.Fault{Status: 200, Body: `{}`}, nil, []string{"not with the URL of a session"}, 1},
		"not minted": {nil, &emulator.Fault{Status: 503, Times: 2}, nil, nil, 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newAccount(t, emulator.WithDialects(tc.dialects...))
			if tc.fault != nil {
				tc.fault.Header = map[string]string{"Retry-After-Ms": "1"}
				a.AddFault(*tc.fault)
			}
			config := map[string]any{"retrieval_id": "visit-88127"}
			maps.Copy(config, tc.config)
			_, resp := configured(a).open("avara_viewer_session", config)
			got := texts(resp.Diagnostics)
			for _, want := range tc.want {
				if !strings.Contains(got, want) {
					t.Errorf("%q is missing in:\n%s", want, got)
				}
			}
			if tc.want == nil && got != "" {
				t.Error(got)
			}
			if n := len(a.Requests()); n != tc.attempts {
				t.Errorf("%d requests, want %d", n, tc.attempts)
			}
		})
	}
}

func TestSessionInput(t *testing.T) {
	t.Parallel()
	p := newProtocol(t)
	const typeName = "avara_viewer_session"
	protocolType := p.ephemeralType(typeName).(tftypes.Object).AttributeTypes["hanging_protocol"]
	list := tftypes.List{ElementType: tftypes.String}
	hanging := func(layout any, assignments ...any) tftypes.Value {
		var elements []tftypes.Value
		for _, assignment := range assignments {
			elements = append(elements, tftypes.NewValue(tftypes.String, assignment))
		}
		return tftypes.NewValue(protocolType, map[string]tftypes.Value{
			"layout": tftypes.NewValue(tftypes.String, layout), "viewport_assignments": tftypes.NewValue(list, elements),
		})
	}
	unknown := tftypes.UnknownValue
	options := func(size int) string { return `{"x":"` + strings.Repeat("x", size-len(`{"x":""}`)) + `"}` }
	for name, tc := range map[string]struct {
		attribute string
		value     any
		want      string
	}{
		"blank retrieval id":     {"retrieval_id", " ", `(?s)^ERROR .*retrieval_id.*must not be empty or only blanks`},
		"one for each viewport":  {"hanging_protocol", hanging("2x2", "a", nil, "c", nil), `^$`},
		"too few":                {"hanging_protocol", hanging("4x3", "a"), `(?s)^WARNING .*viewport_assignments.*assignments \(1\).*layout 4x3 \(12\)`},
		"none":                   {"hanging_protocol", hanging("1x1"), `(?s)^WARNING .*assignments \(0\).*layout 1x1 \(1\)`},
		"too many, one unknown":  {"hanging_protocol", hanging("1x1", unknown, nil), `(?s)^WARNING .*assignments \(2\).*layout 1x1 \(1\)`},
		"unknown layout":         {"hanging_protocol", hanging("5x1", "a"), `(?s)ERROR .*layout.*must be one of`},
		"layout not known yet":   {"hanging_protocol", hanging(unknown, "a"), `^$`},
		"protocol not known yet": {"hanging_protocol", tftypes.NewValue(protocolType, unknown), `^$`},
		"object":                 {"options_json", `{"priority": 2}`, `^$`},
		"empty object":           {"options_json", `{}`, `^$`},
		"options not known yet":  {"options_json", unknown, `^$`},
		"list":                   {"options_json", `[1]`, `(?s)^ERROR .*options_json.*Invalid session options.*not a JSON object`},
		"null":                   {"options_json", `null`, `(?s)^ERROR .*options_json.*not a JSON object`},
		"text":                   {"options_json", `priority`, `(?s)^ERROR .*options_json.*not a JSON object`},
		"two objects":            {"options_json", `{}{}`, `(?s)^ERROR .*options_json.*not a JSON object`},
		"nothing":                {"options_json", ``, `(?s)^ERROR .*options_json.*not a JSON object`},
		"3072 bytes":             {"options_json", options(3072), `^$`},
		"3072 bytes and blanks":  {"options_json", "{ " + options(3072)[1:], `^$`},
		"3073 bytes":             {"options_json", options(3073), `(?s)^ERROR .*options_json.*at most 3072 bytes, but it has 3073`},
		"escapes of jsonencode":  {"options_json", `{"x":"` + strings.Repeat(`\u003c`, 3000) + `"}`, `^$`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := p.value(p.ephemeralType(typeName), map[string]any{"retrieval_id": "visit-88127", tc.attribute: tc.value})
			resp, err := p.ValidateEphemeralResourceConfig(t.Context(), &tfprotov6.ValidateEphemeralResourceConfigRequest{TypeName: typeName, Config: config})
			if err != nil {
				t.Fatal(err)
			}
			if got := texts(resp.Diagnostics); !regexp.MustCompile(tc.want).MatchString(got) {
				t.Errorf("%s\nwant %s", got, tc.want)
			}
		})
	}
}
