locals {
  references = { for row in csvdecode(file("${path.module}/references.csv")) : row.external_id => row }
}

# One reference for each row. A reference without a customer is shown in the whole clinic.
resource "avara_clinical_reference" "this" {
  for_each = local.references

  name                  = each.value.name
  type                  = each.value.type
  external_reference_id = each.key
  express_customer_id   = each.value.customer == "" ? null : avara_express_customer.this[each.value.customer].id
}
