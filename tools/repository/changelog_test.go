// SPDX-License-Identifier: MPL-2.0

package repository

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/go-version"
)

var (
	versionHeading = regexp.MustCompile(`^## \[([^\]]+)\](?: - (\S+))?$`)
	linkDefinition = regexp.MustCompile(`^\[([^\]]+)\]: https://github\.com/avara-software/terraform-provider-avara/\S+$`)
)

// The changelog follows Keep a Changelog 1.1: Unreleased first, then versions from new to
// old. Each version has a date, a link and only the known kinds of changes.
func TestChangelog(t *testing.T) {
	t.Parallel()
	for _, problem := range changelogProblems(Read(t, "CHANGELOG.md")) {
		t.Error(problem)
	}
}

func TestChangelogProblems(t *testing.T) {
	t.Parallel()
	const unreleased = "# Changelog\n\n## [Unreleased]\n\n"
	const links = "\n[Unreleased]: https://github.com/avara-software/terraform-provider-avara/compare/v0.2.0...main\n" +
		"[0.2.0]: https://github.com/avara-software/terraform-provider-avara/compare/v0.1.0...v0.2.0\n" +
		"[0.1.0]: https://github.com/avara-software/terraform-provider-avara/releases/tag/v0.1.0\n"
	for name, test := range map[string]struct{ changelog, problem string }{
		"fine":          {unreleased + "## [0.2.0] - 2026-09-01\n\n### Fixed\n\n- That.\n\n## [0.1.0] - 2026-08-01\n\n### Added\n\n- This.\n" + links, ""},
		"no Unreleased": {"# Changelog\n\n## [0.2.0] - 2026-09-01\n" + links, "Unreleased"},
		"no date":       {unreleased + "## [0.2.0]\n" + links, "date"},
		"a wrong date":  {unreleased + "## [0.2.0] - 2026-13-01\n" + links, "date"},
		"wrong order":   {unreleased + "## [0.1.0] - 2026-08-01\n\n## [0.2.0] - 2026-09-01\n" + links, "after"},
		"no link":       {unreleased + "## [0.0.9] - 2026-08-01\n" + links, "link"},
		"unknown kind":  {unreleased + "### New\n\n- This.\n" + links, "kind"},
		"empty kind":    {unreleased + "### Added\n\n### Fixed\n\n- That.\n" + links, "empty"},
		"odd heading":   {unreleased + "## 0.2.0\n" + links, "heading"},
	} {
		t.Run(name, func(t *testing.T) {
			problems := changelogProblems(test.changelog)
			if test.problem == "" && len(problems) > 0 || test.problem != "" && !strings.Contains(strings.Join(problems, "\n"), test.problem) {
				t.Errorf("problems %q, want %q", problems, test.problem)
			}
		})
	}
}

func changelogProblems(changelog string) (problems []string) {
	kinds := []string{"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
	var versions, links []string
	kind := "" // the last heading, until an entry follows it
	for line := range strings.Lines(changelog) {
		line = strings.TrimRight(line, "\n")
		switch {
		case kind != "" && strings.HasPrefix(line, "- "):
			kind = ""
		case kind != "" && line != "":
			problems = append(problems, kind+" is empty")
			kind = ""
		}
		if name, isKind := strings.CutPrefix(line, "### "); isKind {
			if kind = name; !slices.Contains(kinds, name) {
				problems = append(problems, name+" is no kind of change: use one of "+strings.Join(kinds, ", "))
			}
		}
		if link := linkDefinition.FindStringSubmatch(line); link != nil {
			links = append(links, link[1])
		}
		if strings.HasPrefix(line, "## ") {
			heading := versionHeading.FindStringSubmatch(line)
			if heading == nil {
				problems = append(problems, "the heading "+line+" is not like ## [1.2.3] - 2026-10-31")
				continue
			}
			problems = append(problems, versionProblems(heading[1], heading[2], versions)...)
			versions = append(versions, heading[1])
		}
	}
	for _, v := range versions {
		if !slices.Contains(links, v) {
			problems = append(problems, v+" has no link at the end")
		}
	}
	return problems
}

// versionProblems checks one version against the versions above it.
func versionProblems(name, date string, above []string) (problems []string) {
	if len(above) == 0 {
		if name != "Unreleased" {
			problems = append(problems, "the first heading is not [Unreleased]")
		}
		return problems
	}
	if _, err := time.Parse(time.DateOnly, date); err != nil {
		problems = append(problems, name+" has no date like 2026-10-31")
	}
	current, err := version.NewSemver(name)
	if err != nil {
		return append(problems, name+" is no semantic version")
	}
	if previous, err := version.NewSemver(above[len(above)-1]); err == nil && !current.LessThan(previous) {
		problems = append(problems, name+" stands after "+previous.String())
	}
	return problems
}
