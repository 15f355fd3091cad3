# Avara invites the radiologist by email. The id stays the same when she accepts.
resource "avara_autoscribe_user" "okafor" {
  email       = "ines.okafor@lakeside.example"
  first_name  = "Ines"
  last_name   = "Okafor"
  suffix1     = "MD"
  clinic_role = "Radiologist"
  level       = "member"

  has_dashboard_access = true
  can_manage_studies   = true
  can_create_reports   = true
  npi_number           = "1674829308"
}
