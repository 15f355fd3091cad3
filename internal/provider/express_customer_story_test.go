// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

const address = "avara_express_customer.test"

// customerConfig is the configuration of a customer with the given further arguments.
func customerConfig(name string, arguments ...string) string {
	return fmt.Sprintf("resource \"avara_express_customer\" \"test\" {\n  name = %q\n  %s\n}\n", name, strings.Join(arguments, "\n  "))
}

// Changing active from false to true sends one POST, and the state is taken from its
// answer.
func TestAccExpressCustomer_reactivate(t *testing.T) {
	t.Parallel()
	a := newAccount(t, emulator.WithClock(tickingClock()))
	w := newWorkspace(a, customerConfig("Lakeside", "active = false"))
	w.apply().expectOK().expectQuiet()
	a.expectRequests(allBut(getRoute), createRoute, deactivateRoute)
	id := a.customer().ID

	w.write(customerConfig("Lakeside", "active = true"))
	w.plan("-out=plan").expectOK().expectQuiet().expectChanges("update " + address)
	a.expectRequests(allBut(), getRoute)
	// A member joins between plan and apply. Only the answer of the POST shows it.
	a.EditCustomer(id, func(c *emulator.Customer) { c.Members = []string{"usr_" + strings.Repeat("a", 32)} })
	w.apply("plan").expectOK().expectQuiet()
	a.expectRequests(allBut(), reactivateRoute)

	state, _ := w.state(address)
	customer := a.customer()
	if !customer.IsActive || state["active"] != true || state["user_count"] != 1.0 || state["updated_at"] != customer.UpdatedAt.UTC().Format(time.RFC3339) {
		t.Errorf("state %v, API %+v", state, customer)
	}
	w.plan().expectOK().expectQuiet().expectChanges()
	a.expectRequests(allBut(), getRoute)
}

// The vendor's samples of this answer lack fields that the customer's other answers have.
// Values that never change stay in the state, and a value that appears in a later answer
// does not contradict the plan.
func TestExpressCustomer_sparseAnswer(t *testing.T) {
	t.Parallel()
	for name, creator := range map[string]string{
		"absent":    ``,
		"null":      `,"createdAt":null,"createdByApiKeyId":null,"createdByUserId":null,"metadata":null`,
		"filled in": `,"createdByUserId":"usr_3b71e0c95a244fd8a6e1947c02bd58f3"`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newAccount(t)
			w := newCoreWorkspace(a, customerConfig("One", "active = false", `metadata = { tier = "gold" }`))
			w.apply().expectOK()
			before, _ := w.state(address)
			w.write(customerConfig("One", "active = true", `metadata = { tier = "gold" }`))
			w.plan("-out=plan").expectOK()
			a.EditCustomer(a.customer().ID, func(c *emulator.Customer) { c.IsActive = true })
			a.AddFault(emulator.Fault{Route: reactivateRoute, Status: 200, Body: fmt.Sprintf(
				`{"expressCustomerId":%q,"expressCustomerName":"One","isActive":true,"userCount":3,"updatedAt":"2026-09-06T07:12:00Z"%s}`, a.customer().ID, creator)})
			a.ResetRequests()
			w.apply("plan").expectOK().expectQuiet()
			a.expectRequests(allBut(), reactivateRoute)
			after, _ := w.state(address)
			if after["user_count"] != 3.0 || after["updated_at"] != "2026-09-06T07:12:00Z" ||
				after["created_at"] != before["created_at"] || after["created_by_api_key_id"] != before["created_by_api_key_id"] {
				t.Errorf("state %v, before %v", after, before)
			}
			w.plan().expectOK().expectQuiet().expectChanges()
		})
	}
}

// tickingClock advances by a second at each call, so that every write has its own
// timestamp.
func tickingClock() func() time.Time {
	now := time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC)
	ticks := make(chan time.Time)
	go func() {
		for {
			ticks <- now
			now = now.Add(time.Second)
		}
	}()
	return func() time.Time { return <-ticks }
}

func TestExpressCustomer_toggleWithRename(t *testing.T) {
	t.Parallel()
	a := newAccount(t, emulator.WithDialects(emulator.PatchInactiveRejected))
	w := newCoreWorkspace(a, customerConfig("One"))
	w.apply().expectOK()
	a.ResetRequests()

	w.write(customerConfig("Two", "active = false"))
	w.apply().expectOK().expectQuiet()
	a.expectRequests(allBut(getRoute), patchRoute, deactivateRoute)

	w.write(customerConfig("Three", `metadata = { k = "v" }`))
	w.apply().expectOK()
	a.expectRequests(allBut(getRoute), reactivateRoute, patchRoute)
	if c := a.customer(); c.Name != "Three" || !c.IsActive || c.Metadata["k"] != "v" {
		t.Errorf("%+v", c)
	}
	w.plan().expectOK().expectChanges()
}

