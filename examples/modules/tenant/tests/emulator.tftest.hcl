# Applies the module for real, on avara-emulator. Needs Terraform 1.6 or OpenTofu 1.6.

variables {
  name     = "Lakeside Imaging Partners"
  contract = "LIP-2207"

  readers = {
    "ines.okafor@lakeside.example" = {
      first_name = "Ines"
      last_name  = "Okafor"
      npi_number = "1674829308"
    }
  }

  facilities = {
    LNC-04 = "Lakeside North Campus"
  }
}

run "opens" {
  assert {
    condition     = can(regex("^cus_[0-9a-f]{32}$", output.id)) && output.active
    error_message = "The customer is not there, or not active."
  }

  assert {
    condition     = output.pending_readers == tolist(["ines.okafor@lakeside.example"])
    error_message = "The reader is not invited."
  }
}

# An object that is replaced has no id in the plan yet, so the assertion would fail.
run "suspends_in_place" {
  command = plan

  variables {
    active = false
  }

  assert {
    condition     = startswith(output.id, "cus_")
    error_message = "The customer is replaced."
  }

  assert {
    condition     = alltrue([for id in values(output.reader_ids) : startswith(id, "usr_")])
    error_message = "A reader is replaced, and invited again."
  }
}

run "suspends" {
  variables {
    active = false
  }

  assert {
    condition     = !output.active
    error_message = "The customer is not suspended."
  }
}

run "resumes" {
  assert {
    condition     = output.active
    error_message = "The customer is not reactivated."
  }
}

run "refuses_a_wrong_contract" {
  command = plan

  variables {
    contract = "2207"
  }

  expect_failures = [var.contract]
}
