// SPDX-License-Identifier: MPL-2.0

package repository

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
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

// The manifest declares the protocol version to the registry. It must be that of the
// provider server, which main serves.
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

// The release configuration has what the registry requires, and the platforms that it
// recommends.
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

// The output of `make release-check` meets the registry's requirements, and Terraform
// installs the provider from it.
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
		checkArchive(t, unzip(t, file), file, "terraform-provider-avara_v"+version)
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
	emulators, err := filepath.Glob(filepath.Join(dist, "avara-emulator_"+version+"_*"))
	if err != nil || len(emulators) != len(archives) {
		t.Errorf("archives of the emulator: %q, %v", emulators, err)
	}
	for _, file := range emulators {
		files := untar
		if filepath.Ext(file) == ".zip" {
			files = unzip
		}
		checkArchive(t, files(t, file), file, "avara-emulator")
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

// archived is a file in an archive.
type archived struct {
	name    string
	mode    fs.FileMode
	content []byte
}

func unzip(t *testing.T, path string) (files []archived) {
	t.Helper()
	reader, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = reader.Close() })
	for _, file := range reader.File {
		content, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, readArchived(t, content, file.FileInfo()))
	}
	return files
}

func untar(t *testing.T, path string) (files []archived) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	unpacked, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	for reader := tar.NewReader(unpacked); ; {
		header, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return files
		}
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, readArchived(t, reader, header.FileInfo()))
	}
}

func readArchived(t *testing.T, content io.Reader, info fs.FileInfo) archived {
	t.Helper()
	text, err := io.ReadAll(content)
	if err != nil {
		t.Fatal(err)
	}
	return archived{info.Name(), info.Mode(), text}
}

// checkArchive asserts that an archive contains the binary, the licences of all modules in
// the binary, and nothing else.
func checkArchive(t *testing.T, files []archived, path, binary string) {
	t.Helper()
	var names []string
	var program *buildinfo.BuildInfo
	licenses := ""
	for _, file := range files {
		name := strings.TrimSuffix(file.name, ".exe")
		names = append(names, name)
		switch name {
		case binary:
			var err error
			if program, err = buildinfo.Read(bytes.NewReader(file.content)); err != nil || file.mode&0o111 == 0 {
				t.Errorf("%s in %s can't be executed: %v, %v", file.name, path, file.mode, err)
			}
		case "THIRD_PARTY_LICENSES.txt":
			licenses = string(file.content)
			fallthrough
		default:
			if file.mode.Perm() != 0o644 {
				t.Errorf("%s in %s has the mode %v", file.name, path, file.mode)
			}
		}
	}
	slices.Sort(names)
	want := []string{"LICENSE", "THIRD_PARTY_LICENSES.txt", binary}
	slices.Sort(want)
	if !slices.Equal(names, want) || program == nil {
		t.Fatalf("%s holds %q", path, names)
	}
	parts := []string{"The Go standard library " + program.GoVersion}
	for _, module := range program.Deps {
		parts = append(parts, module.Path+" "+module.Version)
	}
	for _, part := range parts {
		if !strings.Contains(licenses, "\n"+part+"\n===") {
			t.Errorf("%s lacks the licence of %s", path, part)
		}
	}
}

// installRelease makes Terraform install the provider from a folder with the archive,
// without a registry.
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
