// SPDX-License-Identifier: MPL-2.0

package main

import "context"

// refreshes measures what refreshes of parts of an account take, with lists and one by one. The provider's tests
// check the same on a fake clock, for more latencies and limits (TestARefreshIsNeverMuchSlowerThanTheBetterWay).
func (b bench) refreshes(ctx context.Context) error {
	for _, size := range []struct{ read, account int }{
		{20, 20},
		{100, 1000},
		{1000, 1000},
		{1000, 1500},
		{1000, 5000},
		{1000, 10_000},
		{500, 20_000},
		{1000, 20_000},
		{3000, 20_000},
		{300, 100_000},
		{1000, 100_000},
		{3000, 100_000},
	} {
		for _, bulk := range []bool{true, false} {
			if err := b.read(ctx, reading{size.account, size.read, far, bulk}); err != nil {
				return err
			}
		}
	}
	for _, bulk := range []bool{true, false} {
		if err := b.read(ctx, reading{5000, 1000, limited, bulk}); err != nil {
			return err
		}
	}
	return nil
}
