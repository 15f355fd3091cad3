terraform import avara_clinical_reference.north_campus ref_71ad5e9032c84fb6b90e4d17f8c26a5b

# By the external id:
terraform import avara_clinical_reference.north_campus external:LNC-04
