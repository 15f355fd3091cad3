locals {
  user_ids = merge(
    { for email, user in avara_autoscribe_user.radiologist : email => user.id },
    { for email, user in avara_viewer_user.technician : email => user.id },
  )

  # One membership for each user and customer. The key contains both.
  memberships = merge([
    for email, user in merge(local.radiologists, local.technicians) : {
      for customer in user.customers : "${customer}/${email}" => { customer = customer, email = email }
    }
  ]...)
}

resource "avara_express_customer_user" "this" {
  for_each = local.memberships

  express_customer_id = avara_express_customer.this[each.value.customer].id
  user_id             = local.user_ids[each.value.email]
}
