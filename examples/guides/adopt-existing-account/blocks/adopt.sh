terraform -chdir=inventory apply
terraform -chdir=inventory output -raw import_blocks > imports.tf
terraform plan -generate-config-out=adopted.tf
terraform validate
terraform apply
terraform plan
