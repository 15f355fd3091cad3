// SPDX-License-Identifier: MPL-2.0

// Package mirror installs the provider in a filesystem mirror, from which Terraform and
// OpenTofu install providers without a registry.
package mirror

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
)

// registries are the default hosts of `source = "avara-software/avara"`: the first for
// Terraform, the second for OpenTofu.
var registries = []string{"registry.terraform.io", "registry.opentofu.org"}

const source = "avara-software/avara"

// Folder is a filesystem mirror.
type Folder string

// Default returns the mirror that both programs search before the registry, unless their
// CLI configuration has a provider_installation block: the folder "plugins" in Terraform's
// data directory. HashiCorp documents it under "Implied Local Mirror Directories", and
// OpenTofu supports it too. Both programs also search ~/.terraform.d/plugins. But if
// ~/.terraform.d exists, OpenTofu ignores credentials in XDG_CONFIG_HOME, so nothing here
// creates it.
func Default() (Folder, error) { return implied(runtime.GOOS, os.Getenv) }

func implied(goos string, getenv func(string) string) (Folder, error) {
	var parts []string
	switch home, data := getenv("HOME"), getenv("XDG_DATA_HOME"); {
	case goos == "windows":
		parts = []string{getenv("APPDATA"), "HashiCorp", "Terraform"}
	case goos == "darwin":
		parts = []string{home, "Library", "Application Support", "io.terraform"}
	case filepath.IsAbs(data): // the XDG specification says to ignore relative paths
		parts = []string{data, "terraform"}
	default:
		parts = []string{home, ".local", "share", "terraform"}
	}
	if !filepath.IsAbs(parts[0]) {
		return "", errors.New("no home directory: set HOME, or APPDATA on Windows")
	}
	return Folder(filepath.Join(append(parts, "plugins")...)), nil
}

// Add copies a provider's binary into the mirror, as a version for this platform.
func (f Folder) Add(binary, version string) error {
	content, err := os.ReadFile(binary)
	if err != nil {
		return err
	}
	for _, path := range f.paths(version) {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil { //nolint:gosec // not secret
			return err
		}
		if err := os.WriteFile(path, content, 0o755); err != nil { //nolint:gosec // has to be executed
			return err
		}
	}
	return nil
}

// Remove removes all versions of the provider, and the folders above them that are then
// empty. It returns the folders that contained versions.
func (f Folder) Remove() (removed []string, err error) {
	for _, place := range f.Places() {
		if _, err := os.Stat(place); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err := os.RemoveAll(place); err != nil {
			return removed, err
		}
		removed = append(removed, place)
		// The folders of the namespace and of the registry: os.Remove keeps one that is not empty.
		namespace := filepath.Dir(place)
		_ = os.Remove(namespace)
		_ = os.Remove(filepath.Dir(namespace))
	}
	return removed, nil
}

// Version returns the version of the mirror that holds the same binary for both registries, or "".
func (f Folder) Version(binary string) (string, error) {
	want, err := os.ReadFile(binary)
	if err != nil {
		return "", err
	}
	versions, err := os.ReadDir(f.Places()[0])
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	for _, version := range slices.Backward(versions) {
		same := !slices.ContainsFunc(f.paths(version.Name()), func(path string) bool {
			content, err := os.ReadFile(path)
			return err != nil || !bytes.Equal(content, want)
		})
		if same {
			return version.Name(), nil
		}
	}
	return "", nil
}

// Places are the folders that contain the versions.
func (f Folder) Places() (places []string) {
	for _, registry := range registries {
		places = append(places, filepath.Join(string(f), registry, filepath.FromSlash(source)))
	}
	return places
}

// paths are the paths of a version's binary, in the layout that HashiCorp calls
// "unpacked".
func (f Folder) paths(version string) (paths []string) {
	name := "terraform-provider-avara_v" + version
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	for _, place := range f.Places() {
		paths = append(paths, filepath.Join(place, version, runtime.GOOS+"_"+runtime.GOARCH, name))
	}
	return paths
}
