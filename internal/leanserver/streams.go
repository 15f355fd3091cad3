// SPDX-License-Identifier: MPL-2.0

package leanserver

import (
	"context"
	"iter"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// InvokeAction releases its context after the last event of the stream, since the action
// runs while the events are read.
func (s *server) InvokeAction(ctx context.Context, req *tfprotov6.InvokeActionRequest) (*tfprotov6.InvokeActionServerStream, error) {
	ctx, end := withLeash(ctx)
	stream, err := s.everything.InvokeAction(ctx, req)
	if err != nil {
		end()
		return nil, err
	}
	return &tfprotov6.InvokeActionServerStream{Events: then(stream.Events, end)}, nil
}

// ListResource releases its context after the last result of the stream, since the list is
// made while the results are read.
func (s *server) ListResource(ctx context.Context, req *tfprotov6.ListResourceRequest) (*tfprotov6.ListResourceServerStream, error) {
	ctx, end := withLeash(ctx)
	stream, err := s.everything.ListResource(ctx, req)
	if err != nil {
		end()
		return nil, err
	}
	s.lists.Add(1)
	return &tfprotov6.ListResourceServerStream{Results: then(stream.Results, func() {
		end()
		s.lists.Done()
	})}, nil
}

// then returns a stream that calls done after its end.
func then[T any](stream iter.Seq[T], done func()) iter.Seq[T] {
	return func(yield func(T) bool) {
		defer done()
		stream(yield)
	}
}

// StopProvider cancels all calls and waits until cancelled lists have sent their errors.
// Other calls need no wait: their answer is an error.
func (s *server) StopProvider(ctx context.Context, req *tfprotov6.StopProviderRequest) (*tfprotov6.StopProviderResponse, error) {
	resp, err := s.everything.StopProvider(ctx, req)
	s.lists.wait(ctx)
	return resp, err
}

// lastErrorTimeout limits how long StopProvider waits for the errors of lists.
const lastErrorTimeout = 5 * time.Second

// lists are the running lists. After StopProvider has returned, the server of
// terraform-plugin-go (0.31) ends their streams without an error, and Terraform would take
// a partial list for a complete one. So StopProvider waits until each cancelled list has
// sent its error.
type lists struct{ sync.WaitGroup }

func (s *lists) wait(ctx context.Context) {
	ended := make(chan struct{})
	go func() {
		s.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(lastErrorTimeout):
	case <-ctx.Done():
	}
}
