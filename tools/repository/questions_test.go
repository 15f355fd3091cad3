// SPDX-License-Identifier: MPL-2.0

package repository

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Questions of users, and the heading that answers each. The README links to all of them.
var questions = []struct{ question, page, heading string }{
	{"How do I suspend one customer?", "guides/operations", "Suspend and resume one customer"},
	{"How do I suspend all customers?", "guides/operations", "Suspend and resume all customers"},
	{"How do I resume a customer?", "guides/operations", "Suspend and resume one customer"},
	{"What can users do while their customer is inactive?", "guides/operations", "What users can do while a customer is inactive"},
	{"How do I rename a customer?", "guides/operations", "Rename a customer"},
	{"What about two customers of the same name?", "index", "Two customers of the same name"},
	{"How do I import a customer of which I know the name?", "guides/adopt-existing-account", "Import one object by its name"},
	{"How do I import 200 customers?", "guides/adopt-existing-account", "Import a whole account"},
	{"How do I rename a for_each key?", "guides/operations", "Rename a for_each key"},
	{"How do I move a customer to another state?", "guides/operations", "Move a customer to another state"},
	{"How do I split a state?", "guides/operations", "Split a state"},
	{"How do I stop managing an object?", "guides/operations", "Stop managing an object"},
	{"How do I protect a customer?", "guides/operations", "Protect a customer from destroy"},
	{"How do I give all objects the same metadata?", "index", "The same metadata on all objects"},
	{"How do I leave metadata alone that another system writes?", "index", "Metadata that others write"},
	{"How do I invite somebody?", "guides/people", "Invite a person"},
	{"How do I send an invitation again?", "guides/people", "Send the invitation again"},
	{"How do I change somebody's email address?", "guides/people", "Change an email address"},
	{"How do I offboard somebody?", "guides/people", "Offboard a person"},
	{"How do I bring somebody back?", "guides/people", "Bring a person back"},
	{"Who is a member of a customer?", "guides/people", "See who is a member of a customer"},
	{"How do I find drift in CI?", "guides/operations", "Find drift in CI"},
	{"How do I rotate the API key?", "guides/operations", "Rotate the API key"},
	{"How do I keep the API key in Vault?", "guides/operations", "Read the API key from Vault"},
	{"What does the API key need?", "index", "What the API key needs"},
	{"How do I use a proxy or a CA of my own?", "guides/operations", "Proxy and private certificate authority"},
	{"What happens at a rate limit, and why is my plan slow?", "guides/operations", "Rate limits and slow plans"},
	{"What do I do after a crash?", "guides/operations", "After a crash or a kill"},
	{"How do I see what is sent?", "guides/operations", "Debug a request"},
	{"What is in the state?", "guides/operations", "What is in the state"},
	{"How do I upgrade?", "index", "Versions and upgrades"},
	{"Does it work with OpenTofu?", "index", "Terraform and OpenTofu versions"},
	{"How do I run it in HCP Terraform?", "index", "Remote runs"},
	{"How do I test without an account?", "guides/test-your-modules-offline", "With the emulator"},
	{"Why not a generic REST provider?", "guides/coming-from-a-generic-rest-provider", "Side by side"},
}

func TestQuestions(t *testing.T) {
	t.Parallel()
	readme := Read(t, "README.md")
	for _, q := range questions {
		t.Run(q.question, func(t *testing.T) {
			page := "docs/" + q.page + ".md"
			if link := "(" + page + "#" + anchorOf(q.heading) + ")"; !strings.Contains(readme, link) {
				t.Errorf("the README does not link to %s", link)
			}
			text, err := os.ReadFile(filepath.Join(Root, filepath.FromSlash(page)))
			if err != nil {
				t.Fatal(err)
			}
			if !hasHeading(newDocument(page, string(text)), q.heading) {
				t.Errorf("%s has no heading %q", page, q.heading)
			}
		})
	}
}

// hasHeading reports whether a document has exactly this heading.
func hasHeading(d Document, heading string) bool {
	for _, match := range headingLine.FindAllStringSubmatch(d.Prose, -1) {
		if strings.ReplaceAll(match[1], "`", "") == heading {
			return true
		}
	}
	return false
}
