# Facilities that are not deleted.
list "avara_clinical_reference" "facilities" {
  provider = avara
  limit    = 1000

  config {
    type = "facility"
  }
}
