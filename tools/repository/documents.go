// SPDX-License-Identifier: MPL-2.0

package repository

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Document is a Markdown file for users or contributors.
type Document struct {
	Path   string // relative to the root, with slashes
	Text   string
	Blocks []Block
	// Prose is the text without the code blocks.
	Prose string
}

// Block is a fenced code block.
type Block struct {
	Language string
	Text     string
	// Heading is the heading of its section.
	Heading string
	// Where is the path and the line of its start.
	Where string
}

// Documents returns all Markdown files except those of tools.
func Documents(t *testing.T) []Document {
	t.Helper()
	var documents []Document
	err := filepath.WalkDir(Root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && path != Root && strings.HasPrefix(entry.Name(), ".") && entry.Name() != ".github":
			return fs.SkipDir
		case entry.IsDir() || filepath.Ext(path) != ".md":
			return nil
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(Root, path)
		documents = append(documents, newDocument(filepath.ToSlash(relative), string(content)))
		return err
	})
	if err != nil || len(documents) == 0 {
		t.Fatal("no documents found", err)
	}
	return documents
}

func newDocument(path, text string) Document {
	d := Document{Path: path, Text: text}
	var prose strings.Builder
	var block *Block
	indent, heading, number := "", "", 0
	for line := range strings.Lines(text) {
		number++
		trimmed := strings.TrimLeft(line, " \t")
		isFence := strings.HasPrefix(trimmed, "```")
		switch {
		case isFence && block == nil:
			indent = strings.TrimSuffix(line, trimmed)
			language, _, _ := strings.Cut(strings.TrimSpace(strings.TrimPrefix(trimmed, "```")), " ")
			block = &Block{Language: language, Heading: heading, Where: fmt.Sprintf("%s:%d", path, number)}
		case isFence:
			d.Blocks = append(d.Blocks, *block)
			block = nil
		case block != nil:
			block.Text += strings.TrimPrefix(line, indent)
		default:
			if strings.HasPrefix(line, "#") {
				heading = strings.TrimSpace(strings.TrimLeft(line, "#"))
			}
			prose.WriteString(line)
		}
	}
	d.Prose = prose.String()
	return d
}
