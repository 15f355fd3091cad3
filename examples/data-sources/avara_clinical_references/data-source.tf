data "avara_clinical_references" "facilities" {
  type = "facility"
}

# For for_each, use the ids as keys.
output "facilities" {
  value = { for r in data.avara_clinical_references.facilities.references : r.id => r.name }
}
