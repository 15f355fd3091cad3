locals {
  account = jsondecode(file("${path.module}/account.json"))
}

import {
  for_each = local.account.customers
  to       = avara_express_customer.all[each.key]
  id       = each.key
}

resource "avara_express_customer" "all" {
  for_each = local.account.customers

  name     = each.value.name
  active   = each.value.active
  metadata = each.value.metadata
}

import {
  for_each = local.account.references
  to       = avara_clinical_reference.all[each.key]
  id       = each.key
}

resource "avara_clinical_reference" "all" {
  for_each = local.account.references

  name                  = each.value.name
  type                  = each.value.type
  external_reference_id = each.value.external_reference_id
  express_customer_id   = each.value.express_customer_id
  metadata              = each.value.metadata
}

import {
  for_each = local.account.autoscribe
  to       = avara_autoscribe_user.all[each.key]
  id       = each.key
}

resource "avara_autoscribe_user" "all" {
  for_each = local.account.autoscribe

  email                = each.value.email
  first_name           = each.value.first_name
  middle_name          = each.value.middle_name
  last_name            = each.value.last_name
  suffix1              = each.value.suffix1
  suffix2              = each.value.suffix2
  phone_number         = each.value.phone_number
  clinic_role          = each.value.clinic_role
  level                = each.value.level
  has_dashboard_access = each.value.has_dashboard_access
  can_manage_studies   = each.value.can_manage_studies
  can_create_reports   = each.value.can_create_reports
  npi_number           = each.value.npi_number
}

import {
  for_each = local.account.viewer
  to       = avara_viewer_user.all[each.key]
  id       = each.key
}

resource "avara_viewer_user" "all" {
  for_each = local.account.viewer

  email                = each.value.email
  first_name           = each.value.first_name
  middle_name          = each.value.middle_name
  last_name            = each.value.last_name
  suffix1              = each.value.suffix1
  suffix2              = each.value.suffix2
  phone_number         = each.value.phone_number
  clinic_role          = each.value.clinic_role
  level                = each.value.level
  has_dashboard_access = each.value.has_dashboard_access
  can_manage_studies   = each.value.can_manage_studies
}
