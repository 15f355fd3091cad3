resource "restapi_object" "customer" {
  for_each = {
    lakeside = { expressCustomerName = "Lakeside Imaging Partners", metadata = { contract = "LIP-2207" } }
    harbor   = { expressCustomerName = "Harbor Ortho Group" }
  }

  path         = "/v1/express"
  id_attribute = "expressCustomerId"
  data         = jsonencode(each.value)
}

resource "restapi_object" "north_campus" {
  path         = "/v1/autoScribe/clinicalReferences"
  id_attribute = "clinicalReferenceId"
  data         = jsonencode({ name = "Lakeside North Campus", type = "facility", externalReferenceId = "LNC-04" })
}
