// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

const about = `Usage: avara-emulator [flags] [command [argument…]]

Serves the Avara API from memory, on loopback only. In a browser, its address shows the
account, live, with buttons to change it behind Terraform's back and switches for faults
and dialects. With a command, runs it with AVARA_BASE_URL and AVARA_API_KEY set, ends
with it, and exits with its status.

It has Express customers and their users, AutoScribe and Viewer users and their
invitations, clinical references and ephemeral sessions. Studies and reports are not
emulated: their operations answer 501.

Flags:
`

// reference is the help on faults and dialects.
func reference() string {
	var help strings.Builder
	help.WriteString("\nFields of a fault:\n")
	for _, f := range emulator.FaultFields() {
		fmt.Fprintf(&help, "  %-22s %s: %s\n", f.Name, f.Value, f.Description)
	}
	help.WriteString("\nDialects, each with the default answer in brackets:\n")
	topic := ""
	for _, info := range emulator.AllDialects() {
		if info.Topic != topic {
			topic = info.Topic
			fmt.Fprintf(&help, "\n%s\n", topic)
		}
		fmt.Fprintf(&help, "  %-32s %s (%s)\n", info.Dialect, info.Description, info.Default)
	}
	return help.String()
}

// version is set by the release build.
var version = ""

// programVersion is the version of the release, or the module version of a build by `go
// install`.
func programVersion() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return strings.TrimPrefix(info.Main.Version, "v")
	}
	return "dev"
}
