// SPDX-License-Identifier: MPL-2.0

package avara

import "time"

const (
	// usualSkew is how far the timestamps of the API's objects are expected to be behind
	// the Date of its answers: timestamps may be whole seconds.
	usualSkew = time.Second
	// clockSkew is how far it may be behind at the most.
	clockSkew = time.Minute
	// unknownSkew is how far it may be behind this machine's clock, where an answer
	// does not show the API's.
	unknownSkew = 5 * time.Minute
)

// moment is when an answer was made, by the API's clock and by this machine's.
type moment struct {
	// date is the answer's, zero if it has none.
	date     time.Time
	received time.Time
}

// time is the answer's Date, or else this machine's.
func (m moment) time() time.Time {
	if m.date.IsZero() {
		return m.received
	}
	return m.date
}

// age says whether an object was made since a moment.
type age int

const (
	madeSince age = iota
	maybeBefore
	madeBefore
)

// ageOf says whether an object with this timestamp, which the answer shows, was made since
// a time of this machine. The two clocks are never compared: the time that has passed here
// since then is subtracted from the answer's Date, which gives that time by the API's clock.
func (m moment) ageOf(timestamp string, since time.Time) age {
	stamp, skew := timeOf(timestamp), clockSkew
	if stamp.IsZero() {
		return maybeBefore
	}
	if m.date.IsZero() {
		skew = unknownSkew
	}
	began := m.time().Add(-m.received.Sub(since))
	switch {
	case stamp.Before(began.Add(-skew)):
		return madeBefore
	case stamp.Before(began.Add(-usualSkew)):
		return maybeBefore
	}
	return madeSince
}

// timeOf reads a timestamp as leniently as the vendor SDKs do: without a zone it
// is UTC. What can't be read is the zero time.
func timeOf(timestamp string) time.Time {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", time.DateOnly} {
		if t, err := time.Parse(layout, timestamp); err == nil {
			return t
		}
	}
	return time.Time{}
}
