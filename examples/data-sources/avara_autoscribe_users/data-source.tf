data "avara_autoscribe_users" "admins" {
  level  = "admin"
  active = true
}

# For for_each, use the ids as keys: they stay the same when people accept.
output "admins" {
  value     = { for u in data.avara_autoscribe_users.admins.users : u.id => u.email }
  sensitive = true
}
