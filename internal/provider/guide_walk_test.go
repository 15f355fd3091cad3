// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclwrite"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
	"github.com/avara-software/terraform-provider-avara/tools/repository"
)

// guideWalk follows a guide from top to bottom, unedited: a block of configuration
// replaces the earlier one with the same address, and commands run in between.
type guideWalk struct {
	*workspace
	document repository.Document
	blocks   map[string]string
	// output is the output of a section's commands.
	output string
	// edit, if set, makes the changes that a block asks its reader to make.
	edit func(string) string
}

func walkGuide(a *account, name string, features ...feature) *guideWalk {
	a.t.Helper()
	path := "docs/guides/" + name + ".md"
	documents := repository.Documents(a.t)
	at := slices.IndexFunc(documents, func(d repository.Document) bool { return d.Path == path })
	if at < 0 {
		a.t.Fatalf("there is no %s", path)
	}
	w := newGuide(a, features...)
	w.env = append(w.env, "TF_CLI_ARGS_destroy=-auto-approve")
	return &guideWalk{workspace: w, document: documents[at], blocks: map[string]string{"provider": "provider \"avara\" {}\n"}}
}

// follow executes the blocks under a heading of the guide.
func (g *guideWalk) follow(heading string) {
	g.t.Helper()
	g.output = ""
	rest := slices.DeleteFunc(slices.Clone(g.document.Blocks), func(b repository.Block) bool { return b.Heading != heading })
	if len(rest) == 0 {
		g.t.Fatalf("no blocks under %q", heading)
	}
	for _, block := range rest {
		text := block.Text
		if g.edit != nil {
			text = g.edit(text)
		}
		switch block.Language {
		case "terraform":
			g.declare(block.Where, text)
			continue
		case "hcl":
			writeFile(g.t, filepath.Join(g.dir, "suspended.auto.tfvars"), text)
			continue
		case "yaml": // a workflow, whose commands the guide also shows
			continue
		}
		r := g.shell("set -e\n" + text)
		g.output += r.stdout
		if r.failed {
			g.t.Fatalf("%s:\n%s\n%s", block.Where, r.stdout, tail(r.log))
		}
	}
	g.document.Blocks = slices.DeleteFunc(g.document.Blocks, func(b repository.Block) bool { return b.Heading == heading })
}

func (g *guideWalk) declare(where, text string) {
	g.t.Helper()
	file, diagnostics := hclwrite.ParseConfig([]byte(text), where, hcl.InitialPos)
	if diagnostics.HasErrors() {
		g.t.Fatalf("%s: %v", where, diagnostics)
	}
	added, _ := blocksByAddress(file.Body())
	if added["provider avara"] != "" {
		delete(g.blocks, "provider")
	}
	maps.Copy(g.blocks, added)
	writeFile(g.t, filepath.Join(g.dir, "main.tf"), requiredProviders+strings.Join(slices.Sorted(maps.Values(g.blocks)), "\n"))
}

// ended asserts that all blocks have been executed, except those under the given headings.
func (g *guideWalk) ended(except ...string) {
	g.t.Helper()
	for _, block := range g.document.Blocks {
		if !slices.Contains(except, block.Heading) {
			g.t.Errorf("%s: not followed", block.Where)
		}
	}
	if changes := g.run("plan", "-no-color", "-input=false").expectOK().stdout; !strings.Contains(changes, "No changes.") {
		g.t.Error(changes)
	}
}

func (g *guideWalk) said(want string) {
	g.t.Helper()
	if !strings.Contains(g.output, want) {
		g.t.Errorf("no %q in\n%s", want, tail(g.output))
	}
}

