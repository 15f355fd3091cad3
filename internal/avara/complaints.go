// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// complaint is a text that a server sends, about a field unless that is empty.
type complaint struct{ field, text string }

// The names that are common in error bodies (RFC 9457, JSON:API, OAuth, web frameworks).
var (
	// says matches the names of texts, and of lists and objects of complaints.
	says = regexp.MustCompile(`(?i)^(?:.*(?:errors?|messages?|issues?|violations|problems?|causes|summary)|(?:error[-_]?)?(?:details?|description)|` +
		`msg|title|reasons?|fields|invalid[-_]?params|constraints|children|model_?state|validation|fault|faultstring)$`)
	// code matches what is read only where an object says nothing else.
	code = regexp.MustCompile(`(?i)^(?:error[-_]?)?code$`)
	// namesField and namesFieldOfItem are the names of members that hold the name of a
	// field, the best ones first. Outside lists, the latter are about the request or the error.
	namesField       = []string{"field", "fieldname", "property", "propertyname", "propertypath", "param", "parameter", "pointer", "loc", "instancepath", "target", "source"}
	namesFieldOfItem = []string{"path", "location", "name", "key"}
	// unread matches the names of values that were sent, which may be about people, and of
	// what is for the server's developers.
	unread = regexp.MustCompile(`(?i)^(?:.*values?|input|ctx|context|received|actual|instance|exception|debug|.*(?:stack|trace)|` +
		`.*(?:request|trace|span|correlation|error)[-_]?id|inner[-_]?error|timestamp|time|date|status(?:[-_]?code)?|meta|path|links?|.*ur[il])$`)
	// inPath matches the names in the path of a field.
	inPath = regexp.MustCompile(`[^./\[\]$#"']+`)

	separators = strings.NewReplacer("_", "", "-", "")
)

// complaintsIn returns what a decoded value says. field is what it is about, if that is
// known, and isItem reports whether it is in a list.
func complaintsIn(value any, field string, isItem bool, depth int) (found []complaint) {
	if depth == 0 {
		return nil
	}
	add := func(value any, field string, isItem bool) {
		found = append(found, complaintsIn(value, field, isItem, depth-1)...)
	}
	switch value := value.(type) {
	case string:
		var inner any
		if json.Unmarshal([]byte(value), &inner) == nil { // JSON, perhaps in a text in JSON
			add(inner, field, false)
		} else if text := printable(value, maxMessage); text != "" {
			found = []complaint{{field, text}}
		}
	case float64:
		found = []complaint{{field, fmt.Sprint(value)}}
	case []any:
		for _, item := range value[:min(len(value), maxComplaints)] {
			add(item, field, true)
		}
	case map[string]any:
		var texts, lists, fields, codes []string
		for _, name := range slices.Sorted(maps.Keys(value)) {
			_, isText := value[name].(string)
			switch {
			case unread.MatchString(name), slices.Contains(namesField, plain(name)):
			case code.MatchString(name):
				codes = append(codes, name)
			case !says.MatchString(name):
				fields = append(fields, name)
			case isText:
				texts = append(texts, name)
			default:
				lists = append(lists, name)
			}
		}
		named := fieldNamed(value, isItem)
		about := within(field, named)
		for _, name := range slices.Concat(texts, lists) {
			add(value[name], about, false)
		}
		saysNothing := len(found) == 0
		for _, name := range fields {
			_, isList := value[name].([]any)
			if named == "" && (saysNothing || isList && len(texts) == 0) {
				add(value[name], within(about, dotted(name)), false)
			}
		}
		if len(found) == 0 {
			for _, name := range codes {
				add(value[name], about, false)
			}
		}
	}
	return found
}

// fieldNamed is the field that an object names, if it names one.
func fieldNamed(object map[string]any, isItem bool) string {
	names := namesField
	if isItem {
		names = slices.Concat(namesField, namesFieldOfItem)
	}
	for _, wanted := range names {
		for name, value := range object {
			if plain(name) != wanted {
				continue
			}
			if field := dotted(value); field != "" {
				return field
			}
		}
	}
	return ""
}

// plain is a name in small letters only: invalid-params, invalid_params and invalidParams
// are the same.
func plain(name string) string {
	return strings.ToLower(separators.Replace(name))
}

// dotted is the path of a field with a dot between its names: a list of them, a JSON
// pointer, or a path as JavaScript has it.
func dotted(value any) string {
	switch value := value.(type) {
	case string:
		return printable(strings.Join(inPath.FindAllString(value, -1), "."), maxField)
	case []any:
		var names []string
		for _, name := range value {
			names = append(names, fmt.Sprint(name))
		}
		return dotted(strings.Join(names, "."))
	case map[string]any: // as in {"source": {"pointer": "/data/attributes/email"}}
		return fieldNamed(value, false)
	}
	return ""
}

// within is the path of a field of another one. Some servers give it whole, others from
// there on.
func within(outer, field string) string {
	switch {
	case outer == "" || strings.HasPrefix(field+".", outer+"."):
		return field
	case field == "":
		return outer
	}
	return outer + "." + field
}
