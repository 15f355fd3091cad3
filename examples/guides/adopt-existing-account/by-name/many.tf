variable "customers" {
  type = map(string)
  default = {
    harbor   = "Harbor Ortho Group"
    lakeside = "Lakeside Imaging Partners"
  }
}

data "avara_express_customers" "all" {}

import {
  for_each = var.customers
  to       = avara_express_customer.tenant[each.key]
  id       = one([for c in data.avara_express_customers.all.customers : c.id if c.name == each.value])
}

resource "avara_express_customer" "tenant" {
  for_each = var.customers

  name = each.value
}
