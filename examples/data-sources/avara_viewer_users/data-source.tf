# People who have not accepted yet.
data "avara_viewer_users" "invited" {
  active = false
}

output "invited" {
  value = { for u in data.avara_viewer_users.invited.users : u.id => u.invitation_expires_at }
}
