// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"archive/zip"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// personal are the names, addresses and numbers of all people in the tests, in lower case.
var personal = []string{
	"lakeside.example", "okafor", "adaeze", "mbbs", "lind\"", "3125550147", "31-2555", "1674829308", "wilhelmina", "dr. quist",
}

// checkPrivacy checks the output of a command: it must not contain the key, and the
// provider's log must not contain personal data. Terraform's own log is not checked. Every
// test with a workspace calls this.
func (w *workspace) checkPrivacy(r *run) {
	w.t.Helper()
	if strings.Contains(r.stdout+r.log, emulator.DefaultAPIKey) {
		w.t.Error("the key was printed")
	}
	for entry := range providerLog(r.log) {
		if name := namesSomebody(entry); name != "" {
			w.t.Errorf("the provider logs %q: %s", name, entry)
		}
	}
}

func namesSomebody(text string) string {
	text = strings.ToLower(text)
	for _, name := range personal {
		if strings.Contains(text, name) {
			return name
		}
	}
	return ""
}

var logEntry = regexp.MustCompile(`^\d{4}-\d\d-\d\dT`)

// providerLog yields the log entries of the provider. An entry may have several lines.
func providerLog(log string) func(func(string) bool) {
	return func(yield func(string) bool) {
		ours := false
		for line := range strings.Lines(log) {
			if logEntry.MatchString(line) {
				ours = strings.Contains(line, "provider.terraform-provider-avara")
			} else if !strings.HasPrefix(line, "  ") {
				ours = false
			}
			if ours && !yield(line) {
				return
			}
		}
	}
}

// checkFiles checks the files that Terraform writes: states, their backups and plans. A
// plan contains the configuration, and so a key that is written there: Terraform does
// that.
func (w *workspace) checkFiles() {
	w.t.Helper()
	files, err := filepath.Glob(filepath.Join(w.dir, "*"))
	if err != nil {
		w.t.Fatal(err)
	}
	for _, file := range files {
		if info, err := os.Stat(file); err != nil || info.IsDir() || filepath.Ext(file) == ".tf" {
			continue
		}
		for name, content := range unpacked(w.t, file) {
			if strings.Contains(content, emulator.DefaultAPIKey) && !strings.HasPrefix(name, "tfconfig/") {
				w.t.Errorf("the key is in %s %s", filepath.Base(file), name)
			}
		}
	}
}

// unpacked returns the content of a file, or of each file in an archive.
func unpacked(t *testing.T, file string) map[string]string {
	t.Helper()
	if archive, err := zip.OpenReader(file); err == nil {
		defer func() { _ = archive.Close() }()
		contents := map[string]string{}
		for _, packed := range archive.File {
			reader, err := packed.Open()
			if err != nil {
				t.Fatal(err)
			}
			content, err := io.ReadAll(reader)
			if err != nil {
				t.Fatal(err)
			}
			contents[packed.Name] = string(content)
		}
		return contents
	}
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return map[string]string{"": string(content)}
}

