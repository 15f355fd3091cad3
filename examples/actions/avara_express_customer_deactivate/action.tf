# terraform apply -invoke=action.avara_express_customer_deactivate.lakeside
action "avara_express_customer_deactivate" "lakeside" {
  config {
    id = "cus_9f2c4b7a10de4e63b85f0c21a7d3e964"
  }
}
