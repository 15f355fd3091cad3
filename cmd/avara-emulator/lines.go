// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// lines prints whole lines and may be used by several goroutines.
type lines struct {
	mu  sync.Mutex
	out io.Writer
}

func (l *lines) print(format string, arguments ...any) {
	text := printable(fmt.Sprintf(format, arguments...))
	l.mu.Lock()
	defer l.mu.Unlock()
	fmt.Fprintln(l.out, text)
}

// printable escapes characters that a terminal would interpret, such as control characters
// and direction marks.
func printable(text string) string {
	harmless := func(r rune) bool { return unicode.IsPrint(r) || r == '\n' }
	if !strings.ContainsFunc(text, func(r rune) bool { return !harmless(r) || r == unicode.ReplacementChar }) {
		return text
	}
	var shown strings.Builder
	for i, r := range text {
		switch {
		case r == unicode.ReplacementChar && !strings.HasPrefix(text[i:], string(unicode.ReplacementChar)):
			fmt.Fprintf(&shown, `\x%02x`, text[i]) // invalid UTF-8
		case harmless(r):
			shown.WriteRune(r)
		default:
			quoted := strconv.QuoteRune(r)
			shown.WriteString(quoted[1 : len(quoted)-1])
		}
	}
	return shown.String()
}

// request prints a request: time, method, path, status, duration.
func (l *lines) request(r emulator.Request) {
	path := r.Path
	if r.Query != "" {
		path += "?" + r.Query
	}
	status := fmt.Sprint(r.Status)
	if r.Cut {
		status = "cut"
	}
	l.print("%s %-6s %s %s %s", r.Time.Format("15:04:05.000"), r.Method, path, status, r.Duration.Round(10*time.Microsecond))
}
