// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
	"github.com/avara-software/terraform-provider-avara/tools/repository"
)

// The blocks of a documentation page are taken as one configuration that changes: a block
// replaces the earlier block with the same address. The configuration before each
// replacement, and the one at the end, must be valid.
func TestAccDocuments_configuration(t *testing.T) {
	t.Parallel()
	needsTerraform(t)
	for _, d := range repository.Documents(t) {
		stages := pageStages(t, d)
		if len(stages) == 0 {
			continue
		}
		t.Run(d.Path, func(t *testing.T) {
			t.Parallel()
			w := newEmptyWorkspace(newAccount(t))
			if err := os.CopyFS(filepath.Join(w.dir, "modules"), os.DirFS(filepath.Join(examples, "modules"))); err != nil {
				t.Fatal(err)
			}
			// The guide reads a file that its commands write.
			writeFile(t, filepath.Join(w.dir, "account.json"), `{"customers":{},"autoscribe":{},"viewer":{},"references":{}}`)
			for _, stage := range stages {
				w.validate(stage)
			}
		})
	}
}

// Blocks of other files, such as tests and queries, must at least be in canonical format.
func TestDocuments_format(t *testing.T) {
	t.Parallel()
	for _, d := range repository.Documents(t) {
		for _, block := range d.Blocks {
			if block.Language != "terraform" && block.Language != "hcl" {
				continue
			}
			if _, diagnostics := hclwrite.ParseConfig([]byte(block.Text), block.Where, hcl.InitialPos); diagnostics.HasErrors() {
				t.Errorf("%s: %v", block.Where, diagnostics)
			} else if formatted := string(hclwrite.Format([]byte(block.Text))); formatted != block.Text {
				t.Errorf("%s: not in canonical format, which is\n%s", block.Where, formatted)
			}
		}
	}
}

// stage is a configuration as a map from address to block.
type stage struct {
	where  string
	blocks map[string]string
}

func pageStages(t *testing.T, d repository.Document) (stages []stage) {
	t.Helper()
	current := map[string]string{}
	where := ""
	for _, block := range d.Blocks {
		if block.Language != "terraform" && block.Language != "hcl" {
			continue
		}
		file, diagnostics := hclwrite.ParseConfig([]byte(block.Text), block.Where, hcl.InitialPos)
		if diagnostics.HasErrors() {
			t.Fatalf("%s: %v", block.Where, diagnostics)
		}
		added, isConfiguration := blocksByAddress(file.Body())
		if !isConfiguration {
			continue
		}
		// The tests of the guides have stand-ins for other providers.
		maps.DeleteFunc(added, func(_, text string) bool {
			return strings.Contains(text, "restapi_object") || strings.Contains(text, "vault_kv_secret_v2")
		})
		if slices.ContainsFunc(slices.Collect(maps.Keys(added)), func(address string) bool { return current[address] != "" }) {
			stages = append(stages, stage{where, maps.Clone(current)})
		}
		maps.Copy(current, added)
		where = block.Where
	}
	if len(current) > 0 {
		stages = append(stages, stage{where, current})
	}
	return stages
}

// blocksByAddress returns false for the blocks of a test or a query.
func blocksByAddress(body *hclwrite.Body) (map[string]string, bool) {
	blocks := map[string]string{}
	for _, block := range body.Blocks() {
		if slices.Contains([]string{"run", "mock_provider", "variables", "list"}, block.Type()) {
			return nil, false
		}
		address := strings.Join(append([]string{block.Type()}, block.Labels()...), " ")
		for _, of := range []string{"to", "from"} {
			if attribute := block.Body().GetAttribute(of); attribute != nil {
				// A page shows several ways to import one object. Each replaces the
				// previous one.
				address = block.Type() + string(attribute.Expr().BuildTokens(nil).Bytes())
			}
		}
		text := string(block.BuildTokens(nil).Bytes())
		blocks[address] = text
	}
	return blocks, true
}

// signs show which features a configuration needs.
var signs = map[*regexp.Regexp]feature{
	regexp.MustCompile(`(?m)^action "`):             actions,
	regexp.MustCompile(`(?m)^import {\n  for_each`): importForEach,
	regexp.MustCompile(`(?m)^removed `):             removedBlocks,
	regexp.MustCompile(`(?m)^ephemeral `):           ephemerals,
	regexp.MustCompile(`(?m)^  ephemeral +=`):       ephemerals,
	regexp.MustCompile(`(?m)^  identity = `):        identities,
}

