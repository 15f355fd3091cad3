// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/avara-software/terraform-provider-avara/internal/avara"
)

var _ ephemeral.EphemeralResourceWithConfigure = &sessionResource{}

// sessionResource is avara_autoscribe_session and avara_viewer_session. There is
// nothing to renew or to close: a session ends by itself.
type sessionResource struct {
	providerData
	product avara.Product
	// label names the product to people.
	label string
}

func newAutoScribeSession() ephemeral.EphemeralResource {
	return &sessionResource{product: avara.AutoScribe, label: "AutoScribe"}
}

func newViewerSession() ephemeral.EphemeralResource {
	return &sessionResource{product: avara.Viewer, label: "Viewer"}
}

// sessionModel is a session in configuration and result.
type sessionModel struct {
	RetrievalID     types.String          `tfsdk:"retrieval_id"`
	HangingProtocol *hangingProtocolModel `tfsdk:"hanging_protocol"`
	OptionsJSON     types.String          `tfsdk:"options_json"`
	URL             types.String          `tfsdk:"url"`
}

type hangingProtocolModel struct {
	Layout              types.String `tfsdk:"layout"`
	ViewportAssignments types.List   `tfsdk:"viewport_assignments"`
}

var sessionFields = fieldPaths{
	"retrievalId":     path.Root("retrieval_id"),
	"hangingProtocol": path.Root("hanging_protocol"),
	"options":         path.Root("options_json"),
}

func (r *sessionResource) Metadata(_ context.Context, req ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + strings.ToLower(string(r.product)) + "_session"
}

func (r *sessionResource) Configure(_ context.Context, req ephemeral.ConfigureRequest, resp *ephemeral.ConfigureResponse) {
	r.providerData = dataFrom(req.ProviderData, &resp.Diagnostics)
}

func (r *sessionResource) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A viewing session in " + r.label + " that needs neither a user nor a study in Avara: a landing URL, good for 30 seconds.\n\n" +
			"The session is never in a plan file or in a state. Terraform opens a new session in every plan and every apply. So use the URL " +
			"in the same run, for example in a check or in a provisioner. The API key must have a study webhook, " +
			"which Avara calls for the images when somebody opens the URL.\n\n" +
			"Needs Terraform 1.10 or newer, or OpenTofu 1.11 or newer.",
		Attributes: map[string]schema.Attribute{
			"retrieval_id": schema.StringAttribute{
				MarkdownDescription: "Your own identifier of the images to view. Avara passes it to the webhook.",
				Required:            true,
				Validators:          []validator.String{notBlank},
			},
			"hanging_protocol": schema.SingleNestedAttribute{
				MarkdownDescription: "Layout of the viewer, and what each part of it shows.",
				Optional:            true,
				Validators:          []validator.Object{onePerViewport{}},
				Attributes: map[string]schema.Attribute{
					"layout": schema.StringAttribute{
						MarkdownDescription: "Rows by columns, from `1x1` to `4x4`.",
						Required:            true,
						Validators:          []validator.String{stringvalidator.OneOf(avara.ViewerLayouts()...)},
					},
					"viewport_assignments": schema.ListAttribute{
						MarkdownDescription: "What each viewport shows, row by row: one entry for each viewport, and `null` for an empty one.",
						ElementType:         types.StringType,
						Required:            true,
					},
				},
			},
			"options_json": schema.StringAttribute{
				MarkdownDescription: fmt.Sprintf("Options of your own as a JSON object, which Avara passes to the webhook unchanged. At most %d bytes. "+
					"Use `jsonencode`.", avara.MaxSessionOptions),
				Optional:   true,
				Validators: []validator.String{sessionOptions{}},
			},
			"url": schema.StringAttribute{
				MarkdownDescription: "Landing URL, with the token that opens the session. For 30 seconds, everybody who has the URL can open the session.",
				Computed:            true,
				Sensitive:           true,
			},
		},
	}
}

