resource "avara_viewer_user" "reyes" {
  email        = "tom.reyes@lakeside.example"
  first_name   = "Tom"
  last_name    = "Reyes"
  clinic_role  = "IT Support"
  phone_number = "3125550147"

  level                = "admin"
  has_dashboard_access = true
}
