// SPDX-License-Identifier: MPL-2.0

package main

import (
	"regexp"
	"slices"
	"strings"
)

var (
	// news are the lines outside of changes and warnings that say how it ended.
	news = regexp.MustCompile(`^(Plan:|No changes\.|Apply complete!|Destroy complete!|\S+: \w+ complete after )`)

	// id ends some news, and makes them too wide. The request log has it anyway.
	id = regexp.MustCompile(` \[id=\S+\]$`)

	// noise are the attributes of a change that say nothing new, and the hints at hidden ones.
	noise = regexp.MustCompile(`\(known after apply\)$| -> null$|^ *# \(.* hidden\)$`)

	// place are the lines of a warning that say where in the configuration it belongs.
	place = regexp.MustCompile(`^│ +(with \S+,$|on \S+ line \d+|\d+: )`)
)

// essence keeps of Terraform's output what a person looks for: each change, each warning, and the outcome.
func essence(output string) []string {
	var lines []string
	change := false
	for line := range strings.Lines(output) {
		line = strings.TrimRight(line, " \n")
		switch {
		case strings.HasPrefix(line, "  # "):
			change = true
			lines = append(lines, line[2:])
		case change && noise.MatchString(line):
			lines = dropOpening(lines, line)
		case change && line != "":
			lines = append(lines, line[2:])
			change = line != "    }"
		case line == "╷", line == "│" && lines[len(lines)-1] != "":
			lines = append(lines, "")
		case strings.HasPrefix(line, "│ ") && !place.MatchString(line):
			lines = append(lines, strings.TrimPrefix(line, "│ "))
		case news.MatchString(line):
			lines = append(lines, id.ReplaceAllString(line, ""))
		}
	}
	return lines
}

// dropOpening drops, where the dropped line closes a map or a list, that whole map or list.
func dropOpening(lines []string, dropped string) []string {
	text := strings.TrimLeft(dropped, " ")
	if !strings.HasPrefix(text, "}") && !strings.HasPrefix(text, "]") {
		return lines
	}
	indent := len(dropped) - len(text)
	for i, line := range slices.Backward(lines) {
		// The opening line has its sign (+, - or ~) two columns before the closing bracket, and the lines are
		// kept without their first two columns.
		if len(line)-len(strings.TrimLeft(line, " ")) <= indent-2-2 {
			return lines[:i]
		}
	}
	return lines
}
