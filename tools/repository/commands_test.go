// SPDX-License-Identifier: MPL-2.0

package repository

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/avara-software/terraform-provider-avara"

// ordinary programs are not checked here. terraform and avara-emulator are checked by
// tests that can run them.
var ordinary = []string{"git", "cd", "cat", "cp", "rm", "mkdir", "echo", "jq", "grep", "diff", "kill", "sleep", "curl", "sudo", "apt-get", "gh", "docker"}

// Commands in the documents exist: make targets with their variables, and packages of this
// module. An unknown program fails the test, so that its author decides how to check it.
func TestCommands(t *testing.T) {
	t.Parallel()
	for _, command := range Commands(t) {
		if problem := commandProblem(t, command.Words); problem != "" {
			t.Errorf("%s: %s: %s", command.Where, strings.Join(command.Words, " "), problem)
		}
	}
}

func commandProblem(t *testing.T, words []string) string {
	t.Helper()
	switch program := filepath.Base(words[0]); {
	case program == "make":
		return makeProblem(t, words[1:])
	case program == "go":
		return goProblem(words[1:])
	case program == "export":
		return "" // TestVariables
	case slices.Contains([]string{"terraform", "tofu", "avara-emulator"}, program):
		return "" // TestAccDocuments_commands, and TestDocumentedCommands of the emulator
	case slices.Contains(ordinary, program):
		return ""
	}
	return "teach this test the program"
}

func makeProblem(t *testing.T, words []string) string {
	t.Helper()
	for _, word := range words {
		name, _, isVariable := strings.Cut(word, "=")
		switch {
		case isVariable && !strings.Contains(Read(t, "GNUmakefile"), name):
			return "the make file has no variable " + name
		case !isVariable && !Target(t, name):
			return "the make file has no target " + name
		}
	}
	return ""
}

func goProblem(words []string) string {
	if len(words) < 2 || words[0] != "run" && words[0] != "install" {
		return ""
	}
	folder, _, _ := strings.Cut(words[1], "@")
	folder = strings.TrimPrefix(strings.TrimPrefix(folder, module), "/")
	if files, err := filepath.Glob(filepath.Join(Root, folder, "*.go")); err != nil || len(files) == 0 {
		return "there is no program in " + folder
	}
	return ""
}

// Commands, actions and images in the documents name a version, since a newer one may
// behave differently.
func TestPins(t *testing.T) {
	t.Parallel()
	version := "0.1.0"
	if newest := regexp.MustCompile(`(?m)^## \[(\d\S+)\]`).FindStringSubmatch(Read(t, "CHANGELOG.md")); newest != nil {
		version = newest[1]
	}
	pin := regexp.MustCompile(`avara-emulator(?:@v?|:)([\w.]+)`)
	found := 0
	for _, d := range Documents(t) {
		for _, match := range pin.FindAllStringSubmatch(d.Text, -1) {
			if found++; match[1] != version {
				t.Errorf("%s: %s, want version %s", d.Path, match[0], version)
			}
		}
	}
	if found == 0 {
		t.Error("no document pins the emulator")
	}
}

func TestParseCommands(t *testing.T) {
	t.Parallel()
	commands := parseCommands("x", "# First\n$ A=1 make test TESTARGS='-run x y' \\\n  -k && cd \"a b\" | go # why\nexport KEY=\"1\"\n")
	want := [][]string{{"make", "test", "TESTARGS=-run x y", "-k"}, {"cd", "a b"}, {"go"}, {"export", "KEY=1"}}
	if !slices.EqualFunc(commands, want, func(c Command, words []string) bool { return slices.Equal(c.Words, words) }) {
		t.Errorf("%q", commands)
	}
	for text, wrong := range map[string]bool{
		"make tset": true, "make test": false, "make testacc NO_SUCH=1": true, "make testacc TESTARGS=x": false,
		"go run ./cmd/avara-emulator": false, "go run ./cmd/avara": true, "go install " + module + "/cmd/avara-emulator@latest": false,
		"klingon": true,
	} {
		if got := commandProblem(t, parseCommands("x", text)[0].Words) != ""; got != wrong {
			t.Errorf("%s: wrong %t", text, got)
		}
	}
}

// The environment variables of this project in the documents are read somewhere in the
// code.
func TestVariables(t *testing.T) {
	t.Parallel()
	known := code(t)
	for _, d := range Documents(t) {
		for _, name := range regexp.MustCompile(`\b(?:AVARA|DEMO)_[A-Z_]*[A-Z]\b`).FindAllString(d.Text, -1) {
			if !strings.Contains(known, name) {
				t.Errorf("%s: nothing reads %s", d.Path, name)
			}
		}
	}
}

// code returns the make file and all Go code.
func code(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	all.WriteString(Read(t, "GNUmakefile"))
	err := filepath.WalkDir(Root, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".go" {
			return err
		}
		content, err := os.ReadFile(path)
		all.Write(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}
