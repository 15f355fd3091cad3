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

// silenceUnreadLogs turns logging off where nobody will see it. Terraform receives every line, down to TRACE, and shows only
// what the variables TF_LOG and TF_LOG_PROVIDER ask for. Writing the lines takes a third of the provider's CPU time in a
// plan, and reading them some of Terraform's. A panic is shown all the same.
func silenceUnreadLogs(address string) {
	if slices.ContainsFunc(os.Environ(), asksForLogs) {
		return
	}
	for _, logger := range loggers(address) {
		_ = os.Setenv(logger, "OFF") // fails for impossible names only
	}
}

// loggers are the variables of the loggers that every call makes. The subsystems have their own, since one that is only
// silent because its parent is still builds the fields of every line.
func loggers(address string) []string {
	name := strings.ToUpper(address[strings.LastIndexByte(address, '/')+1:])
	return []string{"TF_LOG_SDK", "TF_LOG_SDK_FRAMEWORK", "TF_LOG_SDK_PROTO", "TF_LOG_PROVIDER_" + name}
}

// asksForLogs counts the variables of single loggers as well.
func asksForLogs(variable string) bool {
	name, value, _ := strings.Cut(variable, "=")
	return strings.HasPrefix(name, "TF_LOG") && value != ""
}

// collectGarbageLess trades memory for CPU time: a provider lives for a short while and makes much garbage beside little
// that lasts. There is no limit of memory: where what lasts comes near to one, the collector takes most of the time.
func collectGarbageLess() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(200)
	}
}
