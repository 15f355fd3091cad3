// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// query reads query parameters. It collects all errors, and records which filters are set.
// Unknown parameters are ignored, and an empty value counts as absent, since some vendor
// SDKs send null as an empty value.
type query struct {
	values  url.Values
	issues  []issue
	filters []string
}

// readQuery parses the query of the request.
func (c *call) readQuery() (*query, error) {
	values, err := url.ParseQuery(c.request.URL.RawQuery)
	if err != nil {
		return nil, newProblem(malformed, "the query string cannot be read: %v", err)
	}
	return &query{values: values}, nil
}

func (q *query) complain(name, message string) {
	q.issues = append(q.issues, issue{Field: name, Message: message})
}

func (q *query) problem() error {
	if len(q.issues) > 0 {
		return &problem{kind: invalid, issues: q.issues}
	}
	return nil
}

// has reports whether the parameter is present, even if it is empty.
func (q *query) has(name string) bool { return q.values.Has(name) }

// text reads a filter and checks it with the rule; "" if it is absent.
func (q *query) text(name string, rule textRule) string {
	if q.has(name) {
		q.filters = append(q.filters, name+"="+strings.Join(q.values[name], ","))
	}
	value := q.values.Get(name)
	if value == "" {
		return ""
	}
	if complaint := rule(value); complaint != "" {
		q.complain(name, complaint)
	}
	return value
}

// anyText is the rule for free text.
func anyText(string) string { return "" }

// flag reads a boolean filter; nil if it is absent.
func (q *query) flag(name string) *bool {
	value, err := strconv.ParseBool(q.text(name, oneOf([]string{"true", "false"})))
	if err != nil {
		return nil
	}
	return &value
}

// list reads a filter with several values. They are joined by commas, as by the vendor
// SDKs, or given in parameters of the same name, with or without the brackets that some
// clients append to the name of a list.
func (q *query) list(name string, allowed []string) []string {
	var values []string
	joined := strings.Join(slices.Concat(q.values[name], q.values[name+"[]"]), ",")
	if joined != "" {
		values = strings.Split(joined, ",")
	}
	for _, value := range values {
		if !slices.Contains(allowed, value) {
			q.complain(name, fmt.Sprintf("%q is not one of %s", value, strings.Join(allowed, ", ")))
		}
	}
	if q.has(name) || q.has(name+"[]") {
		q.filters = append(q.filters, name+"="+joined)
	}
	return values
}

// date reads a filter of the form YYYY-MM-DD as the start of that day in UTC; the zero
// time if it is absent.
func (q *query) date(name string) time.Time {
	text := q.text(name, anyText)
	if text == "" {
		return time.Time{}
	}
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		q.complain(name, "must be a date of the form YYYY-MM-DD")
	}
	return day
}

var wholeNumber = regexp.MustCompile(`^[0-9]{1,9}(\.0+)?$`)

// limit reads the page size. Some vendor SDKs send 20 as 20.0.
func (q *query) limit() int {
	text := q.values.Get("limit")
	if text == "" {
		return defaultPageSize
	}
	number, _, _ := strings.Cut(text, ".")
	limit, err := strconv.Atoi(number)
	if !wholeNumber.MatchString(text) || err != nil || limit < 1 || limit > largestPage {
		q.complain("limit", fmt.Sprintf("must be a whole number from 1 to %d", largestPage))
	}
	return limit
}

// offset reads the cursor of a list with offset cursors. All filters must have been read
// before.
func (q *query) offset() int {
	var cursor offsetCursor
	q.cursor(&cursor, &cursor.Filters)
	if cursor.Offset < 0 {
		q.complain("cursor", "is not one that this list has returned")
	}
	return cursor.Offset
}

// cursor reads a cursor, and rejects one that was made with other filters. All filters
// must have been read before. It reports whether there is a cursor.
func (q *query) cursor(cursor any, filters *string) bool {
	text := q.values.Get("cursor")
	if text == "" {
		return false
	}
	switch {
	case !decodeCursor(text, cursor):
		q.complain("cursor", "is not one that this list has returned")
	case *filters != "" && *filters != q.fingerprint():
		q.complain("cursor", "belongs to a query with other filters")
	}
	return true
}

// fingerprint identifies the set of filters; "" if there are none.
func (q *query) fingerprint() string {
	if len(q.filters) == 0 {
		return ""
	}
	filters := slices.Sorted(slices.Values(q.filters))
	sum := sha256.Sum256([]byte(strings.Join(filters, "&")))
	return hex.EncodeToString(sum[:8])
}
