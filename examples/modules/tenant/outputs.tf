output "id" {
  description = "Identifier of the customer, cus_ and 32 hex characters."
  value       = avara_express_customer.this.id
}

output "active" {
  description = "Whether the customer can be used."
  value       = avara_express_customer.this.active
}

output "reader_ids" {
  description = "Identifiers of the readers, by email address."
  value       = { for email, user in avara_autoscribe_user.reader : email => user.id }
}

output "pending_readers" {
  description = "Email addresses of the readers who have not accepted their invitation yet."
  value       = sort([for email, user in avara_autoscribe_user.reader : email if user.status == "pending"])
}
