// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// protocol calls the provider over protocol 6 as Terraform does. It makes calls that the
// installed Terraform may be too old to make.
type protocol struct {
	tfprotov6.ProviderServer
	t       *testing.T
	schemas *tfprotov6.GetProviderSchemaResponse
}

func newProtocol(t *testing.T) *protocol {
	t.Helper()
	return protocolOf(t, newProvider("test"))
}

func protocolOf(t *testing.T, p *avaraProvider) *protocol {
	t.Helper()
	schemas, err := allSchemas()
	if err != nil {
		t.Fatal(err)
	}
	return &protocol{ProviderServer: serve(p), t: t, schemas: schemas}
}

// allSchemas asks for the schemas once for all tests, and not once for each provider that
// they start.
var allSchemas = sync.OnceValues(func() (*tfprotov6.GetProviderSchemaResponse, error) {
	return serve(newProvider("test")).GetProviderSchema(context.Background(), &tfprotov6.GetProviderSchemaRequest{})
})

// configured is a provider configured for the given account.
func configured(a *account) *protocol {
	a.t.Helper()
	return a.configure(newProtocol(a.t))
}

func (a *account) configure(p *protocol) *protocol {
	a.t.Helper()
	if d := p.configure(map[string]any{"base_url": a.url, "api_key": emulator.DefaultAPIKey}); len(d) > 0 {
		a.t.Fatal(texts(d))
	}
	return p
}

func (p *protocol) configure(settings map[string]any) []*tfprotov6.Diagnostic {
	p.t.Helper()
	config := p.value(p.schemas.Provider.ValueType(), settings)
	resp, err := p.ConfigureProvider(p.t.Context(), &tfprotov6.ConfigureProviderRequest{Config: config, TerraformVersion: "1.12.0"})
	if err != nil {
		p.t.Fatal(err)
	}
	return resp.Diagnostics
}

func (p *protocol) resourceType(name string) tftypes.Type {
	return p.schemas.ResourceSchemas[name].ValueType()
}

// value encodes an object whose other attributes are null. Attributes are Go
// strings, bools and numbers, or tftypes values.
func (p *protocol) value(typ tftypes.Type, attributes map[string]any) *tfprotov6.DynamicValue {
	p.t.Helper()
	object := typ.(tftypes.Object)
	values := map[string]tftypes.Value{}
	for name, attribute := range object.AttributeTypes {
		if value, ok := attributes[name].(tftypes.Value); ok {
			values[name] = value
			continue
		}
		values[name] = tftypes.NewValue(attribute, attributes[name])
	}
	encoded, err := tfprotov6.NewDynamicValue(object, tftypes.NewValue(object, values))
	if err != nil {
		p.t.Fatal(err)
	}
	return &encoded
}

// decode returns the attributes of an object, nil if it is null.
func (p *protocol) decode(typ tftypes.Type, encoded *tfprotov6.DynamicValue) map[string]tftypes.Value {
	p.t.Helper()
	value, err := encoded.Unmarshal(typ)
	if err != nil {
		p.t.Fatal(err)
	}
	if value.IsNull() {
		return nil
	}
	var attributes map[string]tftypes.Value
	if err := value.As(&attributes); err != nil {
		p.t.Fatal(err)
	}
	return attributes
}

func text(value tftypes.Value) string {
	var s *string
	if err := value.As(&s); err != nil || s == nil {
		return "<" + value.String() + ">"
	}
	return *s
}

// texts formats diagnostics with their attributes.
func texts(diagnostics []*tfprotov6.Diagnostic) (all string) {
	for _, d := range diagnostics {
		all += d.Severity.String() + " " + d.Attribute.String() + ": " + d.Summary + "\n" + d.Detail + "\n"
	}
	return all
}

var idIdentityType = tftypes.Object{AttributeTypes: map[string]tftypes.Type{"id": tftypes.String}}

// importByIdentity imports an object by its identity { id } and refreshes it, as an import
// block of Terraform 1.12 does.
func (p *protocol) importByIdentity(resource, id string) (state map[string]tftypes.Value, diagnostics []*tfprotov6.Diagnostic) {
	p.t.Helper()
	imported, err := p.ImportResourceState(p.t.Context(), &tfprotov6.ImportResourceStateRequest{
		TypeName: resource,
		Identity: &tfprotov6.ResourceIdentityData{IdentityData: p.value(idIdentityType, map[string]any{"id": id})},
	})
	if err != nil {
		p.t.Fatal(err)
	}
	if len(imported.Diagnostics) > 0 {
		return nil, imported.Diagnostics
	}
	one := imported.ImportedResources[0]
	return p.read(resource, one.State, one.Identity, one.Private)
}

// read refreshes an object and checks that it has an identity afterwards.
func (p *protocol) read(resource string, state *tfprotov6.DynamicValue, identity *tfprotov6.ResourceIdentityData, private []byte) (map[string]tftypes.Value, []*tfprotov6.Diagnostic) {
	p.t.Helper()
	resp, err := p.ReadResource(p.t.Context(), &tfprotov6.ReadResourceRequest{
		TypeName: resource, CurrentState: state, CurrentIdentity: identity, Private: private,
	})
	if err != nil {
		p.t.Fatal(err)
	}
	if resp.NewIdentity == nil || resp.NewIdentity.IdentityData == nil {
		p.t.Errorf("no identity after a read of %s", resource)
	}
	return p.decode(p.resourceType(resource), resp.NewState), resp.Diagnostics
}
