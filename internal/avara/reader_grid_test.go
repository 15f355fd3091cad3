// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// thing is an object of a modelAPI.
type thing struct {
	ID string `json:"id"`
}

// modelAPI is a simple model of an API. It answers after the latency. With a rate limit,
// each request waits for its turn, as with a client that knows the limit. After a pause,
// up to a second's worth of requests is sent at once.
type modelAPI struct {
	list      []string // the ids in the order of the list
	latency   time.Duration
	perSecond float64
	// failing, if set, is n if every n-th page fails.
	failing int

	mu          sync.Mutex
	turn        time.Time
	gets, pages int
}

// wait waits as long as a request takes, and returns the number of requests of its kind.
func (m *modelAPI) wait(count *int) int {
	m.mu.Lock()
	*count++
	nth, now := *count, time.Now()
	leaves := now
	if m.perSecond > 0 {
		interval := time.Duration(float64(time.Second) / m.perSecond)
		saved := max(0, time.Second-interval)
		if m.turn.Before(now.Add(-saved)) {
			m.turn = now.Add(-saved)
		}
		if m.turn.After(now) {
			leaves = m.turn
		}
		m.turn = m.turn.Add(interval)
	}
	m.mu.Unlock()
	time.Sleep(leaves.Sub(now) + m.latency)
	return nth
}

func (m *modelAPI) get(_ context.Context, id string) (*thing, error) {
	m.wait(&m.gets)
	return &thing{ID: id}, nil
}

func (m *modelAPI) page(_ context.Context, cursor string) (items []thing, next string, err error) {
	if nth := m.wait(&m.pages); m.failing > 0 && nth%m.failing == 0 {
		return nil, "", errors.New("the page failed")
	}
	from, _ := strconv.Atoi(cursor)
	to := min(from+100, len(m.list))
	for _, id := range m.list[from:to] {
		items = append(items, thing{ID: id})
	}
	if to < len(m.list) {
		next = strconv.Itoa(to)
	}
	return items, next, nil
}