func TestExpressCustomer_halfAnUpdate(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	w := newCoreWorkspace(a, customerConfig("One", "active = false"))
	w.apply().expectOK()

	w.write(customerConfig("Two", "active = true"))
	repair := a.AddFault(emulator.Fault{Route: patchRoute, Status: 422, Body: `{"message":"no such luck"}`})
	w.apply().expectFailed().
		expect("error", "Unable to rename Express customer", `Express customer "One" (`+a.customer().ID+"):", "422", "no such luck", "Before this error it was reactivated", "Apply again")
	if state, tainted := w.state(address); state["active"] != true || state["name"] != "One" || tainted {
		t.Errorf("state after the first half: %v, tainted %t", state, tainted)
	}
	repair()
	a.ResetRequests()
	w.apply().expectOK().expectChanges("update " + address)
	a.expectRequests(allBut(getRoute), patchRoute)

	w.write(customerConfig("Three", "active = false"))
	repair = a.AddFault(emulator.Fault{Route: deactivateRoute, Status: 403})
	w.apply().expectFailed().expect("error", "Unable to deactivate Express customer", "403", "Before this error it was renamed")
	if state, _ := w.state(address); state["active"] != true || state["name"] != "Three" {
		t.Errorf("state after the first half: %v", state)
	}
	repair()
	a.ResetRequests()
	w.apply().expectOK()
	a.expectRequests(allBut(getRoute), deactivateRoute)
}

func TestExpressCustomer_deactivatedOutside(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	w := newCoreWorkspace(a, customerConfig("One"))
	w.apply().expectOK()
	deactivate := func() {
		a.EditCustomer(a.customer().ID, func(c *emulator.Customer) { c.IsActive = false })
		a.ResetRequests()
	}

	deactivate()
	w.plan().expectOK().expectChanges("update "+address).
		expect("warning", "Express customer will be reactivated", a.customer().ID, "Set active = false")
	a.expectRequests(allBut(), getRoute)
	w.apply().expectOK()
	a.expectRequests(allBut(getRoute), reactivateRoute)

	deactivate()
	w.write(customerConfig("One", "active = true"))
	w.plan().expectOK().expectQuiet().expectChanges("update " + address)
	w.write(customerConfig("One", "active = false"))
	w.plan().expectOK().expectQuiet().expectChanges()
	a.expectRequests(allBut(), getRoute, getRoute)
}

func TestExpressCustomer_createInactiveWhileDeactivateFails(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	w := newCoreWorkspace(a, customerConfig("One", "active = false", `timeouts = { create = "3s" }`))
	repair := a.AddFault(emulator.Fault{Route: deactivateRoute, Status: 503})
	created := w.apply().expectOK()
	if len(created.diagnostics) != 1 {
		t.Errorf("one warning expected: %q", created.diagnostics)
	}
	created.expect("warning", "Express customer was created, but not deactivated", a.customer().ID, "503", "next terraform plan")
	if state, tainted := w.state(address); state["id"] != a.customer().ID || tainted {
		t.Errorf("state %v, tainted %t", state, tainted)
	}
	if calls := a.sent(allBut(getRoute)); len(calls) < 3 || strings.Count(strings.Join(calls, " "), createRoute+" ") != 1 {
		t.Errorf("one create and several deactivations expected: %v", calls)
	}
	repair()
	a.ResetRequests()
	w.apply().expectOK().expectChanges("update " + address)
	a.expectRequests(allBut(getRoute), deactivateRoute)
	if a.customer().IsActive {
		t.Error("still active")
	}
	w.plan().expectOK().expectChanges()
}

