// SPDX-License-Identifier: MPL-2.0

// Command install copies a provider that was built from a clone to a folder where
// Terraform and OpenTofu find it, and prints the configuration to use. `make install` runs
// it with the paths of the provider and of the emulator. With the argument -uninstall it
// removes the copies, as `make uninstall` does.
package main

import (
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"

	api "github.com/avara-software/terraform-provider-avara/internal/emulator"
	"github.com/avara-software/terraform-provider-avara/tools/mirror"
)

func main() {
	if err := run(os.Stdout, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "install:", err)
		os.Exit(1)
	}
}

func run(out io.Writer, arguments []string) error {
	folder, err := mirror.Default()
	if err != nil {
		return err
	}
	if slices.Equal(arguments, []string{"-uninstall"}) {
		return uninstall(out, folder)
	}
	if len(arguments) != 2 {
		return fmt.Errorf("want the paths of the provider and the emulator, or -uninstall, not %q", arguments)
	}
	changelog, err := os.ReadFile("CHANGELOG.md")
	if err != nil {
		return err
	}
	return install(out, folder, arguments[0], arguments[1], newestMinor(string(changelog)), time.Now())
}

// install adds the provider to the mirror, unless it is there already.
//
// Each build gets a version of its own: the lock file contains the checksum of a version,
// and `init` rejects another build with the same version. The patch number is the time in
// UTC, so that `init -upgrade` selects the newest build.
func install(out io.Writer, folder mirror.Folder, provider, emulator, minor string, now time.Time) error {
	version, err := folder.Version(provider)
	if err != nil {
		return err
	}
	done := "This build is installed already, as version " + version
	if version == "" {
		version = minor + "." + now.UTC().Format("20060102150405")
		if err := folder.Add(provider, version); err != nil {
			return err
		}
		done = "Installed the provider as version " + version
	}
	places := folder.Places()
	_, err = fmt.Fprintf(out, text, done, places[0], places[1], minor, folder, address, emulator, api.DefaultAPIKey)
	return err
}

// uninstall removes all versions of the provider from the mirror.
func uninstall(out io.Writer, folder mirror.Folder) error {
	removed, err := folder.Remove()
	if err != nil {
		return err
	}
	if len(removed) == 0 {
		_, err = fmt.Fprintf(out, "The provider is not installed in %s.\n", folder)
		return err
	}
	_, err = fmt.Fprintf(out, uninstalled, strings.Join(removed, "\n  "))
	return err
}

const uninstalled = `Removed all versions of the provider:

  %s

The next "terraform init" or "tofu init" asks the registry. Run it with -upgrade in folders that used an installed version.
`

// address is the emulator's default address.
const address = "127.0.0.1:8787"

const text = `%s, in the folders that Terraform and OpenTofu search before they ask a registry:

  %s
  %s

Write into your configuration:

  terraform {
    required_providers {
      avara = {
        source  = "avara-software/avara"
        version = "~> %s.0"
      }
    }
  }

  provider "avara" {}

Then run "terraform init" or "tofu init", with -upgrade in a folder that used an earlier build. If your CLI
configuration has a provider_installation block, it needs a filesystem_mirror with this path:

  %s

To undo this, run "make uninstall" in this folder.

No Avara account? Start the emulator of its API in another terminal. Its page shows the account, at
http://%[6]s/:

  %[7]s

and in this terminal:

  export AVARA_BASE_URL="http://%[6]s"
  export AVARA_API_KEY="%[8]s"
`

var release = regexp.MustCompile(`(?m)^## \[(\d+\.\d+)\.\d+\]`)

// newestMinor returns the major and minor version ("1.2") of the newest release in the
// changelog, or of the first release if there is none yet.
func newestMinor(changelog string) string {
	if newest := release.FindStringSubmatch(changelog); newest != nil {
		return newest[1]
	}
	return "0.1"
}
