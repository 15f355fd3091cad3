data "avara_express_customer" "harbor" {
  name = "Harbor Ortho Group"
}

output "harbor" {
  value = data.avara_express_customer.harbor.id
}
