// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/avara-software/terraform-provider-avara/internal/leanserver"
)

// NewServer returns what serves the provider in protocol 6.
func NewServer(version string) tfprotov6.ProviderServer {
	return serve(newProvider(version))
}

func serve(p *avaraProvider) tfprotov6.ProviderServer {
	return leanserver.New(providerserver.NewProtocol6(p)())
}
