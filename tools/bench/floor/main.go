// SPDX-License-Identifier: MPL-2.0

// Command floor is a throwaway provider: the schemas of avara_express_customer and avara_express_customers, with objects
// that are made in memory and no API behind them. Its resource reads and writes plan and state as any provider does. What
// it takes is what Terraform's protocol, the plugin framework and this schema cost any provider. With FLOOR_AS_SERVED it is served as the framework does it by default; without, as this
// provider is. FLOOR_CUSTOMERS is how many customers the data source has.
package main

import (
	"context"
	"log"
	"os"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/avara-software/terraform-provider-avara/internal/leanserver"
	avara "github.com/avara-software/terraform-provider-avara/internal/provider"
)

const address = "registry.terraform.io/avara-software/avara"

func main() {
	if os.Getenv("FLOOR_AS_SERVED") == "" {
		leanserver.Prepare(address)
	}
	served := providerserver.NewProtocol6(floor{avara.New("floor")()})()
	if os.Getenv("FLOOR_AS_SERVED") == "" {
		served = leanserver.New(served)
	}
	if err := tf6server.Serve(address, func() tfprotov6.ProviderServer { return served }); err != nil {
		log.Fatal(err)
	}
}

// floor has the real provider's settings, and does nothing with them.
type floor struct{ provider.Provider }

func (floor) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {}

func (f floor) Resources(ctx context.Context) []func() resource.Resource {
	return []func() resource.Resource{func() resource.Resource {
		return &customer{schemas: theOne(f.Provider.Resources(ctx), "avara_express_customer", func(r resource.Resource) string {
			var named resource.MetadataResponse
			r.Metadata(ctx, resource.MetadataRequest{ProviderTypeName: "avara"}, &named)
			return named.TypeName
		}).(resource.ResourceWithIdentity)}
	}}
}

func (f floor) DataSources(ctx context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{func() datasource.DataSource {
		return &customers{schemas: theOne(f.Provider.DataSources(ctx), "avara_express_customers", func(d datasource.DataSource) string {
			var named datasource.MetadataResponse
			d.Metadata(ctx, datasource.MetadataRequest{ProviderTypeName: "avara"}, &named)
			return named.TypeName
		})}
	}}
}

// theOne of a type's name.
func theOne[T any](all []func() T, name string, nameOf func(T) string) T {
	i := slices.IndexFunc(all, func(construct func() T) bool { return nameOf(construct()) == name })
	return all[i]()
}
