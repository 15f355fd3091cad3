// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"strings"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// contender is a provider that Terraform declares many customers with.
type contender struct {
	scenario, program string
	env               []string
	// customers is the configuration of n customers of the API at a URL.
	customers func(url string, n int, suffix string, active bool) string
	// resource is its resource with for_each, and importID is what imports a customer of that id.
	resource string
	importID func(id string) string
}

func ours(program string) contender {
	c := contender{scenario: "terraform", program: program, resource: "avara_express_customer.many", importID: func(id string) string { return id }}
	c.customers = func(_ string, n int, suffix string, active bool) string {
		return numbers(n) + fmt.Sprintf(`terraform {
  required_providers {
    avara = { source = "avara-software/avara" }
  }
}

resource "avara_express_customer" "many" {
  for_each = local.numbers
  name     = "Customer ${each.key}%s"
  active   = %t
  metadata = { number = each.key, tier = "gold" }
}
`, suffix, active)
	}
	return c
}

// oneByOne is this provider without lists.
func oneByOne(program string) contender {
	c := ours(program)
	c.scenario = "terraform, one by one"
	with := c.customers
	c.customers = func(url string, n int, suffix string, active bool) string {
		return "provider \"avara\" {\n  bulk_refresh = false\n}\n\n" + with(url, n, suffix, active)
	}
	return c
}

// inMemory is a provider with the same schema and no API: it reads and writes plan and state, and sends no request. What
// this provider takes above it is its own.
func inMemory(program string) contender {
	c := ours(program)
	c.scenario = "terraform, with the same schema and no API"
	return c
}

// asServed is the same, served as the framework does it by default.
func asServed(program string) contender {
	c := inMemory(program)
	c.scenario += ", as the framework serves it"
	c.env = []string{"FLOOR_AS_SERVED=1"}
	return c
}

// restAPI is Mastercard/restapi 3, a generic REST provider on the same framework. Fields that the API adds are ignored, since
// each plan would show them as a change.
func restAPI(program string) contender {
	c := restAPIWith(program, true)
	c.scenario = "terraform, with restapi"
	return c
}

// restAPIOfAllFields is the same, but compares the fields that the API adds, too.
func restAPIOfAllFields(program string) contender {
	c := restAPIWith(program, false)
	c.scenario = "terraform, with restapi of all fields"
	return c
}

func restAPIWith(program string, ignoreAdditions bool) contender {
	c := contender{program: program, resource: "restapi_object.many", importID: func(id string) string { return "/v1/express/" + id }}
	c.customers = func(url string, n int, suffix string, active bool) string {
		activity := "" // the API has no such field in a create, and its own default is active
		if !active {
			activity = ", isActive = false"
		}
		return numbers(n) + fmt.Sprintf(`terraform {
  required_providers {
    restapi = { source = "mastercard/restapi" }
  }
}

provider "restapi" {
  uri                  = %q
  bearer_token         = %q
  id_attribute         = "expressCustomerId"
  write_returns_object = true
  update_method        = "PATCH"
}

resource "restapi_object" "many" {
  for_each                = local.numbers
  path                    = "/v1/express"
  data                    = jsonencode({ expressCustomerName = "Customer ${each.key}%s", metadata = { number = each.key, tier = "gold" }%s })
  ignore_server_additions = %t
}
`, url, emulator.DefaultAPIKey, suffix, activity, ignoreAdditions)
	}
	return c
}

// numbers are the keys of n objects. A map, for a set costs Terraform most of its time: it builds the set again for each
// object. Written out, as range ends at 1,024.
func numbers(n int) string {
	var locals strings.Builder
	locals.WriteString("locals {\n  numbers = {\n")
	for i := range n {
		fmt.Fprintf(&locals, "    %d = %d\n", i, i)
	}
	locals.WriteString("  }\n}\n\n")
	return locals.String()
}
