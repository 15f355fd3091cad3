import {
  to = avara_autoscribe_user.okafor
  id = "usr_3b71e0c95a244fd8a6e1947c02bd58f3"
}
