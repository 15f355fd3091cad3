// SPDX-License-Identifier: MPL-2.0

package emulator

// The dialects. The table below describes each of them, and the default without it.
const (
	ListHidesInactive      Dialect = "list-hides-inactive"
	OldestFirst            Dialect = "oldest-first"
	HasMoreAbsent          Dialect = "has-more-absent"
	LastCursorNull         Dialect = "last-cursor-null"
	ListShowsPendingUsers  Dialect = "list-shows-pending-users"
	ListHidesRevokedUsers  Dialect = "list-hides-revoked-users"
	ExpiredHiddenByDefault Dialect = "expired-hidden-by-default"

	MetadataNull        Dialect = "metadata-null-when-empty"
	MetadataEmptyObject Dialect = "metadata-empty-object-when-empty"
	NullCreators        Dialect = "null-creators"
	InviterAlways       Dialect = "inviter-always"
	NullsAbsent         Dialect = "nulls-absent"
	NullsExplicit       Dialect = "nulls-explicit"
	FractionalSeconds   Dialect = "fractional-seconds"
	TimestampsNull      Dialect = "timestamps-null"
	UserCountAbsent     Dialect = "user-count-absent"
	NamesTrimmed        Dialect = "names-trimmed"
	EmailLowerCase      Dialect = "email-lower-case"
	ReadLag             Dialect = "read-lag"

	ErrorString           Dialect = "error-string"
	ErrorObject           Dialect = "error-object"
	ErrorList             Dialect = "error-list"
	ErrorText             Dialect = "error-text"
	Validation422         Dialect = "validation-422"
	ForeignForbidden      Dialect = "foreign-403"
	BadKeyForbidden       Dialect = "bad-key-403"
	ConflictBadRequest    Dialect = "conflict-bad-request"
	ToggleTwiceConflict   Dialect = "toggle-twice-conflict"
	ToggleTwiceBadRequest Dialect = "toggle-twice-bad-request"
	Create201             Dialect = "create-201"
	Success204            Dialect = "success-204"

	PatchInactiveRejected     Dialect = "patch-inactive-rejected"
	PatchMetadataMerges       Dialect = "patch-metadata-merges"
	DuplicateNameConflict     Dialect = "duplicate-name-conflict"
	DeactivateDropsMembers    Dialect = "deactivate-drops-members"
	NotMemberBadRequest       Dialect = "not-member-bad-request"
	AddMemberConflict         Dialect = "add-member-conflict"
	MembershipInactiveAllowed Dialect = "membership-inactive-allowed"
	PendingMemberRejected     Dialect = "pending-member-rejected"
	RevokeDropsMemberships    Dialect = "revoke-drops-memberships"

	PendingUserReadable      Dialect = "pending-user-readable"
	RevokedUserMissing       Dialect = "revoked-user-missing"
	LastAdminProtected       Dialect = "last-admin-protected"
	ExpiryNull               Dialect = "expiry-null"
	RevokedInvitationMissing Dialect = "revoked-invitation-missing"

	ReferenceExternalIDNotFreed Dialect = "reference-external-id-not-freed"
	ReferenceDetachRejected     Dialect = "reference-detach-rejected"
	DeletedReferenceMissing     Dialect = "deleted-reference-missing"
	DeleteTwiceConflict         Dialect = "delete-twice-conflict"

	SessionWebhookMissing Dialect = "session-webhook-missing"
)

const (
	aboutLists      = "Lists"
	aboutValues     = "Values"
	aboutStatuses   = "Statuses and errors"
	aboutCustomers  = "Customers and members"
	aboutPeople     = "Users and invitations"
	aboutReferences = "Clinical references"
	aboutSessions   = "Ephemeral sessions"
)

// DialectInfo describes one dialect.
type DialectInfo struct {
	Dialect Dialect `json:"dialect"`
	// Topic is the part of the API that the dialect concerns.
	Topic string `json:"topic"`
	// Description is the API's behaviour with the dialect, Default the behaviour without
	// it.
	Description string `json:"description"`
	Default     string `json:"default"`
}

