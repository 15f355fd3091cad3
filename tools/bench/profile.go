// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// runProfile has Terraform create, plan and toggle 300 customers, and has each provider process write its profiles into
// a folder for the step. `go tool pprof FOLDER/STEP/cpu-*` adds them up.
func (b bench) profile(ctx context.Context, profiles string) error {
	a, err := startAPI(ctx, near)
	if err != nil {
		return err
	}
	defer a.stop()
	b.meter = b.profiled
	c := ours(b.provider)
	w, err := newWorkspace(b.programs, c.program, b.folder, a.url)
	if err != nil {
		return err
	}
	profiles, err = filepath.Abs(profiles)
	if err != nil {
		return err
	}
	env := w.env
	for _, s := range lifecycle {
		into := filepath.Join(profiles, strings.ReplaceAll(s.name, " ", "-"))
		if err := os.MkdirAll(into, 0o700); err != nil {
			return err
		}
		if err := w.write(c.customers(a.url, 300, s.suffix, !s.inactive)); err != nil {
			return err
		}
		w.env = slices.Concat(env, []string{"PROFILE_FOLDER=" + into})
		if _, err := w.step(ctx, s, func() {}); err != nil {
			return err
		}
	}
	return nil
}
