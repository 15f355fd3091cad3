// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"fmt"
	"slices"
	"strings"
)

// Dialect switches one answer of the emulator from its default to another one
// that the real API might give. The vendor documentation and the vendor SDKs
// leave each of these questions open; both answers are our assumption. A client
// that works under every dialect works whatever the truth is.
type Dialect string

// Dialects of lists and of the way values are written.
const (
	// ListHidesInactive answers: does the list of Express customers contain
	// inactive ones? Default: yes.
	ListHidesInactive Dialect = "list-hides-inactive"
	// OldestFirst answers: in which order are lists? Default: newest first.
	OldestFirst Dialect = "oldest-first"
	// HasMoreAbsent answers: is hasMore always there? Default: yes.
	HasMoreAbsent Dialect = "has-more-absent"
	// LastCursorNull answers: does the last page have a cursor? Default: the
	// key is left out.
	LastCursorNull Dialect = "last-cursor-null"
	// MetadataNull and MetadataEmptyObject answer: how is empty metadata
	// shown? Default: the key is left out.
	MetadataNull        Dialect = "metadata-null-when-empty"
	MetadataEmptyObject Dialect = "metadata-empty-object-when-empty"
	// NullCreators answers: how is the creator shown that an object does not
	// have? Default: the key is left out.
	NullCreators Dialect = "null-creators"
	// NullsAbsent and NullsExplicit answer: is a value that is not there null,
	// or is its key left out? Default: as in the vendor's samples, which do
	// both.
	NullsAbsent   Dialect = "nulls-absent"
	NullsExplicit Dialect = "nulls-explicit"
	// FractionalSeconds answers: how precise are timestamps? Default: whole
	// seconds.
	FractionalSeconds Dialect = "fractional-seconds"
	// TimestampsNull answers: when is updatedAt null? Default: never.
	TimestampsNull Dialect = "timestamps-null"
	// ReadLag answers: does a read see a write at once? Default: yes. Here the
	// first read of an object after each write through the API, single or in a
	// list, still shows the state before that write: nothing, if the write
	// created the object. The next read is up to date.
	ReadLag Dialect = "read-lag"
)

// Dialects of statuses and error bodies.
const (
	// ErrorString, ErrorObject, ErrorList and ErrorText answer: what shape has
	// an error body? Default: {"message":"…"}.
	ErrorString Dialect = "error-string"
	ErrorObject Dialect = "error-object"
	ErrorList   Dialect = "error-list"
	ErrorText   Dialect = "error-text"
	// Validation422 answers: which status has a value that breaks a rule?
	// Default: 400.
	Validation422 Dialect = "validation-422"
	// ForeignForbidden answers: which status has an id that the key does not
	// reach? Default: 404.
	ForeignForbidden Dialect = "foreign-403"
	// BadKeyForbidden answers: which status has a wrong key? Default: 401.
	BadKeyForbidden Dialect = "bad-key-403"
	// ConflictBadRequest answers: which status has a request that the state
	// forbids? Default: 409.
	ConflictBadRequest Dialect = "conflict-bad-request"
	// ToggleTwiceConflict and ToggleTwiceBadRequest answer: what if an object
	// is in the wanted state already (customers and users)? Default: 200, and
	// nothing changes.
	ToggleTwiceConflict   Dialect = "toggle-twice-conflict"
	ToggleTwiceBadRequest Dialect = "toggle-twice-bad-request"
	// Create201 answers: which status has a create? Default: 200.
	Create201 Dialect = "create-201"
	// Success204 answers: do operations that return no object send a body?
	// Default: {"success":true}.
	Success204 Dialect = "success-204"
)

// Dialects of Express customers and their members.
const (
	// PatchInactiveRejected answers: can an inactive customer be updated?
	// Default: yes.
	PatchInactiveRejected Dialect = "patch-inactive-rejected"
	// PatchMetadataMerges answers: does a metadata map in a PATCH replace the
	// stored one? Default: yes. Here keys left out stay, and null clears all.
	PatchMetadataMerges Dialect = "patch-metadata-merges"
	// DuplicateNameConflict answers: are customer names unique, inactive ones
	// included? Default: no.
	DuplicateNameConflict Dialect = "duplicate-name-conflict"
	// NamesTrimmed answers: are names stored as sent? Default: yes.
	NamesTrimmed Dialect = "names-trimmed"
	// DeactivateDropsMembers answers: does an inactive customer keep its
	// members? Default: yes.
	DeactivateDropsMembers Dialect = "deactivate-drops-members"
	// NotMemberBadRequest answers: which status has the removal of a user who
	// is not a member? Default: 404.
	NotMemberBadRequest Dialect = "not-member-bad-request"
	// AddMemberConflict answers: what if the user is a member already?
	// Default: success.
	AddMemberConflict Dialect = "add-member-conflict"
	// MembershipInactiveAllowed answers: can a user be added to an inactive
	// customer? Default: no.
	MembershipInactiveAllowed Dialect = "membership-inactive-allowed"
	// PendingMemberRejected answers: can a user be added who has not accepted
	// the invitation yet? Default: yes.
	PendingMemberRejected Dialect = "pending-member-rejected"
)

