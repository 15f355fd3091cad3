// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"syscall"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
	"github.com/avara-software/terraform-provider-avara/internal/emulator/datafile"
	"github.com/avara-software/terraform-provider-avara/internal/emulator/page"
)

// run serves until the command ends. Without a command it serves until a signal arrives.
func run(args []string, stdout, stderr io.Writer, signals <-chan os.Signal) (err error) {
	o, err := readOptions(args, stdout)
	if err != nil {
		return err
	}
	out := &lines{out: stdout}
	if len(o.command) > 0 {
		// The command writes to standard output, so the emulator writes to stderr, and
		// only what is necessary.
		o.quiet, out.out = true, stderr
	}
	api, file, err := o.load(out, signals)
	if err != nil {
		return err
	}
	listener, err := o.listen()
	if err != nil {
		return errors.Join(err, file.Close())
	}
	serving, stop := context.WithCancel(context.Background())
	served := goServe(serving, listener, page.New(api))
	keeping, stopKeeping := context.WithCancel(context.Background())
	saved := goKeep(keeping, file, api, out)

	out.print("%s", o.greeting(listener.Addr().String()))
	if len(o.command) > 0 {
		err = runCommand(o.command, o.environment(listener.Addr().String()), signals)
	} else {
		select {
		case <-signals:
		case err = <-served:
			served <- nil
		}
	}
	stop()
	err = errors.Join(err, <-served)
	stopKeeping() // saves the data a last time, after the last request
	return errors.Join(err, <-saved, file.Close())
}

// greeting is the first line of output, with the addresses of the API and the page.
func (o options) greeting(address string) string {
	account := "See the account at http://" + address + "/"
	if len(o.command) > 0 {
		return account
	}
	text := "Listening on http://" + address + "\n" + account
	if o.apiKey == emulator.DefaultAPIKey {
		text += "\nAPI key " + o.apiKey + " (made up, opens nothing)"
	}
	return text
}

// environment points the provider and Avara's SDKs to the API at an address.
func (o options) environment(address string) []string {
	return append(os.Environ(), "AVARA_BASE_URL=http://"+address, "AVARA_API_KEY="+o.apiKey)
}

// load creates the emulator as the options describe it.
func (o options) load(out *lines, signals <-chan os.Signal) (*emulator.Emulator, *dataFile, error) {
	api, err := o.newEmulator(out)
	if err != nil {
		return nil, nil, err
	}
	file, err := unlessEnded(signals, func(ctx context.Context) (*dataFile, error) {
		file, err := openData(ctx, o.data, api)
		if err == nil && isEmpty(api.State()) {
			api.Seed(o.seed)
		}
		return file, err
	})
	return api, file, err
}

// unlessEnded runs a long operation, and returns early if a signal arrives.
func unlessEnded[T any](signals <-chan os.Signal, do func(context.Context) (T, error)) (result T, err error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	type outcome struct {
		value T
		err   error
	}
	done := make(chan outcome, 1)
	go func() {
		value, err := do(ctx)
		done <- outcome{value, err}
	}()
	select {
	case o := <-done:
		return o.value, o.err
	case s := <-signals:
		status := statusSignal
		if number, ok := s.(syscall.Signal); ok {
			status += int(number)
		}
		return result, exitStatus{status, fmt.Errorf("ended by a signal (%v) before the data were loaded", s)}
	}
}

func (o options) newEmulator(out *lines) (*emulator.Emulator, error) {
	settings := []emulator.Option{emulator.WithAPIKey(o.apiKey), emulator.WithDialects(o.dialects...)}
	if !o.quiet {
		settings = append(settings, emulator.WithRequestLog(out.request))
	}
	api := emulator.New(settings...)
	for _, fault := range o.faults {
		if err := api.CheckFault(fault); err != nil {
			return nil, exitStatus{statusUsage, fmt.Errorf("-fault: %w", err)}
		}
		api.AddFault(fault)
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

// dataFile is the file of -data. Without -data its File is nil.
type dataFile struct{ *datafile.File }

func openData(ctx context.Context, path string, api *emulator.Emulator) (*dataFile, error) {
	if path == "" {
		return &dataFile{}, nil
	}
	file, err := datafile.Open(path)
	if err != nil {
		return nil, fmt.Errorf("-data: %w", err)
	}
	if err := file.Load(ctx, api); err != nil {
		return nil, errors.Join(fmt.Errorf("-data: %w", err), file.Close())
	}
	return &dataFile{file}, nil
}

// Close releases the lock of the file.
func (f *dataFile) Close() error {
	if f.File == nil {
		return nil
	}
	return f.File.Close()
}

// goKeep saves the data after changes until the context is done, and then a last time.
func goKeep(ctx context.Context, file *dataFile, api *emulator.Emulator, out *lines) <-chan error {
	saved := make(chan error, 1)
	if file.File == nil {
		saved <- nil
		return saved
	}
	go func() {
		saved <- file.Keep(ctx, api, func(err error) { out.print("Cannot save the data (the next change tries again): %v", err) })
	}()
	return saved
}

func (o options) listen() (net.Listener, error) {
	var config net.ListenConfig
	listener, err := config.Listen(context.Background(), "tcp", o.addr)
	if err != nil {
		return nil, fmt.Errorf("%w (-addr chooses another address, port 0 a free one)", err)
	}
	// The resolver of this machine may resolve localhost to any address, so the address is
	// checked again.
	if err := checkLoopback(listener.Addr().String()); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	return listener, nil
}
