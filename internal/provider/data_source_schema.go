// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	listschema "github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	resourceschema "github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// shownAttributes are those of a resource as data sources show them: read-only,
// and without what only a resource has. They have the first sentence of its
// descriptions; descriptions holds those that need other words here.
func shownAttributes(ctx context.Context, of resource.Resource, descriptions map[string]string) map[string]schema.Attribute {
	var resp resource.SchemaResponse
	of.Schema(ctx, resource.SchemaRequest{}, &resp)
	shown := map[string]schema.Attribute{}
	for name, attribute := range resp.Schema.Attributes {
		if name == "deletion_policy" || name == "invitation_round" || name == "timeouts" {
			continue
		}
		description, found := descriptions[name]
		if !found {
			description = firstSentence(attribute.GetMarkdownDescription())
		}
		shown[name] = shownAttribute(name, attribute, description)
	}
	return shown
}

// firstSentence is what a resource's description of an attribute says of the attribute
// itself: this is a rule for descriptions. The sentences after it say what the resource
// does with the attribute.
func firstSentence(description string) string {
	first, _, _ := strings.Cut(description, ". ")
	return sentence(first)
}

func shownAttribute(name string, attribute resourceschema.Attribute, description string) schema.Attribute {
	switch a := attribute.(type) {
	case resourceschema.StringAttribute:
		return schema.StringAttribute{MarkdownDescription: description, Computed: true, CustomType: a.CustomType}
	case resourceschema.BoolAttribute:
		return schema.BoolAttribute{MarkdownDescription: description, Computed: true}
	case resourceschema.Int64Attribute:
		return schema.Int64Attribute{MarkdownDescription: description, Computed: true}
	case resourceschema.MapAttribute:
		return schema.MapAttribute{MarkdownDescription: description, Computed: true, ElementType: a.ElementType}
	}
	panic(fmt.Sprintf("no data source shows an attribute like %s, a %T", name, attribute))
}

// keyAttribute says what is looked up, where it is set, and is read like the
// others where it is not.
func keyAttribute(description string, validators ...validator.String) schema.Attribute {
	return schema.StringAttribute{MarkdownDescription: description, Optional: true, Computed: true, Validators: validators}
}

func textFilter(description string, validators ...validator.String) schema.Attribute {
	return schema.StringAttribute{
		MarkdownDescription: description, Optional: true,
		Validators: append(validators, stringvalidator.LengthAtLeast(1)),
	}
}

// pairsFilter is a filter by metadata.
func pairsFilter() schema.Attribute {
	return schema.MapAttribute{
		MarkdownDescription: "Pairs that the metadata must contain. It may contain others too.", Optional: true, ElementType: types.StringType,
	}
}

func flagFilter(description string) schema.Attribute {
	return schema.BoolAttribute{MarkdownDescription: description, Optional: true}
}

// manyAttribute holds what a data source of many objects has found.
func manyAttribute(description string, shown map[string]schema.Attribute) schema.Attribute {
	return schema.ListNestedAttribute{
		MarkdownDescription: description,
		Computed:            true,
		NestedObject:        schema.NestedAttributeObject{Attributes: shown},
	}
}

// listFilters are the filters of a data source as those of a list block.
func listFilters(filters map[string]schema.Attribute) map[string]listschema.Attribute {
	ofList := map[string]listschema.Attribute{}
	for name, filter := range filters {
		switch f := filter.(type) {
		case schema.StringAttribute:
			ofList[name] = listschema.StringAttribute{MarkdownDescription: f.MarkdownDescription, Optional: true, Validators: f.Validators}
		case schema.MapAttribute:
			ofList[name] = listschema.MapAttribute{MarkdownDescription: f.MarkdownDescription, Optional: true, ElementType: f.ElementType}
		case schema.BoolAttribute:
			ofList[name] = listschema.BoolAttribute{MarkdownDescription: f.MarkdownDescription, Optional: true}
		default:
			panic(fmt.Sprintf("no list block has a filter like %s, a %T", name, filter))
		}
	}
	return ofList
}
