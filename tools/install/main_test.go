// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/avara-software/terraform-provider-avara/tools/mirror"
	"github.com/avara-software/terraform-provider-avara/tools/repository"
)

func TestInstall(t *testing.T) {
	t.Parallel()
	folder := mirror.Folder(t.TempDir())
	provider := filepath.Join(t.TempDir(), "provider")
	build := func(content string) {
		t.Helper()
		if err := os.WriteFile(provider, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	now := time.Date(2026, 10, 31, 7, 8, 9, 0, time.FixedZone("", 3600))
	firstLine := func() string {
		t.Helper()
		var out bytes.Buffer
		if err := install(&out, folder, provider, "/bin/avara-emulator", "0.1", now); err != nil {
			t.Fatal(err)
		}
		line, _, _ := strings.Cut(out.String(), ", in the")
		return line
	}
	build("first")
	if got := firstLine(); got != "Installed the provider as version 0.1.20261031060809" {
		t.Error(got)
	}
	now = now.Add(time.Hour)
	if got := firstLine(); got != "This build is installed already, as version 0.1.20261031060809" {
		t.Error(got)
	}
	build("second")
	if got := firstLine(); got != "Installed the provider as version 0.1.20261031070809" {
		t.Error(got)
	}
}

// Uninstalling removes all versions of this provider, and nothing of others.
func TestUninstall(t *testing.T) {
	t.Parallel()
	folder := mirror.Folder(t.TempDir())
	write := func(path string) string {
		t.Helper()
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, nil, 0o600)); err != nil {
			t.Fatal(err)
		}
		return path
	}
	exists := func(path string) bool {
		_, err := os.Stat(path)
		return err == nil
	}
	terraform, tofu := folder.Places()[0], folder.Places()[1]
	write(filepath.Join(terraform, "0.1.0", "provider"))
	write(filepath.Join(terraform, "0.1.1", "provider"))
	write(filepath.Join(tofu, "0.1.1", "provider"))
	other := write(filepath.Join(filepath.Dir(filepath.Dir(terraform)), "hashicorp", "random"))

	var out bytes.Buffer
	if err := uninstall(&out, folder); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), terraform) || !strings.Contains(out.String(), tofu) {
		t.Error(out.String())
	}
	for path, want := range map[string]bool{filepath.Dir(terraform): false, filepath.Dir(filepath.Dir(tofu)): false, other: true} {
		if exists(path) != want {
			t.Errorf("%s exists: %t", path, !want)
		}
	}
	out.Reset()
	if err := uninstall(&out, folder); err != nil || !strings.HasPrefix(out.String(), "The provider is not installed") {
		t.Error(err, out.String())
	}
}

func TestNewestMinor(t *testing.T) {
	t.Parallel()
	for changelog, want := range map[string]string{
		"## [Unreleased]\n": "0.1",
		"## [Unreleased]\n\n## [1.12.3] - 2026-10-31\n\n## [1.11.0] - 2026-10-01\n": "1.12",
	} {
		if got := newestMinor(changelog); got != want {
			t.Errorf("%q: %q, want %q", changelog, got, want)
		}
	}
}

// The documents require the versions that `make install` creates.
func TestDocumentedVersion(t *testing.T) {
	t.Parallel()
	want := "~> " + newestMinor(repository.Read(t, "CHANGELOG.md")) + ".0"
	for _, path := range []string{"README.md", "docs/guides/getting-started.md", "docs/index.md"} {
		constraints := regexp.MustCompile(`version += "([^"]+)"`).FindAllStringSubmatch(repository.Read(t, path), -1)
		if len(constraints) == 0 {
			t.Errorf("%s has no version", path)
		}
		for _, constraint := range constraints {
			if constraint[1] != want {
				t.Errorf("%s has the version %q, want %q", path, constraint[1], want)
			}
		}
	}
}

// TestAccInstall follows the guide "Getting started" after a clone: it installs with make,
// and executes the guide's blocks on the emulator, with each installed Terraform and
// OpenTofu. At the end it undoes the installation as the output of make says.
func TestAccInstall(t *testing.T) {
	t.Parallel()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("runs Terraform: set TF_ACC=1")
	}
	if _, err := exec.LookPath("make"); err != nil {
		t.Skip("needs make: ", err)
	}
	home := t.TempDir()
	env := append(goEnvironment(t), "HOME="+home, "XDG_DATA_HOME=", "APPDATA="+home)
	said := command(t, repository.Root, env, "make", "-s", "install", "BIN="+filepath.Join(t.TempDir(), "bin"))
	guide := repository.Read(t, "docs/guides/getting-started.md")
	written := said[strings.Index(said, "  terraform {"):strings.Index(said, "Then run")]
	if configuration := strings.TrimSpace(strings.ReplaceAll(written, "\n  ", "\n")); !strings.Contains(guide, configuration) {
		t.Errorf("Getting started has not the configuration that make prints:\n%s", configuration)
	}
	emulator := regexp.MustCompile(`(?m)^  (.*avara-emulator\S*)$`).FindStringSubmatch(said)
	if emulator == nil {
		t.Fatalf("no path of the emulator in\n%s", said)
	}
	if help := command(t, home, env, emulator[1], "-help"); !strings.Contains(help, address) {
		t.Errorf("the emulator does not listen on %s:\n%s", address, help)
	}
	t.Run("programs", func(t *testing.T) { // returns when all have ended
		for _, program := range programs(t) {
			t.Run(filepath.Base(filepath.Dir(program))+" "+filepath.Base(program), func(t *testing.T) {
				t.Parallel()
				applyInstalled(t, program, emulator[1], env)
			})
		}
	})
	undo := regexp.MustCompile(`(?m)^To undo this, run "(make \w+)" in this folder\.$`).FindStringSubmatch(said)
	if undo == nil {
		t.Fatalf("it does not say how to undo the installation:\n%s", said)
	}
	removed := command(t, repository.Root, env, "sh", "-c", undo[1])
	folders := regexp.MustCompile(`(?m)^  (`+regexp.QuoteMeta(home)+`.*avara)$`).FindAllStringSubmatch(said, -1)
	if len(folders) != 2 {
		t.Errorf("it names %d folders, want 2:\n%s", len(folders), said)
	}
	for _, folder := range folders {
		if _, err := os.Stat(folder[1]); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(removed, folder[1]) {
			t.Errorf("%s: %v\n%s", folder[1], err, removed)
		}
	}
}

