// SPDX-License-Identifier: MPL-2.0

// Command terraform-provider-avara is the Terraform provider for Avara.
package main

import (
	"context"
	"flag"
	"log"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/avara-software/terraform-provider-avara/internal/provider"
)

// version is set by the release build.
var version = "dev"

func main() {
	debug := flag.Bool("debug", false, "run so that a debugger like delve can be attached")
	flag.Parse()

	err := providerserver.Serve(context.Background(), provider.New(version), providerserver.ServeOpts{
		Address: "registry.terraform.io/avara-software/avara",
		Debug:   *debug,
	})
	if err != nil {
		log.Fatal(err)
	}
}
