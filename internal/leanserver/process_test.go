// SPDX-License-Identifier: MPL-2.0

package leanserver

import (
	"os"
	"testing"
)

func TestLogsAreSilencedUnlessAskedFor(t *testing.T) {
	for _, test := range []struct {
		variable, value string
		silenced        bool
	}{
		{"TF_LOG", "", true},
		{"TF_LOG", "INFO", false},
		{"TF_LOG_PROVIDER", "TRACE", false},
		{"TF_LOG_SDK_FRAMEWORK", "DEBUG", false},
		{"TF_IN_AUTOMATION", "1", true},
	} {
		t.Run(test.variable+"="+test.value, func(t *testing.T) {
			const address = "registry.example.com/somebody/example"
			for _, entry := range append(loggers(address), "TF_LOG", "TF_LOG_PROVIDER") {
				t.Setenv(entry, "") // restores the value after the test
			}
			t.Setenv(test.variable, test.value)
			silenceUnreadLogs(address)
			for _, logger := range []string{"TF_LOG_SDK", "TF_LOG_SDK_FRAMEWORK", "TF_LOG_SDK_PROTO", "TF_LOG_PROVIDER_EXAMPLE"} {
				if got := os.Getenv(logger) == "OFF"; got != test.silenced {
					t.Errorf("%s=%q, want silenced %t", logger, os.Getenv(logger), test.silenced)
				}
			}
		})
	}
}
