// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"strings"
	"time"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// api is the emulator as a process, with the requests that the demo sends to it.
type api struct {
	url     string
	process *exec.Cmd
	seen    int // number of the log's requests that were returned
}

// request is an entry of the emulator's request log.
type request struct {
	Method string `json:"method"`
	Route  string `json:"route"`
	Path   string `json:"path"`
	Status int    `json:"status"`
}

// startEmulator starts the emulator on a free loopback port and waits until it prints its
// address.
func startEmulator(ctx context.Context, binary string) (*api, error) {
	process := exec.CommandContext(ctx, binary, "-addr", "127.0.0.1:0", "-quiet")
	var complaints bytes.Buffer
	process.Stderr = &complaints
	out, err := process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := process.Start(); err != nil {
		return nil, err
	}
	lines := bufio.NewReader(out)
	first, err := lines.ReadString('\n')
	_, url, found := strings.Cut(strings.TrimSpace(first), "Listening on ")
	if err != nil || !found {
		err = errors.Join(process.Process.Kill(), process.Wait())
		return nil, fmt.Errorf("the emulator did not start: %w\n%s%s", err, first, &complaints)
	}
	go func() { _, _ = io.Copy(io.Discard, lines) }() // drops further output
	return &api{url: url, process: process}, nil
}

func (a *api) stop() {
	_ = a.process.Process.Kill()
	_ = a.process.Wait()
}

// requests returns the API requests since the last call. It does not clear the log, since
// a user may be looking at it.
func (a *api) requests(ctx context.Context) ([]request, error) {
	var log []request
	if err := a.call(ctx, http.MethodGet, "/_emulator/requests", nil, &log); err != nil {
		return nil, err
	}
	if len(log) < a.seen { // the log was cleared
		a.seen = 0
	}
	fresh := log[a.seen:]
	a.seen = len(log)
	return fresh, nil
}

// deactivateInDashboard deactivates a customer as a person would in Avara's web interface.
func (a *api) deactivateInDashboard(ctx context.Context, customer string) error {
	return a.call(ctx, http.MethodPatch, "/_emulator/customers/"+customer, map[string]bool{"isActive": false}, nil)
}

// isActive reads the customer through the API.
func (a *api) isActive(ctx context.Context, customer string) (bool, error) {
	var answer struct {
		IsActive *bool `json:"isActive"`
	}
	if err := a.call(ctx, http.MethodGet, "/v1/express/"+customer, nil, &answer); err != nil {
		return false, err
	}
	if answer.IsActive == nil {
		return false, errors.New("the API does not say whether the customer is active")
	}
	return *answer.IsActive, nil
}

func (a *api) call(ctx context.Context, method, path string, body, answer any) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	var sent io.Reader = http.NoBody
	if body != nil {
		content, err := json.Marshal(body)
		if err != nil {
			return err
		}
		sent = bytes.NewReader(content)
	}
	req, err := http.NewRequestWithContext(ctx, method, a.url+path, sent)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+emulator.DefaultAPIKey)
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	content, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode >= http.StatusMultipleChoices {
		return fmt.Errorf("%s %s: %s: %s", method, path, resp.Status, content)
	}
	if answer == nil {
		return nil
	}
	return json.Unmarshal(content, answer)
}
