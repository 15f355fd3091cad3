list "avara_express_customer" "all" {
  provider = avara
  limit    = 10000
}

list "avara_autoscribe_user" "all" {
  provider = avara
  limit    = 10000
}

list "avara_viewer_user" "all" {
  provider = avara
  limit    = 10000
}

list "avara_clinical_reference" "all" {
  provider = avara
  limit    = 10000
}
