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

# A reference to the customer, and not its id as text, makes one apply first
# reactivate the customer and then add the user.
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
