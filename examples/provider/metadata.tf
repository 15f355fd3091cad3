provider "avara" {
  default_metadata = {
    managed_by = "terraform"
    team       = "imaging-platform"
  }

  # A billing system marks customers with these.
  ignore_metadata {
    keys         = ["last_invoice"]
    key_prefixes = ["billing/"]
  }
}