// validate runs terraform validate on one stage of a page.
func (w *workspace) validate(s stage) {
	w.t.Helper()
	text := strings.Join(slices.Sorted(maps.Values(s.blocks)), "\n")
	var features []feature
	for sign, needed := range signs {
		if sign.MatchString(text) {
			features = append(features, needed)
		}
	}
	w.needs(features...)
	if !strings.Contains(text, "required_providers") {
		text = requiredProviders + text
	}
	if err := os.WriteFile(filepath.Join(w.dir, "main.tf"), []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
	if strings.Contains(text, "module \"") {
		w.run("get").expectOK()
	}
	if result := w.run("validate", "-no-color"); result.failed {
		said := regexp.MustCompile(`(?m)^.*\[(?:TRACE|DEBUG|INFO)\].*\n`).ReplaceAllString(result.log, "")
		w.t.Errorf("%s: %s%s\n%s", s.where, result.stdout, said, text)
	}
}

// The documents use only subcommands and flags that Terraform has.
func TestAccDocuments_commands(t *testing.T) {
	t.Parallel()
	needsTerraform(t)
	w := newWorkspace(newAccount(t), "")
	helps := map[string]string{}
	help := func(command ...string) string {
		key := strings.Join(append(command, w.terraform), " ")
		if helps[key] == "" {
			r := w.run(append(command, "-help")...)
			helps[key] = r.stdout + r.log
		}
		return helps[key]
	}
	newer := map[string][]feature{"test": {testCommand}, "query": {queries}}
	for _, command := range repository.Commands(t) {
		words := command.Words
		at := slices.IndexFunc(words, func(word string) bool { return word == "terraform" || word == "tofu" })
		if at < 0 || at+1 == len(words) || at > 0 && !strings.Contains(strings.Join(words[:at], " "), "avara-emulator") {
			continue
		}
		words = words[at+1:]
		if strings.HasPrefix(words[0], "-") { // global options
			continue
		}
		if !w.canUse(newer[words[0]]...) {
			continue
		}
		if !regexp.MustCompile(`(?m)^  ` + regexp.QuoteMeta(words[0]) + `\b`).MatchString(help()) {
			t.Errorf("%s: there is no terraform %s", command.Where, words[0])
			continue
		}
		known := help(words[0])
		if words[0] == "apply" || words[0] == "destroy" { // they take the flags of plan too
			known += help("plan")
		}
		for _, word := range words[1:] {
			flag, _, _ := strings.Cut(word, "=")
			if flag == "-invoke" { // not in the help: TestAccGuide_operationsWithNewerVersions runs it
				continue
			}
			if strings.HasPrefix(flag, "-") && !strings.Contains(known, flag) {
				t.Errorf("%s: terraform %s has no %s", command.Where, words[0], flag)
			}
		}
	}
}

// Every complete API key in the documents is the emulator's, so that readers without an
// account can run the commands.
func TestDocuments_keys(t *testing.T) {
	t.Parallel()
	found := 0
	for _, document := range repository.Documents(t) {
		for _, key := range regexp.MustCompile(`sk_live_\w{16,}`).FindAllString(document.Text, -1) {
			if found++; key != emulator.DefaultAPIKey {
				t.Errorf("%s: the emulator does not take the key %s", document.Path, key)
			}
		}
	}
	if found == 0 {
		t.Error("no document has a key")
	}
}

// The README's table lists every resource, data source and other object of the provider.
func TestDocuments_readmeIsComplete(t *testing.T) {
	t.Parallel()
	readme := repository.Read(t, "README.md")
	p := newProtocol(t)
	schemas := p.schemas
	for folder, group := range map[string]map[string]*tfprotov6.Schema{
		"actions": p.actionSchemas(), "resources": schemas.ResourceSchemas, "data-sources": schemas.DataSourceSchemas,
		"ephemeral-resources": schemas.EphemeralResourceSchemas, "list-resources": schemas.ListResourceSchemas,
	} {
		for name := range group {
			if page := "(docs/" + folder + "/" + strings.TrimPrefix(name, "avara_") + ".md)"; !strings.Contains(readme, "[`"+name+"`]"+page) {
				t.Errorf("the README lacks [`%s`]%s", name, page)
			}
		}
	}
}

// The plan in the README is the plan of the example above it.
func TestAccDocuments_readmePlan(t *testing.T) {
	t.Parallel()
	needsTerraform(t)
	var example, plan string
	for _, block := range newReadme(t).Blocks {
		switch block.Language {
		case "terraform":
			example = block.Text
		case "text":
			plan = block.Text
		}
	}
	w := newEmptyWorkspace(newAccount(t))
	w.env = append(w.env, "AVARA_BASE_URL="+w.url, "AVARA_API_KEY="+emulator.DefaultAPIKey)
	writeFile(t, filepath.Join(w.dir, "main.tf"), example)
	w.apply().expectOK()
	writeFile(t, filepath.Join(w.dir, "main.tf"), strings.Replace(example, "active = false", "active = true", 1))
	invented := regexp.MustCompile(`cus_\w+|\d{4}-\d\d-\d\dT[\d:.]+Z`)
	shown := invented.ReplaceAllString(plan, "X")
	got := invented.ReplaceAllString(w.run("plan", "-no-color", "-input=false").expectOK().stdout, "X")
	if plan == "" || !strings.Contains(got, shown) {
		t.Errorf("the README shows\n%s\nTerraform says\n%s", shown, got)
	}
	w.ResetRequests()
	w.apply().expectOK()
	w.expectRequests(allBut(getRoute), reactivateRoute)
}

func newReadme(t *testing.T) repository.Document {
	t.Helper()
	documents := repository.Documents(t)
	at := slices.IndexFunc(documents, func(d repository.Document) bool { return d.Path == "README.md" })
	if at < 0 {
		t.Fatal("there is no README.md")
	}
	return documents[at]
}
