# A landing URL that works for 30 seconds and is never in the state.
ephemeral "avara_viewer_session" "visit" {
  retrieval_id = "visit-88127"

  hanging_protocol = {
    layout               = "2x2"
    viewport_assignments = ["Axial CT", "Coronal CT", "Sagittal CT", null]
  }

  # Passed to the webhook that Avara calls for the images.
  options_json = jsonencode({
    archive  = "north-campus"
    priority = 2
  })
}
