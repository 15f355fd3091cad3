// SPDX-License-Identifier: MPL-2.0

package leanserver

import (
	"os"
	"runtime/debug"
	"slices"
	"strings"
)

// Prepare reduces the CPU time of a provider's process. It must be called before the
// provider is served. address is the provider's address.
func Prepare(address string) {
	silenceUnreadLogs(address)
	collectGarbageLess()
}

// silenceUnreadLogs disables logging if nobody reads the log. Terraform receives every
// line, down to TRACE, and shows only the levels in TF_LOG and TF_LOG_PROVIDER. Writing
// the lines takes a third of the provider's CPU time in a plan, and reading them takes CPU
// time of Terraform. A panic is still shown.
func silenceUnreadLogs(address string) {
	if slices.ContainsFunc(os.Environ(), asksForLogs) {
		return
	}
	for _, logger := range loggers(address) {
		_ = os.Setenv(logger, "OFF") // fails only for invalid names
	}
}

// loggers are the variables of the loggers that every call creates. Subsystem loggers have
// variables of their own: a subsystem that is only silent because of its parent would
// still build the fields of every line.
func loggers(address string) []string {
	name := strings.ToUpper(address[strings.LastIndexByte(address, '/')+1:])
	return []string{"TF_LOG_SDK", "TF_LOG_SDK_FRAMEWORK", "TF_LOG_SDK_PROTO", "TF_LOG_PROVIDER_" + name}
}

// asksForLogs reports whether a variable enables logs, also those of a single logger.
func asksForLogs(variable string) bool {
	name, value, _ := strings.Cut(variable, "=")
	return strings.HasPrefix(name, "TF_LOG") && value != ""
}

// collectGarbageLess trades memory for CPU time: a provider runs for a short time and
// allocates much more than it keeps. There is no memory limit: if the live heap came near
// to it, the collector would take most of the CPU time.
func collectGarbageLess() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(200)
	}
}
