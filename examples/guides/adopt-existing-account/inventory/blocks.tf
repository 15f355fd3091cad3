# One import block for each object, as text.
output "import_blocks" {
  value = join("\n", [
    for address in concat(
      [for c in data.avara_express_customers.all.customers : "avara_express_customer.${c.id}"],
      [for u in data.avara_autoscribe_users.all.users : "avara_autoscribe_user.${u.id}" if u.status != "expired"],
      [for u in data.avara_viewer_users.all.users : "avara_viewer_user.${u.id}" if u.status != "expired"],
      [for r in data.avara_clinical_references.all.references : "avara_clinical_reference.${r.id}"],
    ) : "import {\n  to = ${address}\n  id = \"${split(".", address)[1]}\"\n}"
  ])
}
