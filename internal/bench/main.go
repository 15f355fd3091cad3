// SPDX-License-Identifier: MPL-2.0

// Command bench measures the provider against the emulator, on loopback: what Terraform, or a client that speaks
// protocol 6 as Terraform does, makes of many customers. It prints a table, and keeps the numbers as lines of JSON
// that a later run can be compared with.
//
// TF_ACC_TERRAFORM_PATH names the binary to use.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	var o options
	flag.BoolVar(&o.short, "short", false, "the everyday form: 100 customers, and 10,000 over the protocol")
	flag.IntVar(&o.objects, "objects", 0, "measure Terraform with this many customers, and nothing else")
	flag.BoolVar(&o.plan, "plan", false, "with -objects: create and plan, and no more")
	flag.StringVar(&o.restAPI, "restapi", "", "with -objects: `file` of the provider Mastercard/restapi 3, to create and plan the same, too")
	flag.IntVar(&o.reads, "reads", 0, "measure reads of this many customers over the protocol, and nothing else")
	flag.BoolVar(&o.refreshes, "refreshes", false, "measure refreshes of parts of an account, and nothing else")
	flag.IntVar(&o.starts, "starts", 0, "measure so many starts of the provider, and nothing else")
	flag.StringVar(&o.json, "json", "", "`file` to write the results to, a line of JSON each")
	flag.StringVar(&o.compare, "compare", "", "`file` of an earlier run, whose numbers are shown in parentheses")
	flag.StringVar(&o.profile, "profile", "", "`folder` for CPU and heap profiles of the provider, step by step; nothing else is measured then")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	ctx, cancel := context.WithTimeout(ctx, o.limit())
	err := run(ctx, o)
	cancel()
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

type options struct {
	short, plan, refreshes bool
	objects, reads, starts int
	json, compare, profile string
	restAPI                string
}

// limit ends a run that hangs.
func (o options) limit() time.Duration {
	if o.short {
		return 10 * time.Minute
	}
	return 90 * time.Minute
}

func run(ctx context.Context, o options) (err error) {
	earlier, err := readResults(o.compare)
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "avara-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	p, err := build(ctx, folder)
	if err != nil {
		return err
	}
	if o.profile != "" {
		return runProfile(ctx, p, folder, o.profile)
	}
	out := &reporter{out: os.Stdout, earlier: earlier}
	measure := measureAll
	switch {
	case o.objects > 0 || o.reads > 0 || o.starts > 0:
		measure = o.measureOne
	case o.refreshes:
		measure = measureRefreshes
	case o.short:
		measure = measureShort
	}
	err = measure(ctx, p, folder, out.report)
	return errors.Join(err, out.save(o.json))
}

// measureOne measures what the command line asks for.
func (o options) measureOne(ctx context.Context, p programs, folder string, report func(result)) error {
	if o.objects > 0 {
		steps := lifecycle
		if o.plan {
			steps = createAndPlan
		}
		floor := floors{}
		if err := floor.measure(ctx, p, folder, o.objects, steps); err != nil {
			return err
		}
		for _, net := range networks {
			if err := runLifecycle(ctx, p, ours(p.provider), folder, o.objects, net, steps, floor, report); err != nil {
				return err
			}
		}
		if o.restAPI != "" {
			for _, net := range []network{near, far} {
				if err := runLifecycle(ctx, p, restAPI(o.restAPI), folder, o.objects, net, createAndPlan, floor, report); err != nil {
					return err
				}
			}
		}
	}
	if o.reads > 0 {
		if err := runDirect(ctx, p, folder, o.reads, o.reads, near, true, report); err != nil {
			return err
		}
	}
	if o.starts > 0 {
		return runStartup(ctx, p, o.starts, report)
	}
	return nil
}

func measureShort(ctx context.Context, p programs, folder string, report func(result)) error {
	floor := floors{}
	if err := floor.measure(ctx, p, folder, 100, lifecycle); err != nil {
		return err
	}
	for _, net := range []network{near, far} {
		if err := runLifecycle(ctx, p, ours(p.provider), folder, 100, net, lifecycle, floor, report); err != nil {
			return err
		}
	}
	for _, n := range []int{1000, 10_000} {
		if err := runDirect(ctx, p, folder, n, n, near, true, report); err != nil {
			return err
		}
	}
	return runStartup(ctx, p, 7, report)
}

func measureAll(ctx context.Context, p programs, folder string, report func(result)) error {
	floor := floors{}
	for _, n := range []int{100, 300, 1000} {
		if err := floor.measure(ctx, p, folder, n, lifecycle); err != nil {
			return err
		}
		for _, net := range networks {
			if err := runLifecycle(ctx, p, ours(p.provider), folder, n, net, lifecycle, floor, report); err != nil {
				return err
			}
		}
	}
	if err := floor.measure(ctx, p, folder, 3000, createAndPlan); err != nil {
		return err
	}
	if err := runLifecycle(ctx, p, ours(p.provider), folder, 3000, near, createAndPlan, floor, report); err != nil {
		return err
	}
	for _, direct := range []struct {
		account, read int
		net           network
		bulk          bool
	}{
		{1000, 1000, near, true},
		{10_000, 10_000, near, true},
		{100_000, 100_000, near, true},
		{1000, 1000, far, true},
		{1000, 1000, limited, true},
		{20_000, 3, near, true},
		{1000, 1000, near, false},
	} {
		if err := runDirect(ctx, p, folder, direct.account, direct.read, direct.net, direct.bulk, report); err != nil {
			return err
		}
	}
	if err := measureRefreshes(ctx, p, folder, report); err != nil {
		return err
	}
	return runStartup(ctx, p, 15, report)
}
