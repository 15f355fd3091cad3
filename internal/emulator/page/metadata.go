// SPDX-License-Identifier: MPL-2.0

package page

import (
	"fmt"
	"maps"
	"net/url"
	"strings"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// pairForm edits the metadata of a customer.
type pairForm struct {
	Rows    []pairRow
	Version string
	Error   string // about the pairs as a whole
	Changed []detail
	Back    string
}

// pairRow is one pair of the form.
type pairRow struct {
	pair
	ID    string // id of the row in the page
	Error string
}

// spareRows are the empty rows for new pairs.
const spareRows = 2

func (s *screen) pairForm(c emulator.Customer) pairForm {
	f := pairForm{Version: version(c.Metadata), Back: s.Back()}
	rows := pairs(c.Metadata)
	sent := s.Form.of("customers/metadata")
	if sent.Action != "" {
		rows = nil
		for i, key := range sent.Values["key"] {
			rows = append(rows, pair{key, sent.Values["value"][i]})
		}
		f.Error, f.Changed = sent.Errors["pairs"], sent.Changed
		if len(f.Changed) == 0 {
			f.Version = sent.Values.Get("version")
		}
	} else {
		rows = append(rows, make([]pair, spareRows)...)
	}
	for i, row := range rows {
		id := fmt.Sprint("pair-", i)
		f.Rows = append(f.Rows, pairRow{row, id, sent.Errors[id]})
	}
	return f
}

func (p *page) setMetadata(sent url.Values) (emulator.Edit, error) {
	return p.editCustomer(sent.Get("id"), func(c *emulator.Customer) error {
		metadata, err := readPairs(sent["key"], sent["value"], c.Metadata)
		switch {
		case err != nil:
			return err
		case maps.Equal(metadata, c.Metadata):
			return errSame
		case sent.Get("version") != "" && sent.Get("version") != version(c.Metadata):
			return rejected{changed: pairDifferences(c.Metadata, metadata)}
		}
		c.Metadata = metadata
		return nil
	})
}

// readPairs reads the rows of the form. It skips rows without key and value. Unedited
// texts keep their stored form, since browsers send every line break as CRLF.
func readPairs(keys, values []string, stored map[string]string) (map[string]string, error) {
	if len(keys) != len(values) {
		return nil, fmt.Errorf("The form has %d keys and %d values.", len(keys), len(values)) //nolint:staticcheck,revive // shown as a sentence
	}
	metadata := map[string]string{}
	wrong := map[string]string{}
	for i, key := range keys {
		if key == "" && values[i] == "" {
			continue
		}
		key, value := asStored(key, values[i], stored)
		if complaint := checkPair(key, value, metadata); complaint != "" {
			wrong[fmt.Sprint("pair-", i)] = complaint
		}
		metadata[key] = value
	}
	if len(wrong) == 0 {
		if err := (emulator.Customer{Name: "x", Metadata: metadata}).Check(); err != nil {
			wrong["pairs"] = "The " + err.Error() + "."
		}
	}
	if len(wrong) > 0 {
		return nil, rejected{fields: wrong}
	}
	if len(metadata) == 0 {
		return nil, nil
	}
	return metadata, nil
}

// checkPair returns what is wrong with a pair among others, "" if nothing.
func checkPair(key, value string, others map[string]string) string {
	if key == "" {
		return "This value has no key."
	}
	if _, taken := others[key]; taken {
		return "This key is there twice."
	}
	err := (emulator.Customer{Name: "x", Metadata: map[string]string{key: value}}).Check()
	if err == nil {
		return ""
	}
	_, rule, _ := strings.Cut(err.Error(), " must ")
	if strings.HasPrefix(err.Error(), "metadata: key") {
		return "The key must " + rule + "."
	}
	return "The value must " + rule + "."
}

// asStored returns the pair in the form in which it is or will be stored.
func asStored(key, value string, stored map[string]string) (storedKey, storedValue string) {
	for k, v := range stored {
		if !sameText(key, k) {
			continue
		}
		if sameText(value, v) {
			return k, v
		}
		return k, unixLines(value)
	}
	return unixLines(key), unixLines(value)
}
