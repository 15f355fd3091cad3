action "avara_express_customer_reactivate" "lakeside" {
  config {
    id = "cus_9f2c4b7a10de4e63b85f0c21a7d3e964"
  }
}

# Each new contract reactivates the customer.
resource "terraform_data" "contract" {
  input = "LIP-2207"

  lifecycle {
    action_trigger {
      events  = [after_create, after_update]
      actions = [action.avara_express_customer_reactivate.lakeside]
    }
  }
}
