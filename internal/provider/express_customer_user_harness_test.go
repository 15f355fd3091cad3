// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

const (
	addMemberRoute    = "POST /v1/express/{expressCustomerId}/users"
	removeMemberRoute = "DELETE /v1/express/{expressCustomerId}/users"
	membershipType    = "avara_express_customer_user"
	membershipAddress = membershipType + ".test"
	inesID, tomID     = "usr_3b71e0c95a244fd8a6e1947c02bd58f3", "usr_d80c6f2be7914a35bc02fe915a47d3e6"
)

// membership is the configuration of a membership of Ines in Lakeside. Arguments of the
// form "name = value" are added or replace the default ones.
func membership(arguments ...string) string {
	values := map[string]string{"express_customer_id": `"` + lakesideID + `"`, "user_id": `"` + inesID + `"`}
	for _, argument := range arguments {
		name, value, _ := strings.Cut(argument, " = ")
		values[name] = value
	}
	block := fmt.Sprintf("resource %q \"test\" {\n", membershipType)
	for name, value := range values {
		block += fmt.Sprintf("  %s = %s\n", name, value)
	}
	return block + "}\n"
}

// newStaff is an account with two customers and two users who have accepted.
func newStaff(t *testing.T, dialects ...emulator.Dialect) *account {
	t.Helper()
	a := newClinic(t, dialects...)
	for _, id := range []string{inesID, tomID} {
		a.addUser(emulator.AutoScribe, id)
	}
	return a
}

func (a *account) addUser(product emulator.Product, id string) {
	a.AddUser(product, emulator.User{ID: id, Person: emulator.Person{
		Email: id + "@lakeside.example", FirstName: "Ines", LastName: "Okafor", ClinicRole: "Radiologist", Level: "member",
	}})
}

func (a *account) setActive(customer string, active bool) {
	a.EditCustomer(customer, func(c *emulator.Customer) { c.IsActive = active })
}

// expectMembers asserts the members of a customer, in any order.
func (a *account) expectMembers(customer string, want ...string) {
	a.t.Helper()
	c, _ := a.Customer(customer)
	got := slices.Sorted(slices.Values(c.Members))
	slices.Sort(want)
	if !slices.Equal(got, want) {
		a.t.Errorf("members %q, want %q", got, want)
	}
}
