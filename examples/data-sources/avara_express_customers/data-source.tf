data "avara_express_customers" "inactive" {
  active = false
}

# For for_each, use the ids as keys: names need not be unique.
locals {
  inactive = { for c in data.avara_express_customers.inactive.customers : c.id => c }
}

output "inactive_customers" {
  value = { for id, customer in local.inactive : id => customer.name }
}
