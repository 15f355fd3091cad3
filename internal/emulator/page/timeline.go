// SPDX-License-Identifier: MPL-2.0

package page

import "time"

// The picture of a run: the number of columns, their width and the height, in units that
// the page scales.
const (
	timelineColumns = 60
	columnWidth     = 10
	timelineHeight  = 40
)

// picture is the timeline of a run: the number of requests over time, by result.
type picture struct {
	Width  int
	Height int
	Bars   []bar
}

type bar struct {
	X, Y, Width, Height int
	Mood                string
}

// moods are the results in stacking order, from the bottom of a column.
var moods = []string{"good", "wait", "odd", "bad"}

func timeline(r *run) picture {
	drawn := picture{Width: timelineColumns * columnWidth, Height: timelineHeight}
	span := max(r.Took(), time.Millisecond)
	var counts [timelineColumns]map[string]int
	most := 1
	for _, e := range r.Requests {
		at := min(int(e.Time.Sub(r.Begun)*timelineColumns/span), timelineColumns-1)
		if counts[at] == nil {
			counts[at] = map[string]int{}
		}
		counts[at][e.Mood()]++
		most = max(most, total(counts[at]))
	}
	for column, count := range counts {
		below := 0
		for _, mood := range moods {
			if count[mood] == 0 {
				continue
			}
			y := timelineHeight - (below+count[mood])*timelineHeight/most
			next := timelineHeight - below*timelineHeight/most
			below += count[mood]
			drawn.Bars = append(drawn.Bars, bar{column * columnWidth, y, columnWidth - 2, max(next-y, 1), mood})
		}
	}
	return drawn
}

func total(counts map[string]int) int {
	sum := 0
	for _, n := range counts {
		sum += n
	}
	return sum
}

// Share is the start and the duration of a request within its run, in thousandths, for a
// row of the waterfall.
func (e *entry) Share() bar {
	span := max(e.Run.Took(), time.Millisecond)
	width := max(int(e.Duration*1000/span), 6)
	if e.UnderWay() {
		width = 1000
	}
	x := min(int(e.Time.Sub(e.Run.Begun)*1000/span), 1000-6)
	return bar{X: x, Width: min(width, 1000-x), Mood: e.Mood()}
}
