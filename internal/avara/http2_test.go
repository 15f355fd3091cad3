// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// front is an HTTP/2 front end. It passes each request to the API and may then answer
// differently.
type front struct {
	api http.Handler
	// spoil answers a request that the API has handled, on a stream of a connection. It
	// reports whether it did.
	spoil func(conn net.Conn, framer *http2.Framer, stream uint32, req *http.Request) bool
	// refuse does the same for a request before the API handles it.
	refuse func(conn net.Conn, framer *http2.Framer, stream uint32, req *http.Request) bool

	mu          sync.Mutex
	requests    []string
	connections int
	// dead is the number of connections that are silent. They are the oldest ones.
	dead int
}

// silence makes the open connections stop answering.
func (f *front) silence() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.dead = f.connections
}

func (f *front) isDead(connection int) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return connection <= f.dead
}

// received returns the number of requests with a method, and of connections.
func (f *front) received(method string) (requests, connections int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, received := range f.requests {
		if received == method {
			requests++
		}
	}
	return requests, f.connections
}

// serve serves HTTP/2 on a connection until it is closed.
func (f *front) serve(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	f.mu.Lock()
	f.connections++
	connection := f.connections
	f.mu.Unlock()
	if _, err := io.ReadFull(conn, make([]byte, len(http2.ClientPreface))); err != nil {
		return
	}
	framer := http2.NewFramer(conn, conn)
	framer.ReadMetaHeaders = hpack.NewDecoder(4096, nil)
	if framer.WriteSettings() != nil {
		return
	}
	asked := map[uint32]*http.Request{}
	for {
		frame, err := framer.ReadFrame()
		if err != nil {
			return
		}
		if f.isDead(connection) {
			continue
		}
		switch frame := frame.(type) {
		case *http2.SettingsFrame:
			if !frame.IsAck() {
				_ = framer.WriteSettingsAck()
			}
		case *http2.PingFrame:
			_ = framer.WritePing(true, frame.Data)
		case *http2.MetaHeadersFrame:
			path := frame.PseudoValue("path")
			target, err := url.ParseRequestURI(path)
			if err != nil {
				return
			}
			req := &http.Request{Method: frame.PseudoValue("method"), URL: target, RequestURI: path, Header: http.Header{}, Body: http.NoBody}
			for _, field := range frame.RegularFields() {
				req.Header.Add(field.Name, field.Value)
			}
			asked[frame.StreamID] = req
			if frame.StreamEnded() {
				f.answer(conn, framer, frame.StreamID, req)
			}
		case *http2.DataFrame:
			req := asked[frame.StreamID]
			sent, _ := io.ReadAll(req.Body)
			sent = append(sent, frame.Data()...)
			req.Body, req.ContentLength = io.NopCloser(bytes.NewReader(sent)), int64(len(sent))
			if frame.StreamEnded() {
				f.answer(conn, framer, frame.StreamID, req)
			}
		}
	}
}

func (f *front) answer(conn net.Conn, framer *http2.Framer, stream uint32, req *http.Request) {
	f.mu.Lock()
	f.requests = append(f.requests, req.Method)
	f.mu.Unlock()
	if f.refuse != nil && f.refuse(conn, framer, stream, req) {
		return
	}
	recorder := httptest.NewRecorder()
	f.api.ServeHTTP(recorder, req)
	if f.spoil != nil && f.spoil(conn, framer, stream, req) {
		return
	}
	var head bytes.Buffer
	encoder := hpack.NewEncoder(&head)
	_ = encoder.WriteField(hpack.HeaderField{Name: ":status", Value: strconv.Itoa(recorder.Code)})
	_ = framer.WriteHeaders(http2.HeadersFrameParam{StreamID: stream, BlockFragment: head.Bytes(), EndHeaders: true})
	_ = framer.WriteData(stream, true, recorder.Body.Bytes())
}

// listen serves the front on loopback over TLS. It returns its address, and a transport
// that trusts its certificate.
func (f *front) listen(t *testing.T) (string, *http.Transport) {
	t.Helper()
	withCertificate := httptest.NewTLSServer(nil)
	withCertificate.Close()
	listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: withCertificate.TLS.Certificates, NextProtos: []string{"h2"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go f.serve(conn)
		}
	}()
	pool := pooledTransport()
	pool.TLSClientConfig = &tls.Config{RootCAs: x509.NewCertPool()}
	pool.TLSClientConfig.RootCAs.AddCert(withCertificate.Certificate())
	t.Cleanup(pool.CloseIdleConnections)
	return "https://" + listener.Addr().String(), pool
}

