// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

type program struct {
	t     *testing.T
	url   string
	key   string
	stop  chan os.Signal
	ended chan error
	rest  chan string // output after the first line
}

// start runs the program on a free port and waits for its first line.
func start(t *testing.T, args ...string) *program {
	t.Helper()
	reader, writer := io.Pipe()
	p := &program{t: t, key: emulator.DefaultAPIKey, stop: make(chan os.Signal, 2), ended: make(chan error, 1), rest: make(chan string, 1)}
	t.Cleanup(func() { p.stop <- os.Interrupt })
	go func() {
		p.ended <- run(append([]string{"-addr", "127.0.0.1:0"}, args...), writer, io.Discard, p.stop)
		_ = writer.Close()
	}()
	lines := bufio.NewReader(reader)
	first, err := lines.ReadString('\n')
	if err != nil {
		t.Fatalf("the program ended early: %v", <-p.ended)
	}
	go func() {
		rest, _ := io.ReadAll(lines)
		p.rest <- string(rest)
	}()
	url, found := strings.CutPrefix(strings.TrimSpace(first), "Listening on ")
	if !found {
		t.Fatalf("the first line is %q", first)
	}
	p.url = url
	return p
}

// end stops the program and returns what it printed.
func (p *program) end() string {
	p.t.Helper()
	p.stop <- syscall.SIGHUP // sent when the terminal is closed
	if err := <-p.ended; err != nil {
		p.t.Errorf("the program ended with %v", err)
	}
	return <-p.rest
}

// send returns the status and the body of an answer.
func (p *program) send(method, path, body string) (int, string) {
	p.t.Helper()
	r, err := http.NewRequestWithContext(p.t.Context(), method, p.url+path, strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+p.key)
	r.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	text, err := io.ReadAll(answer.Body)
	if err := errors.Join(err, answer.Body.Close()); err != nil {
		p.t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}

func TestRun(t *testing.T) {
	t.Parallel()
	p := start(t)
	if status, body := p.send("POST", "/v1/express", `{"expressCustomerName":"Lakeside"}`); status != http.StatusOK {
		t.Errorf("status %d: %s", status, body)
	}
	p.send("GET", "/v1/express?limit=0", "")
	p.send("GET", "/_emulator/health", "")
	printed := strings.Split(strings.TrimSpace(p.end()), "\n")
	want := []string{
		`^See the account at http://127\.0\.0\.1:\d+/$`,
		`^API key ` + emulator.DefaultAPIKey,
		`^\d\d:\d\d:\d\d\.\d{3} POST   /v1/express 200 \S+s$`,
		`^\d\d:\d\d:\d\d\.\d{3} GET    /v1/express\?limit=0 400 \S+s$`,
	}
	if len(printed) != len(want) {
		t.Fatalf("printed %q", printed)
	}
	for i, pattern := range want {
		if !regexp.MustCompile(pattern).MatchString(printed[i]) {
			t.Errorf("line %q does not match %s", printed[i], pattern)
		}
	}
}

func TestRunQuietlyWithAnotherKey(t *testing.T) {
	t.Parallel()
	p := start(t, "-quiet", "-api-key", "sk_live_mine")
	if status, _ := p.send("GET", "/v1/express", ""); status != http.StatusUnauthorized {
		t.Errorf("status %d with the default key", status)
	}
	p.key = "sk_live_mine"
	if status, _ := p.send("GET", "/v1/express", ""); status != http.StatusOK {
		t.Errorf("status %d with the key", status)
	}
	if printed := p.end(); strings.Count(printed, "\n") != 1 {
		t.Errorf("printed %q after the first line", printed)
	}
}

func TestRunShowsThePage(t *testing.T) {
	t.Parallel()
	p := start(t, "-seed", "3")
	for path, want := range map[string]int{"/": http.StatusOK, "/_page/page.js": http.StatusOK, "/v1": http.StatusNotFound} {
		if status, body := p.send("GET", path, ""); status != want {
			t.Errorf("%s: status %d: %s", path, status, body)
		}
	}
	if _, body := p.send("GET", "/", ""); !strings.Contains(body, "of 3 customers") {
		t.Errorf("the page shows %s", body)
	}
	p.end()
}

func TestRunWithDialectsAndFaults(t *testing.T) {
	t.Parallel()
	p := start(t, "-dialect", "error-text,create-201", "-dialect", "oldest-first",
		"-fault", `{"route":"GET /v1/express","status":503}`, "-fault", `{"route":"POST /v1/express","every":2,"status":500}`)
	if status, body := p.send("GET", "/v1/express", ""); status != http.StatusServiceUnavailable || body != "Service Unavailable" {
		t.Errorf("status %d: %s", status, body)
	}
	for _, want := range []int{http.StatusCreated, http.StatusInternalServerError} {
		if status, _ := p.send("POST", "/v1/express", `{"expressCustomerName":"Lakeside"}`); status != want {
			t.Errorf("status %d, want %d", status, want)
		}
	}
	p.end()
}

func TestRunKeepsData(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "data.json")
	p := start(t, "-data", file, "-seed", "3", "-seed-users", "2", "-seed-references", "2")
	p.send("POST", "/v1/express", `{"expressCustomerName":"Lakeside"}`)
	_, before := p.send("GET", "/_emulator/state", "")
	p.end()

	p = start(t, "-data", file, "-seed", "50")
	if _, after := p.send("GET", "/_emulator/state", ""); after != before {
		t.Errorf("before\n%s\nafter\n%s", before, after)
	}
	if got := strings.Count(before, `"expressCustomerName"`); got != 4 {
		t.Errorf("%d customers", got)
	}
	p.end()
}

