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
	"number":   number,
	"day":      day,
	"clock":    func(t time.Time) string { return t.Local().Format("15:04:05.000") },
	"exact":    func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
	"took":     took,
	"pairs":    pairs,
	"first":    first,
	"short":    short,
	"person":   personName,
	"product":  productName,
	"customer": func(id string) string { return ask{View: "customer", ID: id, Page: 1}.URL() },
	"press":    newButton,
	"add":      func(a, b int) int { return a + b },
}

// button is a button of a row.
type button struct {
	Path  string // of the action
	ID    string // of the object
	Label string
	Whose string // name of the object, for those who hear the page
	Said  string // what to say of it when it is done
}

func newButton(path, id, label, whose, said string) button {
	return button{path, id, label, whose, said}
}

// number groups digits by three.
func number(n int) string {
	digits := strconv.Itoa(n)
	for at := len(digits) - 3; at > 0; at -= 3 {
		digits = digits[:at] + "," + digits[at:]
	}
	return digits
}

// day is the time of a change: to the second if it was today, else the date.
func day(now, t time.Time) string {
	now, t = now.Local(), t.Local()
	switch {
	case t.IsZero():
		return "never"
	case now.YearDay() == t.YearDay() && now.Year() == t.Year():
		return t.Format("15:04:05")
	default:
		return t.Format("2 Jan 2006")
	}
}

// took is a duration in the unit that fits.
func took(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return fmt.Sprintf("%d µs", d.Microseconds())
	case d < time.Second:
		return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond))
	default:
		return fmt.Sprintf("%.2f s", d.Seconds())
	}
}

// statusText is an HTTP status with its name, if it has one.
func statusText(status int) string {
	if text := http.StatusText(status); text != "" {
		return fmt.Sprintf("%d %s", status, text)
	}
	return strconv.Itoa(status)
}

// first cuts a list to its first n.
func first(n int, list []pair) []pair { return list[:min(n, len(list))] }

// short cuts a text to n characters.
func short(n int, text string) string {
	characters := []rune(text)
	if len(characters) <= n {
		return text
	}
	return string(characters[:n-1]) + "…"
}
