// SPDX-License-Identifier: MPL-2.0

package main

import (
	"encoding/xml"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"
)

// Sizes of the drawn terminal, in SVG units.
const (
	drawnRows = 30
	charWidth = 8.4
	rowHeight = 19
	margin    = 16
)

// Pauses after a line, and before lines that start something new, so that there is time to
// read.
const (
	perLine       = 120 * time.Millisecond
	beforeHeading = 1800 * time.Millisecond
	beforeCommand = 900 * time.Millisecond
	beforeCheck   = 700 * time.Millisecond
	atTheEnd      = 6 * time.Second
)

var (
	escape  = regexp.MustCompile(`\x1b\[([0-9;]*)m`)
	heading = regexp.MustCompile(`^\d/\d  `)
)

// classes are the picture's CSS classes for the terminal's colours.
var classes = map[string]string{
	bold: "bold", dim: "dim", red: "red", green: "green", yellow: "yellow", bold + ";" + cyan: "heading",
}

const style = `
text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace; fill: #d1d7e0; white-space: pre }
.bold { fill: #fff; font-weight: 600 } .heading { fill: #56d4dd; font-weight: 600 } .dim { fill: #8b949e }
.red { fill: #ff7b72 } .green { fill: #56d364 } .yellow { fill: #e3b341 }
`

// draw returns an animated SVG of a terminal recording. It has no script, and works on
// light and dark pages. When the window is full, the lines scroll. Until then a cover
// hides the next lines and moves down.
func draw(title, recording string) string {
	lines := strings.Split(strings.TrimRight(recording, "\n"), "\n")
	columns := 0
	for _, line := range lines {
		columns = max(columns, utf8.RuneCountInString(escape.ReplaceAllString(line, "")))
	}
	width, height := charWidth*float64(columns)+2*margin, float64(drawnRows*rowHeight+2*margin)
	scroll, cover, length := animate(lines)

	var svg strings.Builder
	fmt.Fprintf(&svg, `<svg xmlns="http://www.w3.org/2000/svg" width="%.0f" height="%.0f" viewBox="0 0 %[1]f %f" role="img">`+"\n", width, height)
	fmt.Fprintf(&svg, "<title>%s</title>\n<style>%s", escaped(title), style)
	fmt.Fprintf(&svg, "#lines { transform: translateY(-%dpx); animation: lines %.1fs step-end infinite }\n", rowHeight*max(0, len(lines)-drawnRows), length.Seconds())
	fmt.Fprintf(&svg, "#cover { transform: translateY(%dpx); animation: cover %.1fs step-end infinite }\n", rowHeight*drawnRows, length.Seconds())
	fmt.Fprintf(&svg, "@keyframes lines {\n%s}\n@keyframes cover {\n%s}\n", scroll, cover)
	svg.WriteString("@media (prefers-reduced-motion: reduce) { #lines, #cover { animation: none } }\n</style>\n")
	fmt.Fprintf(&svg, `<rect width="100%%" height="100%%" rx="8" fill="#0d1117"/>`+"\n")
	fmt.Fprintf(&svg, `<svg x="%d" y="%[1]d" width="%f" height="%d"><g id="lines">`+"\n", margin, width-margin, drawnRows*rowHeight)
	for row, line := range lines {
		svg.WriteString(drawLine(line, row))
	}
	fmt.Fprintf(&svg, `</g><rect id="cover" width="100%%" height="100%%" fill="#0d1117"/></svg>`+"\n</svg>\n")
	return svg.String()
}

// animate returns the keyframes of the lines and of the cover, and the length of one
// cycle.
func animate(lines []string) (scroll, cover string, length time.Duration) {
	starts := make([]time.Duration, len(lines))
	for i, line := range lines {
		switch plain := strings.TrimSpace(escape.ReplaceAllString(line, "")); {
		case heading.MatchString(plain):
			length += beforeHeading
		case strings.HasPrefix(plain, "$ "):
			length += beforeCommand
		case strings.HasPrefix(plain, "✓ "):
			length += beforeCheck
		}
		starts[i] = length
		length += perLine
	}
	length += atTheEnd

	var lineFrames, coverFrames strings.Builder
	for i, start := range starts {
		at := 100 * start.Seconds() / length.Seconds()
		if shown := i + 1; shown <= drawnRows {
			fmt.Fprintf(&coverFrames, "%.2f%% { transform: translateY(%dpx) }\n", at, rowHeight*shown)
		} else {
			fmt.Fprintf(&lineFrames, "%.2f%% { transform: translateY(-%dpx) }\n", at, rowHeight*(shown-drawnRows))
		}
	}
	return "0% { transform: none }\n" + lineFrames.String(), coverFrames.String(), length
}

// drawLine sets the position and width of each part of a line, so that columns are aligned
// in any font.
func drawLine(line string, row int) string {
	var drawn strings.Builder
	class, column := "", 0
	part := func(text string) {
		indent := utf8.RuneCountInString(text) - utf8.RuneCountInString(strings.TrimLeft(text, " "))
		if shown := strings.TrimSpace(text); shown != "" {
			fmt.Fprintf(&drawn, `<text x="%.1f" y="%d" textLength="%.1f"`, charWidth*float64(column+indent), rowHeight*row+14, charWidth*float64(utf8.RuneCountInString(shown)))
			if class != "" {
				fmt.Fprintf(&drawn, ` class="%s"`, class)
			}
			fmt.Fprintf(&drawn, ">%s</text>\n", escaped(shown))
		}
		column += utf8.RuneCountInString(text)
	}
	at := 0
	for _, code := range escape.FindAllStringSubmatchIndex(line, -1) {
		part(line[at:code[0]])
		class, at = classes[line[code[2]:code[3]]], code[1]
	}
	part(line[at:])
	return drawn.String()
}

func escaped(text string) string {
	var out strings.Builder
	_ = xml.EscapeText(&out, []byte(text)) // writing to a strings.Builder can't fail
	return out.String()
}
