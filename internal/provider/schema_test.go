// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"reflect"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

func TestSchemasAreValid(t *testing.T) {
	t.Parallel()
	p := New("test")()
	var schema provider.SchemaResponse
	p.Schema(t.Context(), provider.SchemaRequest{}, &schema)
	if d := schema.Schema.ValidateImplementation(t.Context()); d.HasError() {
		t.Error(d)
	}
	for _, newResource := range p.Resources(t.Context()) {
		var schema resource.SchemaResponse
		newResource().Schema(t.Context(), resource.SchemaRequest{}, &schema)
		if d := schema.Schema.ValidateImplementation(t.Context()); d.HasError() {
			t.Error(d)
		}
	}
}

// Every attribute has a description for the docs and for editors.
func TestEverythingIsDescribed(t *testing.T) {
	t.Parallel()
	schemas := newProtocol(t).schemas
	describe("provider", schemas.Provider.Block, t)
	for _, group := range []map[string]*tfprotov6.Schema{schemas.ResourceSchemas, schemas.DataSourceSchemas, schemas.EphemeralResourceSchemas} {
		for name, schema := range group {
			if schema.Block.Description == "" {
				t.Errorf("%s has no description", name)
			}
			describe(name, schema.Block, t)
		}
	}
}

func describe(name string, block *tfprotov6.SchemaBlock, t *testing.T) {
	t.Helper()
	for _, attribute := range block.Attributes {
		if attribute.Description == "" && attribute.Name != "timeouts" {
			t.Errorf("%s.%s has no description", name, attribute.Name)
		}
	}
	for _, nested := range block.BlockTypes {
		if nested.Block.Description == "" {
			t.Errorf("%s.%s has no description", name, nested.TypeName)
		}
		describe(name+"."+nested.TypeName, nested.Block, t)
	}
}

// Models and schemas have the same attributes. The framework would report a difference
// only at a request.
func TestModelsAgreeWithSchemas(t *testing.T) {
	t.Parallel()
	schemas := newProtocol(t).schemas
	models := map[string]any{
		"avara_express_customer": expressCustomerModel{},
		membershipType:           expressCustomerUserModel{},
		"avara_autoscribe_user":  userModel{},
		"avara_viewer_user":      userModel{},
		clinicalReferenceType:    clinicalReferenceModel{},
	}
	for name, schema := range schemas.ResourceSchemas {
		if model, ok := models[name]; ok {
			agree(t, name, model, schema.Block)
		} else {
			t.Errorf("%s: name its model here, to have it compared with the schema", name)
		}
	}
	agree(t, "provider", providerModel{}, schemas.Provider.Block)
	for _, nested := range schemas.Provider.Block.BlockTypes {
		agree(t, "provider."+nested.TypeName, map[string]any{"ignore_metadata": ignoreMetadataModel{}}[nested.TypeName], nested.Block)
	}
}

// Every resource can be imported by its identity.
func TestResourcesHaveIdentities(t *testing.T) {
	t.Parallel()
	p := newProtocol(t)
	identities, err := p.GetResourceIdentitySchemas(t.Context(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for name := range p.schemas.ResourceSchemas {
		if identities.IdentitySchemas[name] == nil {
			t.Errorf("%s has no identity", name)
		}
	}
}

func agree(t *testing.T, name string, model any, block *tfprotov6.SchemaBlock) {
	t.Helper()
	fields := map[string]bool{}
	for _, field := range reflect.VisibleFields(reflect.TypeOf(model)) {
		if !field.Anonymous && field.IsExported() {
			fields[field.Tag.Get("tfsdk")] = true
		}
	}
	var names []string
	for _, attribute := range block.Attributes {
		names = append(names, attribute.Name)
	}
	for _, nested := range block.BlockTypes {
		names = append(names, nested.TypeName)
	}
	for _, attribute := range names {
		if !fields[attribute] {
			t.Errorf("%s: the model lacks %s", name, attribute)
		}
		delete(fields, attribute)
	}
	if name == "avara_viewer_user" {
		delete(fields, "can_create_reports")
		delete(fields, "npi_number")
	}
	for field := range fields {
		t.Errorf("%s: the schema lacks %s", name, field)
	}
}
