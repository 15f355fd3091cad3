// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// readData validates and reads a data source, as a plan does.
func (p *protocol) readData(name string, arguments map[string]any) (map[string]tftypes.Value, []*tfprotov6.Diagnostic) {
	p.t.Helper()
	typ := p.schemas.DataSourceSchemas[name].ValueType()
	config := p.value(typ, arguments)
	validated, err := p.ValidateDataResourceConfig(p.t.Context(), &tfprotov6.ValidateDataResourceConfigRequest{TypeName: name, Config: config})
	if err != nil {
		p.t.Fatal(err)
	}
	if len(validated.Diagnostics) > 0 {
		return nil, validated.Diagnostics
	}
	resp, err := p.ReadDataSource(p.t.Context(), &tfprotov6.ReadDataSourceRequest{TypeName: name, Config: config})
	if err != nil {
		p.t.Fatal(err)
	}
	if len(resp.Diagnostics) > 0 {
		return nil, resp.Diagnostics
	}
	return p.decode(typ, resp.State), nil
}

type listed struct {
	id, displayName string
	// resource is nil unless the request includes resources.
	resource map[string]tftypes.Value
}

// list validates a list block and returns what it finds.
func (p *protocol) list(name string, arguments map[string]any, limit int64, includeResource bool) (all []listed, diagnostics []*tfprotov6.Diagnostic) {
	p.t.Helper()
	typ := p.schemas.ListResourceSchemas[name].ValueType()
	config := p.value(typ, arguments)
	server := p.ProviderServer.(tfprotov6.ProviderServerWithListResource) //nolint:staticcheck // optional until all servers have it
	validated, err := server.ValidateListResourceConfig(p.t.Context(), &tfprotov6.ValidateListResourceConfigRequest{TypeName: name, Config: config})
	if err != nil {
		p.t.Fatal(err)
	}
	if len(validated.Diagnostics) > 0 {
		return nil, validated.Diagnostics
	}
	stream, err := server.ListResource(p.t.Context(), &tfprotov6.ListResourceRequest{
		TypeName: name, Config: config, Limit: limit, IncludeResource: includeResource,
	})
	if err != nil {
		p.t.Fatal(err)
	}
	for result := range stream.Results {
		diagnostics = append(diagnostics, result.Diagnostics...)
		if result.Identity == nil {
			continue
		}
		one := listed{id: text(p.decode(idIdentityType, result.Identity.IdentityData)["id"]), displayName: result.DisplayName}
		if result.Resource != nil {
			one.resource = p.decode(p.resourceType(name), result.Resource)
		}
		all = append(all, one)
	}
	return all, diagnostics
}

// objects decodes a list of objects.
func objects(t *testing.T, list tftypes.Value) (all []map[string]tftypes.Value) {
	t.Helper()
	var elements []tftypes.Value
	if err := list.As(&elements); err != nil {
		t.Fatal(err)
	}
	for _, element := range elements {
		var object map[string]tftypes.Value
		if err := element.As(&object); err != nil {
			t.Fatal(err)
		}
		all = append(all, object)
	}
	return all
}

// column returns one attribute of each object.
func column(objects []map[string]tftypes.Value, attribute string) (values []string) {
	for _, object := range objects {
		values = append(values, text(object[attribute]))
	}
	return values
}

func flagOf(value tftypes.Value) string {
	var b *bool
	if err := value.As(&b); err != nil || b == nil {
		return "null"
	}
	return fmt.Sprint(*b)
}
