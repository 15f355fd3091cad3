import {
  to = avara_express_customer.harbor
  id = "cus_5d20e1f7c3b84a9690fe7a1b2c3d4e5f"
}

resource "avara_express_customer" "harbor" {
  name = "Harbor Ortho Group"
}