// applyInstalled installs the provider from the mirror and follows the guide.
func applyInstalled(t *testing.T, program, emulator string, env []string) {
	t.Helper()
	folder := t.TempDir()
	if err := os.Symlink(program, filepath.Join(folder, "terraform")); err != nil {
		t.Fatal(err)
	}
	env = append(slices.Clip(env), "PATH="+folder+string(os.PathListSeparator)+os.Getenv("PATH"),
		"TF_CLI_ARGS_apply=-no-color -auto-approve", "TF_CLI_ARGS_destroy=-no-color -auto-approve")
	const apply = "terraform apply\n"
	declared := section(t, "3. Declare a customer", "terraform")
	write := func(configuration string) string {
		return "cat >main.tf <<'END'\n" + configuration + "END\n"
	}
	// The guide shows only the resource where it changes.
	before, _, _ := strings.Cut(declared, "resource ")
	inactive := before + section(t, "4. Deactivate it, and reactivate it", "terraform")
	story := "set -e\n" + write(declared) + section(t, "3. Declare a customer", "shell") +
		write(inactive) + apply +
		write(strings.Replace(inactive, "active = false", "active = true", 1)) + apply +
		"terraform plan -input=false -detailed-exitcode\n" +
		section(t, "6. Clean up", "shell")
	out := command(t, folder, env, emulator, "sh", "-c", story)
	for _, want := range []string{
		"avara-software/avara v0.1.20", "Resources: 1 added", "active     = true -> false", "active     = false -> true",
		"No changes.", "Resources: 1 destroyed",
	} {
		if !strings.Contains(strings.Join(strings.Fields(out), " "), strings.Join(strings.Fields(want), " ")) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
}

// section returns the one block of a language under a heading of the guide.
func section(t *testing.T, heading, language string) string {
	t.Helper()
	var found []string
	for _, document := range repository.Documents(t) {
		for _, block := range document.Blocks {
			if document.Path == "docs/guides/getting-started.md" && block.Heading == heading && block.Language == language {
				found = append(found, block.Text)
			}
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d blocks of %s under %q", len(found), language, heading)
	}
	return found[0]
}

// programs are the paths of Terraform and OpenTofu for the tests.
func programs(t *testing.T) (paths []string) {
	t.Helper()
	built, err := filepath.Glob(filepath.Join(repository.Root, ".tools", "opentofu-*", "tofu"))
	if err != nil {
		t.Fatal(err)
	}
	names := append(slices.Clone(built), "tofu", os.Getenv("TF_ACC_TERRAFORM_PATH"), os.Getenv("TF_ACC_TERRAFORM_NEWEST_PATH"))
	for _, name := range names {
		path, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		if path, err = filepath.Abs(path); err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(paths, path) {
			paths = append(paths, path)
		}
	}
	if len(paths) == 0 {
		t.Fatal("there is no Terraform and no OpenTofu: set TF_ACC_TERRAFORM_PATH")
	}
	return paths
}

// goEnvironment is the environment with the caches of Go, which would otherwise depend on
// HOME, and without Terraform's variables of the caller.
func goEnvironment(t *testing.T) []string {
	t.Helper()
	env := slices.DeleteFunc(os.Environ(), func(entry string) bool {
		return strings.HasPrefix(entry, "TF_") || strings.HasPrefix(entry, "AVARA_") || strings.HasPrefix(entry, "MAKE")
	})
	keys := []string{"GOCACHE", "GOMODCACHE", "GOPATH", "GOPROXY", "GOSUMDB", "GOTOOLCHAIN"}
	values := strings.Split(command(t, ".", env, "go", append([]string{"env"}, keys...)...), "\n")
	for i, key := range keys {
		env = append(env, key+"="+values[i])
	}
	return append(env, "CHECKPOINT_DISABLE=1", "TF_CLI_ARGS=-no-color")
}

func command(t *testing.T, folder string, env []string, name string, arguments ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, arguments...)
	cmd.Dir, cmd.Env = folder, env
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(arguments, " "), err, out)
	}
	return string(out)
}
