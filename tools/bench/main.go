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
	flag.StringVar(&o.restAPI, "restapi", "", "with -objects or -plot: `file` of the provider Mastercard/restapi 3, to measure it, too")
	flag.IntVar(&o.reads, "reads", 0, "measure reads of this many customers over the protocol, and nothing else")
	flag.BoolVar(&o.refreshes, "refreshes", false, "measure refreshes of parts of an account, and nothing else")
	flag.IntVar(&o.above, "above", 0, "measure this many customers beside the same schema without an API, and nothing else")
	flag.IntVar(&o.listed, "listed", 0, "measure a data source of this many customers, and nothing else")
	flag.StringVar(&o.plot, "plot", "", "`file` (without ending) for the comparison with other ways, .svg and .txt; with -restapi")
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
	listed, above          int
	json, compare, profile string
	restAPI, plot          string
}

// limit ends a run that hangs.
func (o options) limit() time.Duration {
	if o.short {
		return 10 * time.Minute
	}
	return 90 * time.Minute
}

// bench is what all measurements share.
type bench struct {
	programs
	folder string
	floors floors
	report func(result)
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
	out := &reporter{out: os.Stdout, earlier: earlier}
	b := bench{folder: folder, floors: floors{}, report: out.report}
	if b.programs, err = build(ctx, folder); err != nil {
		return err
	}
	switch {
	case o.profile != "":
		return b.profile(ctx, o.profile)
	case o.plot != "":
		err = b.compare(ctx, o.restAPI, o.plot)
	case o.objects > 0 || o.reads > 0 || o.starts > 0 || o.listed > 0 || o.above > 0:
		err = b.one(ctx, o)
	case o.refreshes:
		err = b.refreshes(ctx)
	case o.short:
		err = b.short(ctx)
	default:
		err = b.all(ctx)
	}
	return errors.Join(err, out.save(o.json))
}

// one measures what the command line asks for.
func (b bench) one(ctx context.Context, o options) error {
	if o.objects > 0 {
		steps := lifecycle
		if o.plan {
			steps = createAndPlan
		}
		if err := b.terraform(ctx, o.objects, steps, networks); err != nil {
			return err
		}
		if o.restAPI != "" {
			for _, net := range []network{near, far} {
				if err := b.lifecycle(ctx, load{restAPI(o.restAPI), net, o.objects, createAndPlan}); err != nil {
					return err
				}
			}
		}
	}
	if o.above > 0 {
		if err := b.terraform(ctx, o.above, lifecycle, []network{near}); err != nil {
			return err
		}
	}
	if o.reads > 0 {
		if err := b.read(ctx, reading{o.reads, o.reads, near, true}); err != nil {
			return err
		}
	}
	if o.listed > 0 {
		if err := b.list(ctx, o.listed); err != nil {
			return err
		}
	}
	if o.starts > 0 {
		return b.start(ctx, o.starts)
	}
	return nil
}

// terraform measures steps beside what they cost without an API.
func (b bench) terraform(ctx context.Context, n int, steps []step, networks []network) error {
	if err := b.measureFloor(ctx, n, steps); err != nil {
		return err
	}
	loads := []load{}
	for _, net := range networks {
		loads = append(loads, load{ours(b.provider), net, n, steps})
	}
	loads = append(loads, load{inMemory(b.floor), near, n, steps}, load{asServed(b.floor), near, n, steps})
	for _, l := range loads {
		if err := b.lifecycle(ctx, l); err != nil {
			return err
		}
	}
	return nil
}

func (b bench) short(ctx context.Context) error {
	if err := b.terraform(ctx, 100, lifecycle, []network{near, far}); err != nil {
		return err
	}
	for _, n := range []int{1000, 10_000} {
		if err := b.read(ctx, reading{n, n, near, true}); err != nil {
			return err
		}
	}
	return b.start(ctx, 7)
}

func (b bench) all(ctx context.Context) error {
	for _, n := range []int{100, 1000} {
		if err := b.terraform(ctx, n, lifecycle, networks); err != nil {
			return err
		}
	}
	for _, what := range []reading{
		{1000, 1000, near, true},
		{10_000, 10_000, near, true},
		{100_000, 100_000, near, true},
		{1000, 1000, far, true},
		{1000, 1000, limited, true},
		{20_000, 3, near, true},
		{1000, 1000, near, false},
	} {
		if err := b.read(ctx, what); err != nil {
			return err
		}
	}
	if err := b.refreshes(ctx); err != nil {
		return err
	}
	if err := b.list(ctx, 100_000); err != nil {
		return err
	}
	return b.start(ctx, 15)
}
