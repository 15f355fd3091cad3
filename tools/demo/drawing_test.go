// SPDX-License-Identifier: MPL-2.0

package main

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// drawn returns the text of an SVG, line by line, and its classes.
func drawn(t *testing.T, svg string) (text []string, classes map[string]string) {
	t.Helper()
	classes = map[string]string{}
	decoder := xml.NewDecoder(strings.NewReader(svg))
	class, inText := "", false
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return text, classes
		}
		if err != nil {
			t.Fatalf("not well formed: %v\n%s", err, svg)
		}
		switch token := token.(type) {
		case xml.StartElement:
			if token.Name.Local == "script" {
				t.Error("the picture has a script, which GitHub does not run")
			}
			inText, class = token.Name.Local == "text", ""
			for _, attribute := range token.Attr {
				if attribute.Name.Local == "class" {
					class = attribute.Value
				}
			}
		case xml.EndElement:
			inText = false
		case xml.CharData:
			if inText {
				text = append(text, string(token))
				classes[string(token)] = class
			}
		}
	}
}

func TestDraw(t *testing.T) {
	t.Parallel()
	var recording strings.Builder
	screen := &terminal{out: &recording, colours: true}
	screen.heading(1, 1, "A clinic <signs> up & leaves")
	screen.held("it held")
	screen.calls([]request{{Method: "GET", Path: "/v1/express", Status: 200}})
	text, classes := drawn(t, draw("title", recording.String()))
	for want, class := range map[string]string{
		"1/1  A clinic <signs> up & leaves": "heading", "✓": "green", "it held": "", "The API saw": "bold", "│": "dim",
	} {
		if got, found := classes[want]; !found || got != class {
			t.Errorf("%q has the class %q, want %q, in %q", want, got, class, text)
		}
	}
	if strings.ContainsRune(draw("title", recording.String()), '\x1b') {
		t.Error("an escape sequence is left")
	}
}

// The picture ends at the last lines, and shows them also where animation is off.
func TestDraw_scrolls(t *testing.T) {
	t.Parallel()
	const lines = drawnRows + 12
	svg := draw("title", strings.Repeat("line\n", lines))
	end := fmt.Sprintf("translateY(-%dpx)", 12*rowHeight)
	if strings.Count(svg, end) != 2 {
		t.Errorf("want %s for the still picture and for the last frame", end)
	}
	last := -1.0
	_, frames, _ := strings.Cut(svg, "@keyframes cover")
	for _, frame := range regexp.MustCompile(`(?m)^([\d.]+)% `).FindAllStringSubmatch(frames, -1) {
		at, err := strconv.ParseFloat(frame[1], 64)
		if err != nil || at <= last || at >= 100 {
			t.Errorf("a line comes at %s%%, after one at %.2f%%", frame[1], last)
		}
		last = at
	}
	if text, _ := drawn(t, svg); len(text) != lines {
		t.Errorf("%d lines are drawn, want %d", len(text), lines)
	}
	if strings.Contains(draw("title", "one line\n"), fmt.Sprintf("translateY(-%dpx)", rowHeight)) {
		t.Error("a single line moves")
	}
}
