// SPDX-License-Identifier: MPL-2.0

package leanserver

import (
	"context"
	"reflect"
	"runtime"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// keeper keeps the contexts of its calls, as the framework does.
type keeper struct {
	everything
	kept    []context.Context
	cancels []context.CancelFunc
	during  func(context.Context)
}

func (k *keeper) ReadResource(ctx context.Context, _ *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	ctx, cancel := context.WithCancel(ctx)
	k.kept, k.cancels = append(k.kept, ctx), append(k.cancels, cancel)
	if k.during != nil {
		k.during(ctx)
	}
	return &tfprotov6.ReadResourceResponse{}, ctx.Err()
}

func (k *keeper) StopProvider(context.Context, *tfprotov6.StopProviderRequest) (*tfprotov6.StopProviderResponse, error) {
	for _, cancel := range k.cancels {
		cancel()
	}
	return &tfprotov6.StopProviderResponse{}, nil
}

type heavy struct{}

func TestTheContextOfACallIsReleased(t *testing.T) {
	t.Parallel()
	k := &keeper{}
	s := New(k)
	collected := make(chan struct{})
	func() {
		load := new([1 << 20]byte)
		runtime.AddCleanup(load, func(done chan struct{}) { close(done) }, collected)
		k.during = func(ctx context.Context) {
			if ctx.Value(heavy{}) != load || ctx.Err() != nil {
				t.Error("the call does not have its context")
			}
		}
		if _, err := s.ReadResource(context.WithValue(t.Context(), heavy{}, load), nil); err != nil {
			t.Error(err)
		}
		k.during = nil
	}()
	for range 10 {
		runtime.GC()
		select {
		case <-collected:
			if k.kept[0].Err() == nil {
				t.Error("the kept context is not canceled")
			}
			return
		default:
			runtime.Gosched()
		}
	}
	t.Error("what a call's context held is still held")
}

func TestStopCancelsCallsUnderWay(t *testing.T) {
	t.Parallel()
	k := &keeper{}
	s := New(k)
	k.during = func(ctx context.Context) {
		if _, err := s.StopProvider(context.WithoutCancel(ctx), nil); err != nil {
			t.Error(err)
		}
		<-ctx.Done()
	}
	if _, err := s.ReadResource(t.Context(), nil); err == nil {
		t.Error("Stop did not reach the call")
	}
}

func TestTheCallersCancellationReachesTheCall(t *testing.T) {
	t.Parallel()
	k := &keeper{}
	ctx, cancel := context.WithCancel(t.Context())
	k.during = func(inner context.Context) {
		cancel()
		<-inner.Done()
	}
	if _, err := New(k).ReadResource(ctx, nil); err == nil {
		t.Error("the cancellation did not reach the call")
	}
}

// What the framework's server can do, the wrapped one can.
func TestNothingIsHidden(t *testing.T) {
	t.Parallel()
	inner := providerserver.NewProtocol6(nil)()
	if _, ok := New(inner).(*server); !ok {
		t.Fatal("the framework's server is not wrapped")
	}
	wrapped, original := reflect.TypeOf(New(inner)), reflect.TypeOf(inner)
	for method := range original.Methods() {
		if name := method.Name; !has(wrapped, name) {
			t.Errorf("%s is hidden", name)
		}
	}
}

func has(typ reflect.Type, method string) bool {
	_, ok := typ.MethodByName(method)
	return ok
}
