// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"net/http"
	"testing"
	"time"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

const (
	tenTwins = `
resource "avara_express_customer" "twin" {
  count = 10
  name  = "Lakeside"
}
`
	sixtyCustomers = `
resource "avara_express_customer" "many" {
  count    = 60
  name     = "Customer ${count.index}"
  metadata = { number = count.index }
}
`
)

// applyMany applies a configuration of n customers under faults. There are no diagnostics,
// and each customer exists once. It returns the number of requests by status.
func applyMany(t *testing.T, blocks string, n int, faults ...emulator.Fault) map[int]int {
	t.Helper()
	a := newAccount(t)
	w := newWorkspace(a, blocks)
	for _, fault := range faults {
		a.AddFault(fault)
	}
	w.apply().expectOK().expectQuiet()
	statuses := map[int]int{}
	for _, request := range a.Requests() {
		statuses[request.Status]++
	}
	a.ClearFaults()
	if made := len(a.Customers()); made != n {
		t.Errorf("%d customers, want %d", made, n)
	}
	w.plan().expectOK().expectQuiet().expectChanges()
	return statuses
}

func TestAccLostAnswers_twins(t *testing.T) {
	t.Parallel()
	requests := applyMany(t, tenTwins, 10, emulator.Fault{Route: createRoute, Cut: emulator.CutAfter})[http.StatusOK]
	if requests > 30 {
		t.Errorf("%d requests for ten customers", requests)
	}
}

func TestAccLostAnswers_everyFifthWrite(t *testing.T) {
	t.Parallel()
	began := time.Now()
	requests := applyMany(t, sixtyCustomers, 60, emulator.Fault{WritesOnly: true, Every: 5, Cut: emulator.CutAfter})[http.StatusOK]
	if requests >= 3*60 {
		t.Errorf("%d requests for sixty customers", requests)
	}
	if took := time.Since(began); took > 2*time.Minute {
		t.Errorf("took %s", took)
	}
}

func TestAccRateLimit(t *testing.T) {
	t.Parallel()
	statuses := applyMany(t, sixtyCustomers, 60, emulator.Fault{RateLimit: &emulator.RateLimit{PerSecond: 5, Burst: 5}})
	refused := statuses[http.StatusTooManyRequests]
	t.Logf("%d of %d refused", refused, refused+statuses[http.StatusOK])
	// Up to ten requests may be on their way when the first is rejected. After that few
	// are rejected.
	if refused == 0 || refused > 20 {
		t.Errorf("%d requests refused", refused)
	}
}
