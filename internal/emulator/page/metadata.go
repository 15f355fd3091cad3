// SPDX-License-Identifier: MPL-2.0

package page

import (
	"fmt"
	"strings"
)

// readPairs reads the rows of the metadata form. A row without a key is none.
// Texts that were not touched are stored as they were, since a browser sends
// every line break as CRLF.
func readPairs(keys, values []string, stored map[string]string) (map[string]string, error) {
	if len(keys) != len(values) {
		return nil, fmt.Errorf("the form has %d keys and %d values", len(keys), len(values))
	}
	metadata := map[string]string{}
	for i, key := range keys {
		if key == "" && values[i] == "" {
			continue
		}
		if key == "" {
			return nil, fmt.Errorf("the value %q has no key", short(40, values[i]))
		}
		key, value := asStored(key, values[i], stored)
		if _, taken := metadata[key]; taken {
			return nil, fmt.Errorf("the key %q is there twice", short(40, key))
		}
		metadata[key] = value
	}
	if len(metadata) == 0 {
		return nil, nil
	}
	return metadata, nil
}

// asStored returns the pair in the form in which it is or will be stored.
func asStored(key, value string, stored map[string]string) (storedKey, storedValue string) {
	for k, v := range stored {
		if !sameLines(k, key) {
			continue
		}
		if sameLines(v, value) {
			return k, v
		}
		return k, unixLines(value)
	}
	return unixLines(key), unixLines(value)
}

func sameLines(a, b string) bool { return unixLines(a) == unixLines(b) }

func unixLines(text string) string {
	return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
}
