// SPDX-License-Identifier: MPL-2.0

// Package leanserver reduces the memory and CPU time of a provider that uses the plugin
// framework: the server keeps nothing of finished calls, and the process writes no logs
// that nobody reads.
//
// A server of the framework (1.19) keeps the context of each call until the provider is
// stopped, so that Stop can cancel it. With each context it keeps the call's loggers and
// the whole request: about 100 KiB for each object of a plan.
package leanserver

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// everything has all methods of a provider server. The server of terraform-plugin-go
// checks for each of these interfaces, so the wrapper must implement all of them.
type everything interface {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
	tfprotov6.ActionServer
	tfprotov6.StateStoreServer
}

// server wraps the context of each call that Terraform makes per object in a leash, and
// passes all other calls on.
type server struct {
	everything
	lists lists
}

// New wraps a server so that it keeps nothing of finished calls. A server that does not
// implement every call of protocol 6 is returned unchanged.
func New(s tfprotov6.ProviderServer) tfprotov6.ProviderServer {
	if all, ok := s.(everything); ok {
		return &server{everything: all}
	}
	return s
}

// leashed makes a call with a leash that ends when the call returns.
func leashed[Req, Resp any](ctx context.Context, call func(context.Context, Req) (Resp, error), req Req) (Resp, error) {
	ctx, end := withLeash(ctx)
	defer end()
	return call(ctx, req)
}
