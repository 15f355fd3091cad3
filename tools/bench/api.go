// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync/atomic"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// network is how far away the API is, and how much it bears.
type network struct {
	Name      string
	latencyMS int
	perSecond float64
}

var (
	near    = network{Name: "0 ms"}
	far     = network{Name: "50 ms", latencyMS: 50}
	limited = network{Name: "20 requests/s", perSecond: 20}

	networks = []network{near, far, limited}
)

// api is an emulated account on loopback that counts.
type api struct {
	*emulator.Emulator
	url         string
	server      *http.Server
	connections atomic.Int64
}

func startAPI(ctx context.Context, n network) (*api, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	a := &api{Emulator: emulator.New(), url: "http://" + listener.Addr().String()}
	if n.latencyMS > 0 {
		a.AddFault(emulator.Fault{LatencyMS: n.latencyMS})
	}
	if n.perSecond > 0 {
		a.AddFault(emulator.Fault{RateLimit: &emulator.RateLimit{PerSecond: n.perSecond, Burst: int(n.perSecond)}})
	}
	a.server = &http.Server{Handler: a, ReadHeaderTimeout: 0, ConnState: func(_ net.Conn, state http.ConnState) { //nolint:gosec // loopback
		if state == http.StateNew {
			a.connections.Add(1)
		}
	}}
	go func() {
		if err := a.server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			panic(err)
		}
	}()
	return a, nil
}

func (a *api) stop() { _ = a.server.Close() }

// reset forgets what was counted.
func (a *api) reset() {
	a.ResetRequests()
	a.connections.Store(0)
}

// answered counts the requests by route, without those that the limit refused.
func (a *api) answered() (byRoute map[string]int, all, refused int) {
	byRoute = map[string]int{}
	for _, request := range a.Requests() {
		if request.Status == http.StatusTooManyRequests {
			refused++
			continue
		}
		byRoute[request.Route]++
		all++
	}
	return byRoute, all, refused
}
