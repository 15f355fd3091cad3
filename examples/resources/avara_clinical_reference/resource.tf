resource "avara_express_customer" "lakeside" {
  name = "Lakeside Imaging Partners"
}

# A reference of one customer.
resource "avara_clinical_reference" "north_campus" {
  name                  = "Lakeside North Campus"
  type                  = "facility"
  external_reference_id = "LNC-04"
  express_customer_id   = avara_express_customer.lakeside.id

  metadata = {
    city = "Evanston"
  }
}

# A reference of the whole clinic.
resource "avara_clinical_reference" "knee" {
  name = "MRI knee without contrast"
  type = "procedure"
}
