// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"net/http"
	"sync/atomic"
	"time"
)

const (
	// clockSkew is how far the clock that stamps the API's objects may be behind
	// the one that stamps its answers.
	clockSkew = time.Minute
	// unknownSkew is how far it may be behind this machine's clock, as long as
	// no answer has shown the API's.
	unknownSkew = 5 * time.Minute
)

// serverClock compares the API's clock with this machine's, by the Date of the
// answers.
type serverClock struct{ behind atomic.Pointer[time.Duration] }

func (k *serverClock) read(answer http.Header) {
	if date, err := http.ParseTime(answer.Get("Date")); err == nil {
		behind := max(0, time.Since(date))
		k.behind.Store(&behind)
	}
}

// stampedBefore tells whether a timestamp of the API is surely older than a
// moment on this machine.
func (k *serverClock) stampedBefore(moment, stamp time.Time) bool {
	slack := unknownSkew
	if behind := k.behind.Load(); behind != nil {
		slack = *behind + clockSkew
	}
	return stamp.Before(moment.Add(-slack))
}
