// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"os"
	"slices"
	"time"
)

// runStartup compares the provider's start, until it has told its schema, and its
// stripped size to those of the smallest possible provider.
func (b bench) start(ctx context.Context, times int) error {
	names := []string{"provider", "smallest provider"}
	paths := map[string]string{names[0]: b.provider, names[1]: b.minimal}
	took := map[string][]time.Duration{}
	for range times {
		for _, name := range names { // in turn, so that both have the same weather
			started := time.Now()
			process, err := startProvider(ctx, paths[name])
			if err != nil {
				return err
			}
			_, err = process.call(ctx, "GetProviderSchema", "GetProviderSchema", newMessage("GetProviderSchema.Request"))
			took[name] = append(took[name], time.Since(started))
			process.end()
			if err != nil {
				return err
			}
		}
	}
	for _, name := range names {
		info, err := os.Stat(paths[name])
		if err != nil {
			return err
		}
		slices.Sort(took[name])
		b.report(result{Scenario: "start", Step: name, Seconds: took[name][times/2].Seconds(), SizeMiB: float64(info.Size()) / (1 << 20)})
	}
	return nil
}
