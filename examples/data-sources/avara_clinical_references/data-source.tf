data "avara_clinical_references" "facilities" {
  type = "facility"
}

# For for_each, key the references by their ids.
output "facilities" {
  value = { for r in data.avara_clinical_references.facilities.references : r.id => r.name }
}
