// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"strings"
)

const (
	bold   = "1"
	dim    = "2"
	red    = "31"
	green  = "32"
	yellow = "33"
	cyan   = "36"
)

// terminal is the output of the story. keys, unless nil, is read to wait for Enter.
type terminal struct {
	out     io.Writer
	keys    io.Reader
	colours bool
}

// newTerminal uses colours on a terminal, unless NO_COLOR is set (https://no-color.org).
func newTerminal(out *os.File) *terminal {
	info, err := out.Stat()
	return &terminal{
		out:     out,
		colours: err == nil && info.Mode()&os.ModeCharDevice != 0 && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb",
	}
}

func (t *terminal) paint(colour, text string) string {
	if !t.colours || colour == "" {
		return text
	}
	return "\x1b[" + colour + "m" + text + "\x1b[0m"
}

func (t *terminal) heading(number, of int, title string) {
	fmt.Fprintf(t.out, "\n%s\n", t.paint(bold+";"+cyan, fmt.Sprintf("%d/%d  %s", number, of, title)))
}

// say prints an explanation.
func (t *terminal) say(text string) { fmt.Fprintf(t.out, "     %s\n", text) }

func (t *terminal) note(text string) { fmt.Fprintln(t.out, t.paint(dim, text)) }

// command prints a command line and the essential part of its output.
func (t *terminal) command(line string, output []string) {
	fmt.Fprintf(t.out, "\n     %s\n", t.paint(bold, "$ "+line))
	t.block(output)
}

func (t *terminal) block(lines []string) {
	for _, line := range lines {
		fmt.Fprintf(t.out, "     %s\n", strings.TrimSuffix(t.paint(dim, "│")+" "+t.paint(colourOf(line), line), " "))
	}
}

func (t *terminal) calls(requests []request) {
	fmt.Fprintf(t.out, "\n     %s\n", t.paint(bold, "The API saw"))
	if len(requests) == 0 {
		fmt.Fprintf(t.out, "     %s nothing\n", t.paint(dim, "│"))
	}
	for _, r := range requests {
		colour := bold
		if r.reads() {
			colour = dim
		}
		line := fmt.Sprintf("%-5s %-65s %d", r.Method, r.Path, r.Status)
		fmt.Fprintf(t.out, "     %s %s\n", t.paint(dim, "│"), t.paint(colour, line))
	}
}

func (t *terminal) held(claim string) {
	fmt.Fprintf(t.out, "     %s %s\n", t.paint(green, "✓"), claim)
}

// pause waits for Enter, or until the context is done.
func (t *terminal) pause(ctx context.Context) {
	if t.keys == nil {
		return
	}
	fmt.Fprint(t.out, t.paint(dim, "\n     Press Enter to go on … "))
	pressed := make(chan struct{})
	go func() {
		_, _ = bufio.NewReader(t.keys).ReadString('\n')
		close(pressed)
	}()
	select {
	case <-pressed:
	case <-ctx.Done():
	}
}

// colourOf returns the colour that Terraform uses for a line.
func colourOf(line string) string {
	switch text := strings.TrimLeft(line, " "); {
	case strings.HasPrefix(text, "+"):
		return green
	case strings.HasPrefix(text, "-"):
		return red
	case strings.HasPrefix(text, "~"), strings.HasPrefix(text, "Warning:"):
		return yellow
	case strings.HasPrefix(text, "#"), strings.HasPrefix(text, "Plan:"), strings.HasPrefix(text, "No changes."):
		return bold
	}
	return ""
}
