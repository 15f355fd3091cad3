data "avara_express_customers" "all" {}

data "avara_autoscribe_users" "all" {}

data "avara_viewer_users" "all" {}

data "avara_clinical_references" "all" {}

# Every object by its id. Ids are unique and never change; names are not unique and may change.
output "account" {
  sensitive = true # it contains names of people
  value = {
    customers  = { for c in data.avara_express_customers.all.customers : c.id => c }
    autoscribe = { for u in data.avara_autoscribe_users.all.users : u.id => u if u.status != "expired" }
    viewer     = { for u in data.avara_viewer_users.all.users : u.id => u if u.status != "expired" }
    references = { for r in data.avara_clinical_references.all.references : r.id => r }
  }
}
