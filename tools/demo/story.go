// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// The routes of the story's requests, as the emulator's log writes them.
const (
	create     = "POST /v1/express"
	deactivate = "POST /v1/express/{expressCustomerId}/deactivate"
	reactivate = "POST /v1/express/{expressCustomerId}/reactivate"
)

// story is the lifecycle of one customer in steps. Each step checks its claims and fails
// if one does not hold.
type story struct {
	screen   *terminal
	cli      *terraform
	api      *api
	customer string // id, set by the first step
}

func (s *story) tell(ctx context.Context) error {
	s.screen.note(s.cli.version + ", the provider as built, and an Avara API in memory at " + s.api.url)
	s.screen.note("See its account, live, in a browser: " + s.api.url + "/")
	if _, err := s.cli.configure(false); err != nil {
		return err
	}
	if _, err := s.cli.run(ctx, "init"); err != nil {
		return err
	}
	steps := []struct {
		title string
		act   func(context.Context) error
	}{
		{"A clinic signs up, but is not live yet", s.signUp},
		{"The clinic goes live", s.goLive},
		{"Nothing has changed, so nothing happens", s.changeNothing},
		{"A colleague deactivates the clinic in the dashboard", s.repairDrift},
		{"The clinic leaves", s.leave},
	}
	for i, step := range steps {
		s.screen.pause(ctx) // also before the first one, to open the page
		if ctx.Err() != nil {
			return ctx.Err()
		}
		s.screen.heading(i+1, len(steps), step.title)
		if err := step.act(ctx); err != nil {
			return fmt.Errorf("step %d, %q: %w", i+1, step.title, err)
		}
	}
	s.screen.note("\nEvery ✓ was checked against what the API saw. Nothing of this stays behind.")
	s.screen.pause(ctx) // for a last look at the page
	return nil
}

func (s *story) signUp(ctx context.Context) error {
	configuration, err := s.cli.configure(false)
	if err != nil {
		return err
	}
	s.screen.say("The API creates every customer active, so active = false takes two calls.")
	s.screen.command("cat customer.tf", strings.Split(strings.TrimSpace(configuration), "\n"))
	if _, err := s.terraform(ctx, "apply", "-auto-approve"); err != nil {
		return err
	}
	calls, err := s.expect(ctx, "one POST creates the customer, one deactivates it", create, deactivate)
	if err != nil {
		return err
	}
	s.customer = strings.Split(calls[len(calls)-1].Path, "/")[3]
	return s.expectActive(ctx, false)
}

func (s *story) goLive(ctx context.Context) error {
	if _, err := s.cli.configure(true); err != nil {
		return err
	}
	s.screen.say("In customer.tf, active = false becomes active = true.")
	if _, err := s.terraform(ctx, "apply", "-auto-approve"); err != nil {
		return err
	}
	calls, err := s.expect(ctx, "exactly one call changes something: POST …/reactivate", reactivate)
	if err != nil {
		return err
	}
	if calls[len(calls)-1].Route != reactivate {
		return errors.New("the reactivation was not the last call")
	}
	s.screen.held("no call follows it: the state is the customer that it returned")
	return s.expectActive(ctx, true)
}

func (s *story) changeNothing(ctx context.Context) error {
	plan, err := s.terraform(ctx, "plan", "-detailed-exitcode")
	if err != nil {
		return err
	}
	if plan.changes {
		return errors.New("the plan is not empty")
	}
	_, err = s.expect(ctx, "the plan is empty, and the API was only read")
	return err
}

func (s *story) repairDrift(ctx context.Context) error {
	if err := s.api.deactivateInDashboard(ctx, s.customer); err != nil {
		return err
	}
	s.screen.say("Nobody told Terraform. The next plan sees it.")
	plan, err := s.terraform(ctx, "plan", "-detailed-exitcode", "-out=tfplan")
	if err != nil {
		return err
	}
	if !plan.changes || !strings.Contains(plan.output, "false -> true") {
		return errors.New("the plan does not show the drift")
	}
	if _, err := s.expect(ctx, "the plan shows active = false -> true, and changes nothing by itself"); err != nil {
		return err
	}
	if _, err := s.terraform(ctx, "apply", "tfplan"); err != nil {
		return err
	}
	calls, err := s.expect(ctx, "one POST …/reactivate repairs it", reactivate)
	if err != nil {
		return err
	}
	if len(calls) > 1 {
		return errors.New("the apply made other calls than the reactivation")
	}
	return s.expectActive(ctx, true)
}

func (s *story) leave(ctx context.Context) error {
	s.screen.say("Avara keeps customers for good. Destroy deactivates, and the plan says so.")
	plan, err := s.terraform(ctx, "plan", "-destroy", "-out=tfplan")
	if err != nil {
		return err
	}
	if !strings.Contains(plan.output, "Warning:") || !strings.Contains(plan.output, "deactivated, not deleted") {
		return errors.New("the plan does not warn that the customer is deactivated, not deleted")
	}
	if _, err := s.expect(ctx, "the plan warns, and changes nothing by itself"); err != nil {
		return err
	}
	if _, err := s.terraform(ctx, "apply", "tfplan"); err != nil {
		return err
	}
	if _, err := s.expect(ctx, "one POST …/deactivate, and no DELETE", deactivate); err != nil {
		return err
	}
	return s.expectActive(ctx, false)
}

// terraform runs a command and shows the essential part of its output.
func (s *story) terraform(ctx context.Context, arguments ...string) (result, error) {
	done, err := s.cli.run(ctx, arguments...)
	if err != nil {
		return result{}, err
	}
	s.screen.command(s.cli.name+" "+strings.Join(arguments, " "), essence(done.output))
	return done, nil
}

// expect shows the requests, and fails unless the writes among them are the wanted ones.
func (s *story) expect(ctx context.Context, claim string, want ...string) ([]request, error) {
	calls, err := s.api.requests(ctx)
	if err != nil {
		return nil, err
	}
	s.screen.calls(calls)
	var writes []string
	for _, call := range calls {
		if !call.reads() {
			writes = append(writes, call.Route)
		}
	}
	if !slices.Equal(writes, want) {
		return nil, fmt.Errorf("the calls that change something are %q, and should be %q", writes, want)
	}
	s.screen.held(claim)
	return calls, nil
}

// expectActive checks the customer by a request to the API, and removes that request from
// the next step's log.
func (s *story) expectActive(ctx context.Context, want bool) error {
	active, err := s.api.isActive(ctx, s.customer)
	if err != nil {
		return err
	}
	if active != want {
		return fmt.Errorf("the customer's isActive is %t", active)
	}
	s.screen.held(fmt.Sprintf("the API says of %s: isActive is %t", s.customer, active))
	_, err = s.api.requests(ctx)
	return err
}

func (r request) reads() bool { return r.Method == "GET" }
