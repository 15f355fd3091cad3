// SPDX-License-Identifier: MPL-2.0

package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// sizes of the comparison.
var sizes = []int{100, 300, 1000}

// bound is how long a contender may take for the steps of one size, and for a trial.
const bound = 5 * time.Minute

// comparison is what the table and the plot show.
type comparison struct {
	measured []result
	found    []finding
}

// compare measures this provider, this provider without lists, and a generic one if its file is given, and writes the
// table and the plot.
func (b bench) compare(ctx context.Context, generic, path string) error {
	var all comparison
	report := b.report
	b.report = func(r result) {
		all.measured = append(all.measured, r)
		report(r)
	}
	contenders := []contender{ours(b.provider), oneByOne(b.provider)}
	if generic != "" {
		contenders = append(contenders, restAPI(generic))
	}
	for _, n := range sizes {
		for _, c := range contenders {
			if err := b.bounded(ctx, load{c, far, n, createAndPlan}); err != nil {
				return err
			}
		}
	}
	var err error
	if all.found, err = b.tryAll(ctx, generic); err != nil {
		return err
	}
	return all.write(path)
}

// bounded reports a load that takes too long instead of waiting for it.
func (b bench) bounded(ctx context.Context, l load) error {
	limited, cancel := context.WithTimeout(ctx, bound)
	defer cancel()
	err := b.lifecycle(limited, l)
	if limited.Err() != nil && ctx.Err() == nil {
		b.report(result{Scenario: l.scenario, Network: l.Name, Objects: l.objects, Step: fmt.Sprint("stopped after ", bound)})
		return nil
	}
	return err
}

// tryAll runs each trial of this provider and, if its file is given, of the generic one with either of its settings.
func (b bench) tryAll(ctx context.Context, generic string) (found []finding, err error) {
	contenders := []contender{ours(b.provider)}
	if generic != "" {
		contenders = append(contenders, restAPI(generic), restAPIOfAllFields(generic))
	}
	for _, t := range trials {
		for _, c := range contenders {
			f, err := b.try(ctx, t, c)
			if err != nil {
				return nil, fmt.Errorf("%s: %s: %w", c.scenario, t.situation, err)
			}
			found = append(found, f)
		}
	}
	return found, nil
}

// line is how a contender is shown.
type line struct{ scenario, label, color string }

// series are the contenders by scenario, in the order of the legend.
var series = []line{
	{"terraform", "avara", "#2a78c8"},
	{"terraform, one by one", "avara, bulk_refresh = false", "#7f8c99"},
	{"terraform, with restapi", "Mastercard/restapi", "#d9822b"},
}

// allFields is a contender of the trials alone, and so has no place in the plot.
var allFields = line{scenario: "terraform, with restapi of all fields", label: "Mastercard/restapi, all fields"}

// write writes the tables as text and a plot of the plans as SVG.
func (c comparison) write(path string) error {
	if err := os.WriteFile(path+".txt", []byte(measuredTable(c.measured)+"\n"+foundTable(c.found)), 0o644); err != nil {
		return err
	}
	return os.WriteFile(path+".svg", []byte(comparisonPlot(c.measured)), 0o644)
}

func labelOf(scenario string) string {
	all := append(slices.Clone(series), allFields)
	i := slices.IndexFunc(all, func(s line) bool { return s.scenario == scenario })
	return all[i].label
}

func measuredTable(measured []result) string {
	sorted := slices.Clone(measured)
	slices.SortStableFunc(sorted, func(a, b result) int {
		return cmp.Or(cmp.Compare(a.Objects, b.Objects), cmp.Compare(a.Step, b.Step))
	})
	return table("customers\tstep\tprovider\trequests\tseconds\tCPU ms each\tpeak MiB\tstate bytes each", sorted, result.row)
}

// row has empty cells for what was not measured, all of them where the contender was stopped.
func (r result) row() string {
	figures, state := "\t\t\t", ""
	if r.Seconds > 0 {
		figures = fmt.Sprintf("%d\t%.1f\t%.1f\t%.0f", r.Requests, r.Seconds, r.CPUMilliseconds/float64(r.Objects), r.PeakMiB)
	}
	if r.StateBytes > 0 {
		state = fmt.Sprint(r.StateBytes)
	}
	return fmt.Sprintf("%d\t%s\t%s\t%s\t%s", r.Objects, r.Step, labelOf(r.Scenario), figures, state)
}

func foundTable(found []finding) string {
	return table("situation\tprovider\toutcome", found, func(f finding) string {
		return f.situation + "\t" + labelOf(f.scenario) + "\t" + f.outcome
	})
}

// table aligns cells that tabs separate.
func table[T any](header string, all []T, row func(T) string) string {
	var out strings.Builder
	aligned := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(aligned, header)
	for _, one := range all {
		fmt.Fprintln(aligned, row(one))
	}
	_ = aligned.Flush()
	lines := strings.Split(out.String(), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}