// The key appears neither in the log nor in Terraform's output and files. Personal data
// appears in no log line or error of the provider, whichever requests fail.
func TestAccPrivacy(t *testing.T) {
	t.Parallel()
	p := autoScribePeople
	person := []string{`middle_name = "Adaeze"`, `suffix1 = "MBBS"`, `phone_number = "3125550147"`, `npi_number = "1674829308"`}
	others := customerConfig("Harriet Pseudonym Imaging", `metadata = { contact = "Wilhelmina" }`) +
		referenceOf("referring_provider", "Dr. Quist", `metadata = { phone = "3125550147" }`, "express_customer_id = "+address+".id") +
		membership("express_customer_id = "+address+".id", "user_id = "+p.address()+".id")
	w := newWorkspace(newAccount(t), "")
	c := &crew{w, p}
	// The key comes from the environment, as recommended, and is therefore not in a plan.
	w.env = append(w.env, "TF_LOG=TRACE", "AVARA_BASE_URL="+w.url, "AVARA_API_KEY="+emulator.DefaultAPIKey)
	configure := func(arguments ...string) {
		writeFile(t, filepath.Join(w.dir, "main.tf"), requiredProviders+others+p.block(append(person, arguments...)...))
	}
	var logs, said strings.Builder
	note := func(r *run) *run {
		logs.WriteString(r.log)
		for _, d := range r.diagnostics {
			fmt.Fprintln(&said, d.Summary, d.Detail)
		}
		return r
	}
	// refused makes the API reject requests to one route with a body that quotes the
	// request. The form of the body alternates.
	forms := []func(string) string{
		func(quote string) string { return `{"message":"` + quote + `"}` },
		func(quote string) string { return `{"errors":[{"field":"phoneNumber","message":"` + quote + `"}]}` },
		strings.ToUpper,
	}
	refused := func(status int, route, quote string, args ...string) {
		repair := w.AddFault(emulator.Fault{Route: route, Status: status, Body: forms[0](quote)})
		note(w.apply(args...)).expectFailed()
		repair()
		forms = append(forms[1:], forms[0])
	}
	user := testEmail + ", Ines Adaeze Okafor MBBS, 3125550147, 1674829308"

	configure(`clinic_role = "Seer"`)
	refused(422, createRoute, "Harriet Pseudonym Imaging of Wilhelmina")
	refused(409, createReferenceRoute, "Dr. Quist, 3125550147") // the clinic role is rejected too
	configure(`phone_number = "31-2555-0147"`)
	note(w.plan()).expectFailed()
	configure()
	for _, status := range []int{400, 409, 422} {
		refused(status, p.route("POST"), user)
	}
	w.AddInvitation(p.product, emulator.Invitation{ID: "inv_1", Person: emulator.Person{Email: testEmail}})
	note(w.apply()).expectFailed().expect("error", "Unable to invite "+p.object(), "import {")
	w.RemoveInvitation(p.product, "inv_1")
	note(w.plan("-out=plan")).expectOK()
	repair := w.AddFault(emulator.Fault{Route: p.route("GET /invitations"), Status: 403, Body: user})
	note(w.apply("plan")).expectOK().expect("warning", p.object()+" was invited, but the invitation was not found")
	repair()
	refused(400, p.route("GET /invitations"), user)
	w.RejectInvitation(p.product, c.invitation().ID)
	note(w.plan()).expectOK()
	note(w.plan("-destroy")).expectOK()
	w.EditInvitation(p.product, c.invitation().ID, func(i *emulator.Invitation) { i.Status = "sent" })
	configure(`last_name = "Okafor-Lind"`)
	refused(422, p.route("PATCH /invitations/{invitationId}"), user)
	w.AcceptInvitation(p.product, c.invitation().ID)
	refused(409, p.route("PATCH /{userId}"), user)
	refused(403, p.route("GET /{userId}"), user)
	configure("active = false")
	refused(500, p.route("POST /revoke-access"), user)
	note(w.run("import", "-no-color", "-input=false", "avara_autoscribe_user.other", testEmail))
	refused(400, p.route("POST /revoke-access"), user, "-destroy")
	note(w.destroy()).expectOK()

	kept := ""
	for _, file := range []string{"plan", "terraform.tfstate", "terraform.tfstate.backup"} {
		for name, content := range unpacked(t, filepath.Join(w.dir, file)) {
			kept += content
			if strings.Contains(content, emulator.DefaultAPIKey) {
				t.Errorf("the key is in %s %s", file, name)
			}
		}
	}
	for _, sign := range []string{"Avara API answered", "/v1/autoScribe/users", "diagnostic_detail"} {
		if !strings.Contains(logs.String(), sign) {
			t.Errorf("%q is missing: is it the right log?", sign)
		}
	}
	if name := namesSomebody(said.String()); name != "" {
		t.Errorf("an error contains %q:\n%s", name, said.String())
	}
	if !strings.Contains(kept, "1674829308") || !strings.Contains(said.String(), "(email)") {
		t.Error("the state or the errors were not looked at")
	}
	expectPrivateStateNamesNobody(t, filepath.Join(w.dir, "terraform.tfstate.backup"))
}

// expectPrivateStateNamesNobody checks that the provider's private state contains no
// personal data.
func expectPrivateStateNamesNobody(t *testing.T, file string) {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var state struct {
		Resources []struct {
			Type      string
			Instances []struct{ Private string }
		}
	}
	if err := json.Unmarshal(content, &state); err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, r := range state.Resources {
		for _, instance := range r.Instances {
			private, err := base64.StdEncoding.DecodeString(instance.Private)
			if err != nil {
				t.Fatal(err)
			}
			found += len(private)
			if name := namesSomebody(string(private)); name != "" && strings.HasSuffix(r.Type, "_user") {
				t.Errorf("%q in the private state: %s", name, private)
			}
		}
	}
	if found == 0 {
		t.Error("there is no private state")
	}
}
