# The module's own logic, with no API at all. Needs Terraform 1.7 or OpenTofu 1.8.

mock_provider "avara" {
  # The provider still checks the form of ids, so Terraform's random text would be an error.
  mock_resource "avara_express_customer" {
    defaults = {
      id = "cus_9f2c4b7a10de4e63b85f0c21a7d3e964"
    }
  }

  mock_resource "avara_autoscribe_user" {
    defaults = {
      id     = "usr_4e1d0b6c92f7483ea5d8c03b71f6a295"
      status = "pending"
    }
  }
}

variables {
  name     = "Lakeside Imaging Partners"
  contract = "LIP-2207"
}

run "has_nobody_by_default" {
  command = plan

  assert {
    condition     = length(avara_autoscribe_user.reader) == 0 && avara_express_customer.this.active
    error_message = "A user is invited by default, or the customer starts inactive."
  }
}

run "makes_every_reader_a_member" {
  variables {
    readers = {
      "ines.okafor@lakeside.example" = {
        first_name = "Ines"
        last_name  = "Okafor"
        npi_number = "1674829308"
      }
      "jon.varga@lakeside.example" = {
        first_name = "Jon"
        last_name  = "Varga"
        npi_number = "1093745521"
      }
    }
  }

  assert {
    condition     = keys(avara_express_customer_user.reader) == keys(output.reader_ids)
    error_message = "A reader is not a member of the customer."
  }
}
