// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"reflect"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// A model is a struct whose fields are the attributes of a schema, named by their tfsdk
// tags. Both products have one model of a user, and their schemas differ: get and set leave
// out what the schema does not have. They also take less time than the framework's Get and
// Set, which compile a regular expression for each field of a model (version 1.19), and
// none for an object as a whole. In "make bench BENCHARGS='-above 500'", the provider
// without an API has the framework's.

// get copies a configuration, plan, state or list result into a model. If the target
// points to a pointer, an object that is null leaves it nil.
func get(ctx context.Context, source interface {
	Get(ctx context.Context, target any) diag.Diagnostics
}, target any,
) diag.Diagnostics {
	var object types.Object
	if diags := source.Get(ctx, &object); diags.HasError() || object.IsNull() {
		return diags
	}
	model := reflect.ValueOf(target).Elem()
	if model.Kind() == reflect.Pointer {
		model.Set(reflect.New(model.Type().Elem()))
		model = model.Elem()
	}
	attributes := object.Attributes()
	eachAttribute(model, func(name string, field reflect.Value) {
		// A slice is what a data source finds, and not configured.
		if value, ok := attributes[name]; ok && field.Kind() != reflect.Slice {
			field.Set(reflect.ValueOf(value))
		}
	})
	return nil
}

// set copies a model into a plan, state, identity or list result.
func set(ctx context.Context, target interface {
	Get(ctx context.Context, target any) diag.Diagnostics
	Set(ctx context.Context, value any) diag.Diagnostics
}, model any,
) diag.Diagnostics {
	var object types.Object // its type is that of the schema
	if diags := target.Get(ctx, &object); diags.HasError() {
		return diags
	}
	return target.Set(ctx, valueOf(object.Type(ctx), reflect.ValueOf(model)))
}

// valueOf returns a field, a model or a slice of models as a value of the given type.
func valueOf(as attr.Type, v reflect.Value) attr.Value {
	v = reflect.Indirect(v)
	if value, ok := reflect.TypeAssert[attr.Value](v); ok {
		return value
	}
	if v.Kind() == reflect.Slice {
		elementType := as.(attr.TypeWithElementType).ElementType()
		elements := make([]attr.Value, v.Len())
		for i := range elements {
			elements[i] = valueOf(elementType, v.Index(i))
		}
		return types.ListValueMust(elementType, elements)
	}
	attributeTypes := as.(attr.TypeWithAttributeTypes).AttributeTypes()
	attributes := make(map[string]attr.Value, len(attributeTypes))
	eachAttribute(v, func(name string, field reflect.Value) {
		if attributeType, ok := attributeTypes[name]; ok {
			attributes[name] = valueOf(attributeType, field)
		}
	})
	return types.ObjectValueMust(attributeTypes, attributes)
}

// eachAttribute calls do for each attribute of a model, and of the models that it embeds.
func eachAttribute(model reflect.Value, do func(name string, field reflect.Value)) {
	for i := range model.NumField() {
		field := model.Type().Field(i)
		if name, ok := field.Tag.Lookup("tfsdk"); ok {
			do(name, model.Field(i))
		} else if field.Anonymous && field.Type.Kind() == reflect.Struct {
			eachAttribute(model.Field(i), do)
		}
	}
}
