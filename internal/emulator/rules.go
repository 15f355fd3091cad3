// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Limits of metadata, from the vendor documentation of Express customers. For
// clinical references it states the number of pairs only; that the lengths are
// the same is our assumption.
const (
	metadataPairs       = 50
	metadataKeyLength   = 100
	metadataValueLength = 1000
)

// nameLength bounds names and external ids. The vendor states no maximum, this
// one is our assumption.
const nameLength = 255

// textRule says what is wrong with a text, or nothing.
type textRule func(text string) (complaint string)

// length asks for a number of Unicode characters.
func length(shortest, longest int) textRule {
	return func(text string) string {
		if n := utf8.RuneCountInString(text); n < shortest || n > longest {
			return fmt.Sprintf("must have %d to %d characters, not %d", shortest, longest, n)
		}
		return ""
	}
}

// oneOf asks for one of a few values.
func oneOf(values []string) textRule {
	return func(text string) string {
		if !slices.Contains(values, text) {
			return "must be one of " + strings.Join(values, ", ")
		}
		return ""
	}
}

// matching asks for a pattern, described in words.
func matching(pattern *regexp.Regexp, description string) textRule {
	return func(text string) string {
		if !pattern.MatchString(text) {
			return "must be " + description
		}
		return ""
	}
}

// identifier asks for an id with a prefix.
func identifier(prefix string) textRule {
	return func(text string) string {
		if !isID(prefix, text) {
			return fmt.Sprintf("must be %q and 32 hexadecimal digits", prefix)
		}
		return ""
	}
}

// objectName is the rule for the names of customers and clinical references.
func objectName(d dialects) textRule {
	return func(text string) string { return length(1, nameLength)(storedName(d, text)) }
}

// storedName returns a name in the form in which it is kept.
func storedName(d dialects, name string) string {
	if d[NamesTrimmed] {
		return strings.TrimSpace(name)
	}
	return name
}

// metadata reads the field of that name, a flat map of strings within the
// limits.
func (f *fields) metadata(need presence) field[map[string]string] {
	const name = "metadata"
	pairs := read[map[string]json.RawMessage](f, name, need, "an object")
	if !pairs.present || pairs.null {
		return field[map[string]string]{present: pairs.present, null: pairs.null}
	}
	metadata := make(map[string]string, len(pairs.value))
	for _, key := range slices.Sorted(maps.Keys(pairs.value)) {
		var value *string
		if json.Unmarshal(pairs.value[key], &value) != nil || value == nil {
			f.complain(name+"."+key, "must be a string")
			value = new(string)
		}
		metadata[key] = *value
	}
	for _, issue := range metadataIssues(metadata) {
		f.complain(issue.Field, issue.Message)
	}
	return field[map[string]string]{present: true, value: metadata}
}

// metadataIssues says which limits a metadata map exceeds.
func metadataIssues(metadata map[string]string) (issues []issue) {
	const name = "metadata"
	if len(metadata) > metadataPairs {
		issues = append(issues, issue{name, fmt.Sprintf("must have at most %d pairs, not %d", metadataPairs, len(metadata))})
	}
	for _, key := range slices.Sorted(maps.Keys(metadata)) {
		if complaint := length(1, metadataKeyLength)(key); complaint != "" {
			issues = append(issues, issue{name, fmt.Sprintf("key %q %s", key, complaint)})
		}
		if complaint := length(0, metadataValueLength)(metadata[key]); complaint != "" {
			issues = append(issues, issue{name + "." + key, complaint})
		}
	}
	return issues
}

// checkPairs looks at the number of pairs that a merge led to.
func checkPairs(metadata map[string]string) error {
	if len(metadata) > metadataPairs {
		return fieldProblem("metadata", "must have at most %d pairs, not %d", metadataPairs, len(metadata))
	}
	return nil
}

// changeMetadata returns what a metadata field in a PATCH makes of the stored
// map, which it leaves alone.
func changeMetadata(d dialects, stored map[string]string, sent field[map[string]string]) map[string]string {
	switch {
	case !sent.present:
		return stored
	case sent.null:
		return nil
	case d[PatchMetadataMerges]:
		merged := make(map[string]string, len(stored)+len(sent.value))
		maps.Copy(merged, stored)
		maps.Copy(merged, sent.value)
		return merged
	default:
		return sent.value
	}
}
