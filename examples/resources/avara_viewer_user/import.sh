terraform import avara_viewer_user.reyes usr_d80c6f2be7914a35bc02fe915a47d3e6

# By email address:
terraform import avara_viewer_user.reyes tom.reyes@lakeside.example
