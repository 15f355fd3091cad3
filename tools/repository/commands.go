// SPDX-License-Identifier: MPL-2.0

package repository

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Command is a command in a document.
type Command struct {
	Where string
	// Words are the program and its arguments, without preceding variable assignments.
	Words []string
}

var (
	shells = []string{"shell", "sh", "bash", "console"}
	// inlineCommand is a command within a sentence.
	inlineCommand = regexp.MustCompile("`((?:make|terraform|tofu|avara-emulator|go run|go install)(?: [^`]+)?)`")
	assignment    = regexp.MustCompile(`^[A-Za-z_]\w*=`)
)

// Commands returns all commands in the documents.
func Commands(t *testing.T) []Command {
	t.Helper()
	var commands []Command
	for _, d := range Documents(t) {
		for _, block := range d.Blocks {
			if slices.Contains(shells, block.Language) {
				commands = append(commands, parseCommands(block.Where, block.Text)...)
			}
		}
		for _, code := range inlineCommand.FindAllStringSubmatch(d.Prose, -1) {
			commands = append(commands, parseCommands(d.Path, strings.ReplaceAll(code[1], "\n", " "))...)
		}
	}
	if len(commands) == 0 {
		t.Fatal("no commands found")
	}
	return commands
}

// parseCommands parses the shell syntax that the documents use: words, quotes, comments,
// &&, ||, |, ; and &.
func parseCommands(where, text string) (commands []Command) {
	text = strings.ReplaceAll(text, "\\\n", " ")
	var words []string
	var word strings.Builder
	inWord, quote := false, rune(0)
	endWord := func() {
		if inWord && (len(words) > 0 || !assignment.MatchString(word.String())) {
			words = append(words, word.String())
		}
		word.Reset()
		inWord = false
	}
	endCommand := func() {
		endWord()
		if len(words) > 0 {
			commands = append(commands, Command{where, words})
		}
		words = nil
	}
	inComment := false
	for _, r := range text {
		switch {
		case inComment && r != '\n':
		case quote != 0 && r == quote:
			quote = 0
		case quote == 0 && (r == '\'' || r == '"'):
			quote, inWord = r, true
		case quote != 0:
			word.WriteRune(r)
		case r == '#' && !inWord:
			inComment = true
		case strings.ContainsRune("\n;|&", r):
			inComment = false
			endCommand()
		case r == ' ' || r == '\t' || r == '$' && !inWord && len(words) == 0:
			endWord()
		default:
			inWord = true
			word.WriteRune(r)
		}
	}
	endCommand()
	return commands
}
