// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
	"github.com/avara-software/terraform-provider-avara/internal/emulator/page"
)

// patience is how long requests may go on after the order to stop.
const patience = 3 * time.Second

// run serves until the context or the command ends.
func run(ctx context.Context, args []string, stdout io.Writer) error {
	o, err := readOptions(args, stdout)
	if err != nil {
		return err
	}
	out := &lines{out: stdout}
	if len(o.command) > 0 {
		// Standard output is the command's, and so is most of the reader's attention.
		o.quiet, out.out = true, os.Stderr
	}
	api, err := o.newEmulator(out)
	if err != nil {
		return err
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", o.addr)
	if err != nil {
		return fmt.Errorf("%w (-addr chooses another address, port 0 a free one)", err)
	}
	// The name localhost means whatever this machine's resolver says.
	if err := checkLoopback(listener.Addr().String()); err != nil {
		return errors.Join(err, listener.Close())
	}
	command := make(chan error, 1)
	if len(o.command) > 0 {
		// An interruption at the terminal reaches the command too: the API is there until the command has ended.
		serving, stop := context.WithCancel(context.WithoutCancel(ctx))
		ctx = serving
		go func() {
			defer stop()
			command <- o.runCommand(serving, "http://"+listener.Addr().String(), stdout)
		}()
	} else {
		command <- nil
		out.print("Listening on http://%s", listener.Addr())
		out.print("See the account at http://%s/", listener.Addr())
		if o.apiKey == emulator.DefaultAPIKey {
			out.print("API key %s (made up, opens nothing)", o.apiKey)
		}
	}
	// The data are saved a last time when no request can change them any more.
	keeping, stopKeeping := context.WithCancel(context.WithoutCancel(ctx))
	saved := o.keep(keeping, api, out)
	err = serve(ctx, listener, page.New(api))
	stopKeeping()
	return errors.Join(err, <-saved, <-command)
}

// newEmulator sets the emulator up as the command line says.
func (o options) newEmulator(out *lines) (*emulator.Emulator, error) {
	settings := []emulator.Option{emulator.WithAPIKey(o.apiKey), emulator.WithDialects(o.dialects...)}
	if !o.quiet {
		settings = append(settings, emulator.WithRequestLog(out.request))
	}
	api := emulator.New(settings...)
	for _, fault := range o.faults {
		if err := api.CheckFault(fault); err != nil {
			return nil, fmt.Errorf("-fault: %w", err)
		}
		api.AddFault(fault)
	}
	if o.data != "" {
		if err := api.LoadFile(o.data); err != nil {
			return nil, fmt.Errorf("-data: %w", err)
		}
	}
	if isEmpty(api.State()) {
		api.Seed(o.seed)
	}
	return api, nil
}

func isEmpty(state emulator.State) bool {
	objects := len(state.Customers) + len(state.References)
	for _, product := range emulator.Products() {
		objects += len(state.Users[product]) + len(state.Invitations[product])
	}
	return objects == 0
}

// keep saves the data while the context lasts, and a last time when it ends.
func (o options) keep(ctx context.Context, api *emulator.Emulator, out *lines) <-chan error {
	saved := make(chan error, 1)
	if o.data == "" {
		saved <- nil
		return saved
	}
	go func() {
		saved <- api.Keep(ctx, o.data, func(err error) { out.print("Cannot save the data (the next change tries again): %v", err) })
	}()
	return saved
}

// serve answers requests until the context ends, and then lets those finish
// that are under way.
func serve(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	stopped := make(chan error, 1)
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
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-stopped
}

// lines prints whole lines from several goroutines.
type lines struct {
	mu  sync.Mutex
	out io.Writer
}

func (l *lines) print(format string, arguments ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	fmt.Fprintf(l.out, format+"\n", arguments...)
}

// request prints a request: time, method, path, status, duration.
func (l *lines) request(r emulator.Request) {
	path := r.Path
	if r.Query != "" {
		path += "?" + r.Query
	}
	status := fmt.Sprint(r.Status)
	if r.Cut {
		status = "cut"
	}
	l.print("%s %-6s %s %s %s", r.Time.Format("15:04:05.000"), r.Method, path, status, r.Duration.Round(10*time.Microsecond))
}
