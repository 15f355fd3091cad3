// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"math"
	"time"
)

const (
	// safety is how far the pace stays below what is known to go through.
	safety = 0.97
	// firstPace is the least that a search for the pace begins with, slowPace
	// what the API is known to let through if it refuses only now and then, and
	// slowestPace the least ever. All in requests per second.
	firstPace, slowPace, slowestPace = 10, 5, 1
	// shortestHint is the least wait to tell a rate from: a request that came just
	// before it would have gone through is told of next to none.
	shortestHint = 10 * time.Millisecond
	// fewRequests are too few to tell a rate from.
	fewRequests = 8
	// swell is by how much a known pace is exceeded within twice the swellTime,
	// slowly at first, to notice a limit that is not that low, and then faster.
	swell     = 0.03
	swellTime = 20 * time.Second
	// A pace that has come down to less than minorCut of what it was rises again,
	// to nearAgain of that at the most, until it is refused. Then it rises half as
	// far, as long as it is less than fairCut of what was refused.
	minorCut, nearAgain, fairCut = 0.8, 0.95, 0.75
)

// pace finds out how many requests a second the API lets through, which is not
// documented, from what it refuses. It makes no assumption about how the API
// counts: by a bucket that refills, by seconds of the clock, or by the second
// before a request. All of these let more through after a pause.
//
// The first requests go as they come. After the first refusal the pace is what
// went through until then, and climbs from there until the next. From what went
// through in between follows the rate, below which it stays. Where that falls far,
// for little went through, it climbs again, but not quite to where it was.
type pace struct {
	// limit is the user's, 0 if there is none.
	limit float64
	// perSecond is the present pace, 0 as long as nothing limits it.
	perSecond float64
	// base is the pace that is known, or guessed, to go through. From there it
	// climbs to the plateau, which has no height as long as that is unknown.
	base, plateau float64
	// refusals counts the times that the API said wait.
	refusals int
	// burst counts what the API let through before the first refusal, in burstTime,
	// admissions what it did since the latest.
	burst, admissions int
	burstTime         time.Duration
	// began is when the first request left, last when the latest to be refused
	// did, resumed when requests went on after that, and settled when they came to
	// the plateau.
	began, last, resumed, settled time.Time
	// hinted is the longest wait of less than a second that the API has asked
	// for. Such a wait is until the next request would go through.
	hinted time.Duration
}

func newPace(limit float64) pace { return pace{limit: limit, perSecond: limit} }

// interval returns how long the next request is to wait after the present one.
func (p *pace) interval(now time.Time) time.Duration {
	if p.began.IsZero() {
		p.began = now
	}
	if p.perSecond <= 0 {
		return 0
	}
	return time.Duration(float64(time.Second) / p.perSecond)
}

// admitted takes note of a request that the API let through.
func (p *pace) admitted(now time.Time) {
	if p.refusals == 0 {
		p.burst++
		return
	}
	p.admissions++
	if p.perSecond < p.plateau {
		p.set(min(p.perSecond*(1+p.rise()), p.plateau))
		p.settled = now
		return
	}
	x := max(0, now.Sub(p.settled).Seconds()/swellTime.Seconds()) - 1
	p.set(p.plateau * (1 + swell + swell*x*x*x))
}

// admittedBefore takes note of one that was let through before the latest
// refusal, though its answer came later.
func (p *pace) admittedBefore() {
	if p.refusals == 1 {
		p.burst++
		p.guess()
	}
}

// refused takes note of the first request that the API did not let through: when
// it left, and at which pace.
func (p *pace) refused(left time.Time, at float64) {
	p.refusals++
	switch {
	case p.refusals == 1:
		p.last, p.burstTime = left, left.Sub(p.began)
		p.guess()
	case p.admissions == 0:
		return
	default:
		known, tried := p.base, p.plateau
		searched := math.IsInf(tried, 1)
		base := max(p.revised(left, at), slowestPace)
		// A first guess that is far off had counted what was saved up.
		farOff := searched && p.admissions >= fewRequests && base <= known/2
		p.base, p.plateau = base, base
		switch {
		case base < minorCut*known && !farOff:
			p.plateau = p.again(known)
		case base < fairCut*tried && !searched:
			p.plateau = math.Sqrt(base * tried)
		}
	}
	p.last, p.admissions = left, 0
	p.set(p.base)
}

