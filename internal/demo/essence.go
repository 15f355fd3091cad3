// SPDX-License-Identifier: MPL-2.0

package main

import (
	"regexp"
	"strings"
)

// news are the lines outside of changes and warnings that say what came of it all.
var news = regexp.MustCompile(`^(Plan:|No changes\.|Apply complete!|Destroy complete!|\S+: \w+ complete after )`)

// noise are the lines of a change that only say that there are more lines.
var noise = regexp.MustCompile(`\(known after apply\)|^ *# \(.* hidden\)$`)

// essence keeps of Terraform's output what a person looks for: each change, each warning, and the outcome.
func essence(output string) []string {
	var lines []string
	change := false
	for line := range strings.Lines(output) {
		line = strings.TrimRight(line, " \n")
		switch {
		case strings.HasPrefix(line, "  # "):
			change = true
			lines = append(lines, strings.TrimPrefix(line, "  "))
		case change:
			if line != "" && !noise.MatchString(line) {
				lines = append(lines, strings.TrimPrefix(line, "  "))
			}
			change = line != "    }"
		case strings.HasPrefix(line, "│ "):
			lines = append(lines, strings.TrimPrefix(line, "│ "))
		case news.MatchString(line):
			lines = append(lines, line)
		}
	}
	return lines
}