// Dialects of users, invitations and clinical references.
const (
	// PendingUserReadable answers: can a user be read and updated before the
	// invitation is accepted? Default: no, 404.
	PendingUserReadable Dialect = "pending-user-readable"
	// ListShowsPendingUsers answers: does the user list contain them?
	// Default: no.
	ListShowsPendingUsers Dialect = "list-shows-pending-users"
	// RevokedUserMissing answers: can a user be read and updated whose access
	// was revoked? Default: yes.
	RevokedUserMissing Dialect = "revoked-user-missing"
	// ListHidesRevokedUsers answers: does the user list contain them?
	// Default: yes.
	ListHidesRevokedUsers Dialect = "list-hides-revoked-users"
	// RevokeDropsMemberships answers: does a user whose access is revoked stay
	// a member of Express customers? Default: yes.
	RevokeDropsMemberships Dialect = "revoke-drops-memberships"
	// LastAdminProtected answers: can the last active admin be demoted or lose
	// access? Default: yes, since an account always has its owner.
	LastAdminProtected Dialect = "last-admin-protected"
	// EmailLowerCase answers: is an email address stored as sent? Default: yes.
	EmailLowerCase Dialect = "email-lower-case"
	// ExpiryNull answers: do invitations expire? Default: after 30 days.
	ExpiryNull Dialect = "expiry-null"
	// ExpiredHiddenByDefault answers: what does the filter "expired" of the
	// invitation list default to? Default: all.
	ExpiredHiddenByDefault Dialect = "expired-hidden-by-default"
	// RevokedInvitationMissing answers: can a revoked invitation be read?
	// Default: yes.
	RevokedInvitationMissing Dialect = "revoked-invitation-missing"
	// ReferenceExternalIDNotFreed answers: can the external id of a deleted
	// clinical reference be used again? Default: yes.
	ReferenceExternalIDNotFreed Dialect = "reference-external-id-not-freed"
	// ReferenceDetachRejected answers: does null detach a clinical reference
	// from its customer? Default: yes.
	ReferenceDetachRejected Dialect = "reference-detach-rejected"
	// DeletedReferenceMissing answers: can a deleted clinical reference be
	// read by its id? Default: yes.
	DeletedReferenceMissing Dialect = "deleted-reference-missing"
	// DeleteTwiceConflict answers: what if a clinical reference is deleted
	// already? Default: 200, and nothing changes.
	DeleteTwiceConflict Dialect = "delete-twice-conflict"
	// SessionWebhookMissing answers: what if the key has no webhook for
	// studies? Default: it has one.
	SessionWebhookMissing Dialect = "session-webhook-missing"
)

// DialectInfo describes one dialect in a line.
type DialectInfo struct {
	Dialect     Dialect `json:"dialect"`
	Description string  `json:"description"`
}

// AllDialects lists every dialect.
func AllDialects() []DialectInfo { return slices.Clone(dialectTable) }

