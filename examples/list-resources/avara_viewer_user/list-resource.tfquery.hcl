# Users, and people who can still accept their invitation.
list "avara_viewer_user" "all" {
  provider = avara
  limit    = 1000
}

# Users who were invited in the dashboard and have accepted.
list "avara_viewer_user" "from_dashboard" {
  provider = avara

  config {
    active         = true
    invited_source = "dashboard"
  }
}
