// SPDX-License-Identifier: MPL-2.0

package page

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// change describes what changed about one object, in words.
type change struct {
	Name    string // current or last name of the object
	URL     string // address of the object, "" if it is gone
	Details []detail
}

// detail is one thing that changed: "renamed", or "tier: gold → silver".
type detail struct {
	Verb string // "" for a value that changed
	What string // the value, or a name
	From string
	To   string
	Mood string // CSS class: good, off or ""
}

// describe describes a change. Without details, the object is the same before and after.
func (s *screen) describe(c emulator.Change) change {
	described := change{Name: changedName(c), URL: s.URLOf(c.Object)}
	switch {
	case c.Before == nil:
		described.Details = []detail{{Verb: creationVerb(c.After), Mood: "good"}}
	case c.After == nil:
		described.Details = []detail{{Verb: "removed", Mood: "off"}}
		if user, ok := c.Before.(*emulator.User); ok && user.Pending {
			described.Details[0].Verb = "no longer invited"
		}
	default:
		described.Details = s.differences(c)
	}
	return described
}

func creationVerb(created any) string {
	switch o := created.(type) {
	case *emulator.User:
		if o.Pending {
			return "invited"
		}
	case *emulator.Invitation:
		return "invited"
	}
	return "created"
}

func (s *screen) differences(c emulator.Change) []detail {
	switch before := c.Before.(type) {
	case *emulator.Customer:
		return s.customerDifferences(before, c.After.(*emulator.Customer))
	case *emulator.User:
		return userDifferences(before, c.After.(*emulator.User))
	case *emulator.Invitation:
		return invitationDifferences(before, c.After.(*emulator.Invitation))
	case *emulator.Reference:
		return s.referenceDifferences(before, c.After.(*emulator.Reference))
	case []emulator.FaultStatus:
		return faultDifferences(before, c.After.([]emulator.FaultStatus))
	case []emulator.Dialect:
		return dialectDifferences(before, c.After.([]emulator.Dialect))
	}
	return nil
}

func (s *screen) customerDifferences(before, after *emulator.Customer) (details []detail) {
	if before.IsActive != after.IsActive {
		details = append(details, onOff(after.IsActive, "reactivated", "deactivated"))
	}
	if before.Name != after.Name {
		details = append(details, detail{Verb: "renamed", From: label(before.Name), To: label(after.Name)})
	}
	details = append(details, pairDifferences(before.Metadata, after.Metadata)...)
	for _, id := range after.Members {
		if !slices.Contains(before.Members, id) {
			details = append(details, detail{Verb: "user added", What: s.userName(id), Mood: "good"})
		}
	}
	for _, id := range before.Members {
		if !slices.Contains(after.Members, id) {
			details = append(details, detail{Verb: "user removed", What: s.userName(id), Mood: "off"})
		}
	}
	return details
}

// pairDifferences lists what differs between two metadata maps, by key.
func pairDifferences(before, after map[string]string) (details []detail) {
	keys := maps.Clone(before)
	if keys == nil {
		keys = map[string]string{}
	}
	maps.Copy(keys, after)
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		from, had := before[key]
		to, has := after[key]
		if from == to && had == has {
			continue
		}
		one := detail{What: key, From: "none", To: "none"}
		if had {
			one.From = strconv.Quote(from)
		}
		if has {
			one.To = strconv.Quote(to)
		}
		details = append(details, one)
	}
	return details
}

func userDifferences(before, after *emulator.User) (details []detail) {
	if before.Pending && !after.Pending {
		details = append(details, detail{Verb: "accepted", Mood: "good"})
	}
	if before.Revoked != after.Revoked {
		details = append(details, onOff(!after.Revoked, "access restored", "access removed"))
	}
	return append(details, personDifferences(before.Person, after.Person)...)
}

func invitationDifferences(before, after *emulator.Invitation) (details []detail) {
	switch {
	case before.Status != after.Status:
		details = append(details, onOff(after.Status == "accepted", "accepted", after.Status))
	case !before.Expiry.Equal(after.Expiry) && !after.Expiry.IsZero() && !after.Expiry.After(after.UpdatedAt):
		details = append(details, detail{Verb: "expired", Mood: "off"})
	}
	return append(details, personDifferences(before.Person, after.Person)...)
}

func personDifferences(before, after emulator.Person) (details []detail) {
	was, is := personFacts(before), personFacts(after)
	for i, fact := range is {
		if was[i].Value != fact.Value {
			details = append(details, detail{What: strings.ToLower(fact.Name), From: cmp.Or(was[i].Value, "none"), To: cmp.Or(fact.Value, "none")})
		}
	}
	return details
}

func (s *screen) referenceDifferences(before, after *emulator.Reference) (details []detail) {
	switch {
	case before.IsActive != after.IsActive:
		details = append(details, onOff(after.IsActive, "restored", "deleted"))
	case before.Name != after.Name:
		details = append(details, detail{Verb: "renamed", From: label(before.Name), To: label(after.Name)})
	}
	if before.ExpressCustomerID != after.ExpressCustomerID {
		details = append(details, detail{What: "customer", From: s.customerName(before.ExpressCustomerID), To: s.customerName(after.ExpressCustomerID)})
	}
	return append(details, pairDifferences(before.Metadata, after.Metadata)...)
}

func faultDifferences(before, after []emulator.FaultStatus) (details []detail) {
	has := func(list []emulator.FaultStatus, id int) bool {
		return slices.ContainsFunc(list, func(f emulator.FaultStatus) bool { return f.ID == id })
	}
	for _, f := range after {
		if !has(before, f.ID) {
			details = append(details, detail{Verb: "fault switched on", What: faultName(f.Fault), Mood: "off"})
		}
	}
	for _, f := range before {
		if !has(after, f.ID) {
			details = append(details, detail{Verb: "fault switched off", What: faultName(f.Fault), Mood: "good"})
		}
	}
	return details
}

func dialectDifferences(before, after []emulator.Dialect) (details []detail) {
	for _, d := range after {
		if !slices.Contains(before, d) {
			details = append(details, detail{Verb: "dialect switched on", What: string(d), Mood: "off"})
		}
	}
	for _, d := range before {
		if !slices.Contains(after, d) {
			details = append(details, detail{Verb: "dialect switched off", What: string(d), Mood: "good"})
		}
	}
	return details
}

func onOff(on bool, yes, no string) detail {
	if on {
		return detail{Verb: yes, Mood: "good"}
	}
	return detail{Verb: no, Mood: "off"}
}

// tally counts changes by what they did: "2 created, 1 renamed".
func (s *screen) tally(changes []emulator.Change) string {
	counts := map[string]int{}
	var verbs []string
	for _, c := range changes {
		seen := map[string]bool{}
		for _, d := range s.describe(c).Details {
			verb := cmp.Or(d.Verb, "changed")
			if seen[verb] {
				continue
			}
			seen[verb] = true
			if counts[verb]++; counts[verb] == 1 {
				verbs = append(verbs, verb)
			}
		}
	}
	for i, verb := range verbs {
		verbs[i] = number(counts[verb]) + " " + verb
	}
	return strings.Join(verbs, ", ")
}
