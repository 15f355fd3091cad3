// SPDX-License-Identifier: MPL-2.0

package main

import "context"

// measureRefreshes measures what refreshes of parts of an account take, with lists and one by one. The provider's tests
// check the same on a fake clock, for more latencies and limits (TestARefreshIsNeverMuchSlowerThanTheBetterWay).
func measureRefreshes(ctx context.Context, p programs, folder string, report func(result)) error {
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
			if err := runDirect(ctx, p, folder, size.account, size.read, far, bulk, report); err != nil {
				return err
			}
		}
	}
	for _, bulk := range []bool{true, false} {
		if err := runDirect(ctx, p, folder, 5000, 1000, limited, bulk, report); err != nil {
			return err
		}
	}
	return nil
}
