terraform import avara_autoscribe_user.okafor usr_3b71e0c95a244fd8a6e1947c02bd58f3

# By email address:
terraform import avara_autoscribe_user.okafor ines.okafor@lakeside.example
