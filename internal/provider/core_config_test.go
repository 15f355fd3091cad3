// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"io"
	"math/big"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hcldec"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-log/tflogtest"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/msgpack"
)

// blocks returns the blocks of the configuration.
func (c *coreCommands) blocks() hclsyntax.Blocks {
	c.t.Helper()
	file, diagnostics := hclsyntax.ParseConfig([]byte(c.config), "main.tf", hcl.InitialPos)
	if diagnostics.HasErrors() {
		c.t.Fatal(diagnostics)
	}
	return file.Body.(*hclsyntax.Body).Blocks
}

// configured lists the addresses of the configured resources.
func (c *coreCommands) configured() (addresses []string) {
	c.t.Helper()
	for _, block := range c.blocks() {
		switch block.Type {
		case "resource":
			addresses = append(addresses, strings.Join(block.Labels, "."))
		case "provider", "terraform":
		default:
			c.t.Fatalf("a block %q needs a Terraform", block.Type)
		}
	}
	return addresses
}

// block returns the body of a block, nil if there is none.
func (c *coreCommands) block(kind, labels string) *hclsyntax.Body {
	c.t.Helper()
	for _, block := range c.blocks() {
		if block.Type == kind && strings.Join(block.Labels, ".") == labels {
			return block.Body
		}
	}
	return nil
}

// arguments are those of a resource in the configuration, nil if it is not there.
func (c *coreCommands) arguments(address string) map[string]any {
	c.t.Helper()
	body := c.block("resource", address)
	if body == nil {
		return nil
	}
	arguments := map[string]any{}
	for name, value := range c.attributes(address, c.evaluate(c.schemas.ResourceSchemas[typeOf(address)], body)) {
		arguments[name] = value
	}
	return arguments
}

// evaluate encodes what a block configures.
func (c *coreCommands) evaluate(schema *tfprotov6.Schema, body *hclsyntax.Body) *tfprotov6.DynamicValue {
	c.t.Helper()
	spec := specOf(schema.Block)
	value, diagnostics := hcldec.Decode(body, spec, nil)
	if diagnostics.HasErrors() {
		c.t.Fatalf("%v: this needs a Terraform", diagnostics)
	}
	encoded, err := msgpack.Marshal(value, hcldec.ImpliedType(spec).WithoutOptionalAttributesDeep())
	if err != nil {
		c.t.Fatal(err)
	}
	return &tfprotov6.DynamicValue{MsgPack: encoded}
}

func specOf(block *tfprotov6.SchemaBlock) hcldec.ObjectSpec {
	spec := hcldec.ObjectSpec{}
	for _, attribute := range block.Attributes {
		spec[attribute.Name] = &hcldec.AttrSpec{Name: attribute.Name, Type: ctyType(attribute.ValueType()), Required: attribute.Required}
	}
	for _, nested := range block.BlockTypes { // all are single blocks
		spec[nested.TypeName] = &hcldec.BlockSpec{TypeName: nested.TypeName, Nested: specOf(nested.Block)}
	}
	return spec
}

// ctyType is a type in the words of HCL, with all attributes of objects optional.
func ctyType(typ tftypes.Type) cty.Type {
	switch typ := typ.(type) {
	case tftypes.Map:
		return cty.Map(ctyType(typ.ElementType))
	case tftypes.Set:
		return cty.Set(ctyType(typ.ElementType))
	case tftypes.List:
		return cty.List(ctyType(typ.ElementType))
	case tftypes.Object:
		attributes, names := map[string]cty.Type{}, []string(nil)
		for name, attribute := range typ.AttributeTypes {
			attributes[name], names = ctyType(attribute), append(names, name)
		}
		return cty.ObjectWithOptionalAttrs(attributes, names)
	}
	switch {
	case typ.Is(tftypes.Bool):
		return cty.Bool
	case typ.Is(tftypes.Number):
		return cty.Number
	}
	return cty.String
}

// goValue is a value as encoding/json decodes it from a state file.
func goValue(t *testing.T, value tftypes.Value) any {
	t.Helper()
	if value.IsNull() {
		return nil
	}
	as := func(target any) {
		t.Helper()
		if err := value.As(target); err != nil {
			t.Fatal(err)
		}
	}
	switch typ := value.Type(); {
	case typ.Is(tftypes.String):
		var s string
		as(&s)
		return s
	case typ.Is(tftypes.Bool):
		var b bool
		as(&b)
		return b
	case typ.Is(tftypes.Number):
		var n big.Float
		as(&n)
		f, _ := n.Float64()
		return f
	case typ.Is(tftypes.Map{}), typ.Is(tftypes.Object{}):
		var elements map[string]tftypes.Value
		as(&elements)
		return goValues(t, elements)
	}
	var elements []tftypes.Value
	as(&elements)
	all := []any{}
	for _, element := range elements {
		all = append(all, goValue(t, element))
	}
	return all
}

func goValues(t *testing.T, values map[string]tftypes.Value) map[string]any {
	t.Helper()
	all := map[string]any{}
	for name, value := range values {
		all[name] = goValue(t, value)
	}
	return all
}

// loggingServer writes the provider's log.
type loggingServer struct {
	tfprotov6.ProviderServer
	log io.Writer
}

func (s loggingServer) ConfigureProvider(ctx context.Context, r *tfprotov6.ConfigureProviderRequest) (*tfprotov6.ConfigureProviderResponse, error) {
	return s.ProviderServer.ConfigureProvider(tflogtest.RootLogger(ctx, s.log), r)
}

func (s loggingServer) ReadResource(ctx context.Context, r *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	return s.ProviderServer.ReadResource(tflogtest.RootLogger(ctx, s.log), r)
}

func (s loggingServer) PlanResourceChange(ctx context.Context, r *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	return s.ProviderServer.PlanResourceChange(tflogtest.RootLogger(ctx, s.log), r)
}

func (s loggingServer) ApplyResourceChange(ctx context.Context, r *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	return s.ProviderServer.ApplyResourceChange(tflogtest.RootLogger(ctx, s.log), r)
}

func (s loggingServer) ImportResourceState(ctx context.Context, r *tfprotov6.ImportResourceStateRequest) (*tfprotov6.ImportResourceStateResponse, error) {
	return s.ProviderServer.ImportResourceState(tflogtest.RootLogger(ctx, s.log), r)
}
