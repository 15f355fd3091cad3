// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// pipes is a listener for connections in memory, which work with fake time.
type pipes chan net.Conn

func (p pipes) Accept() (net.Conn, error) {
	connection, ok := <-p
	if !ok {
		return nil, net.ErrClosed
	}
	return connection, nil
}
func (p pipes) Close() error   { close(p); return nil }
func (p pipes) Addr() net.Addr { return &net.TCPAddr{} }

// serveAPI serves an emulator, and returns it with a function that connects to it.
func serveAPI(t *testing.T) (api *emulator.Emulator, dial func() net.Conn) {
	t.Helper()
	api = emulator.New()
	listener := make(pipes)
	ctx, stop := context.WithCancel(t.Context())
	served := goServe(ctx, listener, api)
	t.Cleanup(func() {
		stop()
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	return api, func() net.Conn {
		ours, theirs := net.Pipe()
		t.Cleanup(func() { _ = ours.Close() })
		listener <- theirs
		return ours
	}
}

const start10 = "POST /v1/express HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 10\r\n" +
	"Authorization: Bearer " + emulator.DefaultAPIKey + "\r\n\r\n"

// A connection is closed if a request arrives too slowly, or not at all.
func TestTimeouts(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		sent   string
		after  time.Duration
		answer string // start of the answer
	}{
		"no request":    {"", 10 * time.Second, ""},
		"half a header": {"GET /v1/express HTTP/1.1\r\nHost:", 10 * time.Second, ""},
		"no body":       {start10, 30 * time.Second, "HTTP/1.1 408 "},
		"half a body":   {start10 + `{"exp`, 30 * time.Second, "HTTP/1.1 408 "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				_, dial := serveAPI(t)
				connection, began := dial(), time.Now()
				if _, err := io.WriteString(connection, test.sent); err != nil {
					t.Fatal(err)
				}
				answer, err := io.ReadAll(connection)
				if took := time.Since(began); err != nil || took < test.after || took > test.after+time.Second {
					t.Errorf("the connection ended after %v, %v", took, err)
				}
				if !strings.HasPrefix(string(answer), test.answer) {
					t.Errorf("answer %q", answer)
				}
			})
		})
	}
}

func TestIdleTimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, dial := serveAPI(t)
		connection := dial()
		reader := bufio.NewReader(connection)
		for range 3 { // each request has its own time limit
			if _, err := io.WriteString(connection, "GET /_emulator/health HTTP/1.1\r\nHost: localhost\r\n\r\n"); err != nil {
				t.Fatal(err)
			}
			answer, err := http.ReadResponse(reader, nil)
			if err != nil || answer.StatusCode != http.StatusOK {
				t.Fatalf("%v, %v", answer, err)
			}
			if _, err := io.ReadAll(answer.Body); err != nil {
				t.Fatal(err)
			}
			_ = answer.Body.Close()
			time.Sleep(100 * time.Second)
		}
		began := time.Now()
		if _, err := reader.ReadByte(); err != io.EOF || time.Since(began) != 20*time.Second {
			t.Errorf("the connection ended after another %v, %v", time.Since(began), err)
		}
	})
}

// The time limit of a body ends when the body has arrived. The answer may take longer.
func TestSlowAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api, dial := serveAPI(t)
		api.AddFault(emulator.Fault{LatencyMS: 1000 * 300})
		connection, began := dial(), time.Now()
		if _, err := io.WriteString(connection, start10+`{"a":"b"} `); err != nil {
			t.Fatal(err)
		}
		answer, err := http.ReadResponse(bufio.NewReader(connection), nil)
		if err != nil || answer.StatusCode != http.StatusBadRequest || time.Since(began) != 5*time.Minute {
			t.Fatalf("%v after %v, %v", answer, time.Since(began), err)
		}
		_ = answer.Body.Close()
	})
}
