// SPDX-License-Identifier: MPL-2.0

package leanserver

import (
	"context"
	"errors"
	"reflect"
	"runtime"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// empty is a provider without anything.
type empty struct{}

func (empty) Metadata(context.Context, provider.MetadataRequest, *provider.MetadataResponse)    {}
func (empty) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse)          {}
func (empty) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {}
func (empty) Resources(context.Context) []func() resource.Resource                              { return nil }

func (empty) DataSources(context.Context) []func() datasource.DataSource { return nil }

func framework() tfprotov6.ProviderServer { return providerserver.NewProtocol6(empty{})() }

// The wrapped server has every method of the framework's server.
func TestNothingIsHidden(t *testing.T) {
	t.Parallel()
	wrapped := New(framework())
	if _, ok := wrapped.(*server); !ok {
		t.Fatal("the framework's server is not wrapped")
	}
	for method := range reflect.TypeOf(framework()).Methods() {
		if _, ok := reflect.TypeOf(wrapped).MethodByName(method.Name); !ok {
			t.Errorf("%s is hidden", method.Name)
		}
	}
}

// once are the calls that Terraform makes once per process, and those of state stores,
// which are few.
var once = []string{
	"GetMetadata", "GetProviderSchema", "GetResourceIdentitySchemas", "GetFunctions",
	"ValidateProviderConfig", "ConfigureProvider", "StopProvider",
	"ValidateStateStoreConfig", "ConfigureStateStore", "ReadStateBytes", "WriteStateBytes", "GetStates", "DeleteState", "LockState", "UnlockState",
}

func TestWhatCallsHeldIsLetGo(t *testing.T) {
	t.Parallel()
	for method := range reflect.TypeFor[everything]().Methods() {
		if slices.Contains(once, method.Name) {
			continue
		}
		t.Run(method.Name, func(t *testing.T) {
			s := New(framework())
			collected := make(chan struct{})
			func() {
				load := new([1 << 20]byte)
				runtime.AddCleanup(load, func(done chan struct{}) { close(done) }, collected)
				call(t, s, method, load)
			}()
			for range 10 {
				runtime.GC()
				select {
				case <-collected:
					runtime.KeepAlive(s)
					return
				default:
					runtime.Gosched()
				}
			}
			t.Error("the value in the call's context was not released")
		})
	}
}

type loadKey struct{}

// call makes a call with a value in its context. The context ends with the call, as in
// gRPC.
func call(t *testing.T, s tfprotov6.ProviderServer, method reflect.Method, load any) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithValue(t.Context(), loadKey{}, load))
	defer cancel()
	answer := reflect.ValueOf(s).MethodByName(method.Name).Call([]reflect.Value{reflect.ValueOf(ctx), reflect.New(method.Type.In(1).Elem())})
	if !answer[1].IsNil() {
		t.Fatal(answer[1])
	}
	switch stream := answer[0].Interface().(type) {
	case *tfprotov6.ListResourceServerStream:
		stream.Results(func(tfprotov6.ListResourceResult) bool { return true })
	case *tfprotov6.InvokeActionServerStream:
		stream.Events(func(tfprotov6.InvokeActionEvent) bool { return true })
	}
}

// The framework's server alone keeps 300 MiB after these calls. The test measures the
// memory of the process, so it must not run in parallel.
func TestMemoryKeptOfManyCalls(t *testing.T) { //nolint:paralleltest // see above
	const (
		calls = 3000
		bound = 512 << 10 // three times the measured value
	)
	s := New(framework())
	read, _ := reflect.TypeFor[everything]().MethodByName("ReadResource")
	call(t, s, read, nil) // warms up what is allocated once
	before := heap()
	for range calls {
		call(t, s, read, make([]byte, 100<<10))
	}
	kept := heap() - before
	t.Logf("%.1f MiB kept of %d calls", float64(kept)/(1<<20), calls)
	if kept > bound {
		t.Errorf("%d bytes are kept, want at most %d", kept, bound)
	}
	runtime.KeepAlive(s)
}

