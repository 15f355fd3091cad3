// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/avara-software/terraform-provider-avara/internal/avara"
)

// metadataPolicy is what the provider block says of the metadata of all objects.
// The zero policy has no defaults and ignores nothing.
type metadataPolicy struct {
	// defaults may be null, and in a plan unknown as a whole or in parts.
	defaults types.Map
	// Pairs under these keys belong to others, unless the configuration sets them.
	ignoredKeys, ignoredPrefixes []string
	// ignoresUnknown is set in a plan in which ignore_metadata is not fully known.
	ignoresUnknown bool
}

func (p metadataPolicy) ignoresAny() bool {
	return len(p.ignoredKeys)+len(p.ignoredPrefixes) > 0
}

// ignores reports whether a key is left to others. One with a default is not.
func (p metadataPolicy) ignores(key string) bool {
	value, isDefault := p.defaults.Elements()[key]
	return (!isDefault || value.IsNull()) && p.namesIgnored(key)
}

// namesIgnored reports whether ignore_metadata names a key.
func (p metadataPolicy) namesIgnored(key string) bool {
	return slices.Contains(p.ignoredKeys, key) ||
		slices.ContainsFunc(p.ignoredPrefixes, func(prefix string) bool { return strings.HasPrefix(key, prefix) })
}

// managed returns the pairs that are not under ignored keys.
func (p metadataPolicy) managed(pairs map[string]string) map[string]string {
	managed := maps.Clone(pairs)
	maps.DeleteFunc(managed, func(key, _ string) bool { return p.ignores(key) })
	return managed
}

// effective returns all pairs of an object with the given configured ones, which
// win over defaults of the same key. Of the pairs that the object holds now, those
// under ignored keys stay as they are. The result is unknown as long as any value is:
// a value that turns out to be null is no pair.
func (p metadataPolicy) effective(configured types.Map, held map[string]string) types.Map {
	if hasUnknown(configured) || hasUnknown(p.defaults) {
		return types.MapUnknown(types.StringType)
	}
	pairs := metadataPairs(p.defaults)
	for key, value := range pairs {
		if now, isHeld := held[key]; isHeld && avara.SameText(value, now) {
			pairs[key] = now
		}
	}
	maps.Copy(pairs, metadataPairs(configured))
	set := maps.Clone(pairs)
	for key, value := range held {
		composed := avara.Composed(key)
		if _, isSet := set[composed]; isSet {
			continue
		}
		if p.ignoresUnknown {
			return types.MapUnknown(types.StringType)
		}
		if p.ignores(composed) {
			pairs[key] = value
		}
	}
	return metadataMap(pairs)
}

// shown returns what metadata shows of the pairs that an object holds. Once shown,
// a pair stays shown. Others are left out if they are ignored, are as a default
// wants them, or were left out before and have not changed since: what
// changes in the provider block is not reported as drift, and shows in effective_metadata only.
func (p metadataPolicy) shown(held map[string]string, prior metadataModel) types.Map {
	shownBefore, heldBefore := metadataPairs(prior.Metadata), metadataPairs(prior.EffectiveMetadata)
	defaults := p.defaults.Elements()
	shown := map[string]string{}
	for key, value := range held {
		before, old := heldBefore[key]
		byDefault, isDefault := defaults[key]
		leftOut := p.ignores(key) ||
			isDefault && avara.SameText(byDefault.(types.String).ValueString(), value) ||
			old && avara.SameText(before, value)
		if _, stays := shownBefore[key]; stays || !leftOut {
			shown[key] = value
		}
	}
	return metadataState(shown, prior.Metadata)
}

// plan fills in the effective metadata of a plan, and reports what the API
// would refuse. state is nil for an object that does not exist yet.
func (p metadataPolicy) plan(plan, state *metadataModel) (diags diag.Diagnostics) {
	if state == nil {
		state = &metadataModel{}
	}
	plan.EffectiveMetadata = p.effective(plan.Metadata, metadataPairs(state.EffectiveMetadata))
	if !state.EffectiveMetadata.IsNull() && !hasUnknown(plan.EffectiveMetadata) && plan.changeFrom(*state) == nil {
		plan.EffectiveMetadata = state.EffectiveMetadata
	}
	for _, key := range slices.Sorted(maps.Keys(metadataPairs(plan.Metadata))) {
		if p.namesIgnored(key) {
			diags.AddAttributeWarning(path.Root("metadata").AtMapKey(key), "Ignored metadata key is set", ignoredButSet(key, "metadata"))
		}
	}
	diags.Append(plan.checkNew(state)...)
	diags.Append(plan.checkBlanks(state)...)
	if count := len(plan.EffectiveMetadata.Elements()); count > maxMetadataPairs && (state.EffectiveMetadata.IsNull() || plan.changeFrom(*state) != nil) {
		diags.AddAttributeError(path.Root("metadata"), "Too many metadata pairs",
			fmt.Sprintf("The object would have %d pairs of metadata, and Avara takes at most %d: %s.", count, maxMetadataPairs, p.origins(plan)))
	}
	return diags
}

