resource "avara_express_customer" "lakeside" {
  name = "Lakeside Imaging Partners"
}

resource "avara_autoscribe_user" "ines" {
  email       = "ines.okafor@lakeside.example"
  first_name  = "Ines"
  last_name   = "Okafor"
  clinic_role = "Radiologist"
  level       = "member"
}

# Refer to the customer, and do not write its id as text. Then one apply first
# reactivates the customer, and then adds the user.
resource "avara_express_customer_user" "ines" {
  express_customer_id = avara_express_customer.lakeside.id
  user_id             = avara_autoscribe_user.ines.id
}

# Users who are managed elsewhere, by their ids.
resource "avara_express_customer_user" "readers" {
  for_each = var.readers

  express_customer_id = avara_express_customer.lakeside.id
  user_id             = each.value
}

variable "readers" {
  description = "Ids of the users who read for Lakeside."
  type        = set(string)
  default     = []
}
