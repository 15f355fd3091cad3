// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
)

// ignoreMetadataModel is the provider's ignore_metadata.
type ignoreMetadataModel struct {
	Keys        types.Set `tfsdk:"keys"`
	KeyPrefixes types.Set `tfsdk:"key_prefixes"`
}

func defaultMetadataAttribute() schema.Attribute {
	return schema.MapAttribute{
		MarkdownDescription: "Key-value pairs for every Express customer and clinical reference. " +
			"A resource's own `metadata` wins over a default with the same key. " +
			"If you change a default, the next apply changes the objects. A pair whose value is null is left out. The pairs are written to the state, even if a value is ephemeral or sensitive.",
		ElementType: types.StringType,
		Optional:    true,
		Validators:  metadataValidators(),
	}
}

func ignoreMetadataBlock() schema.Block {
	names := []validator.Set{
		setvalidator.NoNullValues(),
		setvalidator.ValueStringsAre(stringvalidator.UTF8LengthBetween(1, maxMetadataKeyLength)),
	}
	return schema.SingleNestedBlock{
		MarkdownDescription: "Leaves metadata under some keys to other systems, such as a billing system that marks customers. " +
			"Such pairs are not reported as drift, and stay when Terraform writes metadata. `effective_metadata` shows them.",
		Attributes: map[string]schema.Attribute{
			"keys": schema.SetAttribute{
				MarkdownDescription: "Keys to ignore.",
				ElementType:         types.StringType,
				Optional:            true,
				Validators:          names,
			},
			"key_prefixes": schema.SetAttribute{
				MarkdownDescription: "Beginnings of keys to ignore.",
				ElementType:         types.StringType,
				Optional:            true,
				Validators:          names,
			},
		},
	}
}

// newMetadataPolicy reads default_metadata and ignore_metadata. Neither needs to
// be known in a plan.
func newMetadataPolicy(ctx context.Context, settings providerModel) (p metadataPolicy, diags diag.Diagnostics) {
	var ignore ignoreMetadataModel
	if !settings.IgnoreMetadata.IsNull() {
		diags.Append(settings.IgnoreMetadata.As(ctx, &ignore, basetypes.ObjectAsOptions{UnhandledUnknownAsEmpty: true})...)
	}
	p.defaults = settings.DefaultMetadata
	p.ignoresUnknown = settings.IgnoreMetadata.IsUnknown()
	p.ignoredKeys = p.knownNames(ignore.Keys)
	p.ignoredPrefixes = p.knownNames(ignore.KeyPrefixes)
	for _, key := range slices.Sorted(maps.Keys(metadataPairs(p.defaults))) {
		if p.namesIgnored(key) {
			diags.AddAttributeWarning(path.Root("default_metadata").AtMapKey(key), "Ignored metadata key has a default", ignoredButSet(key, "default_metadata"))
		}
	}
	return p, diags
}

// knownNames returns what is known of a set of names, and notes it if that is not
// all.
func (p *metadataPolicy) knownNames(set types.Set) (names []string) {
	p.ignoresUnknown = p.ignoresUnknown || set.IsUnknown()
	for _, element := range set.Elements() {
		p.ignoresUnknown = p.ignoresUnknown || element.IsUnknown()
		if name, ok := element.(types.String); ok && !name.IsUnknown() {
			names = append(names, name.ValueString())
		}
	}
	return names
}
