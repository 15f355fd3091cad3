terraform {
  required_providers {
    avara = {
      source  = "avara-software/avara"
      version = "~> 0.1.0"
    }
  }
}

# The API key comes from the environment variable AVARA_API_KEY.
provider "avara" {}
