// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"reflect"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// A model is a struct whose fields have the values of attributes, and their names as tags.
// The framework's Get and Set compile a regular expression for each field in each call
// (version 1.19), which took a third of the time of a plan. get and set pass the object as
// a whole, for which the framework compiles none, and copy its attributes themselves.

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
	eachAttribute(model, func(name string, field reflect.Value) { field.Set(reflect.ValueOf(attributes[name])) })
	return nil
}

// set is the way back from get.
func set(ctx context.Context, target interface {
	Set(ctx context.Context, value any) diag.Diagnostics
}, model any,
) diag.Diagnostics {
	attributes, attributeTypes := map[string]attr.Value{}, map[string]attr.Type{}
	eachAttribute(reflect.Indirect(reflect.ValueOf(model)), func(name string, field reflect.Value) {
		attributes[name] = field.Interface().(attr.Value)
		attributeTypes[name] = attributes[name].Type(ctx)
	})
	return target.Set(ctx, types.ObjectValueMust(attributeTypes, attributes))
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
