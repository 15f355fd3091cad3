// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"math"
	"time"
)

// pace finds the rate of requests that the API lets through, which is not
// documented. It does so as TCP finds the bandwidth of a path, after CUBIC (RFC 9438),
// with a 429 in place of a lost packet:
//
//   - There is no limit until the first 429. Then comes slow start: the pace begins
//     low and doubles every two seconds.
//   - At every further 429 the rate is between what has gone through since the one
//     before, waits included, and the pace that has been rejected. A little less than
//     their geometric mean becomes the base.
//   - From the base the pace follows CUBIC's curve: fast at first, slowly around a
//     plateau halfway to the rejected pace, then ever faster, in case the limit has
//     been raised. As in RFC 9438, time counts only while the pace holds requests back.
//
// This works however the API counts.
//
// What was measured: TestThePaceOfTheAPIIsFound prints the first table with -v. Ten
// requests at once go through eleven limiters with and without Retry-After: token buckets,
// limits within the last second, and limits by the seconds of a clock. Time is a multiple
// of requests / rate, and is less than 1 where a bucket is full at first. The last digits
// differ from run to run.
//
//	                                       time         429s
//	rate, requests, latency                mean worst   mean worst
//	2/s, 100 requests, 50ms                0.96 1.14   13.3% 17.4%
//	5/s, 200 requests, 50ms                1.01 1.22    6.1%  8.3%
//	10/s, 300 requests, 2ms                1.03 1.37    4.1%  5.1%
//	20/s, 300 requests, 0s                 1.06 1.35    1.2%  1.6%
//	20/s, 300 requests, 2ms after 5ms      1.06 1.35    1.2%  2.0%
//	20/s, 300 requests, 2ms after 18ms     1.07 1.36    1.2%  2.0%
//	20/s, 300 requests, 50ms               1.07 1.35    3.8%  5.4%
//	20/s, 300 requests, 200ms              1.13 1.39    4.2%  6.0%
//	20/s, 300 requests, 5-200ms            1.09 1.32    3.7%  5.7%
//	20/s, 1000 requests, 50ms              1.04 1.19    1.4%  1.9%
//	50/s, 1000 requests, 50ms              1.15 1.44    1.3%  1.8%
//	100/s, 2000 requests, 20ms             1.22 1.54    0.6%  0.9%
//	all                                    1.07 1.54    3.5% 17.4%
//
// TestASlowRateIsFound prints the second. Ten of the 429s are for the first requests,
// which are sent at once. A wait is that of the last in a queue of ten, as a multiple
// of ten requests / rate.
//
//	                                       429s        longest wait
//	                                       mean worst  mean worst
//	1/s, 60 requests, 50ms                 16   21     1.16 1.46
//	0.5/s, 60 requests, 50ms               18   25     1.11 1.24
//	0.2/s, 60 requests, 50ms               20   31     1.12 1.39
//	0.1/s, 60 requests, 50ms               22   37     1.11 1.36
type pace struct {
	// limit is the user's requests_per_second, 0 if there is none.
	limit float64
	// perSecond is the present pace, 0 while there is none.
	perSecond float64
	// base is the pace at which the curve begins, plateau that around which it is flat.
	base, plateau float64
	// heldBack counts the seconds for which the pace has held requests back since the
	// latest 429: how far along the curve it is.
	heldBack float64
	// latest is when the latest request left.
	latest time.Time
	// rejections counts the 429s, requests that were rejected together as one.
	rejections int
	// since is when the latest rejected request left; until there is one, when the
	// first of all requests did. admissions counts the requests that left after that
	// and went through.
	since      time.Time
	admissions int
}

const (
	// firstPace is the least pace that slow start begins with, in requests per
	// second: about one for each operation of Terraform, which runs ten at once. A
	// limit of exactly this rate takes longest to find, so it is not a round number.
	firstPace = 12
	// burstShare is the share of what went through in the first second with which slow
	// start begins, if that is more. A limit that counts by the seconds of a clock lets
	// up to twice its rate through in one second, so this is less than half.
	burstShare = 0.4
	// doubling is how long slow start takes to double the pace. A limit that counts by
	// seconds may reject nothing for one second, in which the pace rises by 40 %.
	doubling = 2 * time.Second
	// margin is what is kept of a measured rate: closer to it there are more 429s,
	// further below it a run takes longer.
	margin = 0.95
	// The curve reaches its plateau after plateauTime and the time of plateauRequests.
	// Soon after that it meets the limit again, at the cost of a wait of up to one
	// second and of one request or a few. That is to be a small part of both.
	plateauTime, plateauRequests = 8 * time.Second, 30
	// An API that lets toleratedRun requests through between two 429s may send these at
	// random. They do not take the pace below toleratedPace, in requests per second.
	toleratedPace, toleratedRun = 5, 8
	// slowestPace is half of the slowest rate to find, one request in ten seconds.
	slowestPace = 0.05
)

func newPace(limit float64) pace { return pace{limit: limit, perSecond: limit} }

// interval records that a request leaves now, and returns how long the next one waits.
func (p *pace) interval(now time.Time) time.Duration {
	if p.since.IsZero() {
		p.since = now
	}
	if p.rejections > 0 {
		p.heldBack += min(now.Sub(p.latest).Seconds(), 1/p.perSecond)
		p.set(p.curve())
	}
	p.latest = now
	if p.perSecond == 0 {
		return 0
	}
	return time.Duration(float64(time.Second) / p.perSecond)
}

// curve returns the pace for the time that it has held requests back.
func (p *pace) curve() float64 {
	if p.rejections == 1 {
		return p.base * math.Exp2(p.heldBack/doubling.Seconds())
	}
	x := p.heldBack/(plateauTime.Seconds()+plateauRequests/p.base) - 1
	return p.plateau + (p.plateau-p.base)*x*x*x
}

// admitted records a request that went through, by when it left.
func (p *pace) admitted(left time.Time) {
	if p.rejections == 0 || left.After(p.since) {
		p.admissions++
	}
}

// rejected records a request that was answered 429, by when it left. Of requests that
// were rejected together, this is for the first only.
func (p *pace) rejected(left time.Time) {
	elapsed := left.Sub(p.since).Seconds()
	switch {
	case p.rejections == 0:
		p.base = max(firstPace, burstShare*float64(p.admissions)/max(1, elapsed))
	case p.admissions == 0: // the wait was too short, which says nothing about the rate
		return
	default:
		measured, tried := float64(p.admissions)/elapsed, p.perSecond
		base := max(slowestPace, margin*math.Sqrt(measured*tried))
		if p.admissions >= toleratedRun {
			base = max(base, min(p.base, toleratedPace))
		}
		// More may have gone through than at the present pace, and still the curve rises.
		tried = max(tried, base/margin)
		p.base, p.plateau = base, (base+tried)/2
	}
	p.rejections++
	p.since, p.admissions, p.heldBack = left, 0, 0
	p.set(p.base)
}

func (p *pace) set(perSecond float64) {
	p.perSecond = perSecond
	if p.limit > 0 {
		p.perSecond = min(perSecond, p.limit)
	}
}
