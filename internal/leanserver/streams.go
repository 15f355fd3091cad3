// SPDX-License-Identifier: MPL-2.0

package leanserver

import (
	"context"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// drainTimeout bounds the wait of Stop for results that are still to be sent.
const drainTimeout = 5 * time.Second

// streams are the lists that are being sent. The server of terraform-plugin-go (0.31)
// ends such a stream without an error once the provider is stopped, so that Terraform
// takes what it has got for the whole list. It does so after the provider's own Stop,
// which cancels the list and then waits here until its error has been sent.
type streams struct{ sending sync.WaitGroup }

func (s *streams) send(stream *tfprotov6.ListResourceServerStream) *tfprotov6.ListResourceServerStream {
	s.sending.Add(1)
	return &tfprotov6.ListResourceServerStream{Results: func(push func(tfprotov6.ListResourceResult) bool) {
		defer s.sending.Done()
		stream.Results(push)
	}}
}

// wait waits until all streams have ended.
func (s *streams) wait(ctx context.Context) {
	ended := make(chan struct{})
	go func() {
		s.sending.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(drainTimeout):
	case <-ctx.Done():
	}
}