// spoilt are the ways in which a front end loses the answer to a handled request. Some of
// them wrongly signal that the request was not handled.
var spoilt = map[string]func(conn net.Conn, framer *http2.Framer, stream uint32){
	"PROTOCOL_ERROR": func(_ net.Conn, framer *http2.Framer, stream uint32) {
		_ = framer.WriteRSTStream(stream, http2.ErrCodeProtocol)
	},
	"REFUSED_STREAM": func(_ net.Conn, framer *http2.Framer, stream uint32) {
		_ = framer.WriteRSTStream(stream, http2.ErrCodeRefusedStream)
	},
	"INTERNAL_ERROR": func(_ net.Conn, framer *http2.Framer, stream uint32) {
		_ = framer.WriteRSTStream(stream, http2.ErrCodeInternal)
	},
	"GOAWAY": func(conn net.Conn, framer *http2.Framer, _ uint32) {
		_ = framer.WriteGoAway(0, http2.ErrCodeNo, nil)
		_ = conn.Close()
	},
	"closed connection": func(conn net.Conn, _ *http2.Framer, _ uint32) { _ = conn.Close() },
}

func TestACreateIsNotRepeatedBelowTheClient(t *testing.T) {
	t.Parallel()
	for name, spoil := range spoilt {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := emulator.New(emulator.WithAPIKey(testKey))
			f := &front{api: api, spoil: func(conn net.Conn, framer *http2.Framer, stream uint32, req *http.Request) bool {
				if req.Method == http.MethodPost {
					spoil(conn, framer, stream)
				}
				return req.Method == http.MethodPost
			}}
			address, pool := f.listen(t)
			c, err := New(Options{APIKey: testKey, BaseURL: address, MaxRetries: DefaultMaxRetries, Transport: newConnections(pool)})
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range []string{"One", "Two"} { // on a new connection, and on a used one
				customer, err := c.CreateExpressCustomer(t.Context(), NewExpressCustomer{Name: name})
				if err != nil || customer.Name != name {
					t.Errorf("%+v, %v", customer, err)
				}
			}
			if posts, _ := f.received(http.MethodPost); posts != 2 || len(api.Customers()) != 2 {
				t.Errorf("%d creates made %d customers", posts, len(api.Customers()))
			}
		})
	}
}

// A server that closes a connection in an orderly way, as nginx does after a thousand
// requests, tells which requests it has not handled. A create is then retried within
// seconds.
func TestACreateThatWasNotProcessedIsSoonSentAgain(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"REFUSED_STREAM", "GOAWAY"} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				api := emulator.New(emulator.WithAPIKey(testKey))
				f := &front{api: api}
				f.refuse = func(conn net.Conn, framer *http2.Framer, stream uint32, req *http.Request) bool {
					posts, _ := f.received(http.MethodPost)
					if req.Method != http.MethodPost || posts > 1 {
						return false
					}
					spoilt[name](conn, framer, stream)
					return true
				}
				c, err := New(Options{APIKey: testKey, BaseURL: "http://localhost", MaxRetries: 1, Transport: f.piped(t)})
				if err != nil {
					t.Fatal(err)
				}
				began := time.Now()
				if _, err := c.CreateExpressCustomer(t.Context(), lakesideWish); err != nil || len(api.Customers()) != 1 {
					t.Errorf("%v, %d customers", err, len(api.Customers()))
				}
				if took := time.Since(began); took > 3*time.Second {
					t.Errorf("took %s", took)
				}
				time.Sleep(2 * time.Minute) // until all connections are closed
			})
		})
	}
}

