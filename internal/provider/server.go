// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/avara-software/terraform-provider-avara/internal/leanserver"
)

// NewServer returns what serves the provider in protocol 6.
func NewServer(version string) tfprotov6.ProviderServer {
	return serve(newProvider(version))
}

func serve(p *avaraProvider) tfprotov6.ProviderServer {
	return leanserver.New(providerserver.NewProtocol6(p)(), providerserver.NewProtocol6(alreadyConfigured{p}))
}

// alreadyConfigured is the provider for further servers of the same process: it
// hands out again what was made when Terraform configured it, so that all share
// one client.
type alreadyConfigured struct{ *avaraProvider }

func (p alreadyConfigured) Configure(_ context.Context, _ provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	p.handOut(resp)
}