func TestAccGuide_people(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	g := walkGuide(a, "people")
	latest := func() emulator.Invitation {
		t.Helper()
		invitations := a.Invitations(emulator.AutoScribe)
		if len(invitations) == 0 {
			t.Fatal("nobody is invited")
		}
		return slices.MaxFunc(invitations, func(x, y emulator.Invitation) int { return x.CreatedAt.Compare(y.CreatedAt) })
	}
	hasAccess := func(id string, want bool) {
		t.Helper()
		user, ok := a.User(emulator.AutoScribe, id)
		if !ok || user.Revoked == want {
			t.Errorf("%s: %v, access is to be %v", id, user, want)
		}
	}
	mails := func(want int) {
		t.Helper()
		if got := a.Counts()[autoScribePeople.route("POST")]; got != want {
			t.Errorf("%d mails, want %d", got, want)
		}
	}

	g.follow("Invite a person")
	first := latest()
	mails(1)
	a.expectMembers(a.customer().ID, first.UserID)

	a.RejectInvitation(emulator.AutoScribe, first.ID)
	g.follow("Send the invitation again")
	mails(2)
	g.said("will be invited again")
	second := latest()
	a.expectMembers(a.customer().ID, second.UserID)
	a.AcceptInvitation(emulator.AutoScribe, second.ID)

	g.follow("Change an email address")
	mails(3)
	third := latest()
	hasAccess(second.UserID, false)
	a.expectMembers(a.customer().ID, third.UserID)
	a.AcceptInvitation(emulator.AutoScribe, third.ID)

	g.follow("Offboard a person")
	hasAccess(third.UserID, false)
	a.expectMembers(a.customer().ID)

	// Without the import, creating the new resource fails, and the error shows the import
	// block.
	a.ResetRequests()
	g.edit = func(text string) string { return strings.ReplaceAll(text, inesID, third.UserID) }
	g.declare("here", `resource "avara_autoscribe_user" "okafor" {
  email       = "ines.lind@lakeside.example"
  first_name  = "Ines"
  last_name   = "Lind"
  clinic_role = "Radiologist"
  level       = "member"
}
`)
	if refused := g.shell("terraform apply -no-color"); !refused.failed || !strings.Contains(refused.log, "id = \""+third.UserID+"\"") {
		t.Error(refused.stdout, tail(refused.log))
	}
	g.follow("Bring a person back")
	hasAccess(third.UserID, true)
	if third.Email != latest().Email || len(a.Invitations(emulator.AutoScribe)) != 3 {
		t.Error("somebody got another mail")
	}
	a.expectMembers(a.customer().ID, third.UserID)
	g.follow("See who is a member of a customer")
	g.said("avara_express_customer_user.okafor")
	g.ended()
}

func TestAccGuide_operations(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	g := walkGuide(a, "operations")
	active := func(want ...string) {
		t.Helper()
		var got []string
		for _, customer := range a.Customers() {
			if customer.IsActive {
				got = append(got, customer.Name)
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("active are %q, want %q", got, want)
		}
		a.ResetRequests()
	}
	const harbor, lakeside = "Harbor Ortho Group", "Lakeside Imaging Partners"
	g.follow("Operations")
	active(harbor, lakeside)

	g.follow("Suspend and resume one customer")
	if got := a.Counts(); got[deactivateRoute] != 2 || got[reactivateRoute] != 1 {
		t.Error(got)
	}
	active(harbor)
	mistyped := g.shell(`terraform plan -var 'suspended=["lakeside", "harbour"]'`)
	if said := strings.Join(strings.Fields(mistyped.expectOK().stdout), " "); !strings.Contains(said, "No customer has the key harbour.") {
		t.Error(said)
	}

	// A customer that is suspended before stays suspended.
	g.follow("Suspend and resume all customers")
	if got := a.Counts(); got[deactivateRoute] != 1 || got[reactivateRoute] != 1 {
		t.Error(got)
	}
	active(harbor)
	if r := g.shell("rm suspended.auto.tfvars && terraform apply"); r.failed {
		t.Fatal(r.stdout, r.log)
	}
	active(harbor, lakeside)

	g.follow("Rename a for_each key")
	g.follow("Move a customer to another state")
	if !regexp.MustCompile(`id += "cus_`).MatchString(g.output) {
		t.Error(g.output)
	}
	a.expectRequests(writes)
	g.follow("Debug a request")
	g.follow("Find drift in CI")
	a.expectRequests(writes)
	active(harbor, lakeside)
	g.ended(newerSections...)
}

func TestAccGuide_customersThatComeAndGo(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	g := walkGuide(a, "customers-that-come-and-go")
	const harbor = "cus_5d20e1f7c3b84a9690fe7a1b2c3d4e5f"
	a.AddCustomer(emulator.Customer{ID: harbor, Name: "Harbor Ortho Group"})

	g.follow("Pause and return")
	if got := a.Counts(); got[createRoute] != 2 || got[deactivateRoute] != 1 {
		t.Error(got)
	}

	g.follow("Leave")
	g.shell("terraform apply").expectOK()
	declared := g.blocks["resource avara_express_customer lakeside"]
	delete(g.blocks, "resource avara_express_customer lakeside")
	g.declare("here", "")
	if kept := g.shell("terraform plan"); !kept.failed || !strings.Contains(kept.log, "prevent") {
		t.Error("the plan may destroy the customer:", kept.stdout, tail(kept.log))
	}
	g.declare("here", declared)

	g.follow("Return after leaving")
	a.ResetRequests()
	if r := g.shell("terraform apply -no-color").expectOK(); !strings.Contains(r.stdout, "Plan: 1 to import, 0 to add, 1 to change, 0 to destroy") {
		t.Error(tail(r.stdout))
	}
	a.expectRequests(writes, reactivateRoute)

	g.follow("When the dashboard changes it")
	g.shell("terraform apply").expectOK()
	state, _ := g.state("avara_express_customer.lakeside")
	a.setActive(state["id"].(string), false)
	g.follow("In CI")
	g.said("No changes.")
	g.ended()
}
