moved {
  from = restapi_object.customer
  to   = avara_express_customer.customer
}

resource "avara_express_customer" "customer" {
  for_each = {
    lakeside = { name = "Lakeside Imaging Partners", active = true, metadata = { contract = "LIP-2207" } }
    harbor   = { name = "Harbor Ortho Group", active = false, metadata = null }
  }

  name     = each.value.name
  active   = each.value.active
  metadata = each.value.metadata
}

moved {
  from = restapi_object.north_campus
  to   = avara_clinical_reference.north_campus
}

resource "avara_clinical_reference" "north_campus" {
  name                  = "Lakeside North Campus"
  type                  = "facility"
  external_reference_id = "LNC-04"
}
