// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	listschema "github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

var _ list.ListResourceWithConfigure = &listResource[any, any]{}

// listResource is every list resource of the provider. They differ in their
// filters, of model F, and in the objects O that they find.
type listResource[F, O any] struct {
	withProviderData
	// typeName is without the provider's: "express_customer".
	typeName string
	// objects names what is listed: "Express customers".
	objects     string
	description string
	filters     map[string]schema.Attribute
	find        func(context.Context, providerData, *F) iter.Seq2[O, error]
	// people are the texts about people in the filters.
	people func(*F) personalTexts
	// show returns the id of an object, and the name by which a person knows it.
	show func(O) (id, displayName string)
	// fill completes the resource, which holds the id, as an import would.
	fill func(context.Context, providerData, O, *tfsdk.Resource) diag.Diagnostics
}

func (l *listResource[F, O]) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + l.typeName
}

func (l *listResource[F, O]) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = listschema.Schema{MarkdownDescription: l.description, Attributes: listFilters(l.filters)}
}

// List streams: a page is fetched when a result of it is asked for. Errors are
// results too, since nothing else reaches Terraform from within the stream. The last
// result before the limit is held back until it is known whether there is another.
func (l *listResource[F, O]) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var filter F
	if diags := get(ctx, req.Config, &filter); diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	stream.Results = func(push func(list.ListResult) bool) {
		pushed := int64(0)
		var last *list.ListResult
		for object, err := range l.find(ctx, l.providerData, &filter) {
			if err != nil {
				if last == nil || push(*last) {
					push(list.ListResult{Diagnostics: diag.Diagnostics{l.diagnostic(failure{summary: "Unable to list " + l.objects, err: err, people: []personalTexts{l.people(&filter)}})}})
				}
				return
			}
			if last != nil {
				last.Diagnostics.Append(l.limited(req.Limit))
				break
			}
			result := l.result(ctx, req, object)
			if pushed++; pushed == req.Limit {
				last = &result
			} else if !push(result) {
				return
			}
		}
		if last != nil {
			push(*last)
		}
	}
}

func (l *listResource[F, O]) limited(limit int64) diag.Diagnostic {
	return diag.NewWarningDiagnostic("The list ends at its limit",
		fmt.Sprintf("There are more %s than the %d that are shown. Set limit in the list block to see more: it is 100 unless it is set.", l.objects, limit))
}

// displayName makes a name fit for a line of a terminal: control characters, line breaks
// and marks that turn the direction of the text around show as U+FFFD.
func displayName(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return unicode.ReplacementChar
	}, name)
}

func (l *listResource[F, O]) result(ctx context.Context, req list.ListRequest, object O) list.ListResult {
	result := req.NewListResult(ctx)
	id, name := l.show(object)
	result.DisplayName = displayName(name)
	result.Diagnostics.Append(setIdentity(ctx, result.Identity, idIdentity{types.StringValue(id)})...)
	if req.IncludeResource {
		result.Diagnostics.Append(result.Resource.SetAttribute(ctx, path.Root("id"), id)...)
		result.Diagnostics.Append(l.fill(ctx, l.providerData, object, result.Resource)...)
	}
	return result
}
