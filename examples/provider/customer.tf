resource "avara_express_customer" "lakeside" {
  name = "Lakeside Imaging Partners"

  metadata = {
    contract = "LIP-2207"
  }
}

# Avara invites the user by email. The id stays the same when she accepts.
resource "avara_autoscribe_user" "okafor" {
  email       = "ines.okafor@lakeside.example"
  first_name  = "Ines"
  last_name   = "Okafor"
  clinic_role = "Radiologist"
  level       = "member"
}

resource "avara_express_customer_user" "okafor" {
  express_customer_id = avara_express_customer.lakeside.id
  user_id             = avara_autoscribe_user.okafor.id
}

# The facilities of the customer, by the number that your own system gives them.
resource "avara_clinical_reference" "facility" {
  for_each = {
    LNC-04 = "Lakeside North Campus"
    LSC-01 = "Lakeside South Campus"
  }

  name                  = each.value
  type                  = "facility"
  external_reference_id = each.key
  express_customer_id   = avara_express_customer.lakeside.id
}
