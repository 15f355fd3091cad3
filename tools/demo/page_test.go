// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/avara-software/terraform-provider-avara/internal/emulator/page/chromium"
)

// stage is Terraform, the emulator, and a browser that shows its page.
type stage struct {
	*chromium.Browser
	t   *testing.T
	cli *terraform
	api *api
}

func newStage(t *testing.T) *stage {
	t.Helper()
	browser := chromium.Start(t)
	binary, err := findTerraform()
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	programs, err := build(t.Context(), folder)
	if err != nil {
		t.Fatal(err)
	}
	api, err := startEmulator(t.Context(), programs.emulator)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(api.stop)
	cli, err := newTerraform(t.Context(), binary, folder, programs.provider, api.url)
	if err != nil {
		t.Fatal(err)
	}
	s := &stage{Browser: browser, t: t, cli: cli, api: api}
	if _, err := cli.configure(true); err != nil {
		t.Fatal(err)
	}
	s.terraform("init")
	return s
}

func (s *stage) terraform(arguments ...string) result {
	s.t.Helper()
	done, err := s.cli.run(s.t.Context(), arguments...)
	if err != nil {
		s.t.Fatal(err)
	}
	return done
}

// fault adds a fault.
func (s *stage) fault(fault map[string]any) {
	s.t.Helper()
	if err := s.api.call(s.t.Context(), http.MethodPost, "/_emulator/faults", fault, nil); err != nil {
		s.t.Fatal(err)
	}
}

// sees waits until a part of the page contains all texts.
func (s *stage) sees(selector string, texts ...string) {
	s.t.Helper()
	for _, text := range texts {
		s.Wait(fmt.Sprintf(`document.querySelector(%q)?.textContent.includes(%q)`, selector, text))
	}
}

// TestAccPage tests the emulator's page during a story: a person watches a plan, and an
// apply that meets a fault. The person deactivates a customer, and Terraform detects and
// repairs that. The page shows all of it without a reload.
func TestAccPage(t *testing.T) {
	t.Parallel()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("runs Terraform: set TF_ACC=1")
	}
	s := newStage(t)
	s.Look(1280, 900, "light")
	s.Open(s.api.url)
	s.sees("body", "An empty account")
	s.Run(`window.sameDocument = true`, nil)
	s.fault(map[string]any{"writesOnly": true, "times": 1, "status": 503})
	s.sees("#inforce", "1 fault")
	s.terraform("apply", "-auto-approve")
	s.sees("tbody tr", "North Clinic", "Active")
	s.sees("#beside .event", "Apply", "retried", "Terraform", "North Clinic created")
	s.Wait(`!document.querySelector("#inforce button")`) // the fault is used up

	s.Click("tbody td button")
	s.sees("tbody .state", "Inactive")
	s.sees("#said", "North Clinic deactivated")
	s.Away()
	s.sees("#beside .event", "You", "North Clinic deactivated")

	plan := s.terraform("plan", "-detailed-exitcode", "-out=tfplan")
	if !plan.changes || !strings.Contains(plan.output, "false -> true") {
		t.Errorf("the plan does not show what was done on the page:\n%s", plan.output)
	}
	s.sees("#beside .event", "Plan", "request")
	// The time at which the page first showed the customer active again, by the browser's
	// clock.
	s.Run(`window.seen = new Promise((found) => new MutationObserver(() => {
		if (document.querySelector("tbody .state")?.textContent === "Active") found(Date.now());
	}).observe(document.getElementById("main"), {subtree: true, childList: true, characterData: true})), null`, nil)
	s.terraform("apply", "tfplan")
	var seen int64
	s.Run(`window.seen`, &seen)
	var log []struct {
		Route string
		Time  time.Time
	}
	if err := s.api.call(t.Context(), http.MethodGet, "/_emulator/requests", nil, &log); err != nil {
		t.Fatal(err)
	}
	for _, r := range log {
		if r.Route != reactivate {
			continue
		}
		// Less than one second on an idle machine.
		late := time.UnixMilli(seen).Sub(r.Time)
		t.Logf("the page showed the reactivation after %v", late)
		if late > 10*time.Second {
			t.Error("that is too late")
		}
	}
	// The activity has one run per command, although some commands started the provider
	// twice, and the click in the right place.
	s.Open(s.api.url + "/?view=activity")
	var events []string
	s.Run(`[...document.querySelectorAll("main .event .head b")].map((e) => e.textContent)`, &events)
	if got := strings.Join(events, ", "); got != "Apply, Plan, You, Apply, Control endpoint" {
		t.Errorf("the activity is %q", got)
	}
	s.sees("main .event", "North Clinic reactivated")
	s.terraform("destroy", "-auto-approve")
	s.sees("main .event", "Apply", "North Clinic deactivated")
	s.Run(`[...document.querySelectorAll("main .event .head b")].map((e) => e.textContent)`, &events)
	if got := strings.Join(events, ", "); got != "Apply, Apply, Plan, You, Apply, Control endpoint" {
		t.Errorf("after the destroy, the activity is %q", got)
	}
	if complaints := s.Complaints(); len(complaints) > 0 {
		t.Errorf("the browser reports: %s", strings.Join(complaints, "\n"))
	}
}

// TestAccPictures takes pictures of the page for the README, after some activity in an
// account, and writes them to the folder in PICTURES. `make pictures` runs it.
func TestAccPictures(t *testing.T) {
	folder := os.Getenv("PICTURES")
	if folder == "" {
		t.Skip("takes pictures of the page: set PICTURES to a folder")
	}
	folder, err := filepath.Abs(folder)
	if err != nil {
		t.Fatal(err)
	}
	s := newStage(t)
	s.clinics("North Clinic", "Lakeside Imaging Partners", "Harbor Radiology Group", "Cedar Women's Health")
	s.fault(map[string]any{"latencyMs": 60})
	s.fault(map[string]any{"writesOnly": true, "every": 2, "times": 3, "status": 503})
	s.terraform("apply", "-auto-approve")
	if err := s.api.call(t.Context(), http.MethodDelete, "/_emulator/faults", nil, nil); err != nil {
		t.Fatal(err)
	}
	s.Sharpen(2)
	s.Look(1280, 800, "light")
	s.Open(s.api.url)
	s.sees("tbody", "Lakeside Imaging Partners")
	s.Click("tbody tr:nth-child(2) td.acts button")
	s.sees("#said", "deactivated")
	s.terraform("plan", "-out=tfplan")
	s.terraform("apply", "tfplan")
	for _, scheme := range []string{"light", "dark"} {
		s.Look(1200, 640, scheme)
		s.Open(s.api.url)
		s.Wait(`document.getElementById("pulse").textContent === "Live"`)
		s.Away()
		s.Picture(filepath.Join(folder, "account-"+scheme+".png"))
	}
}

// clinics writes a configuration with several customers.
func (s *stage) clinics(names ...string) {
	s.t.Helper()
	var text strings.Builder
	for i, name := range names {
		fmt.Fprintf(&text, "resource \"avara_express_customer\" \"clinic_%d\" {\n  name     = %q\n  metadata = { region = \"north\", contract = \"C-%04d\" }\n}\n", i, name, 1024+i)
	}
	if err := os.WriteFile(filepath.Join(s.cli.folder, "customer.tf"), []byte(text.String()), 0o600); err != nil {
		s.t.Fatal(err)
	}
}