func (r *sessionResource) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var session sessionModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &session)...)
	if resp.Diagnostics.HasError() {
		return
	}
	wish, diags := session.toAPI(ctx)
	resp.Diagnostics.Append(diags...)
	if diags.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, defaultTimeout)
	defer cancel()
	url, err := r.client.CreateSession(ctx, r.product, wish)
	if err != nil {
		resp.Diagnostics.Append(r.diagnostic(failure{
			summary: "Unable to open " + r.label + " session", err: err, advice: webhookAdvice(err), fields: sessionFields,
		}))
		return
	}
	session.URL = types.StringValue(url)
	resp.Diagnostics.Append(resp.Result.Set(ctx, &session)...)
}

func (m *sessionModel) toAPI(ctx context.Context) (wish avara.NewSession, diags diag.Diagnostics) {
	wish.RetrievalID = m.RetrievalID.ValueString()
	if !m.OptionsJSON.IsNull() {
		wish.Options = json.RawMessage(m.OptionsJSON.ValueString())
	}
	if m.HangingProtocol != nil {
		assignments := []*string{}
		diags = m.HangingProtocol.ViewportAssignments.ElementsAs(ctx, &assignments, false)
		wish.HangingProtocol = &avara.HangingProtocol{Layout: m.HangingProtocol.Layout.ValueString(), ViewportAssignments: assignments}
	}
	return wish, diags
}

// webhookAdvice says what a session needs in addition to a valid request.
func webhookAdvice(err error) string {
	switch avara.StatusOf(err) {
	case http.StatusBadRequest, http.StatusForbidden, http.StatusConflict, http.StatusUnprocessableEntity:
		return "Sessions need an API key that has a study webhook: check it in the Avara dashboard (API Config)."
	}
	return ""
}

// onePerViewport warns where the number of assignments is not that of the
// layout's viewports. The vendor's samples have one for each, but whether the
// API insists is not documented, so it decides.
type onePerViewport struct{}

func (onePerViewport) Description(context.Context) string {
	return "should have one assignment for each viewport of the layout"
}

func (v onePerViewport) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v onePerViewport) ValidateObject(ctx context.Context, req validator.ObjectRequest, resp *validator.ObjectResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	var protocol hangingProtocolModel
	resp.Diagnostics.Append(req.ConfigValue.As(ctx, &protocol, basetypes.ObjectAsOptions{})...)
	assignments := protocol.ViewportAssignments
	var rows, columns int
	if _, err := fmt.Sscanf(protocol.Layout.ValueString(), "%dx%d", &rows, &columns); err != nil || assignments.IsNull() || assignments.IsUnknown() {
		return
	}
	if got := len(assignments.Elements()); got != rows*columns {
		resp.Diagnostics.AddAttributeWarning(req.Path.AtName("viewport_assignments"), "Viewport assignments do not fit the layout",
			fmt.Sprintf("The number of assignments (%d) is not that of the viewports of layout %s (%d): Avara will probably refuse that. "+
				"Write null for a viewport that stays empty.", got, protocol.Layout.ValueString(), rows*columns))
	}
}

// sessionOptions refuses what is not a JSON object, or is too large.
type sessionOptions struct{}

func (sessionOptions) Description(context.Context) string {
	return fmt.Sprintf("must be a JSON object of at most %d bytes", avara.MaxSessionOptions)
}

func (v sessionOptions) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v sessionOptions) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	reason := ""
	switch size, isObject := sizeAsJSON([]byte(req.ConfigValue.ValueString())); {
	case !isObject:
		reason = "it is not a JSON object"
	case size > avara.MaxSessionOptions:
		reason = fmt.Sprintf("it has %d without spaces", size)
	default:
		return
	}
	resp.Diagnostics.AddAttributeError(req.Path, "Invalid session options", fmt.Sprintf("%s %s, but %s.", req.Path, v.Description(ctx), reason))
}

// sizeAsJSON measures a JSON object as the vendor does, by parsing it and writing it
// again: without blanks, and without the escapes that jsonencode adds.
func sizeAsJSON(text []byte) (size int, isObject bool) {
	var object map[string]any
	if json.Unmarshal(text, &object) != nil || object == nil {
		return 0, false
	}
	var written bytes.Buffer
	encoder := json.NewEncoder(&written)
	encoder.SetEscapeHTML(false)
	if encoder.Encode(object) != nil {
		return 0, false
	}
	return written.Len() - len("\n"), true
}
