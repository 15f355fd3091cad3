// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"math"
	"time"
)

// limiter is a rate limiter. take admits a request and returns zero, or returns the time
// until the next one would be admitted.
type limiter interface {
	take(now time.Time) (wait time.Duration)
}

// bucket is a token bucket.
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

// clockWindow is a fixed window: it admits the given number of requests in each window of
// a clock that is ahead.
type clockWindow struct {
	requests, used int
	length, ahead  time.Duration
	began          time.Time
}

func (w *clockWindow) take(now time.Time) time.Duration {
	now = now.Add(w.ahead)
	if began := now.Truncate(w.length); began != w.began {
		w.began, w.used = began, 0
	}
	if w.used == w.requests {
		return w.began.Add(w.length).Sub(now)
	}
	w.used++
	return 0
}

// slidingWindow is a sliding window: it admits the given number of requests in any period
// of the given length.
type slidingWindow struct {
	requests int
	length   time.Duration
	taken    []time.Time
}

func (w *slidingWindow) take(now time.Time) time.Duration {
	for len(w.taken) > 0 && now.Sub(w.taken[0]) >= w.length {
		w.taken = w.taken[1:]
	}
	if len(w.taken) == w.requests {
		return w.taken[0].Add(w.length).Sub(now)
	}
	w.taken = append(w.taken, now)
	return 0
}

// limiters are the common rate limiters for a rate in requests per second. Windows of a
// rate below one admit one request in a longer time.
func limiters(perSecond float64) map[string]limiter {
	requests, length := int(perSecond), time.Second
	if perSecond < 1 {
		requests, length = 1, time.Duration(float64(time.Second)/perSecond)
	}
	clock := func(ahead float64) limiter {
		return &clockWindow{requests: requests, length: length, ahead: time.Duration(ahead * float64(length))}
	}
	return map[string]limiter{
		"bucket of 1":             &bucket{rate: perSecond, burst: 1},
		"bucket of 2":             &bucket{rate: perSecond, burst: 2},
		"bucket of 5":             &bucket{rate: perSecond, burst: 5},
		"bucket of 10":            &bucket{rate: perSecond, burst: 10},
		"bucket of 20":            &bucket{rate: perSecond, burst: 20},
		"bucket of 40":            &bucket{rate: perSecond, burst: 40},
		"seconds of a clock":      clock(0),
		"a clock a bit ahead":     clock(0.5),
		"a clock more ahead":      clock(0.9),
		"a clock nearly in step":  clock(0.95),
		"the second just passing": &slidingWindow{requests: requests, length: length},
	}
}

// wholeSeconds rounds a wait up to seconds, as most servers do in Retry-After.
func wholeSeconds(wait time.Duration) time.Duration {
	return time.Duration(max(1, math.Ceil(wait.Seconds()))) * time.Second
}
