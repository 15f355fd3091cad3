# All customers, active or not.
list "avara_express_customer" "all" {
  provider = avara
  limit    = 1000
}

# Inactive ones with a certain name, with all attributes.
list "avara_express_customer" "inactive" {
  provider         = avara
  include_resource = true

  config {
    active        = false
    name_contains = "lakeside"
  }
}
