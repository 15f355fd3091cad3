// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"math"
	"time"
)

// limiter is a way to count requests. take lets one through, or says how long it
// is until the next would be.
type limiter interface {
	take(now time.Time) (wait time.Duration)
}

// bucket fills at a rate up to a burst.
type bucket struct {
	rate, burst, tokens float64
	filled              time.Time
}

func (b *bucket) take(now time.Time) time.Duration {
	b.tokens = min(b.burst, b.tokens+now.Sub(b.filled).Seconds()*b.rate)
	b.filled = now
	if b.tokens < 1-1e-9 {
		return time.Duration((1 - b.tokens) / b.rate * float64(time.Second))
	}
	b.tokens--
	return 0
}

// clockSeconds lets so many through in each second of a clock that is ahead.
type clockSeconds struct {
	rate, used int
	ahead      time.Duration
	second     time.Time
}

func (w *clockSeconds) take(now time.Time) time.Duration {
	now = now.Add(w.ahead)
	if second := now.Truncate(time.Second); second != w.second {
		w.second, w.used = second, 0
	}
	if w.used == w.rate {
		return w.second.Add(time.Second).Sub(now)
	}
	w.used++
	return 0
}

// slidingSecond lets so many through in any second.
type slidingSecond struct {
	rate  int
	taken []time.Time
}

func (s *slidingSecond) take(now time.Time) time.Duration {
	for len(s.taken) > 0 && now.Sub(s.taken[0]) >= time.Second {
		s.taken = s.taken[1:]
	}
	if len(s.taken) == s.rate {
		return s.taken[0].Add(time.Second).Sub(now)
	}
	s.taken = append(s.taken, now)
	return 0
}

// limiters are the common ways to let so many requests a second through.
func limiters(perSecond int) map[string]limiter {
	rate := float64(perSecond)
	return map[string]limiter{
		"bucket of 1":             &bucket{rate: rate, burst: 1},
		"bucket of 2":             &bucket{rate: rate, burst: 2},
		"bucket of 5":             &bucket{rate: rate, burst: 5},
		"bucket of 10":            &bucket{rate: rate, burst: 10},
		"bucket of 20":            &bucket{rate: rate, burst: 20},
		"bucket of 40":            &bucket{rate: rate, burst: 40},
		"seconds of a clock":      &clockSeconds{rate: perSecond},
		"a clock a bit ahead":     &clockSeconds{rate: perSecond, ahead: 500 * time.Millisecond},
		"a clock more ahead":      &clockSeconds{rate: perSecond, ahead: 900 * time.Millisecond},
		"a clock nearly in step":  &clockSeconds{rate: perSecond, ahead: 950 * time.Millisecond},
		"the second just passing": &slidingSecond{rate: perSecond},
	}
}

// wholeSeconds rounds a wait up, as most servers do in Retry-After.
func wholeSeconds(wait time.Duration) time.Duration {
	return time.Duration(max(1, math.Ceil(wait.Seconds()))) * time.Second
}
