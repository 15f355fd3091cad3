// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"fmt"
	"path/filepath"
	"time"
)

// step is one change of all objects, or a plan without one.
type step struct {
	name string
	// suffix of the names and activity are the configuration.
	suffix   string
	inactive bool
	planOnly bool
	destroy  bool
	// like names an earlier step whose floor is this one's, too.
	like string
}

var lifecycle = []step{
	{name: "create"},
	{name: "plan without change", planOnly: true},
	{name: "change all", suffix: " Ltd"},
	{name: "deactivate all", suffix: " Ltd", inactive: true, like: "change all"},
	{name: "reactivate all", suffix: " Ltd", like: "change all"},
	{name: "destroy", destroy: true, suffix: " Ltd"},
}

var createAndPlan = lifecycle[:2]

// runLifecycle measures each step on n customers. What changes something is the
// apply of a saved plan.
func runLifecycle(ctx context.Context, p programs, c contender, folder string, n int, net network, steps []step, floor floors, report func(result)) error {
	a, err := startAPI(ctx, net)
	if err != nil {
		return err
	}
	defer a.stop()
	w, err := newWorkspace(p, c.program, filepath.Join(folder, fmt.Sprintf("%s-%s-%d", filepath.Base(c.program), net.Name, n)), a.url)
	if err != nil {
		return err
	}
	for _, s := range steps {
		if err := w.write(c.customers(a.url, n, s.suffix, !s.inactive)); err != nil {
			return err
		}
		wall, err := w.step(ctx, s, func() { a.reset() })
		if err != nil {
			return err
		}
		used, err := w.meter.take()
		if err != nil {
			return err
		}
		r := result{
			Scenario: c.scenario, Network: net.Name, Objects: n, Step: s.name,
			Seconds: wall.Seconds(), FloorSeconds: floor[floorKey{n, s.name}].Seconds(),
			CPUMilliseconds: used.cpu.Seconds() * 1000, PeakMiB: used.peakMiB, Connections: int(a.connections.Load()),
		}
		r.ByRoute, r.Requests, r.Refused = a.answered()
		if s.name == "create" {
			if r.StateBytes, err = w.stateBytes(n); err != nil {
				return err
			}
		}
		report(r)
	}
	return nil
}

// step runs a step. planned is called between the plan and the apply, of which
// only the latter counts then.
func (w *workspace) step(ctx context.Context, s step, planned func()) (time.Duration, error) {
	args := []string{"plan", "-input=false", "-no-color", "-out=plan"}
	if s.destroy {
		args = append(args, "-destroy")
	}
	if s.planOnly {
		planned()
		return w.run(ctx, "plan", "-input=false", "-no-color", "-detailed-exitcode")
	}
	if _, err := w.run(ctx, args...); err != nil {
		return 0, err
	}
	_, _ = w.meter.take()
	planned()
	return w.run(ctx, "apply", "-input=false", "-no-color", "plan")
}

// floors are what Terraform itself takes for as many objects.
type (
	floors   map[floorKey]time.Duration
	floorKey struct {
		objects int
		step    string
	}
)

func (f floors) measure(ctx context.Context, p programs, folder string, n int, steps []step) error {
	w, err := newWorkspace(p, p.provider, filepath.Join(folder, fmt.Sprintf("floor-%d", n)), "http://127.0.0.1:0")
	if err != nil {
		return err
	}
	for _, s := range steps {
		if s.like != "" {
			f[floorKey{n, s.name}] = f[floorKey{n, s.like}]
			continue
		}
		if err := w.data(n, s.suffix, !s.inactive); err != nil {
			return err
		}
		if f[floorKey{n, s.name}], err = w.step(ctx, s, func() {}); err != nil {
			return err
		}
	}
	return nil
}
