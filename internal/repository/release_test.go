// SPDX-License-Identifier: MPL-2.0

package repository

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/avara-software/terraform-provider-avara/internal/provider"
)

// The manifest tells the registry which protocol the provider speaks; main serves the server that is named here.
func TestReleaseManifest(t *testing.T) {
	t.Parallel()
	var manifest struct {
		Version  int
		Metadata struct {
			ProtocolVersions []string `json:"protocol_versions"`
		}
	}
	if err := json.Unmarshal([]byte(Read(t, "terraform-registry-manifest.json")), &manifest); err != nil {
		t.Fatal(err)
	}
	if server, isVersion6 := any(providerserver.NewProtocol6(provider.New("test")())()).(tfprotov6.ProviderServer); !isVersion6 {
		t.Errorf("the provider is served as %T", server)
	}
	if manifest.Version != 1 || !slices.Equal(manifest.Metadata.ProtocolVersions, []string{"6.0"}) {
		t.Errorf("the manifest is %+v", manifest)
	}
}

// What the registry asks for is in the release configuration, and the platforms that it recommends.
func TestReleaseConfiguration(t *testing.T) {
	t.Parallel()
	var lines []string
	for line := range strings.Lines(Read(t, ".goreleaser.yml")) {
		lines = append(lines, strings.TrimSpace(line))
	}
	for _, want := range []string{
		`binary: "{{ .ProjectName }}_v{{ .Version }}"`,
		`name_template: "{{ .ProjectName }}_{{ .Version }}_{{ .Os }}_{{ .Arch }}"`,
		`name_template: "{{ .ProjectName }}_{{ .Version }}_SHA256SUMS"`,
		`name_template: "{{ .ProjectName }}_{{ .Version }}_manifest.json"`,
		"- CGO_ENABLED=0", "- -trimpath", "- -s -w -X main.version={{ .Version }}",
		"- artifacts: checksum", "- artifacts: archive",
		"- darwin_amd64", "- darwin_arm64", "- linux_amd64", "- linux_arm64", "- linux_386", "- linux_arm",
		"- windows_amd64", "- windows_386", "- freebsd_amd64", "- freebsd_386", "- freebsd_arm",
	} {
		if !slices.Contains(lines, want) {
			t.Errorf(".goreleaser.yml lacks %q", want)
		}
	}
	if !strings.Contains(Read(t, "main.go"), "\nvar version = ") {
		t.Error("main.go has no variable version for -X to set")
	}
}

var archive = regexp.MustCompile(`^terraform-provider-avara_(.+)_(\w+_\w+)\.zip$`)

// What `make release-check` built is what the registry asks for, and Terraform installs the provider from it.
func TestAccRelease(t *testing.T) {
	t.Parallel()
	dist := os.Getenv("AVARA_RELEASE")
	if dist == "" {
		t.Skip("needs a release: run make release-check")
	}
	archives, version := releaseArchives(t, dist)
	if len(archives) < 2 {
		t.Errorf("archives of only %d platforms", len(archives))
	}
	sums := releaseSums(t, filepath.Join(dist, "terraform-provider-avara_"+version+"_SHA256SUMS"))
	want := []string{"terraform-provider-avara_" + version + "_manifest.json"}
	for _, file := range archives {
		checkArchive(t, file, "terraform-provider-avara_v"+version)
		want = append(want, filepath.Base(file))
	}
	slices.Sort(want)
	if got := slices.Sorted(maps.Keys(sums)); !slices.Equal(got, want) {
		t.Errorf("sums of %q, want %q", got, want)
	}
	for name, sum := range sums {
		path := filepath.Join(dist, name)
		if strings.HasSuffix(name, "_manifest.json") {
			path = filepath.Join(Root, "terraform-registry-manifest.json")
		}
		content, err := os.ReadFile(path)
		if got := sha256.Sum256(content); err != nil || hex.EncodeToString(got[:]) != sum {
			t.Errorf("%s has not the sum %s: %v", name, sum, err)
		}
	}
	platform := runtime.GOOS + "_" + runtime.GOARCH
	if archives[platform] == "" {
		t.Fatalf("no archive for %s to install from", platform)
	}
	installRelease(t, archives[platform], version)
	if emulators, err := filepath.Glob(filepath.Join(dist, "avara-emulator_"+version+"_"+platform+".*")); err != nil || len(emulators) != 1 {
		t.Errorf("archives of the emulator: %q, %v", emulators, err)
	}
}

// releaseArchives returns the provider's archives by platform, and their version.
func releaseArchives(t *testing.T, dist string) (archives map[string]string, version string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dist, "*.zip"))
	if err != nil {
		t.Fatal(err)
	}
	archives = map[string]string{}
	for _, file := range files {
		if match := archive.FindStringSubmatch(filepath.Base(file)); match != nil {
			version, archives[match[2]] = match[1], file
		}
	}
	return archives, version
}

func releaseSums(t *testing.T, path string) map[string]string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	sums := map[string]string{}
	for line := range strings.Lines(string(content)) {
		sum, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
		sums[name] = sum
	}
	return sums
}

// checkArchive asserts that an archive holds the binary and nothing unexpected.
func checkArchive(t *testing.T, path, binary string) {
	t.Helper()
	reader, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = reader.Close() })
	var names []string
	for _, file := range reader.File {
		names = append(names, strings.TrimSuffix(file.Name, ".exe"))
		if strings.HasPrefix(file.Name, binary) && file.Mode()&0o111 == 0 {
			t.Errorf("%s in %s can't be executed", file.Name, path)
		}
	}
	slices.Sort(names)
	if !slices.Equal(names, []string{"LICENSE", binary}) {
		t.Errorf("%s holds %q", path, names)
	}
}

// installRelease lets Terraform install the provider, with no registry but a folder with the archive.
func installRelease(t *testing.T, archive, version string) {
	t.Helper()
	folder := t.TempDir()
	mirror := filepath.Join(folder, "mirror", "registry.terraform.io", "avara-software", "avara")
	if err := os.MkdirAll(mirror, 0o750); err != nil {
		t.Fatal(err)
	}
	for path, content := range map[string]string{
		"main.tf": fmt.Sprintf("terraform {\n  required_providers {\n    avara = {\n      source  = %q\n      version = %q\n    }\n  }\n}\n",
			"registry.terraform.io/avara-software/avara", version), // a snapshot is installed only by its exact version
		"cli.tfrc": fmt.Sprintf("provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", filepath.Join(folder, "mirror")),
	} {
		if err := os.WriteFile(filepath.Join(folder, path), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Link(archive, filepath.Join(mirror, filepath.Base(archive))); err != nil {
		if err := os.Symlink(archive, filepath.Join(mirror, filepath.Base(archive))); err != nil {
			t.Fatal(err)
		}
	}
	for _, arguments := range [][]string{{"init", "-no-color"}, {"providers", "schema", "-json"}} {
		cmd := exec.CommandContext(context.WithoutCancel(t.Context()), os.Getenv("TF_ACC_TERRAFORM_PATH"), arguments...)
		cmd.Dir = folder
		cmd.Env = append(os.Environ(), "TF_CLI_CONFIG_FILE="+filepath.Join(folder, "cli.tfrc"))
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", arguments[0], err, out)
		}
	}
}