func TestAnAttemptIsSentOnFewConnections(t *testing.T) {
	t.Parallel()
	for name, spoil := range spoilt {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := &front{api: emulator.New(), spoil: func(conn net.Conn, framer *http2.Framer, stream uint32, _ *http.Request) bool {
				spoil(conn, framer, stream)
				return true
			}}
			address, pool := f.listen(t)
			c, err := New(Options{APIKey: testKey, BaseURL: address, RequestTimeout: 5 * time.Second, Transport: newConnections(pool)})
			if err != nil {
				t.Fatal(err)
			}
			_, err = c.GetExpressCustomer(t.Context(), testID)
			if err == nil || strings.Contains(err.Error(), "GetBody") {
				t.Error(err)
			}
			if requests, connections := f.received(http.MethodGet); requests > maxConnections || connections > maxConnections+1 {
				t.Errorf("one attempt was %d requests on %d connections", requests, connections)
			}
		})
	}
}

// Requests that net/http retries by itself count for the pace too.
func TestThePaceHoldsForWhatIsSentBelowTheClient(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		f := &front{api: emulator.New(), spoil: func(conn net.Conn, framer *http2.Framer, stream uint32, _ *http.Request) bool {
			spoilt["PROTOCOL_ERROR"](conn, framer, stream)
			return true
		}}
		pool := f.piped(t)
		c, err := New(Options{APIKey: testKey, BaseURL: "http://localhost", RequestsPerSecond: 1, MaxRetries: DefaultMaxRetries, Transport: pool})
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		walk(10, func(i int) { _, _ = c.GetExpressCustomer(t.Context(), numberedID(i)) })
		if requests, _ := f.received(http.MethodGet); requests > maxConnections+int(time.Since(began)/time.Second) {
			t.Errorf("%d requests in %s", requests, time.Since(began))
		}
		time.Sleep(2 * time.Minute) // until all connections are closed
	})
}

// piped serves the front without a network, on a fake clock.
func (f *front) piped(t *testing.T) *connections {
	t.Helper()
	pool := pooledTransport()
	pool.Protocols = &http.Protocols{}
	pool.Protocols.SetUnencryptedHTTP2(true)
	pool.DialContext = func(context.Context, string, string) (net.Conn, error) { return f.dial(), nil }
	return newConnections(pool)
}

func (f *front) dial() net.Conn {
	client, server := net.Pipe()
	buffered := &bufferedPipe{Conn: server, written: make(chan []byte, 1000)}
	go buffered.flush()
	go f.serve(buffered)
	return client
}

// bufferedPipe is a pipe whose writes do not wait for a read, like those of a network
// connection.
type bufferedPipe struct {
	net.Conn
	written chan []byte
	once    sync.Once
}

func (p *bufferedPipe) Write(b []byte) (int, error) {
	p.written <- bytes.Clone(b)
	return len(b), nil
}

func (p *bufferedPipe) flush() {
	for b := range p.written {
		_, _ = p.Conn.Write(b)
	}
	_ = p.Conn.Close()
}

func (p *bufferedPipe) Close() error {
	p.once.Do(func() { close(p.written) })
	return nil
}

// A connection may stop working without being closed, as behind a firewall. Requests on it
// wait for less than a minute, and later requests are not affected.
func TestASilentConnectionIsReplaced(t *testing.T) {
	t.Parallel()
	for name, timeout := range map[string]time.Duration{"found by a ping": DefaultRequestTimeout, "found by a timeout": 5 * time.Second} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				api := emulator.New(emulator.WithAPIKey(testKey))
				id := api.AddCustomer(emulator.Customer{Name: "One"})
				f := &front{api: api}
				pool := f.piped(t)
				c, err := New(Options{APIKey: testKey, BaseURL: "http://localhost", RequestTimeout: timeout, MaxRetries: DefaultMaxRetries, Transport: pool})
				if err != nil {
					t.Fatal(err)
				}
				read := func() time.Duration {
					began := time.Now()
					if _, err := c.GetExpressCustomer(t.Context(), id); err != nil {
						t.Error(err)
					}
					return time.Since(began)
				}
				read()
				f.silence()
				var all sync.WaitGroup
				for range 10 {
					all.Go(func() {
						if took := read(); took > 45*time.Second || took > 2*timeout {
							t.Errorf("recovered after %s", took)
						}
					})
				}
				all.Wait()
				if took := read(); took > 0 {
					t.Errorf("the next operation took %s", took)
				}
				pool.CloseIdleConnections()
				time.Sleep(time.Minute) // until the dead connection is closed
			})
		})
	}
}
