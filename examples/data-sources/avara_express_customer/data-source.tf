# By id, or by the exact name if only one customer has it.
data "avara_express_customer" "lakeside" {
  name = "Lakeside Imaging Partners"
}

resource "avara_clinical_reference" "lakeside_north" {
  name                = "Lakeside North Campus"
  type                = "facility"
  express_customer_id = data.avara_express_customer.lakeside.id
}
