// SPDX-License-Identifier: MPL-2.0

package repository

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	uses   = regexp.MustCompile(`(?m)\buses:\s*(\S+)(.*)$`)
	pinned = regexp.MustCompile(`^[\w.-]+/[\w./-]+@[0-9a-f]{40}$`)
	makes  = regexp.MustCompile(`(?:run: make |target: \[)([\w, -]+)`)
	job    = regexp.MustCompile(`(?m)^  [\w-]+:$`)
)

// The release waits for all tests and checks, and its files are published only with their
// provenance.
func TestReleaseWorkflow(t *testing.T) {
	t.Parallel()
	workflow := Read(t, ".github/workflows/release.yml")
	if !strings.Contains(workflow, "\n    needs: [test, checks]\n") {
		t.Error("the release does not wait for the jobs test and checks")
	}
	for name, targets := range map[string][]string{"test": {"test"}, "checks": {"release-check", "vulncheck"}} {
		if !strings.Contains(workflow, "\n  "+name+":\n    uses: ./.github/workflows/"+name+".yml\n") {
			t.Errorf("the job %s does not run the workflow of its name", name)
		}
		called := Read(t, ".github/workflows/"+name+".yml")
		for _, target := range targets {
			if !strings.Contains(strings.Join(makes.FindAllString(called, -1), "\n"), target) || !strings.Contains(called, "\n  workflow_call:\n") {
				t.Errorf("%s.yml can't be called, or does not run make %s", name, target)
			}
		}
	}
	at := 0
	for _, step := range []string{"run: make release\n", "uses: actions/attest@", "run: gh release edit \"$GITHUB_REF_NAME\" --draft=false "} {
		next := strings.Index(workflow[at:], step)
		if next < 0 {
			t.Fatalf("there is no %q, or it comes too early", step)
		}
		at += next
	}
	if !strings.Contains(Read(t, ".goreleaser.yml"), "\n  draft: true") {
		t.Error("GoReleaser publishes the release before its files have their provenance")
	}
}

// Workflows pin actions to commits, since a tag may be moved. Each job has only the
// permissions that it lists. `make lint` checks the rest with actionlint.
func TestWorkflows(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(Root, ".github", "workflows", "*.y*ml"))
	if err != nil || len(files) == 0 {
		t.Fatal("no workflows found", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			workflow := Read(t, filepath.Join(".github", "workflows", filepath.Base(file)))
			for _, step := range uses.FindAllStringSubmatch(workflow, -1) {
				if strings.HasPrefix(step[1], "./") {
					continue
				}
				if !pinned.MatchString(step[1]) || !regexp.MustCompile(`^ # v\d+\.\d+\.\d+$`).MatchString(step[2]) {
					t.Errorf("%q is not pinned as OWNER/NAME@COMMIT # v1.2.3", strings.TrimSpace(step[0]))
				}
			}
			before, jobs, _ := strings.Cut(workflow, "\njobs:\n")
			if !strings.Contains(before, "\npermissions: {}\n") {
				t.Error("the workflow does not start from `permissions: {}`")
			}
			starts := append(job.FindAllStringIndex(jobs, -1), []int{len(jobs), 0})
			for i := range len(starts) - 1 {
				if text := jobs[starts[i][0]:starts[i+1][0]]; !strings.Contains(text, "\n    permissions:\n") {
					t.Errorf("job %s names no permissions", strings.TrimSpace(jobs[starts[i][0]:starts[i][1]]))
				}
			}
			for _, target := range makes.FindAllStringSubmatch(workflow, -1) {
				for name := range strings.SplitSeq(target[1], ", ") {
					if !Target(t, name) {
						t.Errorf("there is no make target %q", name)
					}
				}
			}
		})
	}
}
