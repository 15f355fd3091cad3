// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// randomFaults adds one to three random faults, and sometimes read lag.
func randomFaults(random *rand.Rand, a *account) {
	n := func(from, to int) int { return from + random.IntN(to-from) }
	menu := []emulator.Fault{
		{Every: n(7, 30), Status: 503},
		{Every: n(20, 60), Status: 429, Header: map[string]string{"Retry-After": "1"}},
		{Every: n(4, 15), WritesOnly: true, Cut: emulator.CutAfter},
		{Every: n(4, 15), WritesOnly: true, Cut: emulator.CutBefore},
		{Every: n(10, 40), Cut: emulator.CutAfter},
		{LatencyMS: n(5, 50)},
		{RateLimit: &emulator.RateLimit{PerSecond: float64(n(50, 200)), Burst: n(5, 30)}},
	}
	for range n(1, 4) {
		a.AddFault(menu[random.IntN(len(menu))])
	}
	if random.IntN(3) == 0 {
		a.SetDialects(emulator.ReadLag)
	}
}

// tracedProvider runs the provider by a script that writes its process id to a file. kill
// sends SIGKILL to the process that was started last.
type tracedProvider struct {
	dir string
}

func newTracedProvider(w *workspace) *tracedProvider {
	w.t.Helper()
	binary, err := providerBinary()
	if err != nil {
		w.t.Fatal(err)
	}
	p := &tracedProvider{dir: w.t.TempDir()}
	script := fmt.Sprintf("#!/bin/sh\necho $$ >%q\nexec %q \"$@\"\n", p.pidFile(), binary)
	if err := os.WriteFile(filepath.Join(p.dir, "terraform-provider-avara"), []byte(script), 0o700); err != nil {
		w.t.Fatal(err)
	}
	cliConfig := filepath.Join(p.dir, "cli.tfrc")
	writeFile(w.t, cliConfig, fmt.Sprintf("provider_installation {\n  dev_overrides {\n    %q = %q\n  }\n  direct {}\n}\n", "avara-software/avara", p.dir))
	w.env = append(w.env, "TF_CLI_CONFIG_FILE="+cliConfig)
	return p
}

func (p *tracedProvider) pidFile() string { return filepath.Join(p.dir, "pid") }

// kill is called while the provider waits for an answer, so the process exists.
func (p *tracedProvider) kill(t *testing.T) {
	content, err := os.ReadFile(p.pidFile())
	if err != nil {
		t.Error(err)
		return
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(content)))
	if err != nil {
		t.Error(err)
		return
	}
	_ = syscall.Kill(pid, syscall.SIGKILL)
}

// interruption is how an apply is interrupted.
type interruption string

const (
	none  interruption = "no interruption"
	ctrlC interruption = "Ctrl-C"
	kill9 interruption = "kill -9"
)

// cutShort applies, interrupts the apply at its n-th request, and calls disturb at each
// request.
func (s *soak) cutShort(how interruption, n int64, disturb func()) *run {
	s.t.Helper()
	cmd := s.command("apply", "-json", "-no-color", "-input=false", "-auto-approve")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	var arrived atomic.Int64
	started := make(chan struct{})
	s.requests.set(func() {
		disturb()
		if arrived.Add(1) != n {
			return
		}
		<-started
		switch how {
		case ctrlC:
			_ = cmd.Process.Signal(os.Interrupt)
		case kill9:
			s.provider.kill(s.t)
		}
	})
	defer s.requests.set(nil)
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	close(started)
	r := s.outcome(cmd.Wait(), &stdout, &stderr)
	// The API may still handle requests that a killed provider has sent.
	s.requests.inFlight.Wait()
	return r
}

// anyRequest calls a replaceable function before each request.
type anyRequest struct {
	http.Handler
	mu       sync.Mutex
	call     func()
	inFlight sync.WaitGroup
}

func (h *anyRequest) set(call func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.call = call
}

func (h *anyRequest) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.inFlight.Add(1)
	defer h.inFlight.Done()
	h.mu.Lock()
	call := h.call
	h.mu.Unlock()
	if call != nil {
		call()
	}
	h.Handler.ServeHTTP(w, r)
}