func heap() int64 {
	runtime.GC()
	runtime.GC() // frees what cleanups of the first one released
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc) //nolint:gosec // far below
}

// fake is a provider server whose methods are functions.
type fake struct {
	everything
	read   func(context.Context)
	list   func(context.Context) (*tfprotov6.ListResourceServerStream, error)
	invoke func(context.Context) (*tfprotov6.InvokeActionServerStream, error)
}

func (f fake) ReadResource(ctx context.Context, _ *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	f.read(ctx)
	return nil, ctx.Err()
}

func (f fake) ListResource(ctx context.Context, _ *tfprotov6.ListResourceRequest) (*tfprotov6.ListResourceServerStream, error) {
	return f.list(ctx)
}

func (f fake) InvokeAction(ctx context.Context, _ *tfprotov6.InvokeActionRequest) (*tfprotov6.InvokeActionServerStream, error) {
	return f.invoke(ctx)
}

func TestCancellingTheCallerCancelsTheCall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) { // fails if the call would wait for ever
		caller, cancel := context.WithCancel(t.Context())
		_, err := New(fake{read: func(ctx context.Context) {
			ctx, stop := context.WithCancel(ctx) // as the framework's server does
			defer stop()
			cancel()
			<-ctx.Done()
		}}).ReadResource(caller, nil)
		if !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
}

// A stream is read after the call has returned. Until its end, its context must be the
// caller's.
func TestStreamsEndWithTheirLastElement(t *testing.T) {
	t.Parallel()
	var kept context.Context
	during := func(yielded bool) {
		if kept.Err() != nil || kept.Value(loadKey{}) != "load" {
			t.Error("the context of a stream has ended before the stream")
		}
		if !yielded {
			t.Error("an element was lost")
		}
	}
	s := New(fake{
		list: func(ctx context.Context) (*tfprotov6.ListResourceServerStream, error) {
			kept = ctx
			return &tfprotov6.ListResourceServerStream{Results: func(yield func(tfprotov6.ListResourceResult) bool) {
				during(yield(tfprotov6.ListResourceResult{}))
			}}, nil
		},
		invoke: func(ctx context.Context) (*tfprotov6.InvokeActionServerStream, error) {
			kept = ctx
			return &tfprotov6.InvokeActionServerStream{Events: func(yield func(tfprotov6.InvokeActionEvent) bool) {
				during(yield(tfprotov6.InvokeActionEvent{}))
			}}, nil
		},
	})
	ctx := context.WithValue(t.Context(), loadKey{}, "load")
	ends := func(name string, elements int) {
		if elements != 1 || kept.Err() == nil || kept.Value(loadKey{}) != nil {
			t.Errorf("%s: %d elements, and the context has ended: %v", name, elements, kept.Err())
		}
	}

	elements := 0
	results, err := s.(tfprotov6.ListResourceServer).ListResource(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	for range results.Results {
		elements++
	}
	ends("ListResource", elements)

	elements = 0
	events, err := s.(tfprotov6.ActionServer).InvokeAction(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	for range events.Events {
		elements++
	}
	ends("InvokeAction", elements)
}

func TestStreamsThatFailEndAtOnce(t *testing.T) {
	t.Parallel()
	var kept context.Context
	failure := errors.New("failure")
	s := New(fake{
		list: func(ctx context.Context) (*tfprotov6.ListResourceServerStream, error) {
			kept = ctx
			return nil, failure
		},
		invoke: func(ctx context.Context) (*tfprotov6.InvokeActionServerStream, error) {
			kept = ctx
			return nil, failure
		},
	})
	if _, err := s.(tfprotov6.ListResourceServer).ListResource(t.Context(), nil); !errors.Is(err, failure) || kept.Err() == nil {
		t.Errorf("ListResource: %v, and the context has ended: %v", err, kept.Err())
	}
	if _, err := s.(tfprotov6.ActionServer).InvokeAction(t.Context(), nil); !errors.Is(err, failure) || kept.Err() == nil {
		t.Errorf("InvokeAction: %v, and the context has ended: %v", err, kept.Err())
	}
}
