// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// programs are what is measured, and what measures.
type programs struct{ terraform, provider, profiled, meter, minimal, floor string }

// build builds them stripped, as a release is.
func build(ctx context.Context, folder string) (p programs, err error) {
	if p.terraform, err = findTerraform(); err != nil {
		return p, err
	}
	for target, pkg := range map[*string]struct{ name, folder, path string }{
		&p.provider: {"provider", ".", "."},
		&p.profiled: {"profiled", "tools/bench", "./profiled"},
		&p.meter:    {"meter", "tools/bench", "./meter"},
		&p.minimal:  {"minimal", "tools/bench", "./minimal"},
		&p.floor:    {"floor", "tools/bench", "./floor"},
	} {
		*target = filepath.Join(folder, "terraform-provider-"+pkg.name)
		cmd := exec.CommandContext(ctx, "go", "build", "-C", pkg.folder, "-ldflags", "-s -w", "-o", *target, pkg.path)
		if out, err := cmd.CombinedOutput(); err != nil {
			return p, fmt.Errorf("building the %s: %w\n%s", pkg.name, err, out)
		}
	}
	return p, nil
}

func findTerraform() (string, error) {
	if path := os.Getenv("TF_ACC_TERRAFORM_PATH"); path != "" {
		return path, nil
	}
	for _, name := range []string{"terraform", "tofu"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("neither terraform nor tofu is on the PATH: `make bench` builds an OpenTofu")
}

// usage is what a process has taken.
type usage struct {
	cpu     time.Duration
	peakMiB float64
}

// meterFile is where the meter writes.
type meterFile string

func (f meterFile) env(program string) []string {
	return []string{"METER_PROGRAM=" + program, "METER_FILE=" + string(f)}
}

// take returns what the processes since the last call have taken, the CPU time
// together and the memory of the largest.
func (f meterFile) take() (u usage, err error) {
	file, err := os.Open(string(f))
	if err != nil {
		return u, err
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		var line struct{ CPUMicroseconds, PeakKiB int64 }
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			return u, err
		}
		u.cpu += time.Duration(line.CPUMicroseconds) * time.Microsecond
		u.peakMiB = max(u.peakMiB, float64(line.PeakKiB)/1024)
	}
	return u, errors.Join(lines.Err(), os.Remove(string(f)))
}
