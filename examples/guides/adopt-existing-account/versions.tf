terraform {
  required_providers {
    avara = {
      source = "avara-software/avara"
    }
  }
}

# The API key comes from the environment variable AVARA_API_KEY.
provider "avara" {}
