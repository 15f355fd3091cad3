// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// people are the users of one product.
type people struct {
	product emulator.Product
	*userKind
	// workspace makes the workspace that manages them.
	workspace func(*account, string) *workspace
}

var (
	autoScribePeople = people{emulator.AutoScribe, autoScribeUser, newWorkspace}
	viewerPeople     = people{emulator.Viewer, viewerUser, newWorkspace}
	bothProducts     = []people{autoScribePeople, viewerPeople}
	bothInProcess    = []people{autoScribePeople.inProcess(), viewerPeople.inProcess()}
)

func (p people) address() string { return "avara_" + p.typeName + ".test" }

// route is the log's name of one of the product's routes, for example "POST
// /revoke-access", or "POST" for an invitation.
func (p people) route(short string) string {
	method, path, _ := strings.Cut(short, " ")
	return method + " /v1/" + string(p.product) + "/users" + path
}

const testEmail = "Ines.Okafor@lakeside.example"

// block is the configuration of a user. Arguments of the form "name = value" are added or
// replace the default ones, and null removes an argument.
func (p people) block(arguments ...string) string {
	values := map[string]string{
		"email": `"` + testEmail + `"`, "first_name": `"Ines"`, "last_name": `"Okafor"`, "clinic_role": `"Radiologist"`, "level": `"member"`,
	}
	for _, argument := range arguments {
		name, value, _ := strings.Cut(argument, " = ")
		values[name] = value
	}
	var block strings.Builder
	fmt.Fprintf(&block, "resource \"avara_%s\" \"test\" {\n", p.typeName)
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if values[name] != "null" {
			fmt.Fprintf(&block, "  %s = %s\n", name, values[name])
		}
	}
	return block.String() + "}\n"
}

// crew is an account with users of one product, and a workspace that manages them.
type crew struct {
	*workspace
	people
}

func (p people) newCrew(t *testing.T, block string, options ...emulator.Option) *crew {
	t.Helper()
	return p.crewOf(newAccount(t, options...), block)
}

func (p people) crewOf(a *account, block string) *crew {
	a.t.Helper()
	return &crew{p.workspace(a, block), p}
}

// invited is newCrew after the first apply, which invites the person.
func (p people) invited(t *testing.T, block string, options ...emulator.Option) *crew {
	t.Helper()
	c := p.newCrew(t, block, options...)
	c.apply().expectOK()
	c.ResetRequests()
	return c
}

// joined is invited after the person has accepted and an apply has refreshed the state.
func (p people) joined(t *testing.T, block string, options ...emulator.Option) *crew {
	t.Helper()
	c := p.invited(t, block, options...)
	c.accept()
	c.apply().expectOK().expectChanges()
	c.ResetRequests()
	return c
}

// invitation returns the account's only invitation.
func (c *crew) invitation() emulator.Invitation {
	c.t.Helper()
	invitations := c.Invitations(c.product)
	if len(invitations) != 1 {
		c.t.Fatalf("%d invitations, want one", len(invitations))
	}
	return invitations[0]
}

func (c *crew) user() emulator.User {
	c.t.Helper()
	user, ok := c.User(c.product, c.invitation().UserID)
	if !ok {
		c.t.Fatal("there is no such user")
	}
	return user
}

func (c *crew) accept() {
	c.t.Helper()
	if !c.AcceptInvitation(c.product, c.invitation().ID) {
		c.t.Fatal("the invitation is not open")
	}
}

// expectWrites asserts all requests except reads, in the short form of people.route, and
// clears the log.
func (c *crew) expectWrites(want ...string) {
	c.t.Helper()
	c.expectRequests(writes, c.routes(want)...)
}

// expectEach is expectWrites including reads.
func (c *crew) expectEach(want ...string) {
	c.t.Helper()
	c.expectRequests(allBut(), c.routes(want)...)
}

func (c *crew) routes(short []string) (routes []string) {
	for _, route := range short {
		if !strings.Contains(route, " /v1/") {
			route = c.route(route)
		}
		routes = append(routes, route)
	}
	return routes
}

// bodies returns the bodies of the requests to a route.
func (c *crew) bodies(short string) []string {
	var bodies []string
	for _, request := range c.Requests() {
		if request.Route == c.route(short) {
			bodies = append(bodies, string(request.Body))
		}
	}
	return bodies
}

// expectState asserts attributes of the user in the state, and that the user is not
// tainted.
func (c *crew) expectState(want map[string]any) map[string]any {
	c.t.Helper()
	return c.expectStateOf(c.address(), want)
}

func (c *crew) expectStateOf(address string, want map[string]any) map[string]any {
	c.t.Helper()
	state, tainted := c.state(address)
	if state == nil || tainted {
		c.t.Fatalf("state %v, tainted %t", state, tainted)
	}
	for name, value := range want {
		if state[name] != value {
			c.t.Errorf("%s is %v, want %v", name, state[name], value)
		}
	}
	return state
}

func withStatus(status string) map[string]any { return map[string]any{"status": status} }
