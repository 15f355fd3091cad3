variable "name" {
  description = "Name of the customer, as the clinic sees it."
  type        = string
}

variable "active" {
  description = "Whether the customer can be used. False suspends it; its data and its readers stay."
  type        = bool
  default     = true
}

variable "contract" {
  description = "Number of the contract, like LIP-2207."
  type        = string

  validation {
    condition     = can(regex("^[A-Z]{3}-[0-9]{4}$", var.contract))
    error_message = "A contract is three capital letters, a dash and four digits, as in LIP-2207."
  }
}

variable "readers" {
  description = "Users who read for the customer, by email address. Avara invites each new one by email."
  type = map(object({
    first_name = string
    last_name  = string
    npi_number = string
  }))
  default = {}
}

variable "facilities" {
  description = "Facilities that the customer's studies can be filed under: name by the number in your own system."
  type        = map(string)
  default     = {}
}