func TestRunLocksData(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "data.json")
	p := start(t, "-data", file)
	err := run([]string{"-addr", "127.0.0.1:0", "-data", file}, io.Discard, io.Discard, nil)
	if err == nil || !strings.Contains(err.Error(), "another avara-emulator uses this file") {
		t.Errorf("error %v", err)
	}
	p.end()
	start(t, "-data", file).end()
}

// A signal ends the program even while a large data file is loaded.
func TestSignalWhileDataLoad(t *testing.T) {
	t.Parallel()
	signals := make(chan os.Signal, 1)
	loading := make(chan bool)
	go func() {
		<-loading
		signals <- syscall.SIGTERM
	}()
	_, err := unlessEnded(signals, func(ctx context.Context) (int, error) {
		loading <- true
		<-ctx.Done()
		return 0, ctx.Err()
	})
	var printed bytes.Buffer
	if status := report(err, &printed); status != 143 || !strings.Contains(printed.String(), "before the data were loaded") {
		t.Errorf("status %d, printed %q", status, &printed)
	}
	value, err := unlessEnded(signals, func(context.Context) (int, error) { return 7, io.EOF })
	if value != 7 || !errors.Is(err, io.EOF) {
		t.Errorf("%d, %v", value, err)
	}
}

func TestRunRefuses(t *testing.T) {
	t.Parallel()
	taken := start(t)
	defer taken.end()
	for name, test := range map[string]struct {
		args []string
		want string
	}{
		"every address":     {[]string{"-addr", ":8787"}, "not a loopback address"},
		"0.0.0.0":           {[]string{"-addr", "0.0.0.0:8787"}, "not a loopback address"},
		"another address":   {[]string{"-addr", "192.168.1.5:8787"}, "not a loopback address"},
		"another name":      {[]string{"-addr", "example.com:8787"}, "not a loopback address"},
		"no port":           {[]string{"-addr", "127.0.0.1"}, "missing port"},
		"a taken port":      {[]string{"-addr", strings.TrimPrefix(taken.url, "http://")}, "address already in use (-addr"},
		"an unknown flag":   {[]string{"-sed", "3"}, "-help lists flags"},
		"less than nothing": {[]string{"-seed", "-1"}, "must not be negative"},
		"no key":            {[]string{"-api-key", ""}, "must not be empty"},
		"a dialect":         {[]string{"-dialect", "klingon"}, `"klingon" is not a dialect`},
		"no JSON":           {[]string{"-fault", "503"}, "a fault is a JSON object"},
		"an unknown field":  {[]string{"-fault", `{"staus":503}`}, "unknown key"},
		"two faults":        {[]string{"-fault", `{"status":503}{"status":500}`}, "there is more"},
		"an endless delay":  {[]string{"-fault", `{"latencyMs":9223372036855}`}, "-fault: latencyMs: must be from 0 to 3600000"},
		"no folder":         {[]string{"-addr", "127.0.0.1:0", "-data", filepath.Join(t.TempDir(), "nowhere", "data.json")}, "-data: there is no folder"},
		"a fault":           {[]string{"-addr", "127.0.0.1:0", "-fault", `{"every":3}`}, "does nothing"},
		"a folder as file":  {[]string{"-addr", "127.0.0.1:0", "-data", t.TempDir()}, "-data:"},
	} {
		t.Run(name, func(t *testing.T) {
			err := run(test.args, io.Discard, io.Discard, nil)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want %q", err, test.want)
			}
		})
	}
}

func TestHelp(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := run([]string{"-help"}, &out, io.Discard, nil); report(err, io.Discard) != 0 {
		t.Errorf("error %v", err)
	}
	for _, info := range emulator.AllDialects() {
		if !strings.Contains(out.String(), "  "+string(info.Dialect)+" ") {
			t.Errorf("the help lacks %s", info.Dialect)
		}
	}
	for _, f := range emulator.FaultFields() {
		if !strings.Contains(out.String(), "  "+f.Name+" ") {
			t.Errorf("the help lacks %s", f.Name)
		}
	}
	if !strings.Contains(out.String(), "-seed-references") || !strings.Contains(out.String(), "Studies and reports are not\nemulated") {
		t.Errorf("the help is %s", &out)
	}
}

func TestVersion(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	err := run([]string{"-version"}, &out, io.Discard, nil)
	if report(err, io.Discard) != 0 || !regexp.MustCompile(`^avara-emulator \S+\n$`).MatchString(out.String()) {
		t.Errorf("error %v, printed %q", err, &out)
	}
}
