// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/avara-software/terraform-provider-avara/internal/avara"
)

// The first three environment variables are those of the vendor SDKs.
const (
	envAPIKey  = "AVARA_API_KEY"
	envBaseURL = "AVARA_BASE_URL"
	envHeaders = "AVARA_CUSTOM_HEADERS"
	// envAbandon lists the ids of objects that Terraform forgets instead of destroying,
	// whatever their deletion_policy.
	envAbandon = "AVARA_ABANDON"
)

type providerModel struct {
	APIKey            types.String  `tfsdk:"api_key"`
	BaseURL           types.String  `tfsdk:"base_url"`
	RequestTimeout    types.String  `tfsdk:"request_timeout"`
	MaxRetries        types.Float64 `tfsdk:"max_retries"`
	RequestsPerSecond types.Float64 `tfsdk:"requests_per_second"`
	BulkRefresh       types.Bool    `tfsdk:"bulk_refresh"`

	DefaultMetadata types.Map    `tfsdk:"default_metadata"`
	IgnoreMetadata  types.Object `tfsdk:"ignore_metadata"`

	PreventDuplicateNames types.Bool `tfsdk:"prevent_duplicate_names"`
}

// newClient makes the client that all resources share. Each setting falls
// back on its own: configuration, environment, default. A setting that is not
// known yet, as when the key comes from a resource of the same plan, is an
// error of the first call only: a plan that needs no call works without it.
func (p *avaraProvider) newClient(settings providerModel, terraformVersion string, diags *diag.Diagnostics) *avara.Client {
	if unknown := settings.unknown(); unknown != "" {
		return avara.NewUnavailable(&unknownSettingError{attribute: unknown})
	}
	apiKey := settingOr(settings.APIKey, envAPIKey)
	if _, err := avara.ParseAPIKey(apiKey); err != nil {
		diags.AddAttributeError(path.Root("api_key"), "Missing or malformed Avara API key",
			fmt.Sprintf("The provider can't use api_key: %s.\n\nSet the environment variable %s, or api_key in the provider block, "+
				"to a key from the Avara dashboard (API Config). A key is sk_live_ followed by 32 hex characters.", err, envAPIKey))
	}
	baseURL := settingOr(settings.BaseURL, envBaseURL)
	if _, err := avara.ParseBaseURL(baseURL); err != nil {
		diags.AddAttributeError(path.Root("base_url"), "Unusable Avara base URL",
			fmt.Sprintf("The provider can't use base_url: %s.\n\nCorrect base_url in the provider block, or the environment variable %s.", err, envBaseURL))
	}
	retries := avara.DefaultMaxRetries
	if !settings.MaxRetries.IsNull() {
		retries = int(settings.MaxRetries.ValueFloat64())
	}
	header, complaints := avara.ParseHeaders(os.Getenv(envHeaders))
	if len(complaints) > 0 {
		diags.AddWarning("Headers are not sent",
			fmt.Sprintf("Of the lines of the environment variable %s, some set no header: %s.", envHeaders, strings.Join(complaints, "; ")))
	}
	if diags.HasError() {
		return nil
	}
	options := avara.Options{
		APIKey:            apiKey,
		BaseURL:           baseURL,
		UserAgent:         fmt.Sprintf("terraform-provider-avara/%s terraform/%s", p.version, terraformVersion),
		CorrelationID:     correlationID(),
		Header:            header,
		RequestTimeout:    durationOr(settings.RequestTimeout, avara.DefaultRequestTimeout),
		OperationTimeout:  defaultTimeout,
		MaxRetries:        retries,
		RequestsPerSecond: settings.RequestsPerSecond.ValueFloat64(),
		BulkRefresh:       settings.BulkRefresh.IsNull() || settings.BulkRefresh.ValueBool(),
		Observe:           logAttempts(apiKey),
		ObserveWait:       logWaits,
		ObserveReading:    logReadings,
	}
	client, err := p.connect(options)
	if err != nil {
		diags.AddError("Unable to set up the Avara client", err.Error())
	}
	return client
}

// settingOr is a setting, or what the environment says: an empty text sets nothing, as
// where a module passes on a variable whose default is "".
func settingOr(setting types.String, variable string) string {
	return cmp.Or(strings.TrimSpace(setting.ValueString()), os.Getenv(variable))
}

// unknown returns the name of a setting whose value is not known yet.
func (s providerModel) unknown() string {
	switch {
	case s.APIKey.IsUnknown():
		return "api_key"
	case s.BaseURL.IsUnknown():
		return "base_url"
	case s.RequestTimeout.IsUnknown():
		return "request_timeout"
	case s.MaxRetries.IsUnknown():
		return "max_retries"
	case s.RequestsPerSecond.IsUnknown():
		return "requests_per_second"
	case s.BulkRefresh.IsUnknown():
		return "bulk_refresh"
	case s.PreventDuplicateNames.IsUnknown():
		return "prevent_duplicate_names"
	}
	return ""
}

type unknownSettingError struct{ attribute string }

func (e *unknownSettingError) Error() string {
	return "the provider's " + e.attribute + " is not known before something else has been applied"
}

// providerData is what Configure hands out to resources, data sources and the
// like.
type providerData struct {
	client   *avara.Client
	metadata metadataPolicy
	ledger   *ledger
	names    *customerNames
	// abandoned are the ids in AVARA_ABANDON.
	abandoned []string
}

// withProviderData is the part of a resource that holds what Configure has handed
// out.
type withProviderData struct{ providerData }

func (w *withProviderData) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	w.providerData = dataFrom(req.ProviderData, &resp.Diagnostics)
}

// dataFrom reads what the provider's Configure has handed out. It holds no
// client while Terraform only validates.
func dataFrom(handedOut any, diags *diag.Diagnostics) providerData {
	if handedOut == nil {
		return providerData{}
	}
	data, ok := handedOut.(providerData)
	if !ok {
		diags.AddError("Unexpected provider data", fmt.Sprintf("%T: please report this to the provider's developers.", handedOut))
	}
	return data
}
