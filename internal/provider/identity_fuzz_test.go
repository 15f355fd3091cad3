// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"net/url"
	"strings"
	"testing"
)

// An import id that passes the check needs no escaping as a path segment.
func FuzzImportIDs(f *testing.F) {
	const hex = "9f2c4b7a10de4e63b85f0c21a7d3e964"
	for _, id := range []string{
		"", "cus_" + hex, "usr_" + strings.ToUpper(hex), "ref_" + hex + "\n", "cus_" + hex + "/..", " cus_" + hex, "cus_" + hex[1:], "cus_\x00", "external:",
		"cus_" + hex + "/usr_" + hex, "cus_" + hex + "/usr_" + hex + "/..", "/usr_" + hex, "ines.okafor@lakeside.example",
	} {
		f.Add(id)
	}
	f.Fuzz(func(t *testing.T, id string) {
		for _, form := range []idForm{customerID, userID, referenceID} {
			if form.pattern.MatchString(id) && (len(id) != 36 || url.PathEscape(id) != id || !strings.HasPrefix(id, form.prefix)) {
				t.Errorf("%q passed for %s", id, form)
			}
		}
		if both := parseMembershipID(id); both.isWellFormed() &&
			(len(id) != 73 || id != both.ExpressCustomerID.ValueString()+"/"+both.UserID.ValueString()) {
			t.Errorf("%q passed for a membership", id)
		}
	})
}
