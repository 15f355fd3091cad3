// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"testing"
	"testing/synctest"

	"github.com/avara-software/terraform-provider-avara/internal/avara"
	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// inMemoryURL is the address of accounts that are reached without a network.
const inMemoryURL = "http://127.0.0.1"

// inMemory runs a test with fake time, on an account that is reached without a network.
func inMemory(t *testing.T, test func(*testing.T, *account), options ...emulator.Option) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		test(t, &account{Emulator: emulator.New(options...), t: t, url: inMemoryURL})
	})
}

func (a *account) inMemoryProvider() *protocol {
	a.t.Helper()
	return protocolOf(a.t, &avaraProvider{version: "test", connect: func(o avara.Options) (*avara.Client, error) {
		o.Transport = memoryTransport{a}
		return avara.New(o)
	}})
}

// memoryTransport passes requests to a handler.
type memoryTransport struct{ http.Handler }

var errCut = errors.New("the connection was cut")

func (m memoryTransport) RoundTrip(r *http.Request) (resp *http.Response, err error) {
	if trace := httptrace.ContextClientTrace(r.Context()); trace != nil && trace.GotConn != nil {
		trace.GotConn(httptrace.GotConnInfo{})
	}
	defer func() {
		switch cause := recover(); {
		case cause == http.ErrAbortHandler: //nolint:errorlint // compared as net/http does
			resp, err = nil, errCut
		case cause != nil:
			panic(cause)
		case r.Context().Err() != nil:
			resp, err = nil, r.Context().Err()
		}
	}()
	arrived := httptest.NewRequestWithContext(r.Context(), r.Method, r.URL.String(), r.Body)
	arrived.Header = r.Header
	recorder := httptest.NewRecorder()
	m.ServeHTTP(recorder, arrived)
	return recorder.Result(), nil
}