// dialectTable lists the dialects by topic.
var dialectTable = []DialectInfo{
	{ListHidesInactive, aboutLists, "the list of Express customers leaves inactive ones out", "it contains them"},
	{OldestFirst, aboutLists, "lists are oldest first", "newest first"},
	{HasMoreAbsent, aboutLists, "lists leave hasMore out", "it is always there"},
	{LastCursorNull, aboutLists, "the last page of a list has a cursor of null", "it has no cursor"},
	{ListShowsPendingUsers, aboutLists, "the user list contains users who have not accepted yet", "it does not"},
	{ListHidesRevokedUsers, aboutLists, "the user list leaves users without access out", "it contains them"},
	{ExpiredHiddenByDefault, aboutLists, "the invitation list leaves expired ones out unless asked", "it contains them"},
	{MetadataNull, aboutValues, "empty metadata is null", "its key is left out"},
	{MetadataEmptyObject, aboutValues, "empty metadata is {}", "its key is left out"},
	{NullCreators, aboutValues, "the creator that an object does not have is null", "its key is left out"},
	{InviterAlways, aboutValues, "every invitation has an inviterId", "it is null if the invitation was made through the API"},
	{NullsAbsent, aboutValues, "keys without a value are left out", "as in the vendor's samples, which do both"},
	{NullsExplicit, aboutValues, "keys without a value are null", "as in the vendor's samples, which do both"},
	{FractionalSeconds, aboutValues, "timestamps have milliseconds", "whole seconds"},
	{TimestampsNull, aboutValues, "every updatedAt is null", "it is the time of the last change"},
	{UserCountAbsent, aboutValues, "customers come without userCount", "it is always there"},
	{NamesTrimmed, aboutValues, "names are stored without blanks around them", "as sent"},
	{EmailLowerCase, aboutValues, "email addresses are stored in lower case", "as sent"},
	{ReadLag, aboutValues, "the first read after each write shows the state before it", "reads see writes at once"},
	{ErrorString, aboutStatuses, `error bodies are {"error":"…"}`, `{"message":"…"}`},
	{ErrorObject, aboutStatuses, `error bodies are {"error":{"message":"…"}}`, `{"message":"…"}`},
	{ErrorList, aboutStatuses, `error bodies are {"errors":[{"field":"…","message":"…"}]}`, `{"message":"…"}`},
	{ErrorText, aboutStatuses, "error bodies are plain text", `{"message":"…"}`},
	{Validation422, aboutStatuses, "a value that breaks a rule is 422", "400"},
	{ForeignForbidden, aboutStatuses, "an unknown id is 403", "404"},
	{BadKeyForbidden, aboutStatuses, "a wrong key is 403", "401"},
	{ConflictBadRequest, aboutStatuses, "a request that the state forbids is 400", "409"},
	{ToggleTwiceConflict, aboutStatuses, "deactivating or reactivating a customer or user twice is 409", "200, and nothing changes"},
	{ToggleTwiceBadRequest, aboutStatuses, "deactivating or reactivating a customer or user twice is 400", "200, and nothing changes"},
	{Create201, aboutStatuses, "creating answers 201", "200"},
	{Success204, aboutStatuses, "operations without an object to return answer 204 without a body", `{"success":true}`},
	{PatchInactiveRejected, aboutCustomers, "updating an inactive customer is 409", "it works"},
	{PatchMetadataMerges, aboutCustomers, "metadata in an update of a customer or reference merges with the stored one", "it replaces that; null clears both ways"},
	{DuplicateNameConflict, aboutCustomers, "a customer name in use, be it of an inactive one, is 409", "names are not unique"},
	{DeactivateDropsMembers, aboutCustomers, "deactivating a customer removes its members", "they stay"},
	{NotMemberBadRequest, aboutCustomers, "removing a user who is not a member is 400", "404"},
	{AddMemberConflict, aboutCustomers, "adding a member again is 409", "success"},
	{MembershipInactiveAllowed, aboutCustomers, "users can be added to an inactive customer", "400"},
	{PendingMemberRejected, aboutCustomers, "adding a user who has not accepted yet is 400", "success"},
	{RevokeDropsMemberships, aboutCustomers, "revoking access removes the user from all customers", "the user stays a member"},
	{PendingUserReadable, aboutPeople, "users can be read and updated before they accept", "404"},
	{RevokedUserMissing, aboutPeople, "users without access are 404", "they can be read and updated"},
	{LastAdminProtected, aboutPeople, "demoting or revoking the last admin is 403", "it works, since an account always has its owner"},
	{ExpiryNull, aboutPeople, "invitations never expire", "after 30 days"},
	{RevokedInvitationMissing, aboutPeople, "revoked invitations are 404", "they can be read"},
	{ReferenceExternalIDNotFreed, aboutReferences, "the external id of a deleted reference stays taken", "it can be used again"},
	{ReferenceDetachRejected, aboutReferences, "a null customer in the update of a reference is 400", "it detaches the reference"},
	{DeletedReferenceMissing, aboutReferences, "deleted references are 404", "they can be read by their id"},
	{DeleteTwiceConflict, aboutReferences, "deleting a reference twice is 409", "200, and nothing changes"},
	{SessionWebhookMissing, aboutSessions, "opening a session is 400: the key has no webhook", "the key has one"},
}