// refresh reads ids with a new reader, and returns the time that it took. When the read of
// the id written starts, the client writes something.
func (m *modelAPI) refresh(t *testing.T, ids []string, walkers int, written string) time.Duration {
	t.Helper()
	c := &Client{options: Options{BulkRefresh: true}}
	r := newReader(c, source[thing]{get: m.get, list: m.page, key: func(t thing) string { return t.ID }})
	began := time.Now()
	walkInOrder(ids, walkers, func(id string) {
		if id == written {
			c.writes.Add(2)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
		defer cancel()
		if got, err := r.read(ctx, id); err != nil || got.ID != id {
			t.Errorf("reading %s: %+v, %v", id, got, err)
		}
	})
	took := time.Since(began)
	time.Sleep(time.Hour) // lets a page in flight arrive
	synctest.Wait()
	return took
}

// selection is the part of a list that is read.
type selection string

const (
	scattered selection = "scattered"
	clustered selection = "clustered" // in the middle of the list
	atEnds    selection = "at both ends"
)

// of returns the ids of an account in list order, and n of them in the order in which they
// are read.
func (s selection) of(n, account int) (list, read []string) {
	random := rand.New(rand.NewPCG(uint64(n), uint64(account))) //nolint:gosec // same numbers in every run
	for i := range account {
		list = append(list, strconv.Itoa(i))
	}
	switch s {
	case scattered:
		read = slices.Clone(list[:n])
		random.Shuffle(account, func(i, j int) { list[i], list[j] = list[j], list[i] })
	case clustered:
		read = slices.Clone(list[(account-n)/2:][:n])
	case atEnds:
		read = slices.Concat(list[:n/2], list[account-(n-n/2):])
	}
	random.Shuffle(n, func(i, j int) { read[i], read[j] = read[j], read[i] })
	return list, read
}

// trial is one refresh.
type trial struct {
	selection selection
	latency   time.Duration
	perSecond float64
	walkers   int
	// failing is that of modelAPI. interrupted is true if there is a write after half of
	// the reads.
	failing     int
	interrupted bool

	n, account  int
	took        time.Duration
	gets, pages int
}

func (tr *trial) run(t *testing.T, list, read []string) {
	t.Helper()
	tr.n, tr.account = len(read), len(list)
	written := ""
	if tr.interrupted {
		written = read[len(read)/2]
	}
	synctest.Test(t, func(t *testing.T) {
		m := &modelAPI{list: list, latency: tr.latency, perSecond: tr.perSecond, failing: tr.failing}
		tr.took = m.refresh(t, read, tr.walkers, written)
		tr.gets, tr.pages = m.gets, m.pages
	})
	t.Log(tr)
}

func (tr *trial) requests() int { return tr.gets + tr.pages }

// oneByOne is the time to read the objects one by one.
func (tr *trial) oneByOne() time.Duration {
	rounds := (tr.n + tr.walkers - 1) / tr.walkers
	return max(time.Duration(rounds)*tr.latency, tr.turnOf(tr.n)+tr.latency)
}

// listAlone is the time to read the first objects one by one, and then the list.
func (tr *trial) listAlone() time.Duration {
	pages := (tr.account + 99) / 100
	return max(time.Duration(1+pages)*tr.latency, tr.turnOf(plainReads+pages)+tr.latency)
}

// turnOf is the earliest time at which the nth request may be sent.
func (tr *trial) turnOf(n int) time.Duration {
	if tr.perSecond == 0 {
		return 0
	}
	return max(0, time.Duration(float64(n)/tr.perSecond*float64(time.Second))-time.Second)
}

func (tr *trial) String() string {
	limit := "no limit"
	if tr.perSecond > 0 {
		limit = fmt.Sprint(tr.perSecond, "/s")
	}
	return fmt.Sprintf("%5d of %6d %-12s %5s %8s: %8.2f s, one by one %8.2f s, by the list alone %8.2f s; %4d requests, %3d of them pages",
		tr.n, tr.account, tr.selection, tr.latency, limit, tr.took.Seconds(), tr.oneByOne().Seconds(), tr.listAlone().Seconds(), tr.requests(), tr.pages)
}

// checkAgainstOneByOne asserts the limits that hold for every refresh.
func (tr *trial) checkAgainstOneByOne(t *testing.T) {
	t.Helper()
	if most := tr.oneByOne()*5/4 + time.Second; tr.took > most {
		t.Errorf("%s\nis longer than %s", tr, most)
	}
	if most := tr.n*5/4 + 10; tr.requests() > most {
		t.Errorf("%s\nis more than %d requests", tr, most)
	}
}

// checkAgainstTheList asserts that a refresh is not much slower than reading the list
// alone. With a rate limit, each request takes time. The number of reads is not known in
// advance, so the list is recognized as the better way only after about as many requests
// without it. At best the refresh then takes twice the time (see balance). There is no
// such limit if the objects are clustered, since pages before them save nothing, or if
// reading the list takes longer than pages may be remembered.
func (tr *trial) checkAgainstTheList(t *testing.T) {
	t.Helper()
	factor := 1.25
	if tr.perSecond > 0 {
		factor = 2.5
		if tr.selection == clustered && tr.n < tr.account || tr.listAlone() > memoryLife {
			return
		}
	}
	if most := time.Duration(float64(tr.listAlone())*factor) + time.Second; tr.took > most {
		t.Errorf("%s\nis longer than %s", tr, most)
	}
	if tr.n == 1000 && tr.account == 1000 && tr.requests() > 40 {
		t.Errorf("%s\nis more than 40 requests", tr)
	}
}

// A refresh is never much slower than the better of both ways, for any part of an account,
// any order, latency and rate limit. With -v the test prints the table.
func TestARefreshIsNeverMuchSlowerThanTheBetterWay(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{
		{20, 20}, {100, 1000}, {1000, 1000}, {1000, 5000}, {1000, 20000}, {3000, 20000}, {300, 100000}, {1000, 100000}, {3000, 100000},
	} {
		for _, selection := range []selection{scattered, clustered, atEnds} {
			t.Run(fmt.Sprintf("%d of %d %s", size[0], size[1], selection), func(t *testing.T) {
				t.Parallel()
				list, read := selection.of(size[0], size[1])
				for _, latency := range []time.Duration{5 * ms, 50 * ms, 200 * ms} {
					for _, perSecond := range []float64{0, 50, 20, 5, 1} {
						tr := &trial{selection: selection, latency: latency, perSecond: perSecond, walkers: 10}
						tr.run(t, list, read)
						tr.checkAgainstOneByOne(t)
						tr.checkAgainstTheList(t)
					}
				}
			})
		}
	}
}

// The same if reading the list is interrupted: by pages that fail, or by a write, after
// which it starts again.
func TestAnInterruptedWalkIsNeverMuchSlowerThanOneByOne(t *testing.T) {
	t.Parallel()
	for name, interruption := range map[string]trial{
		"pages fail":  {failing: 3},
		"a write":     {interrupted: true},
		"both":        {failing: 3, interrupted: true},
		"no page yet": {failing: 1},
	} {
		for _, size := range [][2]int{{100, 1000}, {1000, 1000}, {1000, 20000}, {300, 100000}} {
			for _, selection := range []selection{scattered, clustered} {
				t.Run(fmt.Sprintf("%s, %d of %d %s", name, size[0], size[1], selection), func(t *testing.T) {
					t.Parallel()
					list, read := selection.of(size[0], size[1])
					for _, perSecond := range []float64{0, 5} {
						tr := interruption
						tr.selection, tr.latency, tr.perSecond, tr.walkers = selection, 50*ms, perSecond, 10
						tr.run(t, list, read)
						tr.checkAgainstOneByOne(t)
					}
				})
			}
		}
	}
}

// Terraform reads ten objects at once by default. -parallelism changes that.
func TestARefreshWithFewerOrMoreReadsAtOnce(t *testing.T) {
	t.Parallel()
	for _, walkers := range []int{1, 3, 30} {
		for _, size := range [][2]int{{20, 20}, {1000, 1000}, {1000, 20000}, {300, 100000}} {
			t.Run(fmt.Sprintf("%d at once, %d of %d", walkers, size[0], size[1]), func(t *testing.T) {
				t.Parallel()
				list, read := scattered.of(size[0], size[1])
				for _, perSecond := range []float64{0, 5} {
					tr := &trial{selection: scattered, latency: 50 * ms, perSecond: perSecond, walkers: walkers}
					tr.run(t, list, read)
					tr.checkAgainstOneByOne(t)
					if tr.account == 1000 && tr.requests() > 100 {
						t.Errorf("%s\nis more than 100 requests", tr)
					}
				}
			})
		}
	}
}
