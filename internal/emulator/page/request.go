// SPDX-License-Identifier: MPL-2.0

package page

import "slices"

type requestDetail struct {
	*entry
	Change *change // what the request changed
	Sent   body
	Got    body
	Prev   *entry // the request before this one in the run
	Next   *entry // the request after this one
}

// body is a body as the page shows it.
type body struct {
	Pieces []piece
	Size   int
	Kept   int    // number of bytes that the log has kept
	None   string // why there is no body
}

func (p *page) showRequest(s *screen) bool {
	e := s.history.entry(s.Address.ID)
	if e == nil {
		return false
	}
	detail := requestDetail{entry: e, Sent: s.body(e, e.Body, e.BodySize), Got: s.body(e, e.Answer, e.AnswerSize)}
	if e.Change != nil {
		described := s.describe(*e.Change)
		detail.Change = &described
	}
	at := slices.Index(e.Run.Requests, e)
	if at > 0 {
		detail.Prev = e.Run.Requests[at-1]
	}
	if at+1 < len(e.Run.Requests) {
		detail.Next = e.Run.Requests[at+1]
	}
	s.Title, s.One = e.Method+" "+e.Operation(), detail
	return true
}

func (s *screen) body(e *entry, kept []byte, size int) body {
	b := body{Size: size, Kept: len(kept)}
	switch {
	case size == 0:
		b.None = "No body."
	case e.BodiesGone:
		b.None = "The log had no more room for this body."
	default:
		b.Pieces = s.pieces(kept)
	}
	return b
}
