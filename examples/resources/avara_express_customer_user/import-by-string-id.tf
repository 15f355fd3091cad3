import {
  to = avara_express_customer_user.ines
  id = "cus_9f2c4b7a10de4e63b85f0c21a7d3e964/usr_3b71e0c95a244fd8a6e1947c02bd58f3"
}
