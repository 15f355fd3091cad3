terraform {
  required_version = ">= 1.5"

  required_providers {
    avara = {
      source = "avara-software/avara"
    }
  }
}

resource "avara_express_customer" "this" {
  name   = var.name
  active = var.active

  metadata = {
    contract = var.contract
  }
}

resource "avara_autoscribe_user" "reader" {
  for_each = var.readers

  email                = each.key
  first_name           = each.value.first_name
  last_name            = each.value.last_name
  clinic_role          = "Radiologist"
  level                = "member"
  has_dashboard_access = true
  can_create_reports   = true
  npi_number           = each.value.npi_number
}

resource "avara_express_customer_user" "reader" {
  for_each = avara_autoscribe_user.reader

  express_customer_id = avara_express_customer.this.id
  user_id             = each.value.id
}

resource "avara_clinical_reference" "facility" {
  for_each = var.facilities

  name                  = each.value
  type                  = "facility"
  external_reference_id = each.key
  express_customer_id   = avara_express_customer.this.id
}
