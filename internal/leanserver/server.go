// SPDX-License-Identifier: MPL-2.0

// Package leanserver makes a provider of the plugin framework take less memory and time: its server keeps nothing of the
// calls that have ended, and its process writes no log that nobody reads.
//
// A server of the framework (1.19) keeps the context of each call until the provider is stopped, so that Stop can cancel
// them, and with each context the call's loggers and the whole request: some 100 KiB for each object of a plan.
package leanserver

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// everything is all that a provider server can be asked. The server of terraform-plugin-go looks for these interfaces one
// by one, so none may be hidden.
type everything interface {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
	tfprotov6.ActionServer
	tfprotov6.StateStoreServer
}

// server puts the calls that Terraform makes for each object on a leash, and passes the rest on.
type server struct {
	everything
	lists lists
}

// New wraps a server so that it keeps nothing of the calls that have ended. A server that cannot answer every call of
// protocol 6 is returned as it is.
func New(s tfprotov6.ProviderServer) tfprotov6.ProviderServer {
	if all, ok := s.(everything); ok {
		return &server{everything: all}
	}
	return s
}

// leashed makes a call that ends when it returns.
func leashed[Req, Resp any](ctx context.Context, call func(context.Context, Req) (Resp, error), req Req) (Resp, error) {
	ctx, end := withLeash(ctx)
	defer end()
	return call(ctx, req)
}
