// SPDX-License-Identifier: MPL-2.0

package repository

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
)

const action = ".github/actions/avara-emulator"

// Inputs of a caller's workflow are never inserted into a script's text, and each input
// reaches the scripts as a variable.
func TestActionInputs(t *testing.T) {
	t.Parallel()
	text := Read(t, action+"/action.yml")
	inputs, steps, _ := strings.Cut(text, "\nruns:\n")
	for _, line := range regexp.MustCompile(`(?m)^.*\brun: .*$`).FindAllString(steps, -1) {
		if strings.Contains(line, "${{") {
			t.Errorf("%q inserts its input into a script", strings.TrimSpace(line))
		}
	}
	for _, input := range regexp.MustCompile(`(?m)^  (\w+):$`).FindAllStringSubmatch(inputs, -1) {
		if !strings.Contains(steps, "${{ inputs."+input[1]+" }}") {
			t.Errorf("no step uses the input %s", input[1])
		}
	}
}

// The documents pin one version of the emulator: the newest one in the changelog.
func TestPinnedEmulator(t *testing.T) {
	t.Parallel()
	newest := ""
	for _, heading := range regexp.MustCompile(`(?m)^## \[(\d[^\]]*)\]`).FindAllStringSubmatch(Read(t, "CHANGELOG.md"), 1) {
		newest = heading[1]
	}
	pins := regexp.MustCompile(`avara-emulator[@:]v?(\d[\w.-]*)|(?m)^ +version: (\d[\w.-]*)$`)
	found := 0
	for _, d := range Documents(t) {
		for _, pin := range pins.FindAllStringSubmatch(d.Text, -1) {
			found++
			version := pin[1] + pin[2]
			if newest == "" {
				newest = version // before the first release
			}
			if version != newest {
				t.Errorf("%s pins %q, not version %s", d.Path, pin[0], newest)
			}
		}
	}
	if found < 5 {
		t.Errorf("found only %d pins", found)
	}
}

// gh replaces GitHub's program: its download is the archive that the test made, and logs
// its arguments.
const gh = `#!/bin/sh
echo "$*" >>"$ASKED"
case $1 in
release) cp "$ARCHIVE" . ;;
attestation) test -z "$FORGED" ;;
esac
`

// The action's scripts install an emulator and run commands with it. They reject a forged
// archive.
func TestActionScripts(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		t.Skip("simulates a GitHub runner with Linux on amd64")
	}
	folder := t.TempDir()
	archive := filepath.Join(folder, "avara-emulator_1.2.3_linux_amd64.tar.gz")
	execute(t, "go", "build", "-o", filepath.Join(folder, "avara-emulator"), Root+"/cmd/avara-emulator")
	execute(t, "tar", "-czf", archive, "-C", folder, "avara-emulator")
	bin := filepath.Join(folder, "bin")
	if err := os.Mkdir(bin, 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(bin, "gh"), []byte(gh), 0o700); err != nil { //nolint:gosec // has to be executed
		t.Fatal(err)
	}
	asked, paths := filepath.Join(folder, "asked"), filepath.Join(folder, "paths")
	runner := []string{
		"PATH=" + bin + string(filepath.ListSeparator) + os.Getenv("PATH"), "ARCHIVE=" + archive, "ASKED=" + asked,
		"RUNNER_OS=Linux", "RUNNER_ARCH=X64", "RUNNER_TEMP=" + t.TempDir(), "GITHUB_PATH=" + paths, "VERSION=v1.2.3",
	}
	if out, ok := script(t, append(runner, "FORGED=1"), "install.sh"); ok {
		t.Errorf("a forged archive was installed: %s", out)
	}
	if out, ok := script(t, append(runner, "RUNNER_ARCH=X86"), "install.sh"); ok || !strings.Contains(out, "::error::there is no avara-emulator for X86") {
		t.Errorf("for another processor: %s", out)
	}
	if out, ok := script(t, runner, "install.sh"); !ok {
		t.Fatal(out)
	}
	installed, err := os.ReadFile(paths)
	if err != nil || strings.Count(string(installed), "\n") != 1 {
		t.Fatalf("added to the PATH: %q, %v", installed, err)
	}
	const repository = " --repo avara-software/terraform-provider-avara"
	for _, want := range []string{
		"release download v1.2.3" + repository + " --pattern avara-emulator_1.2.3_linux_amd64.tar.gz",
		"attestation verify avara-emulator_1.2.3_linux_amd64.tar.gz" + repository,
	} {
		if calls, err := os.ReadFile(asked); err != nil || !strings.Contains(string(calls), want) {
			t.Errorf("gh was asked %s, not %q, %v", calls, want, err)
		}
	}

	runner = append(runner, "PATH="+strings.TrimSpace(string(installed))+string(filepath.ListSeparator)+os.Getenv("PATH"))
	out, ok := script(t, append(runner, "FLAGS=-api-key\nit's \"mine\"\n\n-dialect\nerror-text\n", "RUN=echo \"$AVARA_API_KEY\"\ncase $AVARA_BASE_URL in http://127.*) echo served ;; esac"), "run.sh")
	if !ok || !strings.Contains(out, "it's \"mine\"\nserved\n") {
		t.Errorf("the commands printed %q", out)
	}
	if out, ok := script(t, append(runner, "FLAGS=", "RUN=false | true\necho went on"), "run.sh"); ok || strings.Contains(out, "went on") {
		t.Errorf("after a failure the commands printed %q", out)
	}
}

// script runs a script of the action, and returns its output and whether it succeeded.
func script(t *testing.T, environment []string, name string) (out string, ok bool) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "bash", filepath.Join(Root, action, name))
	cmd.Env = append(os.Environ(), environment...)
	text, err := cmd.CombinedOutput()
	return string(text), err == nil
}

func execute(t *testing.T, command ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), command[0], command[1:]...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(command, " "), err, out)
	}
}
