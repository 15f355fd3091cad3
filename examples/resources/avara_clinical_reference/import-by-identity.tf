import {
  to = avara_clinical_reference.north_campus
  identity = {
    id = "ref_71ad5e9032c84fb6b90e4d17f8c26a5b"
  }
}
