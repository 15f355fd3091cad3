// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"maps"

	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/avara-software/terraform-provider-avara/internal/avara"
)

// The API's limits (vendor documentation).
const (
	maxMetadataPairs       = 50
	maxMetadataKeyLength   = 100
	maxMetadataValueLength = 1000
)

// metadataModel is the part of a model that every object with metadata has. How
// the two attributes follow from each other is in metadata_policy.go.
type metadataModel struct {
	Metadata          types.Map `tfsdk:"metadata"`
	EffectiveMetadata types.Map `tfsdk:"effective_metadata"`
}

// aboutPeople matches values that may be about people: those with a capital letter, or a
// letter of a script without capitals, at the start of a word, with a blank, or with as
// many digits as a phone number. Plain words such as "active" are words of servers, too.
var aboutPeople = lazyPattern(`(?:^|[^\pL\pN])[\p{Lu}\p{Lt}\p{Lo}]|\s|\p{Nd}(?:\PL?\p{Nd}){6}`)

// personal returns the values that may be about people. Values of up to three characters
// are left out: they name nobody, and are part of many words.
func (m *metadataModel) personal() personalTexts {
	texts := personalTexts{}
	for _, pairs := range []types.Map{m.EffectiveMetadata, m.Metadata} {
		for key, value := range pairs.Elements() {
			if text, ok := value.(types.String); ok && len(text.ValueString()) > 3 && aboutPeople().MatchString(text.ValueString()) {
				texts["metadata."+key] = &text
			}
		}
	}
	return texts
}

// metadataAttribute is what the configuration says.
func metadataAttribute() schema.Attribute {
	return schema.MapAttribute{
		MarkdownDescription: "All key-value pairs of the object. The plan shows pairs that others add as drift, and the apply removes them, " +
			"except pairs under keys of the provider's `ignore_metadata`. You need not repeat the provider's `default_metadata`. " +
			"A pair here wins over a default with the same key. " +
			"A pair whose value is null is left out. " +
			"At most 50 pairs, the defaults included. Keys have 1 to 100 characters, values at most 1000.",
		ElementType: types.StringType,
		Optional:    true,
	}
}

// metadataValidators check the pairs of the provider block. Those of an object are
// checked in the plan: see checkNew.
func metadataValidators() []validator.Map {
	return []validator.Map{
		mapvalidator.KeysAre(stringvalidator.UTF8LengthBetween(1, maxMetadataKeyLength)),
		mapvalidator.ValueStringsAre(stringvalidator.UTF8LengthAtMost(maxMetadataValueLength)),
	}
}

// effectiveMetadataAttribute is what the object holds.
func effectiveMetadataAttribute() schema.Attribute {
	return schema.MapAttribute{
		MarkdownDescription: "All key-value pairs on the object: those of `metadata`, of the provider's `default_metadata`, and under ignored keys. Not marked as sensitive, even if a value of `metadata` is.",
		ElementType:         types.StringType,
		Computed:            true,
	}
}

// shownMetadata describes metadata in data sources.
const shownMetadata = "Key-value pairs, as `metadata` of a resource for the same object would show them after its import."

// fromAPI takes over the pairs that the API returned, in the form in which Terraform
// keeps its strings, and with the blanks around keys and values that an API may trim.
func (m *metadataModel) fromAPI(answered map[string]string, policy metadataPolicy) {
	before, pairs := metadataPairs(m.EffectiveMetadata), make(map[string]string, len(answered))
	keys := map[string]string{} // without blanks
	for key, value := range answered {
		key = avara.Composed(key)
		pairs[key], keys[avara.TextKey(key)] = avara.Composed(value), key
	}
	for key, old := range before {
		if trimmed, found := keys[avara.TextKey(key)]; found && !isAmong(pairs, key) && !isAmong(before, trimmed) {
			pairs[key] = pairs[trimmed]
			delete(pairs, trimmed)
		}
		if value, known := pairs[key]; known && avara.SameText(old, value) {
			pairs[key] = old
		}
	}
	m.Metadata = policy.shown(pairs, *m)
	m.EffectiveMetadata = metadataMap(pairs)
}

// kept returns the pairs after a call that does not change them. In the vendor's samples,
// answers to such calls have no metadata.
func (m *metadataModel) kept(answered map[string]string) map[string]string {
	if answered == nil {
		return metadataPairs(m.EffectiveMetadata)
	}
	return answered
}

// settle is for the state after an update: metadata follows from the pairs that the API
// returned and from the new configuration, and no longer from the old state.
func (m *metadataModel) settle(plan metadataModel, policy metadataPolicy) {
	m.Metadata = policy.shown(metadataPairs(m.EffectiveMetadata), metadataModel{Metadata: plan.Metadata})
}

// keepPromises puts back what the plan said where the API holds something else,
// and names the attribute for which it does. Pairs under ignored keys may change
// at any time, so they break no promise.
func (m *metadataModel) keepPromises(plan metadataModel, policy metadataPolicy) (broken []string) {
	held, planned := metadataPairs(m.EffectiveMetadata), metadataPairs(plan.EffectiveMetadata)
	switch {
	case !samePairs(metadataPairs(m.Metadata), metadataPairs(plan.Metadata)):
		broken = []string{"metadata"}
	case !samePairs(policy.managed(held), policy.managed(planned)):
		broken = []string{"effective_metadata"}
	}
	m.Metadata, m.EffectiveMetadata = plan.Metadata, plan.EffectiveMetadata
	return broken
}

// changeFrom returns the pairs that are to replace those of the state, nil if they
// are the same.
func (m *metadataModel) changeFrom(state metadataModel) map[string]string {
	wanted := metadataPairs(m.EffectiveMetadata)
	if maps.Equal(wanted, metadataPairs(state.EffectiveMetadata)) {
		return nil
	}
	return wanted
}

// metadataState is the state of metadata for the pairs that it shows.
// To the API null, {} and absent are one; in the configuration {} stays {} and
// null stays null, so a prior value that says the same as the API is kept.
func metadataState(pairs map[string]string, prior types.Map) types.Map {
	switch {
	case samePairs(pairs, metadataPairs(prior)):
		return prior
	case len(pairs) == 0:
		return types.MapNull(types.StringType)
	}
	return metadataMap(pairs)
}

// samePairs compares values without the blanks around them.
func samePairs(a, b map[string]string) bool { return maps.EqualFunc(a, b, avara.SameText) }

func isAmong(pairs map[string]string, key string) bool { _, found := pairs[key]; return found }

// metadataMap is never null.
func metadataMap(pairs map[string]string) types.Map {
	elements := make(map[string]attr.Value, len(pairs))
	for key, value := range pairs {
		elements[key] = types.StringValue(value)
	}
	return types.MapValueMust(types.StringType, elements)
}

// metadataPairs reads a map whose elements are all known strings, as every value
// of a state or of a plan at apply is. A pair whose value is null is left out.
func metadataPairs(m types.Map) map[string]string {
	pairs := make(map[string]string, len(m.Elements()))
	for key, value := range m.Elements() {
		if s, ok := value.(types.String); ok && !s.IsNull() {
			pairs[key] = s.ValueString()
		}
	}
	return pairs
}
