// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"net/http"
	"sync"
	"time"
)

const (
	// surelySkew is how far the clock that stamps the API's objects is behind the
	// one that stamps its answers, at the least that must be reckoned with: stamps
	// may be whole seconds, and two machines never agree.
	surelySkew = 2 * time.Second
	// clockSkew is how far it may be behind at the most.
	clockSkew = time.Minute
	// unknownSkew is how far it may be behind this machine's clock, as long as
	// no answer has shown the API's.
	unknownSkew = 5 * time.Minute
)

// serverClock compares the API's clock with this machine's, by the Date of the
// answers.
type serverClock struct {
	mu sync.Mutex
	// behind is how far the API's clock is behind, as the answer tells that took
	// the shortest way.
	behind time.Duration
	known  bool
}

func (k *serverClock) read(answer http.Header) {
	date, err := http.ParseTime(answer.Get("Date"))
	if err != nil {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if behind := time.Since(date); !k.known || behind < k.behind {
		k.behind, k.known = behind, true
	}
}

// age tells whether an object was made since a moment.
type age int

const (
	madeSince age = iota
	maybeBefore
	madeBefore
)

// compare tells how a timestamp of the API lies to a moment on this machine.
func (k *serverClock) compare(stamp, moment time.Time) age {
	k.mu.Lock()
	defer k.mu.Unlock()
	moment, skew := moment.Add(-k.behind), clockSkew
	if !k.known {
		skew = unknownSkew
	}
	switch {
	case stamp.Before(moment.Add(-skew)):
		return madeBefore
	case stamp.Before(moment.Add(-surelySkew)):
		return maybeBefore
	}
	return madeSince
}
