// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

func plainGets(o *Options) { o.BulkRefresh = false }

// The account's size, how many of it are read, and what that may cost.
func TestRequestsOfARefresh(t *testing.T) {
	t.Parallel()
	const ms = time.Millisecond
	for name, tc := range map[string]struct{ account, read, most int }{
		"all of 1,000":   {1000, 1000, 80},
		"all of 10,000":  {10000, 10000, 660},
		"all of 100":     {100, 100, 12},
		"3 of 20,000":    {20000, 3, 3},
		"10 of 20,000":   {20000, 10, 10},
		"11 of 20,000":   {20000, 11, 12},
		"300 of 100,000": {100000, 300, 320},
		"300 of 5,000":   {5000, 300, 230},
		"300 of 300":     {300, 300, 40},
	} {
		for latency, l := range map[string]struct{ get, page time.Duration }{
			"no latency":     {0, 0},
			"50 ms":          {50 * ms, 50 * ms},
			"slow pages":     {50 * ms, 200 * ms},
			"slow GETs":      {100 * ms, 10 * ms},
			"only pages lag": {0, 30 * ms},
		} {
			t.Run(name+", "+latency, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					a := newBigAccount(tc.account)
					a.latency, a.pageLatency = l.get, l.page
					requests, took := a.refresh(t, a.some(tc.read))
					t.Logf("%d requests, %d of them pages, in %s", requests, a.pages, took)
					if requests > tc.most {
						t.Errorf("%d requests, want at most %d", requests, tc.most)
					}
				})
			})
		}
	}
}

func TestListsSlowNothingByMoreThanAQuarter(t *testing.T) {
	t.Parallel()
	const ms = time.Millisecond
	for account, read := range map[int]int{100000: 300, 20000: 300, 5000: 300, 2000: 300, 1000: 1000, 10000: 10000, 10001: 3000} {
		for name, l := range map[string]struct{ get, page time.Duration }{
			"as slow as GETs": {50 * ms, 50 * ms}, "slower": {50 * ms, 70 * ms}, "much slower": {50 * ms, 200 * ms},
		} {
			t.Run(fmt.Sprintf("%d of %d, pages %s", read, account, name), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					a := newBigAccount(account)
					a.latency, a.pageLatency = l.get, l.page
					_, plain := a.refresh(t, a.some(read), plainGets)
					n, bulk := a.refresh(t, a.some(read))
					t.Logf("wall %s with lists, %s without, %.2f, requests %d, pages %d", bulk, plain, bulk.Seconds()/plain.Seconds(), n, a.pages)
					if bulk > plain*5/4 {
						t.Errorf("%s with lists, %s without", bulk, plain)
					}
				})
			})
		}
	}
}
