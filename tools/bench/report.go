// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
)

// result is one measurement: a row of the table and a line of the file.
type result struct {
	Scenario string `json:"scenario"`
	Network  string `json:"network,omitempty"`
	Objects  int    `json:"objects,omitempty"`
	Step     string `json:"step"`

	// Requests are those that were answered, Refused the ones that met the limit.
	Requests    int            `json:"requests"`
	Refused     int            `json:"refused,omitempty"`
	ByRoute     map[string]int `json:"byRoute,omitempty"`
	Connections int            `json:"connections,omitempty"`
	// Seconds by the clock on the wall; FloorSeconds is what terraform_data takes.
	Seconds      float64 `json:"seconds"`
	FloorSeconds float64 `json:"floorSeconds,omitempty"`
	// Of the provider process.
	CPUMilliseconds float64 `json:"cpuMilliseconds,omitempty"`
	PeakMiB         float64 `json:"peakMiB,omitempty"`
	// StateBytes is what one object takes in the state file.
	StateBytes int     `json:"stateBytes,omitempty"`
	SizeMiB    float64 `json:"sizeMiB,omitempty"`
}

func (r result) key() string {
	return fmt.Sprint(r.Scenario, "|", r.Network, "|", r.Objects, "|", r.Step)
}

// meanOf sums up what was measured several times.
func meanOf(runs []result) (mean result) {
	mean.ByRoute = map[string]int{}
	n := len(runs)
	for _, r := range runs {
		mean.Requests += r.Requests
		mean.Refused += r.Refused
		mean.Connections += r.Connections
		mean.Seconds += r.Seconds / float64(n)
		mean.CPUMilliseconds += r.CPUMilliseconds / float64(n)
		mean.PeakMiB = max(mean.PeakMiB, r.PeakMiB)
		for route, requests := range r.ByRoute {
			mean.ByRoute[route] += requests
		}
	}
	for _, sum := range []*int{&mean.Requests, &mean.Refused, &mean.Connections} {
		*sum = (*sum + n/2) / n
	}
	for route := range mean.ByRoute {
		mean.ByRoute[route] = (mean.ByRoute[route] + n/2) / n
	}
	return mean
}

// results of an earlier run, by key.
type results map[string]result

func readResults(path string) (results, error) {
	earlier := results{}
	if path == "" {
		return earlier, nil
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		var r result
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		earlier[r.key()] = r
	}
	return earlier, lines.Err()
}

// reporter prints rows as they come, with the earlier run's in parentheses, and
// keeps the lines.
type reporter struct {
	out     io.Writer
	earlier results
	lines   []string
	last    string // scenario
}

const header = "network\tobjects\tstep\trequests\twall s\tfloor s\tCPU ms\tpeak MiB\tconnections\tremarks\n"

func (p *reporter) report(r result) {
	line, _ := json.Marshal(r) // numbers and text only
	p.lines = append(p.lines, string(line))
	table := tabwriter.NewWriter(p.out, 16, 0, 2, ' ', 0)
	if r.Scenario != p.last {
		p.last = r.Scenario
		fmt.Fprintf(p.out, "\n%s\n", r.Scenario)
		fmt.Fprint(table, header)
	}
	before, known := p.earlier[r.key()]
	cell := func(format string, now, then float64) string {
		switch {
		case now == 0 && then == 0:
			return "-"
		case !known:
			return fmt.Sprintf(format, now)
		}
		return fmt.Sprintf(format+" ("+format+")", now, then)
	}
	fmt.Fprintln(table, strings.Join([]string{
		r.Network, fmt.Sprint(r.Objects), r.Step,
		cell("%.0f", float64(r.Requests), float64(before.Requests)),
		cell("%.3f", r.Seconds, before.Seconds),
		cell("%.3f", r.FloorSeconds, before.FloorSeconds),
		cell("%.0f", r.CPUMilliseconds, before.CPUMilliseconds),
		cell("%.1f", r.PeakMiB, before.PeakMiB),
		cell("%.0f", float64(r.Connections), float64(before.Connections)),
		r.remarks(),
	}, "\t"))
	_ = table.Flush()
}

func (r result) remarks() string {
	var remarks []string
	for _, route := range slices.Sorted(maps.Keys(r.ByRoute)) {
		remarks = append(remarks, fmt.Sprintf("%d %s", r.ByRoute[route], route))
	}
	if r.Refused > 0 {
		remarks = append(remarks, fmt.Sprintf("%d refused", r.Refused))
	}
	if r.StateBytes > 0 {
		remarks = append(remarks, fmt.Sprintf("%d bytes of state each", r.StateBytes))
	}
	if r.SizeMiB > 0 {
		remarks = append(remarks, fmt.Sprintf("%.2f MiB stripped", r.SizeMiB))
	}
	return strings.Join(remarks, ", ")
}

func (p *reporter) save(path string) error {
	if path == "" {
		return nil
	}
	if len(p.lines) == 0 {
		return errors.New("nothing was measured")
	}
	return os.WriteFile(path, []byte(strings.Join(p.lines, "\n")+"\n"), 0o600)
}
