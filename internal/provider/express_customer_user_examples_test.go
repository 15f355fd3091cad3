// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// Each import of the examples takes over the membership and adds no member.
func TestAccExamples_membershipImport(t *testing.T) {
	t.Parallel()
	const folder = "resources/" + membershipType
	configuration := `resource "avara_express_customer_user" "ines" {
  express_customer_id = "` + lakesideID + `"
  user_id             = "` + inesID + `"
}
`
	existing := func(t *testing.T, blocks string) *workspace {
		t.Helper()
		a := newStaff(t)
		a.EditCustomer(lakesideID, func(c *emulator.Customer) { c.Members = []string{inesID} })
		return newWorkspace(a, configuration+blocks)
	}
	for _, file := range []string{"import-by-string-id.tf", "import-by-identity.tf"} {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			w := existing(t, example(t, folder, file))
			if strings.Contains(file, "identity") {
				w.needs(identities)
			}
			w.apply().expectOK().expect("warning", "Membership is not verified", "-replace")
			w.expectRequests(allBut(getRoute))
			w.plan().expectOK().expectChanges()
		})
	}
	t.Run("import command", func(t *testing.T) {
		t.Parallel()
		w := existing(t, "")
		w.run(strings.Fields(example(t, folder, "import.sh"))[1:]...).expectOK()
		w.plan().expectOK().expectChanges()
		w.expectRequests(allBut(getRoute))
	})
}

// One apply creates the example account, and one destroy removes it.
func TestAccExamples_account(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	w := newWorkspace(a, "")
	w.env = append(w.env, "AVARA_BASE_URL="+a.url, "AVARA_API_KEY="+emulator.DefaultAPIKey)
	if err := os.Remove(filepath.Join(w.dir, "main.tf")); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(w.dir, os.DirFS(filepath.Join(examples, "account"))); err != nil {
		t.Fatal(err)
	}
	if format := w.run("fmt", "-check", "-diff"); format.failed {
		t.Errorf("not in canonical format:\n%s", format.stdout)
	}
	w.apply().expectOK().expectQuiet()
	members := 0
	for _, c := range a.Customers() {
		members += len(c.Members)
	}
	invited := len(a.Invitations(emulator.AutoScribe)) + len(a.Invitations(emulator.Viewer))
	if customers, references := len(a.Customers()), len(a.References()); customers != 2 || invited != 5 || members != 7 || references != 20 {
		t.Errorf("%d customers, %d invitations, %d memberships, %d references", customers, invited, members, references)
	}
	w.plan().expectOK().expectQuiet().expectChanges()
	w.destroy().expectOK()
	for _, c := range a.Customers() {
		if c.IsActive || len(c.Members) > 0 {
			t.Errorf("left over: %+v", c)
		}
	}
}
