// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"fmt"
	"os"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// trial puts a contender into a situation that a real account gets into, and says in words what it does.
type trial struct {
	situation string
	customers int
	run       func(context.Context, stage) (outcome string, err error)
}

var (
	trials = []trial{answersLost, madeInactive, deactivated, imported, destroyed}

	answersLost  = trial{"30 customers, each 5th answer to a create is lost", 30, loseAnswers}
	madeInactive = trial{"a customer is declared inactive", 1, declareInactive}
	deactivated  = trial{"a customer is deactivated outside of Terraform", 1, deactivateOutside}
	imported     = trial{"an existing customer is imported", 1, importExisting}
	destroyed    = trial{"a customer is destroyed", 1, destroyCreated}
)

// stage is what a trial has: an account, and a workspace with the configuration of so many customers of a contender.
type stage struct {
	*workspace
	*api
	contender
	wanted int
}

// finding is the outcome of a trial.
type finding struct{ situation, scenario, outcome string }

// try runs a trial of a contender on an account of its own.
func (b bench) try(ctx context.Context, t trial, c contender) (finding, error) {
	a, err := startAPI(ctx, near)
	if err != nil {
		return finding{}, err
	}
	defer a.stop()
	folder, err := os.MkdirTemp(b.folder, "trial-")
	if err != nil {
		return finding{}, err
	}
	w, err := newWorkspace(b.programs, c.program, folder, a.url)
	if err != nil {
		return finding{}, err
	}
	if err := w.write(c.customers(a.url, t.customers, "", true)); err != nil {
		return finding{}, err
	}
	limited, cancel := context.WithTimeout(ctx, bound)
	defer cancel()
	outcome, err := t.run(limited, stage{w, a, c, t.customers})
	if limited.Err() != nil && ctx.Err() == nil {
		outcome, err = fmt.Sprint("stopped after ", bound), nil
	}
	return finding{t.situation, c.scenario, outcome}, err
}

// loseAnswers applies until an apply succeeds, three times at most, and counts the customers that nobody wanted.
func loseAnswers(ctx context.Context, s stage) (string, error) {
	s.AddFault(emulator.Fault{Route: "POST /v1/express", Every: 5, Cut: emulator.CutAfter})
	applies, failure := 0, error(nil)
	for applies == 0 || failure != nil && applies < 3 {
		applies++
		if failure = s.apply(ctx); ctx.Err() != nil {
			return "", ctx.Err()
		}
	}
	lost := s.Faults()[0].Fired
	s.ClearFaults()
	changes, err := s.plansChanges(ctx)
	return fmt.Sprintf("%d answers lost; %d duplicates; applies: %d, the last %s; the next plan %s",
		lost, len(s.Customers())-s.wanted, applies, succeeded(failure), emptiness(changes)), err
}

// declareInactive creates a customer whose configuration says that it is inactive.
func declareInactive(ctx context.Context, s stage) (string, error) {
	if err := s.write(s.customers(s.url, s.wanted, "", false)); err != nil {
		return "", err
	}
	failure := s.apply(ctx)
	active := 0
	for _, c := range s.Customers() {
		if c.IsActive {
			active++
		}
	}
	return fmt.Sprintf("apply %s; customers: %d, active: %d", succeeded(failure), len(s.Customers()), active), ctx.Err()
}

// deactivateOutside sees whether the plan shows the change, and whether an apply repairs it.
func deactivateOutside(ctx context.Context, s stage) (string, error) {
	if err := s.apply(ctx); err != nil {
		return "", err
	}
	before, err := s.plansChanges(ctx)
	if err != nil {
		return "", err
	}
	id := s.Customers()[0].ID
	s.EditCustomer(id, func(c *emulator.Customer) { c.IsActive = false })
	after, err := s.plansChanges(ctx)
	if err != nil {
		return "", err
	}
	failure := s.apply(ctx)
	return fmt.Sprintf("before, a plan %s; after, it %s; apply %s; customer %s",
		emptiness(before), emptiness(after), succeeded(failure), s.activity(id)), ctx.Err()
}

// importExisting imports a customer that is as the configuration says, and applies if the plan shows a change.
func importExisting(ctx context.Context, s stage) (string, error) {
	id := s.AddCustomer(emulator.Customer{Name: "Customer 0", IsActive: true, Metadata: map[string]string{"number": "0", "tier": "gold"}})
	if _, err := s.run(ctx, "import", "-input=false", "-no-color", s.resource+`["0"]`, s.importID(id)); err != nil {
		return "", err
	}
	changes, err := s.plansChanges(ctx)
	outcome := "import succeeds; the next plan " + emptiness(changes)
	if err != nil || !changes {
		return outcome, err
	}
	failure := s.apply(ctx)
	changes, err = s.plansChanges(ctx)
	return fmt.Sprintf("%s; apply %s; the plan after it %s", outcome, succeeded(failure), emptiness(changes)), err
}

// destroyCreated destroys a customer. The API has no DELETE for it.
func destroyCreated(ctx context.Context, s stage) (string, error) {
	if err := s.apply(ctx); err != nil {
		return "", err
	}
	id := s.Customers()[0].ID
	_, failure := s.run(ctx, "destroy", "-input=false", "-no-color", "-auto-approve")
	return fmt.Sprintf("destroy %s; customer %s", succeeded(failure), s.activity(id)), ctx.Err()
}

func (s stage) activity(id string) string {
	if c, _ := s.Customer(id); c.IsActive {
		return "active"
	}
	return "inactive"
}

func emptiness(changes bool) string {
	if changes {
		return "shows a change"
	}
	return "is empty"
}

func succeeded(failure error) string {
	if failure != nil {
		return "fails"
	}
	return "succeeds"
}
