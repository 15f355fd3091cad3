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

// How long connections may take. Faults may delay an answer for as long as they
// want, so there is no bound on those.
const (
	headerTimeout = 10 * time.Second
	bodyTimeout   = 30 * time.Second
	idleTimeout   = 2 * time.Minute
	// patience is how long requests may go on after the order to stop.
	patience = 3 * time.Second
)

// goServe answers requests until the context ends, and then lets those finish
// that are under way.
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

// timeBodies bounds how long a request's body may take to arrive. A server's
// ReadTimeout would go on after that, and end requests that a fault delays.
func timeBodies(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength != 0 {
			r.Body = &timedBody{ReadCloser: r.Body, connection: http.NewResponseController(w)}
		}
		next.ServeHTTP(w, r)
	})
}

// timedBody is a body with a deadline that starts with the first read, and ends
// with the body.
type timedBody struct {
	io.ReadCloser
	connection *http.ResponseController
	started    bool
}

func (b *timedBody) Read(p []byte) (int, error) {
	if !b.started {
		b.started = true
		_ = b.connection.SetReadDeadline(time.Now().Add(bodyTimeout)) // every server's connection can do that
	}
	n, err := b.ReadCloser.Read(p)
	if errors.Is(err, io.EOF) {
		_ = b.connection.SetReadDeadline(time.Time{})
	}
	return n, err
}
