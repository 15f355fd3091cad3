locals {
  # Users who read, in AutoScribe, and their customers.
  radiologists = {
    "ines.okafor@lakeside.example" = { first = "Ines", last = "Okafor", npi = "1674829308", customers = ["lakeside", "harbor"] }
    "jon.varga@lakeside.example"   = { first = "Jon", last = "Varga", npi = "1093745521", customers = ["lakeside"] }
    "mara.lindt@harbor.example"    = { first = "Mara", last = "Lindt", npi = "1528460937", customers = ["harbor"] }
  }

  # Users who look after the images, in the Viewer.
  technicians = {
    "tom.reyes@lakeside.example" = { first = "Tom", last = "Reyes", level = "admin", customers = ["lakeside", "harbor"] }
    "eva.brandt@harbor.example"  = { first = "Eva", last = "Brandt", level = "member", customers = ["harbor"] }
  }
}

resource "avara_autoscribe_user" "radiologist" {
  for_each = local.radiologists

  email                = each.key
  first_name           = each.value.first
  last_name            = each.value.last
  clinic_role          = "Radiologist"
  level                = "member"
  has_dashboard_access = true
  can_create_reports   = true
  npi_number           = each.value.npi
}

resource "avara_viewer_user" "technician" {
  for_each = local.technicians

  email                = each.key
  first_name           = each.value.first
  last_name            = each.value.last
  clinic_role          = "IT Support"
  level                = each.value.level
  has_dashboard_access = true
  can_manage_studies   = true
}
