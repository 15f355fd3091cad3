// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"maps"
	"math"
	"net/http"
	"strconv"
	"time"
)

// faultPlan is the combined effect of all faults on one request.
type faultPlan struct {
	delay    time.Duration
	cut      Cut
	halfBody bool
	reply    *faultReply
}

// faultReply is an answer that replaces the operation's.
type faultReply struct {
	status int
	header map[string]string
	body   string
}

func (p *faultPlan) add(f *installedFault, now time.Time) {
	p.delay += time.Duration(f.LatencyMS) * time.Millisecond
	p.halfBody = p.halfBody || f.HalfBody
	if p.cut == "" {
		p.cut = f.Cut
	}
	if p.reply == nil {
		p.reply = f.reply(now)
	}
}

func (f *installedFault) reply(now time.Time) *faultReply {
	switch {
	case f.RateLimit != nil:
		return &faultReply{
			status: http.StatusTooManyRequests, body: f.Body,
			header: withHeader(f.Header, "Retry-After", f.bucket.retryAfter(now)),
		}
	case f.Status != 0:
		return &faultReply{status: f.Status, header: f.Header, body: f.Body}
	default:
		return nil
	}
}

// answer returns the answer of a fault, or nil.
func (p faultPlan) answer(d dialects) *answer {
	if p.reply == nil {
		return nil
	}
	message := http.StatusText(p.reply.status)
	reply := newAnswer(p.reply.status, errorShape(d, []issue{{Message: message}}, message))
	if p.reply.status >= http.StatusBadRequest {
		reply.message = message
	}
	if p.reply.body != "" {
		reply.body = []byte(p.reply.body)
	}
	if p.reply.status == http.StatusNoContent || p.reply.status == http.StatusNotModified {
		reply.body = nil
	}
	for name, value := range p.reply.header {
		reply.header.Set(name, value)
	}
	return reply
}

func withHeader(header map[string]string, name, value string) map[string]string {
	all := map[string]string{}
	if value != "" {
		all[name] = value
	}
	maps.Copy(all, header)
	return all
}

// bucket is a token bucket that starts full.
type bucket struct {
	limit  RateLimit
	tokens float64
	filled time.Time
}

func newBucket(limit RateLimit) bucket {
	limit.Burst = max(limit.Burst, 1)
	return bucket{limit: limit, tokens: float64(limit.Burst)}
}

// take takes a token, and reports whether there was one.
func (b *bucket) take(now time.Time) bool {
	if !b.filled.IsZero() {
		gained := max(now.Sub(b.filled).Seconds(), 0) * b.limit.PerSecond
		b.tokens = min(b.tokens+gained, float64(b.limit.Burst))
	}
	b.filled = now
	if b.tokens < 1 {
		return false
	}
	b.tokens--
	return true
}

// retryAfter returns the value of the Retry-After header.
func (b *bucket) retryAfter(now time.Time) string {
	switch b.limit.RetryAfter {
	case "none":
		return ""
	case "":
		missing := (1 - b.tokens) / b.limit.PerSecond
		wait := max(missing-now.Sub(b.filled).Seconds(), 0)
		return strconv.Itoa(max(int(math.Ceil(wait)), 1))
	default:
		return b.limit.RetryAfter
	}
}
