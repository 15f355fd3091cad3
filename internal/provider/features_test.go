// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
)

// feature is a feature of newer versions: the first minor versions of Terraform 1 and of
// OpenTofu 1 that have it, 0 if none has it so far.
type feature struct {
	name            string
	terraform, tofu int
}

var (
	testCommand   = feature{"terraform test", 6, 6}
	importForEach = feature{"for_each in import blocks", 7, 7}
	mockProviders = feature{"mock_provider blocks", 7, 8}
	removedBlocks = feature{"removed blocks", 7, 10}
	ephemerals    = feature{"ephemeral resources", 10, 11}
	identities    = feature{"import by identity", 12, 12}
	movedTypes    = feature{"moved blocks between types of resources", 8, 10}
	queries       = feature{"terraform query", 14, 0}
	actions       = feature{"actions", 14, 0}
)

func (f feature) String() string {
	if f.tofu == 0 {
		return fmt.Sprintf("%s (Terraform 1.%d)", f.name, f.terraform)
	}
	return fmt.Sprintf("%s (Terraform 1.%d, OpenTofu 1.%d)", f.name, f.terraform, f.tofu)
}

// program is a Terraform or OpenTofu executable.
type program struct {
	path   string
	isTofu bool
	minor  int
}

// programs are the executables that the tests may run: the default one for all tests that
// it supports, and a newer Terraform, if installed, for the rest.
var programs = sync.OnceValues(func() (all []program, err error) {
	for _, path := range []string{cmp.Or(os.Getenv("TF_ACC_TERRAFORM_PATH"), "terraform"), os.Getenv("TF_ACC_TERRAFORM_NEWEST_PATH")} {
		if path == "" {
			continue
		}
		p, err := newProgram(path)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
})

func newProgram(path string) (program, error) {
	cmd := exec.CommandContext(context.Background(), path, "version")
	cmd.Env = append(os.Environ(), "CHECKPOINT_DISABLE=1")
	out, err := cmd.Output()
	if err != nil {
		return program{}, fmt.Errorf("unable to ask %s for its version: %w", path, err)
	}
	p := program{path: path}
	name, version, _ := strings.Cut(string(out), " ")
	p.isTofu = name == "OpenTofu"
	if _, err := fmt.Sscanf(version, "v1.%d.", &p.minor); err != nil {
		return program{}, fmt.Errorf("no version of Terraform in what %s says, %q: %w", path, out, err)
	}
	return p, nil
}

func (p program) lacks(f feature) bool {
	since := f.terraform
	if p.isTofu {
		since = f.tofu
	}
	return since == 0 || p.minor < since
}

// needs makes the workspace run the first program that has all of the features. If there
// is none, it skips the test.
func (w *workspace) needs(features ...feature) {
	w.t.Helper()
	if !w.canUse(features...) {
		w.t.Skipf("needs %v: run `make terraform`, or set TF_ACC_TERRAFORM_NEWEST_PATH to the path of a newer Terraform", features)
	}
}

// canUse selects a program as needs does, but reports whether there is one instead of
// skipping the test.
func (w *workspace) canUse(features ...feature) bool {
	w.t.Helper()
	all, err := programs()
	if err != nil {
		w.t.Fatal(err)
	}
	at := slices.IndexFunc(all, func(p program) bool { return !slices.ContainsFunc(features, p.lacks) })
	if at < 0 {
		return false
	}
	w.terraform = all[at].path
	return true
}
