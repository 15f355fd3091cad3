// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"os"
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

// load is how many objects of a contender take which steps.
type load struct {
	contender
	network
	objects int
	steps   []step
}

// lifecycle measures each step of a load. What changes something is the apply of a saved plan.
func (b bench) lifecycle(ctx context.Context, l load) error {
	n := l.objects
	a, err := startAPI(ctx, l.network)
	if err != nil {
		return err
	}
	defer a.stop()
	folder, err := os.MkdirTemp(b.folder, "lifecycle-")
	if err != nil {
		return err
	}
	w, err := newWorkspace(b.programs, l.program, folder, a.url)
	if err != nil {
		return err
	}
	w.env = append(w.env, l.env...)
	for _, s := range l.steps {
		if err := w.write(l.customers(a.url, n, s.suffix, !s.inactive)); err != nil {
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
			Scenario: l.scenario, Network: l.Name, Objects: n, Step: s.name,
			Seconds: wall.Seconds(), FloorSeconds: b.floors[floorKey{n, s.name}].Seconds(),
			CPUMilliseconds: used.cpu.Seconds() * 1000, PeakMiB: used.peakMiB, Connections: int(a.connections.Load()),
		}
		r.ByRoute, r.Requests, r.Refused = a.answered()
		if s.name == "create" {
			if r.StateBytes, err = w.stateBytes(n); err != nil {
				return err
			}
		}
		b.report(r)
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

func (b bench) measureFloor(ctx context.Context, n int, steps []step) error {
	folder, err := os.MkdirTemp(b.folder, "floor-")
	if err != nil {
		return err
	}
	w, err := newWorkspace(b.programs, b.provider, folder, "http://127.0.0.1:0")
	if err != nil {
		return err
	}
	for _, s := range steps {
		if s.like != "" {
			b.floors[floorKey{n, s.name}] = b.floors[floorKey{n, s.like}]
			continue
		}
		if err := w.data(n, s.suffix, !s.inactive); err != nil {
			return err
		}
		if b.floors[floorKey{n, s.name}], err = w.step(ctx, s, func() {}); err != nil {
			return err
		}
	}
	return nil
}
