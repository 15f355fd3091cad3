// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// configuredWith is a provider on the account with further settings, some of which may be
// unknown.
func (a *account) configuredWith(settings map[string]any) *protocol {
	a.t.Helper()
	p := newProtocol(a.t)
	all := map[string]any{"base_url": a.url, "api_key": emulator.DefaultAPIKey}
	maps.Copy(all, settings)
	validated, err := p.ValidateProviderConfig(a.t.Context(), &tfprotov6.ValidateProviderConfigRequest{
		Config: p.value(p.schemas.Provider.ValueType(), all),
	})
	if err != nil {
		a.t.Fatal(err)
	}
	if d := slices.Concat(validated.Diagnostics, p.configure(all)); failed(d) {
		a.t.Fatal(texts(d))
	}
	return p
}

// resolved plans a step again when all values are known, and asserts that values that were
// known in the first plan did not change.
func (c *core) resolved(address string, s step, attributes map[string]any) step {
	c.t.Helper()
	out := &outcome{t: c.t}
	prior := &object{state: s.request.PriorState, identity: s.request.PriorIdentity, private: s.request.PriorPrivate}
	final := c.planStep(address, c.value(c.resourceType(typeOf(address)), attributes), prior, out)
	out.expectOK()
	now := c.attributes(address, final.planned.PlannedState)
	for name, planned := range c.attributes(address, s.planned.PlannedState) {
		if !becomes(planned, now[name]) {
			c.t.Errorf("%s.%s was planned as %s, and in the apply as %s", address, name, planned, now[name])
		}
	}
	return final
}

// becomes reports whether a planned value may become another: only unknown values may
// change.
func becomes(planned, value tftypes.Value) bool {
	if !planned.IsKnown() || planned.Equal(value) {
		return true
	}
	var elements, becoming map[string]tftypes.Value
	if planned.IsNull() || value.IsNull() || !value.IsKnown() || planned.As(&elements) != nil || value.As(&becoming) != nil {
		return false
	}
	return maps.EqualFunc(elements, becoming, becomes)
}

func failed(diagnostics []*tfprotov6.Diagnostic) bool {
	return (&outcome{diagnostics: diagnostics}).failed()
}

var (
	mapType    = tftypes.Map{ElementType: tftypes.String}
	setType    = tftypes.Set{ElementType: tftypes.String}
	ignoreType = tftypes.Object{AttributeTypes: map[string]tftypes.Type{"keys": setType, "key_prefixes": setType}}
)

const unknownName = "?"

// metadataValue encodes pairs; nil becomes null.
func metadataValue(pairs map[string]string) tftypes.Value {
	if pairs == nil {
		return tftypes.NewValue(mapType, nil)
	}
	return textMap(pairs)
}

// setValue encodes names; nil becomes null, and unknownName becomes an unknown element.
func setValue(names []string) tftypes.Value {
	if names == nil {
		return tftypes.NewValue(setType, nil)
	}
	var elements []tftypes.Value
	for _, name := range names {
		if name == unknownName {
			elements = append(elements, tftypes.NewValue(tftypes.String, tftypes.UnknownValue))
			continue
		}
		elements = append(elements, tftypes.NewValue(tftypes.String, name))
	}
	return tftypes.NewValue(setType, elements)
}

func ignoreValue(keys, prefixes tftypes.Value) tftypes.Value {
	if keys.IsNull() && prefixes.IsNull() {
		return tftypes.NewValue(ignoreType, nil)
	}
	return tftypes.NewValue(ignoreType, map[string]tftypes.Value{"keys": keys, "key_prefixes": prefixes})
}

// pairsOf returns the pairs of a known map.
func pairsOf(value tftypes.Value) map[string]string {
	var elements map[string]tftypes.Value
	if err := value.As(&elements); err != nil {
		panic(err)
	}
	pairs := map[string]string{}
	for key, element := range elements {
		pairs[key] = text(element)
	}
	return pairs
}
