import {
  to = avara_express_customer.lakeside
  id = "cus_9f2c4b7a10de4e63b85f0c21a7d3e964"
}