var dialectTable = []DialectInfo{
	{ListHidesInactive, "the list of Express customers leaves inactive ones out"},
	{OldestFirst, "lists are oldest first"},
	{HasMoreAbsent, "lists leave hasMore out"},
	{LastCursorNull, "the last page of a list has a cursor of null"},
	{MetadataNull, "empty metadata is null"},
	{MetadataEmptyObject, "empty metadata is {}"},
	{NullCreators, "the creator that an object does not have is null"},
	{NullsAbsent, "keys without a value are left out"},
	{NullsExplicit, "keys without a value are null"},
	{FractionalSeconds, "timestamps have milliseconds"},
	{TimestampsNull, "every updatedAt is null"},
	{ReadLag, "the first read after each write shows the state before it"},
	{ErrorString, `error bodies are {"error":"…"}`},
	{ErrorObject, `error bodies are {"error":{"message":"…"}}`},
	{ErrorList, `error bodies are {"errors":[{"field":"…","message":"…"}]}`},
	{ErrorText, "error bodies are plain text"},
	{Validation422, "a value that breaks a rule is 422, not 400"},
	{ForeignForbidden, "an unknown id is 403, not 404"},
	{BadKeyForbidden, "a wrong key is 403, not 401"},
	{ConflictBadRequest, "a request that the state forbids is 400, not 409"},
	{ToggleTwiceConflict, "deactivating or reactivating twice is 409"},
	{ToggleTwiceBadRequest, "deactivating or reactivating twice is 400"},
	{Create201, "creating answers 201"},
	{Success204, "operations without an object to return answer 204 without a body"},
	{PatchInactiveRejected, "updating an inactive customer is 409"},
	{PatchMetadataMerges, "metadata in an update of a customer or reference merges with the stored one"},
	{DuplicateNameConflict, "a customer name in use is 409"},
	{NamesTrimmed, "names are stored without blanks around them"},
	{DeactivateDropsMembers, "deactivating a customer removes its members"},
	{NotMemberBadRequest, "removing a user who is not a member is 400, not 404"},
	{AddMemberConflict, "adding a member again is 409"},
	{MembershipInactiveAllowed, "users can be added to an inactive customer"},
	{PendingMemberRejected, "adding a user who has not accepted yet is 400"},
	{PendingUserReadable, "users can be read and updated before they accept"},
	{ListShowsPendingUsers, "the user list contains users who have not accepted yet"},
	{RevokedUserMissing, "users without access are 404"},
	{ListHidesRevokedUsers, "the user list leaves users without access out"},
	{RevokeDropsMemberships, "revoking access removes the user from all customers"},
	{LastAdminProtected, "demoting or revoking the last admin is 403"},
	{EmailLowerCase, "email addresses are stored in lower case"},
	{ExpiryNull, "invitations never expire"},
	{ExpiredHiddenByDefault, "the invitation list leaves expired ones out unless asked"},
	{RevokedInvitationMissing, "revoked invitations are 404"},
	{ReferenceExternalIDNotFreed, "the external id of a deleted reference stays taken"},
	{ReferenceDetachRejected, "a null customer in the update of a reference is 400"},
	{DeletedReferenceMissing, "deleted references are 404"},
	{DeleteTwiceConflict, "deleting a reference twice is 409"},
	{SessionWebhookMissing, "ephemeral sessions are 400: the key has no webhook"},
}

// contradictions are the sets of dialects of which only one can hold.
var contradictions = [][]Dialect{
	{ErrorString, ErrorObject, ErrorList, ErrorText},
	{ToggleTwiceConflict, ToggleTwiceBadRequest},
	{MetadataNull, MetadataEmptyObject},
	{NullsAbsent, NullsExplicit},
	{NullsAbsent, MetadataNull},
	{NullsAbsent, NullCreators},
}

// ParseDialects reads dialect names separated by commas.
func ParseDialects(names string) ([]Dialect, error) {
	var parsed []Dialect
	for name := range strings.SplitSeq(names, ",") {
		name = strings.TrimSpace(name)
		if name == "" {
			continue
		}
		if !isDialect(Dialect(name)) {
			return nil, fmt.Errorf("%q is not a dialect", name)
		}
		parsed = append(parsed, Dialect(name))
	}
	return parsed, nil
}

func isDialect(d Dialect) bool {
	return slices.ContainsFunc(dialectTable, func(info DialectInfo) bool { return info.Dialect == d })
}

// dialects is the set in force. It is never changed once made, so a request
// keeps the one it began with.
type dialects map[Dialect]bool

// newDialects makes the set. Where two contradict each other, the later wins.
func newDialects(list []Dialect) dialects {
	set := dialects{}
	for _, d := range list {
		for _, group := range contradictions {
			if !slices.Contains(group, d) {
				continue
			}
			for _, other := range group {
				delete(set, other)
			}
		}
		set[d] = true
	}
	return set
}

// names lists the dialects in force in the order of AllDialects.
func (d dialects) names() []Dialect {
	names := []Dialect{}
	for _, info := range dialectTable {
		if d[info.Dialect] {
			names = append(names, info.Dialect)
		}
	}
	return names
}

// SetDialects replaces the dialects in force, none being the default answers.
// Where two contradict each other, the later one wins. It panics on a name that
// [AllDialects] does not list.
func (e *Emulator) SetDialects(dialects ...Dialect) {
	for _, d := range dialects {
		if !isDialect(d) {
			panic(fmt.Sprintf("emulator: %q is not a dialect", d))
		}
	}
	set := newDialects(dialects)
	e.dialects.Store(&set)
	e.noteRevision()
}

// Dialects lists the dialects in force.
func (e *Emulator) Dialects() []Dialect { return e.dialects.Load().names() }
