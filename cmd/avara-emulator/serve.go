// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"time"
)

// Time limits of connections. Answers have none, since faults may delay them for any time.
const (
	headerTimeout = 10 * time.Second
	bodyTimeout   = 30 * time.Second
	idleTimeout   = 2 * time.Minute
	// patience is the time that running requests get when the server stops.
	patience = 3 * time.Second
)

// goServe answers requests until the context is done. Then it waits for running requests
// to finish.
func goServe(ctx context.Context, listener net.Listener, handler http.Handler) chan error {
	server := &http.Server{Handler: timeBodies(handler), ReadHeaderTimeout: headerTimeout, IdleTimeout: idleTimeout}
	served, stopped := make(chan error, 1), make(chan error, 1)
	go func() {
		<-ctx.Done()
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
		defer cancel()
		if err := server.Shutdown(last); err != nil {
			stopped <- server.Close()
			return
		}
		stopped <- nil
	}()
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			served <- err
			return
		}
		served <- <-stopped
	}()
	return served
}

// timeBodies limits the time that a request's body may take to arrive. ReadTimeout of
// http.Server is no alternative: it also applies after the body has arrived, and would end
// requests that a fault delays.
func timeBodies(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength != 0 {
			r.Body = &timedBody{ReadCloser: r.Body, connection: http.NewResponseController(w)}
		}
		next.ServeHTTP(w, r)
	})
}

// timedBody is a body with a deadline. The deadline starts at the first read and is
// removed at the end of the body.
type timedBody struct {
	io.ReadCloser
	connection *http.ResponseController
	started    bool
}

func (b *timedBody) Read(p []byte) (int, error) {
	if !b.started {
		b.started = true
		_ = b.connection.SetReadDeadline(time.Now().Add(bodyTimeout)) // supported by the connections of every http.Server
	}
	n, err := b.ReadCloser.Read(p)
	if errors.Is(err, io.EOF) {
		_ = b.connection.SetReadDeadline(time.Time{})
	}
	return n, err
}
