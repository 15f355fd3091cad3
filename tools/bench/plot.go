// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"slices"
	"strings"
)

// panel is one half of the plot: bars of one quantity of a plan without change.
type panel struct {
	title    string
	left     float64
	quantity func(result) float64
	format   string
}

const (
	panelWidth, panelTop, panelHeight = 380.0, 60.0, 200.0
	barWidth                          = 30.0
)

func comparisonPlot(measured []result) string {
	var out strings.Builder
	out.WriteString(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 330" font-family="sans-serif" font-size="12">` + "\n" +
		`<rect width="800" height="330" fill="#fff"/>` + "\n")
	for _, p := range []panel{
		{"Plan without change: requests", 10, func(r result) float64 { return float64(r.Requests) }, "%.0f"},
		{"Plan without change: seconds, at 50 ms", 410, func(r result) float64 { return r.Seconds }, "%.1f"},
	} {
		p.draw(&out, measured)
	}
	for i, s := range series {
		x := 20 + 260*float64(i)
		fmt.Fprintf(&out, `<rect x="%.0f" y="305" width="12" height="12" fill="%s"/><text x="%.0f" y="316" fill="#222">%s</text>`+"\n", x, s.color, x+18, s.label)
	}
	out.WriteString("</svg>\n")
	return out.String()
}

func (p panel) draw(out *strings.Builder, measured []result) {
	plans := slices.DeleteFunc(slices.Clone(measured), func(r result) bool { return r.Step != createAndPlan[1].name })
	highest := 0.0
	for _, r := range plans {
		highest = max(highest, p.quantity(r))
	}
	fmt.Fprintf(out, `<text x="%.0f" y="30" font-size="15" fill="#222">%s</text>`+"\n", p.left+10, p.title)
	fmt.Fprintf(out, `<line x1="%.0f" y1="%.0f" x2="%.0f" y2="%.0f" stroke="#888"/>`+"\n", p.left, panelTop+panelHeight, p.left+panelWidth, panelTop+panelHeight)
	for group, n := range sizes {
		start := p.left + 20 + float64(group)*panelWidth/float64(len(sizes))
		fmt.Fprintf(out, `<text x="%.0f" y="%.0f" fill="#222">%d customers</text>`+"\n", start, panelTop+panelHeight+18, n)
		for _, r := range plans {
			i := slices.IndexFunc(series, func(s line) bool { return s.scenario == r.Scenario })
			if r.Objects != n || i < 0 {
				continue
			}
			height, x := p.quantity(r)/highest*panelHeight, start+float64(i)*(barWidth+3)
			fmt.Fprintf(out, `<rect x="%.1f" y="%.1f" width="%.0f" height="%.1f" fill="%s"/><text x="%.1f" y="%.1f" font-size="10" text-anchor="middle" fill="#222">`+p.format+"</text>\n",
				x, panelTop+panelHeight-height, barWidth, height, series[i].color, x+barWidth/2, panelTop+panelHeight-height-4, p.quantity(r))
		}
	}
}
