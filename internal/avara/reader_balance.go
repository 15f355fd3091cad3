// SPDX-License-Identifier: MPL-2.0

package avara

import "time"

const (
	// plainReads is how many GETs are made before the first page, so that a small state
	// never lists anything. It is also how many pages may be requested before any page has
	// saved a GET.
	plainReads = 10
	// getsPerPage is how many GETs pay for one more page: a list that saves nothing costs
	// an eighth more requests.
	getsPerPage = 8
	// maxDebt is how long reads may wait in advance, in units of the time of a GET or a
	// page, whichever is shorter. With less, an account of 1,000 objects is not read in 40
	// requests. With more, a wait in vain would be noticed: six is 1.2 s where an answer
	// takes 200 ms.
	maxDebt = 6
	// leastDebt is how long reads may always wait for a page, even if pages have saved no
	// time yet.
	leastDebt = 200 * time.Millisecond
	// samples is how many requests a moving average covers.
	samples = 16
)

// balance decides whether objects are read one by one or from pages of the list. Nobody
// knows how many reads will come or how long the list is, so it decides as with skis that
// can be rented or bought: pages never cost more than they have saved so far, plus a small
// advance. (The ski-rental problem: Karlin, Manasse, Rudolph and Sleator, Competitive
// Snoopy Caching, 1988.)
//
// Pages cost requests: each page is one request, and each read that it serves saves one.
//
// Pages cost time where reads wait for them instead of sending GETs. Such a page costs the
// time that it takes, less the time of the GET that could have been sent instead. Each read
// that a page serves saves the time of a GET. With ten reads at once, a GET adds only a
// tenth of its time to a refresh. But where a rate limit makes GETs wait for each other,
// that tenth is as long as a page takes alone. Then waiting for pages costs nothing, and
// reads wait as long as pages save requests.
type balance struct {
	// gets and pages count the requests so far, served the reads that pages have served.
	gets, pages, served int
	// getting and reading are how many GETs and reads are under way, atOnce is the most
	// reads that were.
	getting, reading, atOnce int
	// getTime includes the wait for the rate limit. pageTime is of pages that were
	// requested while no GET was under way, since others may have waited behind GETs.
	getTime, pageTime smoothed
	// debt is the time that waits for pages have cost and that pages have not saved since.
	debt time.Duration
}

// affordsPage reports whether one more page may be requested.
func (b *balance) affordsPage() bool {
	return b.gets >= plainReads && b.pages < plainReads+b.served+b.gets/getsPerPage
}

// affordsWait reports whether reads may wait for the next page.
func (b *balance) affordsWait() bool {
	shorter := b.getTime.mean
	if b.pageTime.n > 0 {
		shorter = min(shorter, b.pageTime.mean)
	}
	return b.debt <= max(leastDebt, maxDebt*shorter)
}

// share is what one GET adds to the time of the refresh.
func (b *balance) share() time.Duration { return b.getTime.mean / time.Duration(max(1, b.atOnce)) }

func (b *balance) readBegins() {
	b.reading++
	b.atOnce = max(b.atOnce, b.reading)
}

func (b *balance) readEnds() { b.reading-- }

func (b *balance) getBegins() {
	b.gets++
	b.getting++
}

func (b *balance) getEnds(took time.Duration) {
	b.getting--
	b.getTime.add(took)
}

// pageArrives records a page that reads have waited for. alone says that no GET was under
// way when it was requested.
func (b *balance) pageArrives(took time.Duration, alone bool) {
	if alone {
		b.pageTime.add(took)
	}
	b.debt += max(0, b.pageTime.mean-b.share())
}

// serves records a read that a page has served.
func (b *balance) serves() {
	b.served++
	b.debt = max(0, b.debt-b.share())
}

// smoothed is a moving average.
type smoothed struct {
	mean time.Duration
	n    int
}

func (s *smoothed) add(sample time.Duration) {
	s.n = min(s.n+1, samples)
	s.mean += (sample - s.mean) / time.Duration(s.n)
}
