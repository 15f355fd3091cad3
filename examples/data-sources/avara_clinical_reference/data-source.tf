# By id, or by the external id that you gave it.
data "avara_clinical_reference" "north_campus" {
  external_reference_id = "EXT-00001"
}

output "north_campus" {
  value = data.avara_clinical_reference.north_campus.name
}
