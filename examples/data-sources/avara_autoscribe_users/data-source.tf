data "avara_autoscribe_users" "admins" {
  level  = "admin"
  active = true
}

# For for_each, key people by their ids, which stay when they accept.
output "admins" {
  value     = { for u in data.avara_autoscribe_users.admins.users : u.id => u.email }
  sensitive = true
}