// checkNew refuses pairs that Avara does not take, unless the state holds them already.
func (m *metadataModel) checkNew(state *metadataModel) (diags diag.Diagnostics) {
	held := metadataPairs(state.EffectiveMetadata)
	refuse := func(key, problem string) {
		diags.AddAttributeError(path.Root("metadata").AtMapKey(key), "Invalid metadata pair", fmt.Sprintf("Attribute metadata[%q]: %s.", key, problem))
	}
	pairs := metadataPairs(m.Metadata)
	for _, key := range slices.Sorted(maps.Keys(pairs)) {
		if now, isHeld := held[key]; isHeld && now == pairs[key] {
			continue
		}
		if length := utf8.RuneCountInString(key); length < 1 || length > maxMetadataKeyLength {
			refuse(key, fmt.Sprintf("the key must have between 1 and %d characters, and has %d", maxMetadataKeyLength, length))
		}
		if length := utf8.RuneCountInString(pairs[key]); length > maxMetadataValueLength {
			refuse(key, fmt.Sprintf("the value must have at most %d characters, and has %d", maxMetadataValueLength, length))
		}
	}
	return diags
}

// checkBlanks warns of new keys that differ in blanks only: an API that trims them (our
// assumption) can hold one of them.
func (m *metadataModel) checkBlanks(state *metadataModel) (diags diag.Diagnostics) {
	held, trimmed := metadataPairs(state.EffectiveMetadata), map[string]string{}
	for _, key := range slices.Sorted(maps.Keys(metadataPairs(m.EffectiveMetadata))) {
		other, isTwin := trimmed[avara.TextKey(key)]
		if isTwin && !(isAmong(held, key) && isAmong(held, other)) {
			diags.AddAttributeWarning(path.Root("metadata"), "Metadata keys differ in blanks only",
				fmt.Sprintf("The keys %q and %q differ only in the blanks around them. If Avara trims keys, it can hold only one of them, "+
					"and each plan shows the other one as missing. Use one of the two keys.", other, key))
		}
		trimmed[avara.TextKey(key)] = key
	}
	return diags
}

// resolve fills in at apply what the plan could not know. held are the pairs of
// the state.
func (p metadataPolicy) resolve(plan *metadataModel, held types.Map) (diags diag.Diagnostics) {
	if hasUnknown(plan.EffectiveMetadata) {
		plan.EffectiveMetadata = p.effective(plan.Metadata, metadataPairs(held))
	}
	if hasUnknown(plan.EffectiveMetadata) {
		diags.AddAttributeError(path.Root("effective_metadata"), "Unable to merge metadata",
			providerData{}.text(failure{err: &unknownSettingError{attribute: "default_metadata or ignore_metadata"}}))
	}
	return diags
}

// latest returns a change of metadata that keeps the ignored pairs as the object
// holds them now. look asks the API for those, which costs a call only where
// there is something to keep.
func (p metadataPolicy) latest(change map[string]string, configured types.Map, look func() (map[string]string, error)) (map[string]string, error) {
	if change == nil || !p.ignoresAny() {
		return change, nil
	}
	held, err := look()
	if err != nil {
		return nil, err
	}
	return metadataPairs(p.effective(configured, held)), nil
}

func ignoredButSet(key, attribute string) string {
	return fmt.Sprintf("The provider's ignore_metadata leaves the key %q to others, but %s sets it. "+
		"Terraform keeps the pair as %s says. Take the key out of one of the two.", key, attribute, attribute)
}

// origins says where the pairs of a plan come from.
func (p metadataPolicy) origins(plan *metadataModel) string {
	var defaults, ignored []string
	configured := metadataPairs(plan.Metadata)
	for _, key := range slices.Sorted(maps.Keys(plan.EffectiveMetadata.Elements())) {
		if _, own := configured[key]; own {
			continue
		}
		if _, isDefault := p.defaults.Elements()[key]; isDefault {
			defaults = append(defaults, key)
		} else {
			ignored = append(ignored, key)
		}
	}
	origins := fmt.Sprintf("%d from metadata", len(configured))
	if len(defaults) > 0 {
		origins += fmt.Sprintf(", %d from the provider's default_metadata (%s)", len(defaults), strings.Join(defaults, ", "))
	}
	if len(ignored) > 0 {
		origins += fmt.Sprintf(", %d on the object that the provider's ignore_metadata keeps (%s)", len(ignored), strings.Join(ignored, ", "))
	}
	return origins
}
