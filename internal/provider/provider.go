// SPDX-License-Identifier: MPL-2.0

// Package provider is the Terraform side of the Avara provider: schemas,
// plans, state and what is said to people about them.
package provider

import (
	"context"
	"os"

	"github.com/hashicorp/terraform-plugin-framework-validators/float64validator"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/avara-software/terraform-provider-avara/internal/avara"
)

var (
	_ provider.ProviderWithActions            = &avaraProvider{}
	_ provider.ProviderWithEphemeralResources = &avaraProvider{}
	_ provider.ProviderWithListResources      = &avaraProvider{}
)

type avaraProvider struct {
	version string
	// connect makes the client: avara.New.
	connect func(avara.Options) (*avara.Client, error)
}

// New returns what the plugin server starts the provider from.
func New(version string) func() provider.Provider {
	return func() provider.Provider { return newProvider(version) }
}

func newProvider(version string) *avaraProvider {
	return &avaraProvider{version: version, connect: avara.New}
}

func (p *avaraProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "avara"
	resp.Version = p.version
}

func (p *avaraProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Manages an account of the Avara imaging software through its REST API.",
		Attributes: map[string]schema.Attribute{
			"api_key": schema.StringAttribute{
				MarkdownDescription: "API key, created manually in the Avara dashboard under *API Config*. " +
					"Defaults to the environment variable `AVARA_API_KEY`, which keeps the key out of your configuration.",
				Optional:  true,
				Sensitive: true,
			},
			"base_url": schema.StringAttribute{
				MarkdownDescription: "Address of the API, without `/v1`. Defaults to the environment variable `AVARA_BASE_URL`, " +
					"then to `" + avara.DefaultBaseURL + "`. Must be `https`; plain `http` is accepted for loopback addresses.",
				Optional: true,
			},
			"request_timeout": schema.StringAttribute{
				MarkdownDescription: "How long to wait for the answer to one request, as in `30s` or `1m30s`. " +
					"Defaults to `60s`.",
				Optional:   true,
				Validators: []validator.String{positiveDuration{orEmpty: true}},
			},
			"max_retries": schema.Float64Attribute{
				MarkdownDescription: "How often a request is retried after a transient failure, such as a server error or a lost connection. " +
					"A whole number from 0 to 20. Defaults to 4. A request that creates an object is sent again only after the provider has looked for the object and not found it. " +
					"Requests that are rejected with 429 don't count.",
				Optional:   true,
				Validators: []validator.Float64{wholeNumber{0, 20}},
			},
			"requests_per_second": schema.Float64Attribute{
				MarkdownDescription: "The most requests to send in a second, at least `0.1`. By default there is no limit until the API rejects a request with 429. " +
					"From then on, requests are sent at the rate that the API accepts.",
				Optional:   true,
				Validators: []validator.Float64{float64validator.AtLeast(0.1)},
			},
			"bulk_refresh": schema.BoolAttribute{
				MarkdownDescription: "Whether a refresh may read pages of lists, 100 objects each, where that saves requests and time. " +
					"With `false`, every object is read by a request of its own. Defaults to `true`.",
				Optional: true,
			},
			"prevent_duplicate_names": schema.BoolAttribute{
				MarkdownDescription: "Whether it is an error to create an Express customer with the name of another customer, active or not. Avara may allow two customers of the same name, and can't delete customers. " +
					"The error shows the `import` block to use. A plan that creates customers reads the list of customers once, and so does its apply: one request for each hundred customers. " +
					"Defaults to `false`.",
				Optional: true,
			},
			"default_metadata": defaultMetadataAttribute(),
		},
		Blocks: map[string]schema.Block{"ignore_metadata": ignoreMetadataBlock()},
	}
}

func (p *avaraProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var settings providerModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &settings)...)
	if resp.Diagnostics.HasError() {
		return
	}
	metadata, diags := newMetadataPolicy(ctx, settings)
	resp.Diagnostics.Append(diags...)
	data := providerData{
		client:    p.newClient(settings, req.TerraformVersion, &resp.Diagnostics),
		metadata:  metadata,
		ledger:    newLedger(),
		abandoned: parseAbandoned(os.Getenv(envAbandon)),
	}
	if settings.PreventDuplicateNames.ValueBool() {
		data.names = newCustomerNames()
	}
	resp.ResourceData = data
	resp.DataSourceData = data
	resp.EphemeralResourceData = data
	resp.ListResourceData = data
	resp.ActionData = data
}

func (p *avaraProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{
		newExpressCustomerResource,
		newExpressCustomerUserResource,
		newAutoScribeUserResource,
		newViewerUserResource,
		newClinicalReferenceResource,
	}
}

func (p *avaraProvider) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	return []func() ephemeral.EphemeralResource{
		newAutoScribeSession,
		newViewerSession,
	}
}

func (p *avaraProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{
		newExpressCustomerDataSource,
		newExpressCustomersDataSource,
		newAutoScribeUserDataSource,
		newAutoScribeUsersDataSource,
		newViewerUserDataSource,
		newViewerUsersDataSource,
		newClinicalReferenceDataSource,
		newClinicalReferencesDataSource,
	}
}

func (p *avaraProvider) Actions(context.Context) []func() action.Action {
	return []func() action.Action{
		newReactivateCustomerAction,
		newDeactivateCustomerAction,
	}
}

func (p *avaraProvider) ListResources(context.Context) []func() list.ListResource {
	return []func() list.ListResource{
		newExpressCustomerListResource,
		newAutoScribeUserListResource,
		newViewerUserListResource,
		newClinicalReferenceListResource,
	}
}
