// SPDX-License-Identifier: MPL-2.0

package main

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// providerKey is the provider's key in the document. Terraform would write the whole
// source address, but tfplugindocs looks for the short name, or for an address in
// HashiCorp's namespace.
const providerKey = "avara"

// The types in this file are the JSON format of `terraform providers schema -json`.
type (
	document struct {
		FormatVersion   string                    `json:"format_version"`
		ProviderSchemas map[string]providerSchema `json:"provider_schemas"`
	}

	providerSchema struct {
		Provider           schema                    `json:"provider"`
		Resources          map[string]schema         `json:"resource_schemas,omitempty"`
		DataSources        map[string]schema         `json:"data_source_schemas,omitempty"`
		EphemeralResources map[string]schema         `json:"ephemeral_resource_schemas,omitempty"`
		ListResources      map[string]schema         `json:"list_resource_schemas,omitempty"`
		Actions            map[string]actionSchema   `json:"action_schemas,omitempty"`
		Identities         map[string]identitySchema `json:"resource_identity_schemas,omitempty"`
	}

	schema struct {
		Version int64 `json:"version"`
		Block   block `json:"block"`
	}

	actionSchema struct {
		Block block `json:"block"`
	}

	block struct {
		Attributes      map[string]attribute   `json:"attributes,omitempty"`
		BlockTypes      map[string]nestedBlock `json:"block_types,omitempty"`
		Description     string                 `json:"description,omitempty"`
		DescriptionKind string                 `json:"description_kind"`
		Deprecated      bool                   `json:"deprecated,omitempty"`
	}

	nestedBlock struct {
		NestingMode string `json:"nesting_mode"`
		Block       block  `json:"block"`
		MinItems    int64  `json:"min_items,omitempty"`
		MaxItems    int64  `json:"max_items,omitempty"`
	}

	attribute struct {
		Type            tftypes.Type `json:"type,omitempty"`
		NestedType      *nestedType  `json:"nested_type,omitempty"`
		Description     string       `json:"description,omitempty"`
		DescriptionKind string       `json:"description_kind"`
		Deprecated      bool         `json:"deprecated,omitempty"`
		Required        bool         `json:"required,omitempty"`
		Optional        bool         `json:"optional,omitempty"`
		Computed        bool         `json:"computed,omitempty"`
		Sensitive       bool         `json:"sensitive,omitempty"`
		WriteOnly       bool         `json:"write_only,omitempty"`
	}

	nestedType struct {
		Attributes  map[string]attribute `json:"attributes"`
		NestingMode string               `json:"nesting_mode"`
	}

	identitySchema struct {
		Version    int64                        `json:"version"`
		Attributes map[string]identityAttribute `json:"attributes"`
	}

	identityAttribute struct {
		Type              tftypes.Type `json:"type"`
		Description       string       `json:"description,omitempty"`
		RequiredForImport bool         `json:"required_for_import,omitempty"`
		OptionalForImport bool         `json:"optional_for_import,omitempty"`
	}
)

func newDocument(all *tfprotov6.GetProviderSchemaResponse, identities *tfprotov6.GetResourceIdentitySchemasResponse) document {
	return document{
		FormatVersion: "1.0",
		ProviderSchemas: map[string]providerSchema{providerKey: {
			Provider:           newSchema(all.Provider),
			Resources:          mapValues(all.ResourceSchemas, newSchema),
			DataSources:        mapValues(all.DataSourceSchemas, newSchema),
			EphemeralResources: mapValues(all.EphemeralResourceSchemas, newSchema),
			ListResources:      mapValues(all.ListResourceSchemas, newSchema),
			Actions:            mapValues(all.ActionSchemas, newActionSchema),
			Identities:         mapValues(identities.IdentitySchemas, newIdentitySchema),
		}},
	}
}

func newSchema(s *tfprotov6.Schema) schema {
	return schema{Version: s.Version, Block: newBlock(s.Block)}
}

func newActionSchema(s *tfprotov6.ActionSchema) actionSchema {
	return actionSchema{Block: newBlock(s.Schema.Block)}
}

func newBlock(b *tfprotov6.SchemaBlock) block {
	nested := make(map[string]nestedBlock, len(b.BlockTypes))
	for _, n := range b.BlockTypes {
		nested[n.TypeName] = nestedBlock{
			NestingMode: strings.ToLower(n.Nesting.String()),
			Block:       newBlock(n.Block),
			MinItems:    n.MinItems,
			MaxItems:    n.MaxItems,
		}
	}
	return block{
		Attributes:      newAttributes(b.Attributes),
		BlockTypes:      nested,
		Description:     b.Description,
		DescriptionKind: strings.ToLower(b.DescriptionKind.String()),
		Deprecated:      b.Deprecated,
	}
}

func newAttributes(attributes []*tfprotov6.SchemaAttribute) map[string]attribute {
	named := make(map[string]attribute, len(attributes))
	for _, a := range attributes {
		named[a.Name] = attribute{
			Type:            a.Type,
			NestedType:      newNestedType(a.NestedType),
			Description:     a.Description,
			DescriptionKind: strings.ToLower(a.DescriptionKind.String()),
			Deprecated:      a.Deprecated,
			Required:        a.Required,
			Optional:        a.Optional,
			Computed:        a.Computed,
			Sensitive:       a.Sensitive,
			WriteOnly:       a.WriteOnly,
		}
	}
	return named
}

func newNestedType(object *tfprotov6.SchemaObject) *nestedType {
	if object == nil {
		return nil
	}
	return &nestedType{
		Attributes:  newAttributes(object.Attributes),
		NestingMode: strings.ToLower(object.Nesting.String()),
	}
}

func newIdentitySchema(s *tfprotov6.ResourceIdentitySchema) identitySchema {
	attributes := make(map[string]identityAttribute, len(s.IdentityAttributes))
	for _, a := range s.IdentityAttributes {
		attributes[a.Name] = identityAttribute{
			Type:              a.Type,
			Description:       a.Description,
			RequiredForImport: a.RequiredForImport,
			OptionalForImport: a.OptionalForImport,
		}
	}
	return identitySchema{Version: s.Version, Attributes: attributes}
}

// mapValues applies f to every value of m.
func mapValues[In, Out any](m map[string]In, f func(In) Out) map[string]Out {
	out := make(map[string]Out, len(m))
	for name, value := range m {
		out[name] = f(value)
	}
	return out
}
