# Forget, don't destroy.
removed {
  from = restapi_object.customer

  lifecycle {
    destroy = false
  }
}

removed {
  from = restapi_object.north_campus

  lifecycle {
    destroy = false
  }
}

# The ids, found by name: two customers of one name are an error here.
data "avara_express_customers" "existing" {}

locals {
  customers = {
    lakeside = { name = "Lakeside Imaging Partners", active = true, metadata = { contract = "LIP-2207" } }
    harbor   = { name = "Harbor Ortho Group", active = false, metadata = null }
  }
  ids = { for c in data.avara_express_customers.existing.customers : c.name => c.id }
}

import {
  for_each = local.customers
  to       = avara_express_customer.customer[each.key]
  id       = local.ids[each.value.name]
}

resource "avara_express_customer" "customer" {
  for_each = local.customers

  name     = each.value.name
  active   = each.value.active
  metadata = each.value.metadata
}

# References can be imported by your own id.
import {
  to = avara_clinical_reference.north_campus
  id = "external:LNC-04"
}

resource "avara_clinical_reference" "north_campus" {
  name                  = "Lakeside North Campus"
  type                  = "facility"
  external_reference_id = "LNC-04"
}
