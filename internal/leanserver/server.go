// SPDX-License-Identifier: MPL-2.0

// Package leanserver makes a provider of the plugin framework take less memory
// and time: the servers that answer for its objects are replaced before they
// keep much, and its process writes no log that nobody reads.
//
// A server of the framework (1.19) keeps the context of each call until the
// provider is stopped, so that Stop can cancel them, and with each of them the
// call's loggers and the whole request: some 100 KiB for each object of a plan.
package leanserver

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// everything is all that a provider server can be asked. The server of
// terraform-plugin-go looks for these interfaces one by one, so none may be
// hidden.
type everything interface {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
	tfprotov6.ActionServer
	tfprotov6.StateStoreServer
}

// server asks one server what Terraform asks once, or gets an answer to that is
// read after the call, and workers what it asks for each object.
type server struct {
	everything
	workers workers
	streams streams
}

// New serves by first, and by servers that next makes. Those are configured as
// first was: let what they hand out to resources be the same.
func New(first tfprotov6.ProviderServer, next func() tfprotov6.ProviderServer) tfprotov6.ProviderServer {
	full, ok := first.(everything)
	if _, too := next().(everything); !ok || !too {
		return first
	}
	recruit := func() everything { return next().(everything) }
	return &server{everything: full, workers: workers{recruit: recruit, underWay: map[*worker]bool{}}}
}

func (s *server) ConfigureProvider(ctx context.Context, req *tfprotov6.ConfigureProviderRequest) (*tfprotov6.ConfigureProviderResponse, error) {
	resp, err := s.everything.ConfigureProvider(ctx, req)
	s.workers.configure(req)
	return resp, err
}

func (s *server) StopProvider(ctx context.Context, req *tfprotov6.StopProviderRequest) (*tfprotov6.StopProviderResponse, error) {
	if err := s.workers.stop(ctx, req); err != nil {
		return nil, err
	}
	resp, err := s.everything.StopProvider(ctx, req)
	s.streams.wait(ctx)
	return resp, err
}

func (s *server) ListResource(ctx context.Context, req *tfprotov6.ListResourceRequest) (*tfprotov6.ListResourceServerStream, error) {
	stream, err := s.everything.ListResource(ctx, req)
	if err != nil {
		return nil, err
	}
	return s.streams.send(stream), nil
}

// hand has a worker make a call.
func hand[Req, Resp any](ctx context.Context, s *server, call func(everything, context.Context, Req) (Resp, error), req Req) (resp Resp, err error) {
	worker, err := s.workers.hire(ctx)
	if err != nil {
		return resp, err
	}
	defer s.workers.release(worker)
	return call(worker, ctx, req)
}

func (s *server) ValidateResourceConfig(ctx context.Context, req *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	return hand(ctx, s, everything.ValidateResourceConfig, req)
}

func (s *server) UpgradeResourceState(ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	return hand(ctx, s, everything.UpgradeResourceState, req)
}

func (s *server) UpgradeResourceIdentity(ctx context.Context, req *tfprotov6.UpgradeResourceIdentityRequest) (*tfprotov6.UpgradeResourceIdentityResponse, error) {
	return hand(ctx, s, everything.UpgradeResourceIdentity, req)
}

func (s *server) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	return hand(ctx, s, everything.ReadResource, req)
}

func (s *server) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	return hand(ctx, s, everything.PlanResourceChange, req)
}

func (s *server) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	return hand(ctx, s, everything.ApplyResourceChange, req)
}

func (s *server) ImportResourceState(ctx context.Context, req *tfprotov6.ImportResourceStateRequest) (*tfprotov6.ImportResourceStateResponse, error) {
	return hand(ctx, s, everything.ImportResourceState, req)
}

func (s *server) MoveResourceState(ctx context.Context, req *tfprotov6.MoveResourceStateRequest) (*tfprotov6.MoveResourceStateResponse, error) {
	return hand(ctx, s, everything.MoveResourceState, req)
}

func (s *server) GenerateResourceConfig(ctx context.Context, req *tfprotov6.GenerateResourceConfigRequest) (*tfprotov6.GenerateResourceConfigResponse, error) {
	return hand(ctx, s, everything.GenerateResourceConfig, req)
}

func (s *server) ValidateDataResourceConfig(ctx context.Context, req *tfprotov6.ValidateDataResourceConfigRequest) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	return hand(ctx, s, everything.ValidateDataResourceConfig, req)
}

func (s *server) ReadDataSource(ctx context.Context, req *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	return hand(ctx, s, everything.ReadDataSource, req)
}

func (s *server) CallFunction(ctx context.Context, req *tfprotov6.CallFunctionRequest) (*tfprotov6.CallFunctionResponse, error) {
	return hand(ctx, s, everything.CallFunction, req)
}

func (s *server) ValidateEphemeralResourceConfig(ctx context.Context, req *tfprotov6.ValidateEphemeralResourceConfigRequest) (*tfprotov6.ValidateEphemeralResourceConfigResponse, error) {
	return hand(ctx, s, everything.ValidateEphemeralResourceConfig, req)
}

func (s *server) OpenEphemeralResource(ctx context.Context, req *tfprotov6.OpenEphemeralResourceRequest) (*tfprotov6.OpenEphemeralResourceResponse, error) {
	return hand(ctx, s, everything.OpenEphemeralResource, req)
}

func (s *server) RenewEphemeralResource(ctx context.Context, req *tfprotov6.RenewEphemeralResourceRequest) (*tfprotov6.RenewEphemeralResourceResponse, error) {
	return hand(ctx, s, everything.RenewEphemeralResource, req)
}

func (s *server) CloseEphemeralResource(ctx context.Context, req *tfprotov6.CloseEphemeralResourceRequest) (*tfprotov6.CloseEphemeralResourceResponse, error) {
	return hand(ctx, s, everything.CloseEphemeralResource, req)
}
