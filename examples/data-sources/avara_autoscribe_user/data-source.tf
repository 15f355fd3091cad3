# By id, or by email address: a user, or a person with an open invitation.
data "avara_autoscribe_user" "ines" {
  email = "ines.okafor.1@lakeside.example"
}

output "ines" {
  value = {
    id     = data.avara_autoscribe_user.ines.id
    status = data.avara_autoscribe_user.ines.status
  }
}
