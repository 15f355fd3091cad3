// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"testing"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// The provider retries and waits through transient failures: each story ends as it does
// without faults.
func TestStoriesUnderFaults(t *testing.T) {
	t.Parallel()
	eachStory(t, func(t *testing.T, kinds []func(*story)) {
		n := 0
		for name, fault := range map[string]emulator.Fault{
			"each tenth answer is 503":        {Every: 10, Status: 503},
			"each third answer is 429":        {Every: 3, Status: 429, Header: map[string]string{"Retry-After": "1"}},
			"each fifth write is lost before": {Every: 5, WritesOnly: true, Cut: emulator.CutBefore},
			"each fifth write is lost after":  {Every: 5, WritesOnly: true, Cut: emulator.CutAfter},
			"each seventh answer is cut":      {Every: 7, Cut: emulator.CutAfter},
			"each answer takes ten seconds":   {LatencyMS: 10_000},
		} {
			n++
			tell := kinds[n%len(kinds)]
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				tellUnder(t, tell, nil, fault)
			})
		}
	})
}
