// SPDX-License-Identifier: MPL-2.0

package emulator

import "slices"

// The values of the filter "expired". Its meaning is our assumption: an invitation has
// expired if it was neither accepted, rejected nor revoked in time.
const (
	expiredAll  = "all"
	expiredOnly = "expired"
	expiredNot  = "not-expired"
)

func (p people) listInvitations(c *call) (any, error) {
	q, err := c.readQuery()
	if err != nil {
		return nil, err
	}
	matches := readInvitationFilters(c, q)
	limit, offset := q.limit(), q.offset()
	if err := q.problem(); err != nil {
		return nil, err
	}

	p.mu.Lock()
	defer p.mu.Unlock()
	page := p.invitations().page(offset, limit, c.dialects, func(i *Invitation) bool {
		return i.readable(c.dialects) && matches(i)
	})
	return offsetPage(c.dialects, "invitations", page, q, p.invitationObject), nil
}

// readInvitationFilters reads the filters of the list. Dates are inclusive, and a date is
// a day in UTC (our assumption).
func readInvitationFilters(c *call, q *query) func(*Invitation) bool {
	statuses := q.list("status", invitationStatuses)
	expired := q.text("expired", oneOf([]string{expiredAll, expiredOnly, expiredNot}))
	if expired == "" && c.dialects[ExpiredHiddenByDefault] {
		expired = expiredNot
	}
	from, until := q.date("startDate"), q.date("endDate")
	if !until.IsZero() {
		until = until.AddDate(0, 0, 1)
	}
	userID := q.text("userId", identifier(userPrefix))
	return func(i *Invitation) bool {
		return (len(statuses) == 0 || slices.Contains(statuses, i.Status)) &&
			(expired != expiredOnly || i.expired(c.now)) &&
			(expired != expiredNot || !i.expired(c.now)) &&
			(from.IsZero() || !i.CreatedAt.Before(from)) &&
			(until.IsZero() || i.CreatedAt.Before(until)) &&
			(userID == "" || userID == i.UserID)
	}
}
