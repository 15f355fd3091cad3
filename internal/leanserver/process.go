// SPDX-License-Identifier: MPL-2.0

package leanserver

import (
	"os"
	"runtime/debug"
	"slices"
	"strings"
)

// Prepare makes the process of a provider lean, before it serves. address is the provider's.
func Prepare(address string) {
	silenceUnreadLogs(address)
	collectGarbageLess()
}

// silenceUnreadLogs turns the log off where nobody will see it. Terraform is sent all of it, down to TRACE, and shows what
// the variables TF_LOG and TF_LOG_PROVIDER ask for: without them nothing. Yet to write it takes a third of the provider's
// CPU time in a plan, and to read it some of Terraform's. A panic shows all the same.
func silenceUnreadLogs(address string) {
	if slices.ContainsFunc(os.Environ(), asksForLogs) {
		return
	}
	name := strings.ToUpper(address[strings.LastIndexByte(address, '/')+1:])
	for _, logger := range []string{"TF_LOG_SDK", "TF_LOG_PROVIDER_" + name} {
		_ = os.Setenv(logger, "OFF") // fails for impossible names only
	}
}

// asksForLogs counts the variables for single loggers as well.
func asksForLogs(variable string) bool {
	name, value, _ := strings.Cut(variable, "=")
	return strings.HasPrefix(name, "TF_LOG") && value != ""
}

// collectGarbageLess trades some MiB for a quarter of the CPU time: a provider lives for a short while and makes much
// garbage beside little that lasts. When it has grown large, memory comes first again.
func collectGarbageLess() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(200)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(192 << 20)
	}
}
