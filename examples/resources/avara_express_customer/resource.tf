# A customer that is not live yet. Set active = true to reactivate it.
resource "avara_express_customer" "lakeside" {
  name   = "Lakeside Imaging Partners"
  active = false

  metadata = {
    contract = "LIP-2207"
    tier     = "gold"
  }
}

# A customer that no plan may destroy or replace.
resource "avara_express_customer" "harbor" {
  name            = "Harbor Ortho Group"
  deletion_policy = "prevent"
}
