// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/avara-software/terraform-provider-avara/internal/avara"
)

var (
	_ datasource.DataSourceWithConfigure        = &dataSource[any]{}
	_ datasource.DataSourceWithConfigValidators = &dataSource[any]{}
)

// dataSource is every data source of the provider. They differ in their schema,
// in the model M of that, and in how the model is completed.
type dataSource[M any] struct {
	providerData
	// typeName is without the provider's: "express_customer".
	typeName string
	schema   func(context.Context) schema.Schema
	// key names the attributes of which exactly one must be set, to say what is looked up.
	// It is empty for a data source of many objects.
	key []string
	// read completes a model that holds the configuration.
	read func(context.Context, providerData, *M) diag.Diagnostics
}

func (d *dataSource[M]) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + d.typeName
}

func (d *dataSource[M]) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = d.schema(ctx)
}

func (d *dataSource[M]) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.providerData = dataFrom(req.ProviderData, &resp.Diagnostics)
}

func (d *dataSource[M]) ConfigValidators(context.Context) []datasource.ConfigValidator {
	if len(d.key) == 0 {
		return nil
	}
	var attributes []path.Expression
	for _, name := range d.key {
		attributes = append(attributes, path.MatchRoot(name))
	}
	return []datasource.ConfigValidator{datasourcevalidator.ExactlyOneOf(attributes...)}
}

func (d *dataSource[M]) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model M
	resp.Diagnostics.Append(get(ctx, req.Config, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(d.read(ctx, d.providerData, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(set(ctx, &resp.State, &model)...)
}

// matching passes on what matches, and errors.
func matching[T any](all iter.Seq2[T, error], matches func(T) bool) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for object, err := range all {
			if (err != nil || matches(object)) && !yield(object, err) {
				return
			}
		}
	}
}

// collect returns all objects, or the first error.
func collect[T any](all iter.Seq2[T, error]) (objects []T, err error) {
	for object, err := range all {
		if err != nil {
			return nil, err
		}
		objects = append(objects, object)
	}
	return objects, nil
}

// wantsFlag reports whether a filter that may be left out lets a value through.
func wantsFlag(filter types.Bool, value bool) bool {
	return filter.IsNull() || filter.ValueBool() == value
}

// wantsText is wantsFlag for a value that has to equal the filter.
func wantsText(filter types.String, value string) bool {
	return filter.IsNull() || filter.ValueString() == value
}

// wantsPart is wantsFlag for a value that has to contain the filter, in any letter case.
func wantsPart(filter types.String, value string) bool {
	return strings.Contains(strings.ToLower(avara.Composed(value)), strings.ToLower(filter.ValueString()))
}

// wantsPairs is wantsFlag for metadata that has to hold all pairs of the filter.
func wantsPairs(filter types.Map, held map[string]string) bool {
	for key, value := range metadataPairs(filter) {
		if !hasPair(held, key, value) {
			return false
		}
	}
	return true
}

func hasPair(held map[string]string, key, value string) bool {
	for heldKey, heldValue := range held {
		if avara.Composed(heldKey) == key && avara.Composed(heldValue) == value {
			return true
		}
	}
	return false
}

// mostCandidates bounds how many objects an error lists.
const mostCandidates = 20

// ambiguous is the error for a key that fits several objects. It lists them,
// each in a line, so that one can be chosen by its id.
func ambiguous(summary, advice string, candidates []string) diag.Diagnostic {
	slices.Sort(candidates)
	listed := candidates[:min(len(candidates), mostCandidates)]
	detail := advice + ":\n\n  " + strings.Join(listed, "\n  ")
	if more := len(candidates) - len(listed); more > 0 {
		detail += fmt.Sprintf("\n  and %d more", more)
	}
	return diag.NewErrorDiagnostic(summary, detail)
}
