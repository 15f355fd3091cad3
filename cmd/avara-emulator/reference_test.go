// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
	"github.com/avara-software/terraform-provider-avara/tools/repository"
)

// The reference guide describes each fault field, dialect and control endpoint with the
// program's own texts, and lists each operation that is not emulated. It describes no
// others.
func TestReference(t *testing.T) {
	t.Parallel()
	page := repository.Read(t, "templates/guides/emulator-reference.md.tmpl")
	tables := []string{faultTable(), controlTable()}
	topic := ""
	for _, info := range emulator.AllDialects() {
		if info.Topic != topic {
			topic = info.Topic
			tables = append(tables, "### "+topic+"\n\n| Dialect | With it | Without it |\n|---|---|---|\n")
		}
		tables[len(tables)-1] += fmt.Sprintf("| `%s` | %s | %s |\n", info.Dialect, code(info.Description), code(info.Default))
	}
	want, rows := 0, strings.Count(page, "\n|")
	for _, table := range tables {
		want += strings.Count("\n"+table, "\n|")
		if !strings.Contains(page, "\n"+table+"\n") {
			t.Errorf("the reference lacks, or words differently:\n%s", table)
		}
	}
	if rows != want {
		t.Errorf("the reference has tables with %d lines in all, want %d", rows, want)
	}
	for _, operation := range emulator.NotEmulated() {
		if _, path, _ := strings.Cut(operation, " "); !strings.Contains(page, "`"+group.FindString(path)+"`") {
			t.Errorf("the reference does not say that %s is not emulated", operation)
		}
	}
}

// group is the common path prefix of the operations on one kind of objects.
var group = regexp.MustCompile(`^/v1/\w+/\w+`)

func faultTable() string {
	table := "| Field | Takes | What it does |\n|---|---|---|\n"
	for _, f := range emulator.FaultFields() {
		table += fmt.Sprintf("| `%s` | %s | %s |\n", f.Name, code(f.Value), code(f.Description))
	}
	return table
}

func controlTable() string {
	table := "| Request | Takes | What it does |\n|---|---|---|\n"
	for _, p := range emulator.ControlEndpoints() {
		table += fmt.Sprintf("| `%s %s` | %s | %s |\n", p.Method, p.Path, code(p.Body), p.Description)
	}
	return table
}

// code formats JSON and quoted text as code.
func code(text string) string {
	return regexp.MustCompile(`\{\S*\}|"[^"]+"`).ReplaceAllString(text, "`$0`")
}
