// SPDX-License-Identifier: MPL-2.0

package leanserver

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// waiting is a provider with a data source whose read waits until it is cancelled.
type waiting struct{ empty }

func (waiting) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "test"
}

func (waiting) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{func() datasource.DataSource { return wait{} }}
}

type wait struct{}

func (wait) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "test_wait"
}

func (wait) Schema(context.Context, datasource.SchemaRequest, *datasource.SchemaResponse) {}

func (wait) Read(ctx context.Context, _ datasource.ReadRequest, resp *datasource.ReadResponse) {
	<-ctx.Done()
	resp.Diagnostics.AddError("Cancelled", context.Cause(ctx).Error())
}

func TestStopCancelsCalls(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := New(providerserver.NewProtocol6(waiting{})())
		nothing := tftypes.Object{AttributeTypes: map[string]tftypes.Type{}}
		config, err := tfprotov6.NewDynamicValue(nothing, tftypes.NewValue(nothing, map[string]tftypes.Value{}))
		if err != nil {
			t.Fatal(err)
		}
		answer := make(chan *tfprotov6.ReadDataSourceResponse, 1)
		go func() {
			resp, _ := s.ReadDataSource(t.Context(), &tfprotov6.ReadDataSourceRequest{TypeName: "test_wait", Config: &config})
			answer <- resp
		}()
		synctest.Wait()
		if _, err := s.StopProvider(t.Context(), &tfprotov6.StopProviderRequest{}); err != nil {
			t.Fatal(err)
		}
		if resp := <-answer; resp == nil || len(resp.Diagnostics) != 1 || resp.Diagnostics[0].Summary != "Cancelled" {
			t.Errorf("%+v", resp)
		}
	})
}

func (f fake) StopProvider(context.Context, *tfprotov6.StopProviderRequest) (*tfprotov6.StopProviderResponse, error) {
	return &tfprotov6.StopProviderResponse{}, nil
}

// Stop waits until a cancelled list has sent its error, but not for ever if the list sends
// nothing.
func TestStopWaitsForLists(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name           string
		lasts, waiting time.Duration
	}{
		{"that end", time.Second, time.Second},
		{"that do not end", time.Minute, lastErrorTimeout},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := New(fake{list: func(context.Context) (*tfprotov6.ListResourceServerStream, error) {
					return &tfprotov6.ListResourceServerStream{Results: func(yield func(tfprotov6.ListResourceResult) bool) {
						time.Sleep(test.lasts)
						yield(tfprotov6.ListResourceResult{})
					}}, nil
				}})
				stream, err := s.(tfprotov6.ListResourceServer).ListResource(t.Context(), nil)
				if err != nil {
					t.Fatal(err)
				}
				sent := make(chan struct{})
				go func() {
					for range stream.Results {
					}
					close(sent)
				}()
				started := time.Now()
				if _, err := s.StopProvider(t.Context(), nil); err != nil {
					t.Fatal(err)
				}
				if took := time.Since(started); took != test.waiting {
					t.Errorf("Stop took %s, want %s", took, test.waiting)
				}
				<-sent
			})
		})
	}
}
