terraform -chdir=inventory apply
terraform -chdir=inventory output -json account > account.json
terraform plan
terraform apply
terraform plan
