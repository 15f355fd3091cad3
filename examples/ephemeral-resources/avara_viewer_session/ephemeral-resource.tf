# A landing URL that works for 30 seconds and is never in the state.
ephemeral "avara_viewer_session" "visit" {
  retrieval_id = "visit-88127"

  hanging_protocol = {
    layout               = "1x2"
    viewport_assignments = ["Axial CT", null]
  }
}
