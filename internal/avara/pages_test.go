// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"strings"
	"testing"
)

const list = "GET /express"

func page(rest string, ids ...string) answer {
	var items []string
	for _, id := range ids {
		items = append(items, `{"expressCustomerId":"`+id+`"}`)
	}
	return answer{status: 200, body: `{"expressCustomers":[` + strings.Join(items, ",") + `]` + rest + `}`}
}

func TestListings(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		answers []answer
		ids     string
		err     string
	}{
		"one page":                        {[]answer{page(`,"hasMore":false`, "a", "b")}, "a b", ""},
		"cursor left out ends":            {[]answer{page(`,"hasMore":true`, "a")}, "a", ""},
		"hasMore false ends":              {[]answer{page(`,"hasMore":false,"cursor":"c"`, "a")}, "a", ""},
		"nulls end":                       {[]answer{page(`,"hasMore":null,"cursor":null`, "a")}, "a", ""},
		"empty page ends":                 {[]answer{page(`,"cursor":"c"`, "a"), page(`,"cursor":"d"`)}, "a", ""},
		"three pages, one object twice":   {[]answer{page(`,"hasMore":true,"cursor":"1"`, "a", "b"), page(`,"cursor":"2"`, "b", "c"), page(``, "d")}, "a b c d", ""},
		"a repeated cursor is an error":   {[]answer{page(`,"hasMore":true,"cursor":"1"`, "a")}, "a", "never end"},
		"an answer of another kind":       {[]answer{{status: 200, body: `{"users":[]}`}}, "", "expressCustomers"},
		"items of the wrong type":         {[]answer{{status: 200, body: `{"expressCustomers":[3]}`}}, "", "expressCustomers"},
		"a failure in the middle ends it": {[]answer{page(`,"hasMore":true,"cursor":"1"`, "a"), status(403)}, "a", "403"},
		"transient failures are repeated": {[]answer{status(503), page(``, "a")}, "a", ""},
	} {
		t.Run(name, func(t *testing.T) {
			scripted(t, map[string][]answer{list: tc.answers}, func(t *testing.T, c *Client, _ *script) {
				var ids []string
				var err error
				for item, e := range c.ExpressCustomers(t.Context()) {
					if err = e; err != nil {
						break
					}
					ids = append(ids, item.ID)
				}
				if strings.Join(ids, " ") != tc.ids {
					t.Errorf("ids %v, want %s", ids, tc.ids)
				}
				if tc.err == "" && err != nil || tc.err != "" && (err == nil || !strings.Contains(err.Error(), tc.err)) {
					t.Errorf("error %v, want %q", err, tc.err)
				}
			})
		})
	}
}

func TestAStoppedListingFetchesNoFurtherPage(t *testing.T) {
	scripted(t, map[string][]answer{list: {page(`,"hasMore":true,"cursor":"1"`, "a", "b")}}, func(t *testing.T, c *Client, s *script) {
		for _, err := range c.ExpressCustomers(t.Context()) {
			if err != nil {
				t.Error(err)
			}
			break
		}
		s.expectSent("GET /express")
	})
}
