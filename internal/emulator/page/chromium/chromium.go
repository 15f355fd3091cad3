// SPDX-License-Identifier: MPL-2.0

// Package chromium drives a headless Chromium in tests, over the pipe that
// --remote-debugging-pipe opens. It implements only the few commands of the DevTools
// protocol that the tests of the page need, which saves the module a dependency.
package chromium

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// patience is the time limit for one command of the browser, and for a condition to become
// true.
const patience = 30 * time.Second

// binaries are the names of the executables of Chromium and of browsers based on it.
var binaries = []string{
	"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome",
	"/Applications/Chromium.app/Contents/MacOS/Chromium", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
}

// Browser is a running Chromium with one tab, as used by one test.
type Browser struct {
	*connection
	t testing.TB
}

// connection is the connection to a running Chromium.
type connection struct {
	out       *os.File
	session   string
	pointer   point
	sharpness int

	mu      sync.Mutex // guards the fields below
	lastID  int
	waiting map[int]chan reply
	console []string
}

// reply is an answer to a command, or an event if it has a method.
type reply struct {
	ID     int             `json:"id"`
	Method string          `json:"method"`
	Params json.RawMessage `json:"params"`
	Result json.RawMessage `json:"result"`
	Error  *struct {
		Message string `json:"message"`
	} `json:"error"`
}

// find returns the Chromium at CHROMIUM_PATH, or else one on the PATH.
func find() (string, error) {
	if path := os.Getenv("CHROMIUM_PATH"); path != "" {
		return path, nil
	}
	for _, name := range binaries {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("found no Chromium, and CHROMIUM_PATH does not name one (looked for %s)", strings.Join(binaries, ", "))
}

// Start starts a browser that is closed at the end of the test. It skips the test if no
// Chromium is found, or if TF_ACC is not set. Host names that end in .example resolve to
// loopback, as names of an attacker's DNS server could.
func Start(t testing.TB) *Browser {
	t.Helper()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("drives a browser: set TF_ACC=1")
	}
	if runtime.GOOS == "windows" {
		t.Skip("talks to the browser over inherited pipes, which Go has not on Windows")
	}
	path, err := find()
	if err != nil {
		t.Skip(err)
	}
	theirIn, ourOut, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	ourIn, theirOut, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	// The folder is not from t.TempDir, since the browser's last processes may still write
	// to it.
	profile, err := os.MkdirTemp("", "avara-chromium-") //nolint:usetesting // see above
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(context.WithoutCancel(t.Context()), path, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic",
		"--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
		"--disable-extensions", "--hide-scrollbars", "--no-proxy-server", "--host-resolver-rules=MAP *.example 127.0.0.1",
		"--remote-debugging-pipe", "--user-data-dir="+filepath.Join(profile, "data"))
	command.ExtraFiles = []*os.File{theirIn, theirOut} // file descriptors 3 and 4
	if err := command.Start(); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	_, _ = theirIn.Close(), theirOut.Close()
	b := &Browser{&connection{out: ourOut, waiting: map[int]chan reply{}}, t}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		b.read(ourIn)
	}()
	t.Cleanup(func() {
		b.call("Browser.close", nil, nil)
		<-ended
		_ = command.Wait()
		_, _ = ourOut.Close(), ourIn.Close()
		_ = os.RemoveAll(profile)
	})
	b.openTab()
	return b
}

// For returns the same browser for another test. The two tests must not run at the same
// time. Complaints from before are dropped.
func (b *Browser) For(t testing.TB) *Browser {
	b.Complaints()
	return &Browser{b.connection, t}
}

func (b *Browser) openTab() {
	b.t.Helper()
	var target struct {
		TargetID string `json:"targetId"`
	}
	b.call("Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	var attached struct {
		SessionID string `json:"sessionId"`
	}
	b.call("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &attached)
	b.session = attached.SessionID
	for _, domain := range []string{"Page", "Runtime", "Log"} {
		b.call(domain+".enable", nil, nil)
	}
}

// read passes each answer to the call that waits for it. Messages end with a NUL byte.
func (b *connection) read(in *os.File) {
	messages := bufio.NewReader(in)
	for {
		message, err := messages.ReadBytes(0)
		if err != nil {
			return
		}
		var r reply
		if json.Unmarshal(message[:len(message)-1], &r) != nil {
			continue
		}
		b.mu.Lock()
		switch r.Method {
		case "":
			if waiting, ok := b.waiting[r.ID]; ok {
				waiting <- r
				delete(b.waiting, r.ID)
			}
		case "Log.entryAdded", "Runtime.exceptionThrown":
			b.console = append(b.console, string(r.Params))
		}
		b.mu.Unlock()
	}
}

// call runs a command. If the command fails, the test fails.
func (b *Browser) call(method string, params, result any) {
	b.t.Helper()
	if problem := b.answerTo(method, params, result); problem != "" {
		b.t.Fatalf("%s: %s", method, problem)
	}
}

// answerTo runs a command and returns the error text if it fails.
func (b *Browser) answerTo(method string, params, result any) (problem string) {
	b.t.Helper()
	if params == nil {
		params = map[string]any{}
	}
	b.mu.Lock()
	b.lastID++
	command := map[string]any{"id": b.lastID, "method": method, "params": params}
	if b.session != "" && method != "Browser.close" {
		command["sessionId"] = b.session
	}
	answered := make(chan reply, 1)
	b.waiting[b.lastID] = answered
	text, err := json.Marshal(command)
	if err == nil {
		_, err = b.out.Write(append(text, 0))
	}
	b.mu.Unlock()
	if err != nil {
		return err.Error()
	}
	select {
	case r := <-answered:
		if r.Error != nil {
			return r.Error.Message
		}
		if result != nil {
			if err := json.Unmarshal(r.Result, result); err != nil {
				return err.Error()
			}
		}
	case <-time.After(patience):
		return fmt.Sprintf("no answer within %v", patience)
	}
	return ""
}
