// SPDX-License-Identifier: MPL-2.0

// Command terraform-provider-avara is the Terraform provider for Avara.
package main

import (
	"flag"
	"log"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/avara-software/terraform-provider-avara/internal/leanserver"
	"github.com/avara-software/terraform-provider-avara/internal/provider"
)

// version is set by the release build.
var version = "dev"

const address = "registry.terraform.io/avara-software/avara"

func main() {
	debug := flag.Bool("debug", false, "run so that a debugger like delve can be attached")
	flag.Parse()

	var options []tf6server.ServeOpt
	if *debug {
		options = append(options, tf6server.WithManagedDebug())
	} else {
		leanserver.Prepare(address)
	}
	err := tf6server.Serve(address, func() tfprotov6.ProviderServer { return provider.NewServer(version) }, options...)
	if err != nil {
		log.Fatal(err)
	}
}