// A create is interrupted by Ctrl-C at three points: during the POST, during the
// deactivation, and between two attempts of the deactivation.
func TestAccExpressCustomer_createInterrupted(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		route string
		fault *emulator.Fault
	}{
		"during the create":       {route: createRoute},
		"during the deactivation": {route: deactivateRoute},
		"while retrying":          {route: getRoute, fault: &emulator.Fault{Route: deactivateRoute, Status: 503}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newAccount(t)
			w := newWorkspace(a, customerConfig("One", "active = false"))
			if tc.fault != nil {
				a.AddFault(*tc.fault)
			}
			interrupted := w.interruptedApply(tc.route)
			if state, tainted := w.state(address); state["id"] != a.customer().ID || tainted {
				t.Fatalf("state %v, tainted %t\n%s", state, tainted, interrupted.stdout)
			}
			a.ClearFaults()
			w.apply().expectOK()
			if a.customer().IsActive {
				t.Error("the next apply did not deactivate the customer")
			}
			w.plan().expectOK().expectChanges()
		})
	}
}

// timeToHangUp is more than a provider needs to close its connections after it is
// cancelled.
const timeToHangUp = 500 * time.Millisecond

// interruptedApply runs an apply that is interrupted at the first request of the route.
func (w *workspace) interruptedApply(route string) *run {
	w.t.Helper()
	return w.interrupted(route, 1, "apply", "-json", "-input=false", "-auto-approve")
}

// interrupted runs Terraform and sends it an interrupt at the nth request of the route.
// The request is answered when the provider has closed the connection, or when the
// provider's log shows that it was cancelled and it has not closed the connection for a
// while.
func (w *workspace) interrupted(route string, nth int32, args ...string) *run {
	w.t.Helper()
	cmd := w.command(args...)
	cancelled := make(chan struct{})
	var stdout, stderr bytes.Buffer
	cmd.Stdout = &stdout
	cmd.Stderr = io.MultiWriter(&stderr, &sign{text: "Closed all our contexts", seen: cancelled})
	cmd.Env = append(slices.Clone(w.env), "TF_LOG_PROVIDER=TRACE") // the level of that line
	// Terraform gets its own process group, so that the signal reaches only Terraform,
	// which then tells the provider to stop.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	var requests atomic.Int32
	running := make(chan struct{})
	remove := w.OnRequest(route, func(r *http.Request) {
		if requests.Add(1) != nth {
			return
		}
		<-running
		_ = cmd.Process.Signal(os.Interrupt)
		select {
		case <-cancelled:
			select {
			case <-time.After(timeToHangUp):
			case <-r.Context().Done():
			}
		case <-r.Context().Done():
		}
	})
	defer remove()
	started := time.Now()
	if err := cmd.Start(); err != nil {
		w.t.Fatal(err)
	}
	close(running)
	interrupted := w.outcome(cmd.Wait(), &stdout, &stderr)
	if elapsed := time.Since(started); elapsed > 30*time.Second {
		w.t.Errorf("the interruption took %s", elapsed)
	}
	return interrupted
}

// sign closes a channel when a text is written to it.
type sign struct {
	text    string
	pending string
	seen    chan struct{}
}

func (s *sign) Write(p []byte) (int, error) {
	s.pending += string(p)
	if s.seen != nil && strings.Contains(s.pending, s.text) {
		close(s.seen)
		s.seen = nil
	}
	s.pending = s.pending[max(0, len(s.pending)-len(s.text)):]
	return len(p), nil
}

