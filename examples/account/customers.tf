locals {
  # Setting active to false suspends a customer; its data and its members stay.
  customers = {
    lakeside = { name = "Lakeside Imaging Partners", active = true, contract = "LIP-2207" }
    harbor   = { name = "Harbor Ortho Group", active = true, contract = "HOG-1184" }
  }
}

resource "avara_express_customer" "this" {
  for_each = local.customers

  name   = each.value.name
  active = each.value.active

  metadata = {
    contract = each.value.contract
  }
}
