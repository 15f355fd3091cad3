// SPDX-License-Identifier: MPL-2.0

package main

import (
	"regexp"
	"slices"
	"strings"
)

var (
	// news matches lines outside of changes and warnings that show the result.
	news = regexp.MustCompile(`^(Plan:|No changes\.|Apply complete!|Destroy complete!|\S+: \w+ complete after )`)

	// id matches ids at the end of these lines, which make them too wide. The request log
	// shows them anyway.
	id = regexp.MustCompile(` \[id=\S+\]$`)

	// noise matches attributes of a change without new information, and the lines about
	// hidden attributes.
	noise = regexp.MustCompile(`\(known after apply\)$| -> null$|^ *# \(.* hidden\)$`)

	// place matches the lines of a warning that show its place in the configuration.
	place = regexp.MustCompile(`^│ +(with \S+,$|on \S+ line \d+|\d+: )`)
)

// essence reduces Terraform's output to the essential: each change, each warning, and the
// result.
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

// dropOpening is called for a dropped line. If the line closes a map or a list, it drops
// the whole map or list.
func dropOpening(lines []string, dropped string) []string {
	text := strings.TrimLeft(dropped, " ")
	if !strings.HasPrefix(text, "}") && !strings.HasPrefix(text, "]") {
		return lines
	}
	indent := len(dropped) - len(text)
	for i, line := range slices.Backward(lines) {
		// The opening line has its sign (+, - or ~) two columns before the closing
		// bracket. The lines are stored without their first two columns.
		if len(line)-len(strings.TrimLeft(line, " ")) <= indent-2-2 {
			return lines[:i]
		}
	}
	return lines
}