func TestExpressCustomer_destroy(t *testing.T) {
	t.Parallel()
	const warning = "Express customer will be deactivated, not deleted"
	t.Run("deactivates", func(t *testing.T) {
		t.Parallel()
		a := newAccount(t)
		w := newCoreWorkspace(a, customerConfig("One"))
		w.apply().expectOK()
		a.ResetRequests()
		w.plan("-destroy").expectOK().expect("warning", warning, "import {", a.customer().ID, "active = true")
		a.expectRequests(allBut(getRoute))
		w.destroy().expectOK()
		a.expectRequests(allBut(getRoute), deactivateRoute)
		if a.customer().IsActive {
			t.Error("still active")
		}
	})
	t.Run("inactive already", func(t *testing.T) {
		t.Parallel()
		a := newAccount(t)
		w := newCoreWorkspace(a, customerConfig("One"))
		w.apply().expectOK()
		a.EditCustomer(a.customer().ID, func(c *emulator.Customer) { c.IsActive = false })
		a.ResetRequests()
		w.destroy().expectOK()
		a.expectRequests(allBut(getRoute))
	})
	t.Run("deactivated between plan and apply", func(t *testing.T) {
		t.Parallel()
		a := newAccount(t, emulator.WithDialects(emulator.ToggleTwiceBadRequest))
		w := newCoreWorkspace(a, customerConfig("One"))
		w.apply().expectOK()
		w.plan("-destroy", "-out=plan").expectOK()
		a.EditCustomer(a.customer().ID, func(c *emulator.Customer) { c.IsActive = false })
		a.ResetRequests()
		w.apply("plan").expectOK()
		a.expectRequests(allBut(), deactivateRoute, getRoute)
	})
	t.Run("vanished between plan and apply", func(t *testing.T) {
		t.Parallel()
		a := newAccount(t)
		w := newCoreWorkspace(a, customerConfig("One"))
		w.apply().expectOK()
		w.plan("-destroy", "-out=plan").expectOK()
		a.RemoveCustomer(a.customer().ID)
		w.apply("plan").expectOK()
	})
	t.Run("abandon", func(t *testing.T) {
		t.Parallel()
		a := newAccount(t)
		w := newCoreWorkspace(a, customerConfig("One", `deletion_policy = "abandon"`))
		w.apply().expectOK()
		a.ResetRequests()
		w.destroy().expectOK()
		a.expectRequests(allBut(getRoute))
		if !a.customer().IsActive {
			t.Error("an abandoned customer was changed")
		}
	})
	t.Run("tainted", func(t *testing.T) {
		t.Parallel()
		a := newAccount(t)
		w := newCoreWorkspace(a, customerConfig("One"))
		w.apply().expectOK()
		w.run("taint", address).expectOK()
		a.ResetRequests()
		for _, refresh := range []string{"-refresh=true", "-refresh=false"} {
			w.apply(refresh).expectFailed().expect("error", "Express customer can't be replaced", a.customer().ID, "terraform untaint")
		}
		a.expectRequests(writes)
		w.run("untaint", address).expectOK()
		w.plan().expectOK().expectQuiet().expectChanges()
	})
	t.Run("prevent", func(t *testing.T) {
		t.Parallel()
		a := newAccount(t)
		w := newCoreWorkspace(a, customerConfig("One", `deletion_policy = "prevent"`))
		w.apply().expectOK()
		a.ResetRequests()
		const summary = "Express customer must not be destroyed"
		w.plan("-destroy").expectFailed().expect("error", summary, a.customer().ID, `"prevent"`)
		w.plan("-replace="+address).expectFailed().expect("error", "Express customer can't be replaced", "create a second customer", "active = false")
		w.write("")
		w.plan().expectFailed().expect("error", summary)
		a.expectRequests(allBut(getRoute))

		w.run("taint", address).expectOK()
		w.write(customerConfig("One", `deletion_policy = "prevent"`))
		w.apply().expectFailed().expect("error", "Express customer must not be replaced", "terraform untaint")
		a.expectRequests(allBut(getRoute))
		a.customer()
	})
}

func TestExpressCustomer_vanished(t *testing.T) {
	t.Parallel()
	inMemory(t, func(t *testing.T, a *account) {
		w := newCoreWorkspace(a, customerConfig("One"))
		w.apply().expectOK()
		for _, status := range []int{401, 403, 500} {
			repair := a.AddFault(emulator.Fault{Route: getRoute, Status: status})
			w.plan().expectFailed().expect("error", "Unable to read Express customer", `Express customer "One" (`+a.customer().ID+"):", fmt.Sprint(status))
			repair()
		}
		if state, _ := w.state(address); state == nil {
			t.Fatal("missing from the state")
		}
		a.RemoveCustomer(a.customer().ID)
		w.plan().expectOK().expectChanges("create "+address).
			expect("warning", "Express customer not found", "second customer")
	})
}

func TestExpressCustomer_localChangesSendNothing(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	w := newCoreWorkspace(a, customerConfig("One"))
	w.apply().expectOK()
	before, _ := w.state(address)
	a.ResetRequests()
	w.write(customerConfig("One", `deletion_policy = "abandon"`, `timeouts = { update = "1m" }`, "metadata = {}"))
	plan := w.plan("-out=plan").expectOK().expectChanges("update " + address)
	if strings.Contains(w.run("show", "-no-color", "plan").stdout, "known after apply") {
		t.Errorf("a local change makes values unknown:\n%s", plan.stdout)
	}
	w.apply("plan").expectOK()
	a.expectRequests(allBut(getRoute))
	after, _ := w.state(address)
	if after["deletion_policy"] != "abandon" || after["updated_at"] != before["updated_at"] {
		t.Errorf("state %v", after)
	}
	w.plan().expectOK().expectChanges()
}
