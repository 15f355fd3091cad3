// SPDX-License-Identifier: MPL-2.0

package leanserver

import (
	"context"
	"reflect"
	"runtime"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// keeper keeps the contexts of its calls, as the framework does.
type keeper struct {
	everything
	during func(context.Context)

	mu         sync.Mutex
	configured *tfprotov6.ConfigureProviderRequest
	kept       []context.Context
	cancels    []context.CancelFunc
}

func (k *keeper) ConfigureProvider(_ context.Context, req *tfprotov6.ConfigureProviderRequest) (*tfprotov6.ConfigureProviderResponse, error) {
	k.configured = req
	return &tfprotov6.ConfigureProviderResponse{}, nil
}

func (k *keeper) ReadResource(ctx context.Context, _ *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	ctx, cancel := context.WithCancel(ctx)
	k.mu.Lock()
	k.kept, k.cancels = append(k.kept, ctx), append(k.cancels, cancel)
	k.mu.Unlock()
	if k.during != nil {
		k.during(ctx)
	}
	return &tfprotov6.ReadResourceResponse{}, ctx.Err()
}

func (k *keeper) StopProvider(context.Context, *tfprotov6.StopProviderRequest) (*tfprotov6.StopProviderResponse, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, cancel := range k.cancels {
		cancel()
	}
	return &tfprotov6.StopProviderResponse{}, nil
}

// team makes keepers, and knows how many.
type team struct {
	during func(context.Context)
	last   *keeper
	made   int
}

func (m *team) next() tfprotov6.ProviderServer {
	m.made++
	m.last = &keeper{during: m.during}
	return m.last
}

// serve serves by a team. What New makes to look at is not counted.
func (m *team) serve() tfprotov6.ProviderServer {
	s := New(&keeper{}, m.next)
	m.made = 0
	return s
}

func read(ctx context.Context, t *testing.T, s tfprotov6.ProviderServer, times int) {
	t.Helper()
	for range times {
		if _, err := s.ReadResource(ctx, nil); err != nil {
			t.Error(err)
		}
	}
}

type heavy struct{}

func TestWhatCallsHeldIsLetGo(t *testing.T) {
	t.Parallel()
	m := &team{}
	s := m.serve()
	collected := make(chan struct{})
	func() {
		load := new([1 << 20]byte)
		runtime.AddCleanup(load, func(done chan struct{}) { close(done) }, collected)
		read(context.WithValue(context.Background(), heavy{}, load), t, s, 1)
	}()
	read(t.Context(), t, s, callsPerWorker)
	for range 10 {
		runtime.GC()
		select {
		case <-collected:
			return
		default:
			runtime.Gosched()
		}
	}
	t.Error("what a call's context held is still held")
}

func TestWorkersAreConfiguredAsTheFirstServer(t *testing.T) {
	t.Parallel()
	m := &team{}
	s := m.serve()
	read(t.Context(), t, s, 1)
	if m.last.configured != nil {
		t.Error("a worker was configured before Terraform has done so")
	}
	for range 2 {
		req := &tfprotov6.ConfigureProviderRequest{}
		if _, err := s.ConfigureProvider(t.Context(), req); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			read(t.Context(), t, s, callsPerWorker)
			if m.last.configured != req {
				t.Error("a worker was not configured as Terraform has configured the provider last")
			}
		}
	}
	if m.made != 5 {
		t.Errorf("%d workers, want 5", m.made)
	}
}

func TestStopCancelsCallsUnderWay(t *testing.T) {
	t.Parallel()
	const calls = callsPerWorker + 5 // of two workers
	var begun sync.WaitGroup
	begun.Add(calls)
	m := &team{during: func(ctx context.Context) {
		begun.Done()
		<-ctx.Done()
	}}
	s := m.serve()
	var ended sync.WaitGroup
	for range calls {
		ended.Go(func() {
			if _, err := s.ReadResource(context.Background(), nil); err == nil {
				t.Error("Stop did not reach a call")
			}
		})
	}
	begun.Wait()
	if _, err := s.StopProvider(t.Context(), nil); err != nil {
		t.Error(err)
	}
	ended.Wait()
	if left := len(s.(*server).workers.underWay); left != 0 {
		t.Errorf("%d workers are still held for calls that have ended", left)
	}
}

// What the framework's server can do, the wrapped one can.
func TestNothingIsHidden(t *testing.T) {
	t.Parallel()
	framework := providerserver.NewProtocol6(nil)
	wrapped := New(framework(), framework)
	if _, ok := wrapped.(*server); !ok {
		t.Fatal("the framework's server is not wrapped")
	}
	for method := range reflect.TypeOf(framework()).Methods() {
		if _, ok := reflect.TypeOf(wrapped).MethodByName(method.Name); !ok {
			t.Errorf("%s is hidden", method.Name)
		}
	}
}