// again returns how far a base rises again that was higher. One that is no more
// than the first burst may never have been true.
func (p *pace) again(known float64) float64 {
	if known < float64(p.burst) {
		return math.Sqrt(p.base * known)
	}
	return nearAgain * known
}

// hold says when requests go on.
func (p *pace) hold(until time.Time) { p.resumed, p.settled = until, until }

// hint takes note of a wait that the API asked for.
func (p *pace) hint(wait time.Duration) {
	if wait < time.Second && wait > p.hinted {
		p.hinted = wait
		if p.refusals == 1 {
			p.guess()
		}
	}
}

// guess sets the base after the first refusal: what went through in a second,
// or what the wait that the API asked for amounts to.
func (p *pace) guess() {
	if hinted := p.hintedRate(); hinted > p.burstRate() {
		p.base = safety * hinted
		p.plateau = p.base
	} else {
		p.base = max(safety*p.burstRate(), firstPace)
		p.plateau = math.Inf(1)
	}
	p.set(p.base)
}

// revised returns the base after another refusal. The rate is at least what went
// through since the one before; if the API saves up, for a pause, no more than
// the first burst, it is also what went through beyond that since the pause.
func (p *pace) revised(left time.Time, at float64) float64 {
	n, total, running := float64(p.admissions), left.Sub(p.last).Seconds(), left.Sub(p.resumed).Seconds()
	if running <= 0 { // a late answer to an earlier request has prolonged the hold
		running = total
	}
	if n < fewRequests {
		switch hinted := p.hintedRate(); {
		case hinted > 0 && hinted < p.base:
			return max(safety*hinted, p.base/2)
		case n/total < p.base/4:
			return p.base / 2
		}
		return p.base * 0.9
	}
	rate := max(n/total, (n-max(p.burstRate(), 1))/running)
	if p.plateau == p.base {
		return max(safety*rate, p.base/2, min(p.base, slowPace))
	}
	// The pace has climbed beyond the rate by now, until what was saved up was
	// used up. This is where it was before, if all was saved up.
	rate = max(rate, at/(1+p.rise())*math.Exp(-math.Sqrt(2*p.savedUp(rate)*p.rise())))
	if n/(running+1) < p.base/2 {
		return max(safety*rate, p.base/2)
	}
	return max(safety*rate, p.base)
}

// rise is by how much the pace rises with each request while it climbs: the more
// went through at first, the better is the guess that it begins with.
func (p *pace) rise() float64 { return 0.5 / (8 + p.burstRate()) }

// burstRate is how many requests went through in the first second, or in each
// second until the first refusal. It counts for less at each later one.
func (p *pace) burstRate() float64 {
	return float64(p.burst) / max(1, p.last.Sub(p.began).Seconds())
}

// savedUp is how many requests above its rate the API lets through after a pause:
// of the first burst but the last, all if it counts by seconds; if by a bucket, what
// did not come in meanwhile. This is half-way.
func (p *pace) savedUp(rate float64) float64 {
	return min(max(0, float64(p.burst)-1-rate*p.burstTime.Seconds()/2), p.burstRate())
}

// hintedRate is the rate of which the API's own hint speaks, 0 without one.
func (p *pace) hintedRate() float64 {
	if p.hinted == 0 {
		return 0
	}
	return 1 / max(p.hinted, shortestHint).Seconds()
}

func (p *pace) set(perSecond float64) {
	p.perSecond = perSecond
	if p.limit > 0 {
		p.perSecond = min(p.perSecond, p.limit)
	}
}
