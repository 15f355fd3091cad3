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
)

// The API's limits (vendor documentation).
const (
	maxMetadataPairs       = 50
	maxMetadataKeyLength   = 100
	maxMetadataValueLength = 1000
)

// metadataAttribute is what the configuration says.
func metadataAttribute() schema.Attribute {
	return schema.MapAttribute{
		MarkdownDescription: "Key-value pairs of your own, the whole set: pairs that others add are shown as drift and removed. " +
			"At most 50 pairs, keys of 1 to 100 characters, values of at most 1000.",
		ElementType: types.StringType,
		Optional:    true,
		Validators: []validator.Map{
			mapvalidator.SizeAtMost(maxMetadataPairs),
			mapvalidator.NoNullValues(),
			mapvalidator.KeysAre(stringvalidator.UTF8LengthBetween(1, maxMetadataKeyLength)),
			mapvalidator.ValueStringsAre(stringvalidator.UTF8LengthAtMost(maxMetadataValueLength)),
		},
	}
}

// effectiveMetadataAttribute is what the object holds.
func effectiveMetadataAttribute() schema.Attribute {
	return schema.MapAttribute{
		MarkdownDescription: "All key-value pairs on the object.",
		ElementType:         types.StringType,
		Computed:            true,
	}
}

// metadataState is the state of metadata for the pairs that the API returned.
// To the API null, {} and absent are one; in the configuration {} stays {} and
// null stays null, so a prior value that says the same as the API is kept.
func metadataState(pairs map[string]string, prior types.Map) types.Map {
	switch {
	case maps.Equal(pairs, metadataPairs(prior)):
		return prior
	case len(pairs) == 0:
		return types.MapNull(types.StringType)
	}
	return metadataMap(pairs)
}

// metadataMap is never null.
func metadataMap(pairs map[string]string) types.Map {
	elements := make(map[string]attr.Value, len(pairs))
	for key, value := range pairs {
		elements[key] = types.StringValue(value)
	}
	return types.MapValueMust(types.StringType, elements)
}

// metadataPairs reads a map whose elements are all known strings, as every value
// of a state or of a plan at apply is.
func metadataPairs(m types.Map) map[string]string {
	pairs := make(map[string]string, len(m.Elements()))
	for key, value := range m.Elements() {
		if s, ok := value.(types.String); ok {
			pairs[key] = s.ValueString()
		}
	}
	return pairs
}
