terraform plan
terraform apply
terraform plan
