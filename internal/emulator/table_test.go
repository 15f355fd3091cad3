// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

type thing struct {
	id   string
	at   time.Time
	name string
}

func newThings(tieByID bool) (*table[thing], *index[thing]) {
	byName := newIndex(func(t *thing) string { return t.name })
	things := newTable(func() {}, func(t *thing) time.Time { return t.at }, byName)
	things.tieByID = tieByID
	return things, byName
}

// TestTableKeepsItsOrder compares the table with a sorted slice after random writes.
func TestTableKeepsItsOrder(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		things, byName := newThings(true)
		truth := map[string]thing{}
		random := rand.New(rand.NewPCG(seed, 1))
		for range 300 {
			id := fmt.Sprintf("%02d", random.IntN(40))
			if random.IntN(4) == 0 {
				_, known := truth[id]
				if things.remove(id) != known {
					t.Fatalf("remove %s: want %v", id, known)
				}
				delete(truth, id)
				continue
			}
			value := thing{id, time.Unix(random.Int64N(5), 0), fmt.Sprint("name", random.IntN(3))}
			things.put(id, &value, false)
			truth[id] = value
		}
		compareTable(t, things, byName, truth)
	}
}

func compareTable(t *testing.T, things *table[thing], byName *index[thing], truth map[string]thing) {
	t.Helper()
	var want []thing
	byNameWant := map[string]int{}
	for _, value := range truth {
		want = append(want, value)
		byNameWant[value.name]++
	}
	slices.SortFunc(want, func(a, b thing) int {
		if c := a.at.Compare(b.at); c != 0 {
			return c
		}
		return slices.Compare([]byte(a.id), []byte(b.id))
	})
	var got []thing
	for _, value := range things.all() {
		got = append(got, *value)
	}
	if !slices.Equal(got, want) {
		t.Fatalf("order\n got %v\nwant %v", got, want)
	}
	for name, count := range byNameWant {
		if ids := byName.find(name); len(ids) != count {
			t.Fatalf("index of %s: %v, want %d ids", name, ids, count)
		}
	}
	if len(byName.ids) != len(byNameWant) {
		t.Fatalf("the index holds %v", byName.ids)
	}
}

// TestKeysetPages reads pages while objects of the same time are added and removed. No
// object that stays is skipped or shown twice.
func TestKeysetPages(t *testing.T) {
	t.Parallel()
	for _, oldestFirst := range []bool{false, true} {
		d := dialects{OldestFirst: oldestFirst}
		things, _ := newThings(true)
		at := time.Unix(1, 0)
		for i := range 30 {
			id := fmt.Sprintf("%02d", i)
			things.put(id, &thing{id: id, at: at}, false)
		}
		var seen []string
		start := 0
		for more := true; more; {
			page := things.page(start, 7, d, func(*thing) bool { return true })
			for _, value := range page.values {
				seen = append(seen, value.id)
			}
			more = page.more
			last := page.values[len(page.values)-1]
			things.remove(last.id) // the cursor's row is removed
			start = things.after(last.at, last.id, d)
		}
		if len(slices.Compact(slices.Sorted(slices.Values(seen)))) != 30 || len(seen) != 30 {
			t.Errorf("oldest first %v: got %v", oldestFirst, seen)
		}
	}
}

func TestPageCostsTheSameAnywhere(t *testing.T) {
	t.Parallel()
	things, _ := newThings(false)
	for i := range 10_000 {
		id := fmt.Sprint(i)
		things.put(id, &thing{id: id, at: time.Unix(int64(i), 0)}, false)
	}
	looked := 0
	page := things.page(9_000, 100, dialects{}, func(*thing) bool { looked++; return true })
	if len(page.values) != 100 || !page.more || page.next != 9_100 || looked != 101 {
		t.Errorf("%d values, more %v, next %d, after %d rows", len(page.values), page.more, page.next, looked)
	}
}
