// SPDX-License-Identifier: MPL-2.0

package main

import (
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/avara-software/terraform-provider-avara/internal/emulator/page/chromium"
)

// TestAccPage is the story of the emulator's page: a person deactivates a
// customer there, Terraform finds and repairs it, and the page shows that by
// itself.
func TestAccPage(t *testing.T) {
	t.Parallel()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("runs Terraform: set TF_ACC=1")
	}
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
	defer api.stop()
	cli, err := newTerraform(t.Context(), binary, folder, programs.provider, api.url)
	if err != nil {
		t.Fatal(err)
	}
	terraform := func(arguments ...string) result {
		done, err := cli.run(t.Context(), arguments...)
		if err != nil {
			t.Fatal(err)
		}
		return done
	}
	if _, err := cli.configure(true); err != nil {
		t.Fatal(err)
	}
	terraform("init")

	browser.Open(api.url)
	browser.Wait(`document.body.textContent.includes("An empty account")`)
	browser.Run(`window.sameDocument = true`, nil)
	terraform("apply", "-auto-approve")
	browser.Wait(`document.querySelector("tbody tr")?.textContent.includes("North Clinic")`)
	browser.Click("tbody button")
	browser.Wait(`document.querySelector("tbody .state")?.textContent === "Inactive"`)

	plan := terraform("plan", "-detailed-exitcode", "-out=tfplan")
	if !plan.changes || !strings.Contains(plan.output, "false -> true") {
		t.Errorf("the plan does not show what was done on the page:\n%s", plan.output)
	}
	// When the page first showed the customer active again, by its own clock.
	browser.Run(`window.seen = new Promise((found) => new MutationObserver(() => {
		if (document.querySelector("tbody .state")?.textContent === "Active") found(Date.now());
	}).observe(document.getElementById("main"), {subtree: true, childList: true, characterData: true})), null`, nil)
	terraform("apply", "tfplan")
	var seen int64
	browser.Run(`window.seen`, &seen)
	var log []struct {
		Route string
		Time  time.Time
	}
	if err := api.call(t.Context(), http.MethodGet, "/_emulator/requests", nil, &log); err != nil {
		t.Fatal(err)
	}
	for _, r := range log {
		if r.Route != reactivate {
			continue
		}
		// Less than one second on a machine that does nothing else.
		late := time.UnixMilli(seen).Sub(r.Time)
		t.Logf("the page showed the reactivation after %v", late)
		if late > 10*time.Second {
			t.Error("that is too late")
		}
	}
	var same bool
	browser.Run(`window.sameDocument === true && document.getElementById("beside").textContent.includes("/reactivate")`, &same)
	if !same {
		t.Error("the page was loaded anew, or does not show the request")
	}
	if complaints := browser.Complaints(); len(complaints) > 0 {
		t.Errorf("the browser complains: %s", strings.Join(complaints, "\n"))
	}
}
