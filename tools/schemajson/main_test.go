// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/avara-software/terraform-provider-avara/internal/provider"
)

// stub implements only the two calls that printSchemas makes.
type stub struct {
	tfprotov6.ProviderServer

	schemas    tfprotov6.GetProviderSchemaResponse
	identities tfprotov6.GetResourceIdentitySchemasResponse
}

func (s *stub) GetProviderSchema(context.Context, *tfprotov6.GetProviderSchemaRequest) (*tfprotov6.GetProviderSchemaResponse, error) {
	return &s.schemas, nil
}

func (s *stub) GetResourceIdentitySchemas(context.Context, *tfprotov6.GetResourceIdentitySchemasRequest) (*tfprotov6.GetResourceIdentitySchemasResponse, error) {
	return &s.identities, nil
}

func TestPrintSchemas(t *testing.T) {
	t.Parallel()
	empty := &tfprotov6.Schema{Block: &tfprotov6.SchemaBlock{}}
	server := &stub{
		schemas: tfprotov6.GetProviderSchemaResponse{
			Provider:                 empty,
			DataSourceSchemas:        map[string]*tfprotov6.Schema{"avara_data": empty},
			EphemeralResourceSchemas: map[string]*tfprotov6.Schema{"avara_ephemeral": empty},
			ListResourceSchemas:      map[string]*tfprotov6.Schema{"avara_thing": empty},
			ActionSchemas:            map[string]*tfprotov6.ActionSchema{"avara_act": {Schema: empty}},
			ResourceSchemas: map[string]*tfprotov6.Schema{"avara_thing": {
				Version: 2,
				Block: &tfprotov6.SchemaBlock{
					Description:     "A <thing>.",
					DescriptionKind: tfprotov6.StringKindMarkdown,
					Attributes: []*tfprotov6.SchemaAttribute{
						{Name: "labels", Type: tftypes.Map{ElementType: tftypes.String}, Optional: true, Computed: true},
						{Name: "secret", Type: tftypes.String, Required: true, Sensitive: true, WriteOnly: true, Deprecated: true},
						{Name: "parts", Computed: true, NestedType: &tfprotov6.SchemaObject{
							Nesting:    tfprotov6.SchemaObjectNestingModeList,
							Attributes: []*tfprotov6.SchemaAttribute{{Name: "size", Type: tftypes.Number, Computed: true}},
						}},
					},
					BlockTypes: []*tfprotov6.SchemaNestedBlock{{
						TypeName: "rule", Nesting: tfprotov6.SchemaNestedBlockNestingModeSet, MaxItems: 3,
						Block: &tfprotov6.SchemaBlock{},
					}},
				},
			}},
		},
		identities: tfprotov6.GetResourceIdentitySchemasResponse{
			IdentitySchemas: map[string]*tfprotov6.ResourceIdentitySchema{"avara_thing": {
				IdentityAttributes: []*tfprotov6.ResourceIdentitySchemaAttribute{
					{Name: "id", Type: tftypes.String, RequiredForImport: true, Description: "The id."},
				},
			}},
		},
	}

	const nothing = `{"version": 0, "block": {"description_kind": "plain"}}`
	want := `{"format_version": "1.0", "provider_schemas": {"avara": {
		"provider": ` + nothing + `,
		"data_source_schemas": {"avara_data": ` + nothing + `},
		"ephemeral_resource_schemas": {"avara_ephemeral": ` + nothing + `},
		"list_resource_schemas": {"avara_thing": ` + nothing + `},
		"action_schemas": {"avara_act": {"block": {"description_kind": "plain"}}},
		"resource_schemas": {"avara_thing": {"version": 2, "block": {
			"description": "A <thing>.", "description_kind": "markdown",
			"attributes": {
				"labels": {"type": ["map", "string"], "description_kind": "plain", "optional": true, "computed": true},
				"secret": {"type": "string", "description_kind": "plain",
					"required": true, "sensitive": true, "write_only": true, "deprecated": true},
				"parts": {"description_kind": "plain", "computed": true, "nested_type": {"nesting_mode": "list",
					"attributes": {"size": {"type": "number", "description_kind": "plain", "computed": true}}}}
			},
			"block_types": {"rule": {"nesting_mode": "set", "max_items": 3, "block": {"description_kind": "plain"}}}
		}}},
		"resource_identity_schemas": {"avara_thing": {"version": 0, "attributes": {
			"id": {"type": "string", "description": "The id.", "required_for_import": true}}}}
	}}}`
	assertJSON(t, printed(t, server), want)
}

func TestPrintSchemasOfTheProvider(t *testing.T) {
	t.Parallel()
	server := providerserver.NewProtocol6(provider.New("test")())()
	var got struct {
		ProviderSchemas map[string]struct {
			Resources map[string]struct {
				Block struct {
					Attributes map[string]struct{ Optional, Computed bool }
				}
			} `json:"resource_schemas"`
		} `json:"provider_schemas"`
	}
	if err := json.Unmarshal([]byte(printed(t, server)), &got); err != nil {
		t.Fatal(err)
	}
	active := got.ProviderSchemas["avara"].Resources["avara_express_customer"].Block.Attributes["active"]
	if !active.Optional || !active.Computed {
		t.Errorf("avara_express_customer.active = %+v, want optional and computed", active)
	}
}

func TestPrintSchemasFails(t *testing.T) {
	t.Parallel()
	fault := []*tfprotov6.Diagnostic{{Severity: tfprotov6.DiagnosticSeverityError, Summary: "Broken", Detail: "No schema."}}
	for name, server := range map[string]*stub{
		"schemas":    {schemas: tfprotov6.GetProviderSchemaResponse{Diagnostics: fault}},
		"identities": {identities: tfprotov6.GetResourceIdentitySchemasResponse{Diagnostics: fault}},
		"functions":  {schemas: tfprotov6.GetProviderSchemaResponse{Functions: map[string]*tfprotov6.Function{"f": {}}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out strings.Builder
			if err := printSchemas(t.Context(), server, &out); err == nil || out.Len() > 0 {
				t.Errorf("error %v, output %q, want an error and no output", err, out.String())
			}
		})
	}
}

func printed(t *testing.T, server tfprotov6.ProviderServer) string {
	t.Helper()
	var out strings.Builder
	if err := printSchemas(t.Context(), server, &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func assertJSON(t *testing.T, got, want string) {
	t.Helper()
	var g, w any
	if err := json.Unmarshal([]byte(got), &g); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(want), &w); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(g, w) {
		t.Errorf("got %s\nwant %s", got, want)
	}
}
