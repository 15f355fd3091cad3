import {
  to = avara_viewer_user.reyes
  id = "usr_d80c6f2be7914a35bc02fe915a47d3e6"
}
