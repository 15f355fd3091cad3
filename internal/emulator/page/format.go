// SPDX-License-Identifier: MPL-2.0

package page

import (
	"fmt"
	"html/template"
	"net/http"
	"strconv"
	"time"
)

// functions are what the templates can call.
var functions = template.FuncMap{
	"number":    number,
	"plural":    plural,
	"when":      newWhen,
	"took":      took,
	"size":      size,
	"pairs":     pairs,
	"first":     first,
	"short":     short,
	"label":     label,
	"isolated":  isolated,
	"invisible": invisibleCharacters,
	"person":    personName,
	"product":   productName,
	"customer":  func(id string) string { return to("customer", id).URL() },
	"user":      userURL,
	"press":     newButton,
	"add":       func(a, b int) int { return a + b },
	"timeline":  timeline,
}

// button is a button of a row.
type button struct {
	Path  string // path of the action
	ID    string // id of the object
	Label string
	Whose string // name of the object, for screen readers
}

func newButton(path, id, label, whose string) button { return button{path, id, label, whose} }

// number formats a number with digit groups of three.
func number(n int) string {
	digits := strconv.Itoa(n)
	for at := len(digits) - 3; at > 0; at -= 3 {
		digits = digits[:at] + "," + digits[at:]
	}
	return digits
}

// ago describes a time relative to now, in the largest fitting unit, or as a date.
func ago(now, t time.Time) string {
	since := now.Sub(t)
	ahead := since < 0
	if ahead {
		since = -since
	}
	var text string
	switch {
	case t.IsZero():
		return "never"
	case since < time.Minute:
		return "just now"
	case since < time.Hour:
		text = plural(int(since/time.Minute), "minute", "minutes")
	case since < 24*time.Hour:
		text = plural(int(since/time.Hour), "hour", "hours")
	case since < 30*24*time.Hour:
		text = plural(int(since/(24*time.Hour)), "day", "days")
	default:
		return t.Local().Format("2 Jan 2006")
	}
	if ahead {
		return "in " + text
	}
	return text + " ago"
}

// when is a time as the page shows it.
type when struct {
	Ago   string
	Clock string // to the millisecond, in local time
	Full  string // date and time, in local time
	Exact string // for machines
}

func newWhen(now, t time.Time) when {
	if t.IsZero() {
		return when{Ago: "never", Clock: "never", Full: "never"}
	}
	return when{
		Ago: ago(now, t), Clock: t.Local().Format("15:04:05.000"), Full: t.Local().Format("2 Jan 2006, 15:04:05"), Exact: t.UTC().Format(time.RFC3339),
	}
}

// took formats a duration in a fitting unit.
func took(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return fmt.Sprintf("%d µs", d.Microseconds())
	case d < 100*time.Millisecond:
		return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond))
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	case d < time.Minute:
		return fmt.Sprintf("%.1f s", d.Seconds())
	default:
		return fmt.Sprintf("%d min %d s", int(d.Minutes()), int(d.Seconds())%60)
	}
}

// size formats a number of bytes in a fitting unit.
func size(n int) string {
	switch {
	case n < 1<<10:
		return plural(n, "byte", "bytes")
	case n < 1<<20:
		return fmt.Sprintf("%.1f KiB", float64(n)/(1<<10))
	default:
		return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
	}
}

// statusText is an HTTP status with its name, if it has one.
func statusText(status int) string {
	if text := http.StatusText(status); text != "" {
		return fmt.Sprintf("%d %s", status, text)
	}
	return strconv.Itoa(status)
}

// first returns the first n elements of a list.
func first(n int, list []pair) []pair { return list[:min(n, len(list))] }
