terraform query
terraform query -generate-config-out=adopted.tf
terraform validate
terraform plan
terraform apply
terraform plan
