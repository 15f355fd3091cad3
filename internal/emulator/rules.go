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

// Limits of metadata, from the vendor documentation of Express customers. For clinical
// references it documents only the number of pairs. We assume the same lengths.
const (
	metadataPairs       = 50
	metadataKeyLength   = 100
	metadataValueLength = 1000
)

// nameLength is the maximum length of names and external ids, in characters. The vendor
// documents none, so this is our assumption.
const nameLength = 255

// textRule returns what is wrong with a text, or "".
type textRule func(text string) (complaint string)

// length requires a number of Unicode characters.
func length(shortest, longest int) textRule {
	return func(text string) string {
		if n := utf8.RuneCountInString(text); n < shortest || n > longest {
			return fmt.Sprintf("must have %d to %d characters, not %d", shortest, longest, n)
		}
		return ""
	}
}

// oneOf requires one of the given values.
func oneOf(values []string) textRule {
	return func(text string) string {
		if !slices.Contains(values, text) {
			return "must be one of " + strings.Join(values, ", ")
		}
		return ""
	}
}

// matching requires a match of the pattern, which the description explains.
func matching(pattern *regexp.Regexp, description string) textRule {
	return func(text string) string {
		if !pattern.MatchString(text) {
			return "must be " + description
		}
		return ""
	}
}

// identifier requires an id with the prefix.
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

// storedName returns the form in which a name is stored.
func storedName(d dialects, name string) string {
	if d[NamesTrimmed] {
		return strings.TrimSpace(name)
	}
	return name
}

// metadata reads a field that is a flat map of strings within the limits.
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

// metadataIssues returns the limits that a metadata map exceeds.
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

// checkPairs checks the number of pairs after a merge.
func checkPairs(metadata map[string]string) error {
	if len(metadata) > metadataPairs {
		return fieldProblem("metadata", "must have at most %d pairs, not %d", metadataPairs, len(metadata))
	}
	return nil
}

// changeMetadata returns the stored map changed by the metadata field of a PATCH. It does
// not modify the stored map.
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
